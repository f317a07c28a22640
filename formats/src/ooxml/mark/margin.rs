//! One header or footer of a sheet, which is a string with codes (ISO/IEC 29500-1, 18.3.1.46): ours is the last that stands
//! in its right section, between two codes that name a font of our own.
//!
//! In Excel headers lie over the page and move nothing. LibreOffice lets the cells make way for a header that becomes higher
//! than it reckoned from the sizes of letters, which real fonts do; one that can't fit at all it cuts off instead. So a
//! blank line that can't fit ([`FILL`]) stands behind ours: nothing moves, whatever the font.

use std::ops::Range;

use super::TAG;
use crate::xml::escape;

/// UTF-16 units that Excel takes in one of these strings.
const LENGTH: usize = 255;

/// What stands in the blank line: programs trim no such blank. And the size of the line where the sheet says no margins.
const FILL: char = '\u{3000}';
pub(super) const FILL_SIZE: u32 = 40;
/// Size of our letters; smaller beside another's line, which they must not make higher.
const SIZE: u32 = 10;
const SMALL: u32 = 8;

/// Begins ours: one blank in a font of our name, which shows nothing.
fn begin(size: u32) -> String {
    format!("&\"{TAG},Regular\"&{size} ")
}

const FACE: &str = "&\"MS Gothic,Regular\"";
/// Ends ours; behind the name stands what was changed for it.
const END: &str = "&\"kakuzuke";

/// A piece of such a string.
#[derive(PartialEq)]
enum Piece {
    Text(char),
    /// `&L`, `&C`, `&R`.
    Section(char),
    /// `&"font,style"`: what stands between the quotes.
    Font(String),
    /// `&P`, `&D`, …: shows something.
    Field,
    /// `&G`.
    Picture,
    /// `&U`, `&S`, …: on, and off again.
    Switch(char),
    Colour,
    Other,
}

/// The string as XML has it, character by character with the bytes each comes from; `None` for what no program writes.
fn characters(raw: &str) -> Option<Vec<(char, Range<usize>)>> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(first) = raw.get(at..)?.chars().next() {
        let length = match first {
            '<' => return None,
            '&' => raw.get(at..)?.find(';')? + 1,
            other => other.len_utf8(),
        };
        let range = at..at + length;
        let plain = quick_xml::escape::unescape(raw.get(range.clone())?).ok()?;
        found.push((plain.chars().next()?, range.clone()));
        at = range.end;
    }
    Some(found)
}

/// The pieces with the characters they consist of.
fn pieces(characters: &[char]) -> Vec<(Piece, Range<usize>)> {
    let (mut found, mut at) = (Vec::new(), 0);
    let is_digit = |at: usize| characters.get(at).is_some_and(char::is_ascii_digit);
    while let Some(first) = characters.get(at) {
        let start = at;
        at += 1;
        let code = characters.get(at).copied().filter(|_| *first == '&');
        let piece = match code {
            None => Piece::Text(*first),
            Some('"') => {
                let rest = characters.get(at + 1..).unwrap_or_default();
                let name: String = rest.iter().take_while(|c| **c != '"').collect();
                at += name.chars().count() + 1;
                Piece::Font(name)
            }
            Some('K' | 'k') => {
                let rest = characters.get(at + 1..).unwrap_or_default();
                at += rest.iter().take(6).take_while(|c| c.is_ascii_hexdigit() || matches!(c, '+' | '-')).count();
                Piece::Colour
            }
            Some(c) if c.is_ascii_digit() => {
                while is_digit(at + 1) {
                    at += 1;
                }
                Piece::Other
            }
            Some(c) => match c.to_ascii_uppercase() {
                '&' => Piece::Text('&'),
                section @ ('L' | 'C' | 'R') => Piece::Section(section),
                'P' | 'N' | 'D' | 'T' | 'F' | 'A' | 'Z' => Piece::Field,
                'G' => Piece::Picture,
                switch @ ('U' | 'E' | 'S' | 'X' | 'Y' | 'O' | 'H') => Piece::Switch(switch),
                _ => Piece::Other,
            },
        };
        at = if code.is_some() { at + 1 } else { at };
        at = at.min(characters.len());
        found.push((piece, start..at));
    }
    found
}

/// The right section: where it ends, and what of it would go on in ours.
struct Right {
    end: usize,
    has_text: bool,
    open: String,
}

fn right(pieces: &[(Piece, Range<usize>)]) -> Option<Right> {
    let (mut found, mut is_right) = (None, false);
    let (mut switches, mut is_coloured): (Vec<char>, bool) = (Vec::new(), false);
    let (mut end, mut has_text) = (0, false);
    for (piece, range) in pieces {
        match piece {
            Piece::Section(section) => is_right = *section == 'R',
            Piece::Text(_) | Piece::Field | Piece::Picture if is_right => has_text = true,
            Piece::Switch(switch) if is_right => {
                let was = switches.len();
                switches.retain(|s| s != switch);
                if switches.len() == was {
                    switches.push(*switch);
                }
            }
            Piece::Colour if is_right => is_coloured = true,
            _ => {}
        }
        if is_right {
            end = range.end;
            found = Some(());
        }
    }
    found?;
    let mut open: String = switches.iter().flat_map(|s| ['&', *s]).collect();
    if is_coloured {
        open.push_str("&K000000");
    }
    Some(Right { end, has_text, open })
}

/// The code of a section that is not there, the left one first; ours would stand in front of all.
fn free(pieces: &[(Piece, Range<usize>)]) -> Option<&'static str> {
    // What stands before the first code is in the centre.
    let begins_well = pieces.first().is_none_or(|(piece, _)| matches!(piece, Piece::Section(_)));
    let is_free = |section: char| !pieces.iter().any(|(piece, _)| *piece == Piece::Section(section));
    [('L', "&L"), ('C', "&C")].into_iter().find(|(section, _)| begins_well && is_free(*section)).map(|(_, code)| code)
}

/// Whether nothing is shown.
pub(super) fn is_blank(raw: &str) -> bool {
    let Some(characters) = characters(raw) else { return false };
    let plain: Vec<char> = characters.iter().map(|(c, _)| *c).collect();
    !pieces(&plain).iter().any(|(piece, _)| matches!(piece, Piece::Text(_) | Piece::Field | Piece::Picture))
}

/// The string with ours in it, as XML; `None` when it would be too long for Excel. `fill` is the size of a line that the
/// header has no room for, where nobody else's stands in any; `record` is what was changed for ours.
pub(super) fn put(raw: &str, line: &str, fill: Option<u32>, record: &str) -> Option<String> {
    let found = characters(raw)?;
    let plain: Vec<char> = found.iter().map(|(c, _)| *c).collect();
    let pieces = pieces(&plain);
    let right = right(&pieces);
    let is_beside = pieces.iter().any(|(piece, _)| matches!(piece, Piece::Text(_) | Piece::Field));
    // Each beginning is another, so that taking ours out leaves what was there.
    let (at, before, open) = match right {
        None => (plain.len(), "&R", String::new()),
        Some(right) if !right.has_text => (right.end, "&10", right.open),
        // Beside a person's words, not under them: LibreOffice would move those.
        Some(right) => free(&pieces).map_or((right.end, "\n", right.open), |section| (0, section, String::new())),
    };
    let words = line.replace('&', "&&");
    let record = if record.is_empty() { String::new() } else { format!(" {record}") };
    let (size, below, last) = match fill.filter(|_| !is_beside) {
        Some(fill) => (SIZE, "\n", format!("&{fill}{FILL}")),
        None => (SMALL, "", String::new()),
    };
    let ours = |face: &str| format!("{before}{}{open}{face}{words}{below}{END}{record},Regular\"{last}", begin(size));
    let length: usize = plain.iter().map(|c| c.len_utf16()).sum();
    let fits = |ours: &String| length + ours.encode_utf16().count() <= LENGTH;
    let ours = Some(ours(FACE)).filter(fits).or_else(|| Some(ours("")).filter(fits))?;
    let at = found.get(at).map_or(raw.len(), |(_, range)| range.start);
    Some(format!("{}{}{}", raw.get(..at)?, escape(&ours), raw.get(at..)?))
}

/// The string with a picture of ours in its centre, as XML; `None` where something stands there or there is no room.
pub(super) fn put_picture(raw: &str) -> Option<String> {
    let found = characters(raw)?;
    let plain: Vec<char> = found.iter().map(|(c, _)| *c).collect();
    let pieces = pieces(&plain);
    // What stands before the first section is the centre, too.
    let begins_well = pieces.first().is_none_or(|(piece, _)| matches!(piece, Piece::Section(_)));
    let has_centre = pieces.iter().any(|(piece, _)| *piece == Piece::Section('C'));
    let ours = format!("&C&\"{TAG},Regular\"&G{END},Regular\"");
    let length = plain.iter().map(|c| c.len_utf16()).sum::<usize>() + ours.len();
    (begins_well && !has_centre && length <= LENGTH).then(|| escape(&ours) + raw)
}

/// Ours in a string.
#[derive(Default)]
pub(super) struct Ours {
    /// The string without it, as XML.
    pub rest: String,
    /// Its words.
    pub line: String,
    /// What was changed for it.
    pub record: Option<String>,
}

/// Finds everything of ours and takes it out; `None` when there is none.
pub(super) fn take(raw: &str) -> Option<Ours> {
    let mut all = take_one(raw)?;
    while let Some(ours) = take_one(&all.rest) {
        let line = if all.line.is_empty() { ours.line } else { all.line };
        all = Ours { rest: ours.rest, line, record: all.record.or(ours.record) };
    }
    Some(all)
}

fn take_one(raw: &str) -> Option<Ours> {
    let found = characters(raw)?;
    let plain: Vec<char> = found.iter().map(|(c, _)| *c).collect();
    let pieces = pieces(&plain);
    let first = pieces.iter().position(|(p, _)| matches!(p, Piece::Font(f) if f.starts_with(TAG)))?;
    let (mut line, mut record, mut end) = (String::new(), None, plain.len());
    let is_end = |piece: &Piece| matches!(piece, Piece::Font(font) if font.starts_with("kakuzuke"));
    let mut rest = pieces.get(first + 1..)?.iter().peekable();
    while let Some((piece, range)) = rest.next() {
        match piece {
            // What is shown below belongs to ours only behind the code at the end.
            Piece::Text('\n') if rest.peek().is_some_and(|(next, _)| is_end(next)) => {}
            // Programs that save the sheet again may have dropped that code.
            Piece::Section(_) | Piece::Text('\n') => {
                end = range.start;
                break;
            }
            Piece::Font(font) if is_end(piece) => {
                record = font.split_once(' ').and_then(|(_, r)| r.split_once(',')).map(|(r, _)| r.to_owned());
                end = range.end;
                let fill = rest.clone().take(2).position(|(piece, _)| *piece == Piece::Text(FILL));
                end = fill.and_then(|at| rest.nth(at)).map_or(end, |(_, range)| range.end);
                break;
            }
            Piece::Text(c) => line.push(*c),
            _ => {}
        }
    }
    let start = pieces.get(first)?.1.start;
    let before: String = plain.get(..start)?.iter().collect();
    let added = ["\n", "&10", "&R", "&L", "&C"].into_iter().find(|added| before.ends_with(added)).map_or(0, str::len);
    let at = |place: usize| found.get(place).map_or(raw.len(), |(_, range)| range.start);
    let rest = format!("{}{}", raw.get(..at(start - added))?, raw.get(at(end)..)?);
    Some(Ours { rest, line: line.trim().to_owned(), record })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const LINE: &str = "機密性２情報 R&D＜課限り>";

    #[test]
    fn what_stands_in_a_header_stays_there() {
        for raw in [
            "",
            "&amp;Lleft",
            "centre",
            "&amp;R",
            "&amp;Rright",
            "&amp;R&amp;P / &amp;N&amp;Lleft",
            "&amp;L&amp;\"Arial,Bold\"a&amp;C&amp;D&amp;R&amp;10",
            "&amp;Ra\n&amp;Lb",
            "&amp;R&amp;Uunder&amp;KFF0000red",
            "a &amp;&amp; b&#10;c",
            "&amp;R&amp;8&amp;C&amp;G",
            "&amp;La&amp;Cb&amp;Rc",
            "&amp;La&amp;Rc&amp;10",
        ] {
            let marked = put(raw, LINE, Some(25), "0.3").unwrap();
            assert_ne!(marked, raw);
            let ours = take(&marked).unwrap();
            assert_eq!(ours.rest, raw);
            assert_eq!(ours.line, LINE);
            assert_eq!(ours.record.as_deref(), Some("0.3"));
            assert!(take(&ours.rest).is_none());
        }
    }

    #[test]
    fn a_picture_stands_in_the_centre_if_nothing_else_does() {
        for raw in ["", "&amp;Lleft", "&amp;R&amp;P", "&amp;R"] {
            let both = put_picture(&put(raw, LINE, Some(25), "").unwrap()).unwrap();
            let ours = take(&both).unwrap();
            assert_eq!((ours.rest.as_str(), ours.line.as_str()), (raw, LINE));
        }
        assert!(put_picture("centre").is_none() && put_picture("&amp;La&amp;Cb").is_none());
    }

    #[test]
    fn ours_goes_on_unlike_what_stands_before_it() {
        let before = "&amp;La&amp;Cb&amp;R&amp;Ua";
        assert!(put(before, LINE, Some(25), "").unwrap().contains("&amp;8 &amp;U"));
        assert!(!put(&format!("{before}&amp;U"), LINE, Some(25), "").unwrap().contains("&amp;8 &amp;U"));
        assert!(put(&format!("{before}&amp;KFF0000a"), LINE, Some(25), "").unwrap().contains("&amp;K000000"));
    }

    #[test]
    fn what_excel_would_refuse_is_not_written() {
        let full = "&amp;L".to_owned() + &"長".repeat(200);
        assert_eq!(put(&full, LINE, Some(25), ""), None);
        assert_eq!(put("", &"長".repeat(200), Some(25), ""), None);
        // Without the name of the font there is room.
        let nearly = "長".repeat(255 - 2 - 30 - 19 - LINE.chars().count() - 1);
        assert!(put(&nearly, LINE, Some(25), "").is_some_and(|marked| !marked.contains("Gothic")));
    }

    #[test]
    fn a_persons_words_behind_ours_stay() {
        let marked = put("", LINE, Some(25), "").unwrap();
        assert_eq!(take(&format!("{marked} theirs")).unwrap().rest, " theirs");
        // As LibreOffice writes it.
        let again =
            "&amp;R&amp;&quot;kakuzuke.marking,Regular&quot; &amp;&quot;MS Gothic,Regular&quot;機密性２\ntheirs";
        let ours = take(again).unwrap();
        assert_eq!((ours.line.as_str(), ours.rest.as_str()), ("機密性２", "\ntheirs"));
    }
}
