//! HTML and XML files, read as loosely as browsers do: words without tags, scripts and styles; attributes that people read.

use htmlize::{unescape, unescape_attribute};
use kakuzuke_core::passage::{Part, Unit};

use super::{Halt, Reading};

/// What a file is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Markup {
    /// Elements have meanings; attributes are for browsers but for some.
    Html,
    /// Every element is a passage, every attribute a word.
    Xml,
}

/// Elements that do not end a passage.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "label", "mark", "q", "rb", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
    "time", "tt", "u", "var", "wbr",
];
/// Elements without an end.
const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "wbr"];
/// Attributes that people read.
const READ: &[&str] = &["alt", "title", "placeholder", "value", "aria-label", "summary", "label"];

/// Says everything that is written in a file.
pub(super) fn read(text: &str, markup: Markup, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let mut page = Page {
        markup,
        reading,
        line: 1,
        begun: 1,
        words: String::new(),
        above: String::new(),
        is_above: false,
        is_title: false,
        hidden: None,
    };
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        page.add(&unescape(before), before);
        rest = page.tag(after)?;
    }
    page.add(&unescape(rest), rest);
    page.flush()
}

/// The words of a page in one piece, without tags, scripts and styles.
pub(super) fn plain(text: &str) -> String {
    let (mut words, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once('<') {
        words.push_str(&unescape(before));
        if let Some(comment) = after.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
            continue;
        }
        let (tag, after) = after.split_at(end_of_tag(after));
        let after = after.strip_prefix('>').unwrap_or(after);
        let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        rest = if matches!(name.as_str(), "script" | "style" | "title") { skip(after, &name).1 } else { after };
    }
    words.push_str(&unescape(rest));
    words
}

struct Page<'r, 'a> {
    markup: Markup,
    reading: &'r mut Reading<'a>,
    line: u32,
    /// The line that the passage under way begins on.
    begun: u32,
    words: String,
    /// Readings set above the words.
    above: String,
    is_above: bool,
    is_title: bool,
    /// The hidden element under way, and how many of its name are open.
    hidden: Option<(String, u32)>,
}

impl Page<'_, '_> {
    /// Adds words that stand as `written`.
    fn add(&mut self, words: &str, written: &str) {
        if self.words.trim().is_empty() {
            let lead = written.len() - written.trim_start().len();
            self.begun = self.line.saturating_add(breaks(written.get(..lead).unwrap_or_default()));
        }
        self.line = self.line.saturating_add(breaks(written));
        let to = if self.is_above { &mut self.above } else { &mut self.words };
        to.push_str(words);
    }

    fn flush(&mut self) -> Result<(), Halt> {
        let (words, above) = (std::mem::take(&mut self.words), std::mem::take(&mut self.above));
        let part = if self.hidden.is_some() {
            Part::Hidden
        } else if self.is_title {
            Part::Property("title".to_owned())
        } else {
            Part::Body
        };
        let words = if self.markup == Markup::Html { super::tidy(&words) } else { words };
        self.reading.say(Unit::Line(self.begun), part.clone(), &words)?;
        self.reading.say(Unit::Line(self.begun), part, &above)
    }

    /// Reads what follows a `<`; returns what follows its end.
    fn tag<'t>(&mut self, after: &'t str) -> Result<&'t str, Halt> {
        if let Some(comment) = after.strip_prefix("!--") {
            let (words, rest) = comment.split_once("-->").unwrap_or((comment, ""));
            self.reading.say(Unit::Line(self.line), Part::Hidden, words)?;
            self.line = self.line.saturating_add(breaks(words));
            return Ok(rest);
        }
        if let Some(data) = after.strip_prefix("![CDATA[") {
            let (words, rest) = data.split_once("]]>").unwrap_or((data, ""));
            self.add(words, words);
            return Ok(rest);
        }
        if after.starts_with(['!', '?']) {
            let (gone, rest) = after.split_once('>').unwrap_or((after, ""));
            self.line = self.line.saturating_add(breaks(gone));
            return Ok(rest);
        }
        if !after.starts_with(|c: char| c.is_alphabetic() || matches!(c, '/' | '_')) {
            self.add("<", "");
            return Ok(after);
        }
        let (tag, rest) = after.split_at(end_of_tag(after));
        let rest = rest.strip_prefix('>').unwrap_or(rest);
        self.line = self.line.saturating_add(breaks(tag));
        let name: String = tag.chars().take_while(|c| !c.is_whitespace() && *c != '>').collect();
        let (is_end, name) = match name.strip_prefix('/') {
            Some(name) => (true, name.to_owned()),
            None => (false, name.trim_end_matches('/').to_owned()),
        };
        match self.markup {
            Markup::Html => self.element(&name.to_ascii_lowercase(), is_end, tag, rest),
            Markup::Xml => {
                self.flush()?;
                for (name, value) in attributes(tag) {
                    if !name.starts_with("xmlns") && !name.starts_with("xsi:") {
                        self.reading.say(Unit::Line(self.line), Part::Body, &value)?;
                    }
                }
                Ok(rest)
            }
        }
    }

    fn element<'t>(&mut self, name: &str, is_end: bool, tag: &str, rest: &'t str) -> Result<&'t str, Halt> {
        match name {
            "script" | "style" if !is_end => {
                let (code, rest) = skip(rest, name);
                self.line = self.line.saturating_add(breaks(code));
                return Ok(rest);
            }
            "rt" => self.is_above = !is_end,
            "br" => self.add("\n", ""),
            name if INLINE.contains(&name) => {}
            _ => self.flush()?,
        }
        self.is_title = name == "title" && !is_end || self.is_title && name != "title";
        self.hide(name, is_end, tag);
        let pairs = if is_end { Vec::new() } else { attributes(tag) };
        let get = |wanted: &str| pairs.iter().find(|(n, _)| n.eq_ignore_ascii_case(wanted)).map(|(_, v)| v.as_str());
        if name == "meta" {
            let about = get("name").or_else(|| get("property")).unwrap_or_default();
            let content = get("content").filter(|_| !about.is_empty()).unwrap_or_default();
            self.reading.say(Unit::Line(self.line), Part::Property(about.to_owned()), content)?;
        }
        if name == "img" {
            self.reading.picture();
        }
        for words in READ.iter().filter_map(|name| get(name)) {
            self.reading.say(Unit::Line(self.line), Part::Shape, words)?;
        }
        Ok(rest)
    }

    /// Follows elements that browsers do not show.
    fn hide(&mut self, name: &str, is_end: bool, tag: &str) {
        if VOID.contains(&name) {
            return;
        }
        match &mut self.hidden {
            Some((hidden, depth)) if hidden == name => {
                *depth = if is_end { depth.saturating_sub(1) } else { depth.saturating_add(1) };
                if *depth == 0 {
                    self.hidden = None;
                }
            }
            Some(_) => {}
            None if !is_end => {
                let is_hidden = attributes(tag).iter().any(|(name, value)| {
                    let style: String = value.chars().filter(|c| !c.is_whitespace()).collect();
                    name == "hidden" || name == "style" && style.to_ascii_lowercase().contains("display:none")
                });
                self.hidden = is_hidden.then(|| (name.to_owned(), 1));
            }
            None => {}
        }
    }
}

fn breaks(text: &str) -> u32 {
    u32::try_from(text.bytes().filter(|b| *b == b'\n').count()).unwrap_or(u32::MAX)
}

/// Where a tag ends: at the `>` that stands in no quotes.
fn end_of_tag(tag: &str) -> usize {
    let mut quote = None;
    for (at, character) in tag.char_indices() {
        match (quote, character) {
            (None, '>') => return at,
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            // A quote that never ends does not swallow the file.
            _ if at > 64 << 10 => break,
            _ => {}
        }
    }
    tag.find('>').unwrap_or(tag.len())
}

/// The code of a script or style, and what follows.
fn skip<'t>(rest: &'t str, name: &str) -> (&'t str, &'t str) {
    let mut at = 0;
    while let Some(found) = rest.get(at..).and_then(|r| r.find("</")) {
        let end = at + found;
        let word = rest.get(end + 2..end + 2 + name.len());
        if word.is_some_and(|word| word.eq_ignore_ascii_case(name)) {
            let (code, after) = rest.split_at(end);
            return (code, after.split_once('>').map_or("", |(_, after)| after));
        }
        at = end + 2;
    }
    (rest, "")
}

/// Names and values of a tag's attributes.
fn attributes(tag: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut rest = tag.split_once(char::is_whitespace).map_or("", |(_, rest)| rest);
    while pairs.len() < crate::limits::XML_ATTRIBUTES {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '/')).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        if name.is_empty() && !after.starts_with('=') {
            break;
        }
        let Some(value) = after.trim_start().strip_prefix('=').map(str::trim_start) else {
            pairs.push((name.to_owned(), String::new()));
            rest = after;
            continue;
        };
        let (value, after) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value.get(1..).unwrap_or_default().split_once(quote).unwrap_or((value, "")),
            _ => value.split_once(char::is_whitespace).unwrap_or((value, "")),
        };
        pairs.push((name.to_owned(), unescape_attribute(value).into_owned()));
        rest = after;
    }
    pairs
}
