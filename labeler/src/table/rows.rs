//! 行. What each key does to the table; knows nothing of terminals.

use console::Key;
use kakuzuke::{Decision, Grading, Suggested};

/// What was decided of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Nothing yet.
    Open,
    /// As it stands there.
    Taken,
    /// Not now.
    Declined,
}

/// One document.
#[derive(Debug, Clone)]
pub struct Row {
    /// What was suggested.
    pub suggested: Suggested,
    /// The grade, as it would be given.
    pub grade: String,
    /// The restrictions.
    pub restrictions: Vec<String>,
    /// What was decided.
    pub choice: Choice,
}

impl Row {
    /// Whether it may be taken together with others: sure, and without a label of anybody.
    pub fn is_sure(&self) -> bool {
        self.suggested.suggestion.is_sure && self.suggested.present.is_none() && self.is_in_scope()
    }

    /// Whether this system is for it at all.
    pub fn is_in_scope(&self) -> bool {
        self.suggested.suggestion.out_of_scope.is_empty()
    }

    /// As an officer types it.
    pub fn line(&self) -> String {
        format!("{} {}", self.grade, self.restrictions.join("・")).trim().to_owned()
    }
}

/// What comes after a key.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// The table again.
    Stay,
    /// What is taken is to be done.
    Done,
    /// Nothing is.
    Leave,
}

/// What the keys mean at the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    /// Moving and choosing.
    Table,
    /// The grade of a row is being typed.
    Typing(String),
    /// Asked whether to go on.
    Asking,
}

/// The table.
pub struct Rows {
    rows: Vec<Row>,
    at: usize,
    mode: Mode,
    /// Rows a screen shows, for moving by screens.
    pub page: usize,
}

impl Rows {
    /// Sure suggestions first, each with further restrictions.
    pub fn new(suggested: Vec<Suggested>, more: &[String]) -> Self {
        let row = |suggested: Suggested| {
            let Grading { grade, mut restrictions, .. } = suggested.grading();
            restrictions.extend(more.iter().filter(|text| !restrictions.contains(text)).cloned().collect::<Vec<_>>());
            Row { suggested, grade, restrictions, choice: Choice::Open }
        };
        let mut rows: Vec<Row> = suggested.into_iter().map(row).collect();
        rows.sort_by(|a, b| b.is_sure().cmp(&a.is_sure()).then_with(|| a.suggested.path.cmp(&b.suggested.path)));
        Self { rows, at: 0, mode: Mode::Table, page: 10 }
    }

    /// All of them.
    pub fn all(&self) -> &[Row] {
        &self.rows
    }

    /// The one that is marked.
    pub const fn at(&self) -> usize {
        self.at
    }

    /// What the keys mean.
    pub const fn mode(&self) -> &Mode {
        &self.mode
    }

    fn count(&self, choice: Choice) -> usize {
        self.rows.iter().filter(|row| row.choice == choice).count()
    }

    /// Rows taken.
    pub fn taken(&self) -> usize {
        self.count(Choice::Taken)
    }

    /// Rows nothing was decided of.
    pub fn undecided(&self) -> usize {
        self.count(Choice::Open)
    }

    /// Rows left out.
    pub fn declined(&self) -> usize {
        self.count(Choice::Declined)
    }

    /// What was decided.
    pub fn decisions(&self, post: Option<&str>) -> Vec<Decision> {
        let taken = self.rows.iter().filter(|row| row.choice == Choice::Taken);
        let decision = |row: &Row| {
            let grading = Grading {
                grade: row.grade.clone(),
                restrictions: row.restrictions.clone(),
                post: post.map(ToOwned::to_owned),
            };
            Decision { grading, ..row.suggested.accepted() }
        };
        taken.map(decision).collect()
    }

    /// A key was pressed.
    pub fn press(&mut self, key: &Key) -> Next {
        match std::mem::replace(&mut self.mode, Mode::Table) {
            _ if matches!(key, Key::CtrlC) => return Next::Leave,
            Mode::Typing(text) => self.type_on(text, key),
            Mode::Asking => match key {
                Key::Char('y' | 'Y') | Key::Enter => return Next::Done,
                _ => {}
            },
            Mode::Table => return self.choose(key),
        }
        Next::Stay
    }

    fn choose(&mut self, key: &Key) -> Next {
        let last = self.rows.len().saturating_sub(1);
        match key {
            Key::ArrowUp | Key::Char('k') => self.at = self.at.saturating_sub(1),
            Key::ArrowDown | Key::Char('j') => self.at = (self.at + 1).min(last),
            Key::PageUp => self.at = self.at.saturating_sub(self.page),
            Key::PageDown => self.at = (self.at + self.page).min(last),
            Key::Home | Key::Char('g') => self.at = 0,
            Key::End | Key::Char('G') => self.at = last,
            Key::Char('a') => self.take_all(Row::is_sure),
            Key::Char('d') => self.take_all(|row| row.suggested.present.is_none() && row.suggested.suggestion.is_whole),
            Key::Char(' ') => self.turn(Choice::Taken),
            Key::Char('x' | 's') => self.turn(Choice::Declined),
            Key::Char('e') => {
                if let Some(row) = self.rows.get(self.at) {
                    self.mode = Mode::Typing(row.line());
                }
            }
            Key::Enter if self.taken() > 0 => self.mode = Mode::Asking,
            Key::Escape | Key::Char('q') => return Next::Leave,
            _ => {}
        }
        Next::Stay
    }

    fn take_all(&mut self, wanted: impl Fn(&Row) -> bool) {
        let open = self.rows.iter_mut().filter(|row| row.choice == Choice::Open && row.is_in_scope());
        open.filter(|row| wanted(row)).for_each(|row| row.choice = Choice::Taken);
    }

    /// Takes or leaves one row, or undoes that; then the next.
    fn turn(&mut self, choice: Choice) {
        let last = self.rows.len().saturating_sub(1);
        if let Some(row) = self.rows.get_mut(self.at).filter(|row| choice != Choice::Taken || row.is_in_scope()) {
            row.choice = if row.choice == choice { Choice::Open } else { choice };
            self.at = (self.at + 1).min(last);
        }
    }

    fn type_on(&mut self, mut text: String, key: &Key) {
        match key {
            Key::Enter => {
                let (grade, restrictions) = split(&text);
                if let Some(row) = self.rows.get_mut(self.at).filter(|row| row.is_in_scope() && !grade.is_empty()) {
                    (row.grade, row.restrictions, row.choice) = (grade, restrictions, Choice::Taken);
                }
                return;
            }
            Key::Escape => return,
            Key::Backspace => {
                text.pop();
            }
            Key::Char('\u{15}') => text.clear(),
            Key::Char(sign) if !sign.is_control() => text.push(*sign),
            _ => {}
        }
        self.mode = Mode::Typing(text);
    }
}

/// Grade and restrictions of a line; a space stands between.
fn split(line: &str) -> (String, Vec<String>) {
    let line = line.trim();
    let (grade, rest) = line.split_once([' ', '　']).unwrap_or((line, ""));
    let rest = rest.trim();
    (grade.to_owned(), if rest.is_empty() { Vec::new() } else { vec![rest.to_owned()] })
}
