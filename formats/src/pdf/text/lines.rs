//! Characters at places put together to lines: what follows closely in the direction of writing is one line.

/// A line under way.
struct Line {
    words: String,
    end: (f64, f64),
    is_invisible: bool,
}

/// A character at its place on the page.
pub(super) struct Placed<'w> {
    pub words: &'w str,
    pub start: (f64, f64),
    pub end: (f64, f64),
    /// Direction of writing, of length 1.
    pub along: (f64, f64),
    /// Size of the font on the page.
    pub size: f64,
    pub is_invisible: bool,
}

/// The lines of a page in the order they are drawn.
#[derive(Default)]
pub(super) struct Lines {
    line: Option<Line>,
    done: Vec<(String, bool)>,
}

impl Lines {
    pub fn add(&mut self, placed: &Placed<'_>) {
        if let Some(line) = &mut self.line
            && line.is_invisible == placed.is_invisible
            && let Some(gap) = gap(line, placed)
        {
            line.words.push_str(gap);
            line.words.push_str(placed.words);
            line.end = placed.end;
            return;
        }
        self.break_line();
        let Placed { words, end, is_invisible, .. } = *placed;
        self.line = Some(Line { words: words.to_owned(), end, is_invisible });
    }

    pub fn break_line(&mut self) {
        if let Some(line) = self.line.take() {
            self.done.push((line.words, line.is_invisible));
        }
    }

    /// Every line, and whether it is drawn without being seen.
    pub fn finish(mut self) -> Vec<(String, bool)> {
        self.break_line();
        self.done
    }
}

/// What stands between a line and the next character of it; `None` when it is of another line.
fn gap(line: &Line, placed: &Placed<'_>) -> Option<&'static str> {
    let (dx, dy) = (placed.start.0 - line.end.0, placed.start.1 - line.end.1);
    let size = placed.size.max(0.01);
    let along = (dx * placed.along.0 + dy * placed.along.1) / size;
    let across = (dx * placed.along.1 - dy * placed.along.0) / size;
    if across.abs() > 0.6 || !(-0.6..=40.0).contains(&along) {
        return None;
    }
    let last = line.words.chars().next_back().unwrap_or(' ');
    let first = placed.words.chars().next().unwrap_or(' ');
    if last.is_whitespace() || first.is_whitespace() {
        return Some("");
    }
    // Japanese is often set wide; only a gap of most of a character parts it.
    let needed = if is_wide(last) && is_wide(first) { 0.7 } else { 0.15 };
    Some(if along > 2.0 {
        "\t"
    } else if along > needed {
        " "
    } else {
        ""
    })
}

fn is_wide(character: char) -> bool {
    matches!(character, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}
