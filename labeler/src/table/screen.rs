//! 画面. The table on a terminal of any size, over ssh and in tmux: plain control sequences, colours never alone.

use std::fmt::Write as _;
use std::io::{self, Write};

use console::{Key, Term, measure_text_width};

use super::rows::{Choice, Mode, Row, Rows};
use crate::output::Locale;
use crate::platform::Keys;

/// Lines below the table: the marked row's path, its reasons, what is asked, the keys.
const BELOW: usize = REASONS + 4;
const REASONS: usize = 4;

/// The terminal, given back as it was.
pub struct Screen {
    term: Term,
    locale: Locale,
    _keys: Keys,
}

impl Screen {
    /// Takes the terminal: another screen, no cursor, every key as it is typed, also while something is drawn.
    pub fn open(term: Term, locale: Locale) -> io::Result<Self> {
        let screen = Self { term, locale, _keys: Keys::take()? };
        (&screen.term).write_all(b"\x1b[?1049h\x1b[?25l")?;
        Ok(screen)
    }

    /// The next key.
    pub fn key(&self) -> io::Result<Key> {
        self.term.read_key_raw()
    }

    /// Draws the table as it is now.
    pub fn draw(&self, rows: &mut Rows) -> io::Result<()> {
        let (height, width) = self.term.size();
        let (height, width) = (usize::from(height.max(12)), usize::from(width.max(40)));
        let page = height.saturating_sub(BELOW + 2).max(1);
        rows.page = page;
        let top = rows.at() / page * page;
        let mut out = String::from("\x1b[H");
        line(&self.head(rows), width, &mut out);
        let titles = format!(
            "    {} {} {} {}",
            pad(self.pick("格付", "grade"), 8),
            pad(self.pick("確からしさ", "confidence"), 16),
            pad(self.pick("取扱制限", "restrictions"), 24),
            self.pick("文書", "document")
        );
        line(&titles, width, &mut out);
        for at in top..top + page {
            match rows.all().get(at) {
                Some(row) => self.row(row, at == rows.at(), width, &mut out),
                None => line("", width, &mut out),
            }
        }
        self.below(rows, width, &mut out);
        (&self.term).write_all(out.as_bytes())?;
        self.term.flush()
    }

    const fn pick<'t>(&self, ja: &'t str, en: &'t str) -> &'t str {
        match self.locale {
            Locale::Japanese => ja,
            Locale::English => en,
        }
    }

    fn head(&self, rows: &Rows) -> String {
        let (all, taken, declined) = (rows.all().len(), rows.taken(), rows.declined());
        match self.locale {
            Locale::Japanese => format!("格付・取扱制限の提案　{all} 件　決定 {taken}　見送り {declined}"),
            Locale::English => format!("Suggested labels: {all}, taken {taken}, declined {declined}"),
        }
    }

    fn row(&self, row: &Row, marked: bool, width: usize, out: &mut String) {
        let sign = match row.choice {
            Choice::Open => "[ ]",
            Choice::Taken => "[o]",
            Choice::Declined => "[-]",
        };
        let confidence = self.locale.of(&row.suggested.confidence_text()).to_owned();
        let path = shown(&row.suggested.path.display().to_string());
        let text = format!(
            "{}{sign}{} {} {} {}",
            if marked { ">" } else { " " },
            pad(&row.grade, 8),
            pad(&confidence, 16),
            pad(&row.restrictions.join("・"), 24),
            tail(&path, width.saturating_sub(56))
        );
        // The marked row also by its sign, for who sees no inverse.
        if marked {
            out.push_str("\x1b[7m");
        }
        line(&text, width, out);
        if marked {
            out.push_str("\x1b[0m");
        }
    }

    fn below(&self, rows: &Rows, width: usize, out: &mut String) {
        line(&"─".repeat(width / 2), width, out);
        let row = rows.all().get(rows.at());
        line(&row.map_or_else(String::new, |row| shown(&row.suggested.path.display().to_string())), width, out);
        let mut reasons = row.map(|row| self.reasons(row)).unwrap_or_default().into_iter();
        for _ in 0..REASONS {
            line(&format!("  {}", reasons.next().unwrap_or_default()), width, out);
        }
        let keys = match rows.mode() {
            Mode::Table => self.pick(
                "a 確からしい行をすべて決定　d 既定の行も　␣ この行を決定　e 書き換え　x 見送り　↑↓ 移動　⏎ 実行　q やめる",
                "a take all sure  d and defaults  SPC take  e edit  x decline  arrows move  ENTER do it  q leave",
            ),
            Mode::Typing(_) => self.pick("格付 取扱制限を入力　⏎ 決定　Esc やめる", "type grade and restrictions  ENTER take  ESC back"),
            Mode::Asking => "",
        };
        match rows.mode() {
            Mode::Table => line(keys, width, out),
            Mode::Typing(text) => line(&format!("{keys}: {}_", tail(&shown(text), width / 2)), width, out),
            Mode::Asking => {
                let taken = rows.taken();
                let ask = match self.locale {
                    Locale::Japanese => format!("{taken} 件に格付します。よろしいですか（y／n）"),
                    Locale::English => format!("Label {taken} documents? (y/n)"),
                };
                line(&ask, width, out);
            }
        }
        out.push_str("\x1b[J");
    }

    fn reasons(&self, row: &Row) -> Vec<String> {
        let mut reasons = Vec::new();
        if let Some(present) = &row.suggested.present {
            reasons.push(format!("{}{present}", self.pick("現在の格付：", "labelled now: ")));
        }
        reasons.extend(row.suggested.reasons().iter().map(|reason| shown(self.locale.of(reason))));
        let why = &row.suggested.suggestion;
        reasons.extend(why.why_not_lower.iter().chain(&why.why_not_higher).map(|why| shown(self.locale.of(why))));
        reasons
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _terminal_gone = (&self.term).write_all(b"\x1b[?25h\x1b[?1049l");
    }
}

/// One line, cut to the width, the rest of it cleared.
fn line(text: &str, width: usize, out: &mut String) {
    let _never_fails = write!(out, "{}\x1b[K\r\n", cut(text, width.saturating_sub(1)));
}

/// Text without control characters: names of files come from anybody.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// As much of the beginning as fits.
fn cut(text: &str, width: usize) -> String {
    let mut used = 0;
    let fits = |c: &char| {
        used += measure_text_width(c.encode_utf8(&mut [0; 4]));
        used <= width
    };
    text.chars().take_while(fits).collect()
}

/// As much of the end as fits.
fn tail(text: &str, width: usize) -> String {
    let backwards: String = text.chars().rev().collect();
    cut(&backwards, width).chars().rev().collect()
}

/// Cut or filled to a width.
fn pad(text: &str, width: usize) -> String {
    let text = cut(&shown(text), width);
    let missing = width.saturating_sub(measure_text_width(&text));
    format!("{text}{}", " ".repeat(missing))
}
