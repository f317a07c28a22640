//! A file of tags taken to pieces, as loosely as browsers do it; put together again the pieces are the file, byte for byte.

use std::ops::Range;

use htmlize::unescape_attribute;

use crate::error::ReadError;
use crate::limits;

/// A piece of a file of tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'t> {
    pub kind: Piece,
    pub raw: &'t str,
    /// Name of a tag; small letters where case makes no difference.
    pub name: String,
}

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    Text,
    Remark,
    /// `<?…?>`
    Instruction,
    Doctype,
    /// A tag that opens an element.
    Start,
    /// One that closes itself, or needs no closing.
    Empty,
    End,
}

/// Elements without an end.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];
/// Elements in which no tags stand.
const RAW: &[&str] = &["script", "style", "textarea", "title", "xmp", "noembed", "noframes"];

/// Takes a file to pieces; `is_html` says that case makes no difference and some elements have no end.
pub(super) fn tokens(text: &str, is_html: bool) -> Result<Vec<Token<'_>>, ReadError> {
    let (mut all, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        if all.len() >= limits::MARKUP_PIECES {
            return Err(ReadError::Limit("tags of a file"));
        }
        let token = next(rest, is_html);
        rest = rest.get(token.raw.len()..).unwrap_or_default();
        let is_raw = is_html && token.kind == Piece::Start && RAW.contains(&token.name.as_str());
        let inside = if is_raw { raw_end(rest, &token.name) } else { 0 };
        all.push(token);
        if inside > 0 {
            let (inside, after) = rest.split_at_checked(inside).unwrap_or((rest, ""));
            all.push(Token { kind: Piece::Text, raw: inside, name: String::new() });
            rest = after;
        }
    }
    Ok(all)
}

fn next(rest: &str, is_html: bool) -> Token<'_> {
    let until = |end: &str| rest.find(end).map_or(rest.len(), |at| at + end.len());
    let piece = |kind, length: usize| Token { kind, raw: rest.get(..length).unwrap_or(rest), name: String::new() };
    let Some(inside) = rest.strip_prefix('<') else {
        return piece(Piece::Text, rest.find('<').unwrap_or(rest.len()));
    };
    if inside.starts_with("!--") {
        let end = if is_html { remark_end(rest) } else { inside.get(3..).and_then(|r| r.find("-->")).map(|at| at + 7) };
        return piece(Piece::Remark, end.unwrap_or(rest.len()));
    }
    if inside.starts_with("![CDATA[") {
        return piece(Piece::Text, until("]]>"));
    }
    // What only some browsers take for a condition, others for a remark.
    if inside.starts_with("![") {
        return piece(Piece::Remark, until(">"));
    }
    if inside.starts_with('?') {
        return piece(Piece::Instruction, until(if is_html { ">" } else { "?>" }));
    }
    if inside.starts_with('!') {
        return piece(Piece::Doctype, doctype_end(rest));
    }
    if !inside.starts_with(|c: char| c.is_alphabetic() || matches!(c, '/' | '_' | ':')) {
        let end = inside.find('<').map_or(rest.len(), |at| at + 1);
        return piece(Piece::Text, end);
    }
    tag(rest, is_html)
}

/// Length of the remark of a page that begins here, as browsers end it (HTML 13.2.5.43 to 51); none without an end.
pub(in crate::hidden) fn remark_end(remark: &str) -> Option<usize> {
    for short in ["<!-->", "<!--->"] {
        if remark.starts_with(short) {
            return Some(short.len());
        }
    }
    let inside = remark.get(4..)?;
    let usual = inside.find("-->").map(|at| at + 3);
    let odd = inside.get(..usual.unwrap_or(inside.len())).and_then(|inside| inside.find("--!>")).map(|at| at + 4);
    odd.or(usual).map(|end| 4 + end)
}

fn tag(rest: &str, is_html: bool) -> Token<'_> {
    let length = (tag_end(rest) + 1).min(rest.len());
    let raw = rest.get(..length).unwrap_or(rest);
    let (is_end, named) = match raw.get(1..).and_then(|r| r.strip_prefix('/')) {
        Some(named) => (true, named),
        None => (false, raw.get(1..).unwrap_or_default()),
    };
    let name: String = named.chars().take_while(|c| !c.is_whitespace() && !matches!(c, '>' | '/')).collect();
    let name = if is_html { name.to_ascii_lowercase() } else { name };
    let kind = match is_end {
        true => Piece::End,
        false if is_html && VOID.contains(&name.as_str()) => Piece::Empty,
        false if !is_html && raw.ends_with("/>") => Piece::Empty,
        // Elements of SVG and MathML within a page.
        false if raw.ends_with("/>") && !RAW.contains(&name.as_str()) && name.contains(':') => Piece::Empty,
        false => Piece::Start,
    };
    Token { kind, raw, name }
}

/// Offset of the `>` that stands in no quotes.
fn tag_end(tag: &str) -> usize {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), close) if open == close => quote = None,
            // A quote that never ends does not swallow the file.
            _ if at > 64 << 10 => break,
            _ => {}
        }
    }
    tag.find('>').unwrap_or(tag.len())
}

fn doctype_end(rest: &str) -> usize {
    let Some(close) = rest.find('>') else { return rest.len() };
    let has_subset = rest.get(..close).is_some_and(|head| head.contains('['));
    if has_subset { rest.find("]>").map_or(rest.len(), |at| at + 2) } else { close + 1 }
}

/// Length of what stands in an element without tags.
fn raw_end(rest: &str, name: &str) -> usize {
    let mut at = 0;
    while let Some(found) = rest.get(at..).and_then(|r| r.find("</")) {
        let end = at + found;
        let word = rest.get(end + 2..end + 2 + name.len());
        if word.is_some_and(|word| word.eq_ignore_ascii_case(name)) {
            return end;
        }
        at = end + 2;
    }
    rest.len()
}

/// An attribute of a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attribute {
    /// Where it stands in the tag, with the blanks before it.
    pub span: Range<usize>,
    /// Name, in small letters.
    pub name: String,
    /// Value, with references of characters resolved where they are common.
    pub value: String,
}

/// The attributes of a tag.
pub(super) fn attributes(raw: &str) -> Vec<Attribute> {
    let mut found = Vec::new();
    let mut at = raw.find(|c: char| c.is_whitespace()).unwrap_or(raw.len());
    let end = raw.trim_end_matches('>').trim_end_matches('/').len();
    while at < end && found.len() < limits::XML_ATTRIBUTES {
        let start = at;
        let rest = raw.get(at..end).unwrap_or_default();
        let lead = rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/').len();
        let rest = rest.get(lead..).unwrap_or_default();
        let length = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '/')).unwrap_or(rest.len());
        if length == 0 && !rest.starts_with('=') {
            break;
        }
        let name = rest.get(..length).unwrap_or_default().to_ascii_lowercase();
        let after = rest.get(length..).unwrap_or_default();
        let gap = after.len() - after.trim_start().len();
        let (value, used) = match after.trim_start().strip_prefix('=') {
            Some(value) => {
                let blank = value.len() - value.trim_start().len();
                let (value, used) = quoted(value.trim_start());
                (value, gap + 1 + blank + used)
            }
            None => ("", 0),
        };
        at = at + lead + length + used;
        found.push(Attribute { span: start..at, name, value: unescape_attribute(value).into_owned() });
    }
    found
}

/// A value in quotes or without, and how many bytes it takes.
fn quoted(value: &str) -> (&str, usize) {
    match value.bytes().next() {
        Some(quote @ (b'"' | b'\'')) => {
            let inside = value.get(1..).unwrap_or_default();
            let end = inside.find(char::from(quote)).unwrap_or(inside.len());
            (inside.get(..end).unwrap_or_default(), (end + 2).min(value.len()))
        }
        _ => {
            let end = value.find(char::is_whitespace).unwrap_or(value.len());
            (value.get(..end).unwrap_or_default(), end)
        }
    }
}

/// Elements whose end need not be written, and what ends them.
pub(super) fn ends(name: &str) -> Option<&'static [&'static str]> {
    const BLOCKS: &[&str] = &[
        "p",
        "div",
        "table",
        "ul",
        "ol",
        "dl",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "pre",
        "form",
        "section",
        "article",
        "aside",
        "header",
        "footer",
        "nav",
        "main",
        "blockquote",
        "hr",
        "address",
        "figure",
        "fieldset",
    ];
    Some(match name {
        "p" => BLOCKS,
        "li" => &["li"],
        "dt" | "dd" => &["dt", "dd"],
        "td" | "th" => &["td", "th", "tr", "tbody", "tfoot"],
        "tr" => &["tr", "tbody", "tfoot"],
        "tbody" | "thead" | "tfoot" => &["tbody", "tfoot"],
        "option" => &["option", "optgroup"],
        _ => return None,
    })
}

/// The place behind the element that begins at `at`.
pub(super) fn end_of(tokens: &[Token<'_>], at: usize, is_html: bool) -> usize {
    let Some(first) = tokens.get(at).filter(|t| t.kind == Piece::Start) else { return at + 1 };
    let closers = if is_html { ends(&first.name) } else { None };
    let mut open: Vec<&str> = Vec::new();
    for (place, token) in tokens.iter().enumerate().skip(at + 1) {
        match token.kind {
            Piece::Start if open.is_empty() && closers.is_some_and(|c| c.contains(&token.name.as_str())) => {
                return place;
            }
            Piece::Start if !is_html || ends(&token.name).is_none() => open.push(&token.name),
            Piece::End if open.contains(&token.name.as_str()) => {
                while open.pop().is_some_and(|name| name != token.name) {}
            }
            Piece::End if token.name == first.name => return place + 1,
            // The end of what it lies in.
            Piece::End if closers.is_some() && ends(&token.name).is_none() => return place,
            Piece::End if is_html && matches!(token.name.as_str(), "body" | "html") => return place,
            _ => {}
        }
        if open.len() > limits::MARKUP_DEPTH {
            break;
        }
    }
    tokens.len()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn gone(text: &str, name: &str) -> String {
        let all = tokens(text, true).unwrap();
        let at = all.iter().position(|t| t.name == name).unwrap();
        let end = end_of(&all, at, true);
        all.iter().enumerate().filter(|(i, _)| !(at..end).contains(i)).map(|(_, t)| t.raw).collect()
    }

    #[test]
    fn pieces_put_together_are_the_file() {
        let text = "<!DOCTYPE html><p a='>' b>x<!-- < --><br/><script>a<b</script> 1 < 2 <?php x ?><![CDATA[<]]></p";
        for is_html in [true, false] {
            let whole: String = tokens(text, is_html).unwrap().iter().map(|t| t.raw).collect();
            assert_eq!(whole, text);
        }
    }

    #[test]
    fn a_remark_ends_where_browsers_end_it() {
        for (text, end) in
            [("<!-- a -->b", 10), ("<!-->b-->", 5), ("<!--->b-->", 6), ("<!-- a --!>b-->", 11), ("<!---->", 7)]
        {
            assert_eq!(remark_end(text), Some(end), "{text}");
        }
        assert_eq!(remark_end("<!-- a --"), None);
    }

    #[test]
    fn an_element_ends_where_browsers_end_it() {
        assert_eq!(gone("<b><i>a<i>b</i>c</i>d</b>", "i"), "<b>d</b>");
        assert_eq!(gone("<div><p>a<b>b</b><p>c</div>d", "p"), "<div><p>c</div>d");
        assert_eq!(gone("<ul><li>a<ul><li>b</ul><li>c</ul>", "li"), "<ul><li>c</ul>");
        assert_eq!(gone("<body><div>a</body>", "div"), "<body></body>");
    }

    #[test]
    fn attributes_are_told_apart() {
        let raw = "<a href=\"x?a=1&amp;b\" hidden data-x = 'y' z=1/>";
        let found: Vec<(String, String)> = attributes(raw).into_iter().map(|a| (a.name, a.value)).collect();
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(found, [pair("href", "x?a=1&b"), pair("hidden", ""), pair("data-x", "y"), pair("z", "1")]);
    }
}
