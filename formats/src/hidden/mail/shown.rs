//! Parts that a mail program shows in place of others, or not at all (RFC 2046, 5.1.4; RFC 2387).

use std::collections::HashSet;
use std::ops::ControlFlow;

use percent_encoding::percent_decode_str;

use super::header::Head;
use super::part;
use crate::text::decode;

/// Characters of one form, at most.
const LONGEST: usize = 4_000_000;
/// Parts of a form in one another.
const DEPTH: u32 = 8;

/// One form of a text, of several that say the same.
pub(super) enum Form {
    /// Its letters and digits.
    Words(Vec<char>),
    /// An invitation, which calendars take up.
    Calendar,
    /// Another form, which few programs show; or one that is too long.
    Other,
}

/// What a part says as one of several forms.
pub(super) fn form(content: &[u8], depth: u32) -> Form {
    let (head, body) = Head::split(content);
    let kind = head.media_type();
    let decoded = || part::decode(body, &head.encoding());
    let charset = head.parameter("charset");
    let text = |bytes: &[u8]| match decode(bytes, charset.as_deref()) {
        Some(decoded) => decoded.text,
        None => String::from_utf8_lossy(bytes).into_owned(),
    };
    let words = match kind.as_str() {
        "" | "text/plain" => text(&decoded()),
        "text/html" => shown(&text(&decoded())),
        "text/calendar" => return Form::Calendar,
        // The first part of those that belong together is the text.
        kind if kind.starts_with("multipart/") => {
            let pieces = head.parameter("boundary").map_or_else(Vec::new, |boundary| part::split(body, &boundary));
            let first = pieces.iter().find_map(|piece| match piece {
                part::Piece::Part { content, .. } => Some(*content),
                _ => None,
            });
            return match (first, depth.checked_sub(1)) {
                (Some(first), Some(deeper)) => form(first, deeper),
                _ => Form::Other,
            };
        }
        _ => return Form::Other,
    };
    let letters = letters(&words);
    if letters.len() > LONGEST { Form::Other } else { Form::Words(letters) }
}

/// The same from the outside.
pub(super) fn form_of(content: &[u8]) -> Form {
    form(content, DEPTH)
}

/// The words of a page that are in sight.
fn shown(page: &str) -> String {
    let bytes = format!("\u{FEFF}{page}").into_bytes();
    let mut words = String::new();
    let _as_far_as_it_goes = crate::text(&bytes, Some("a.html"), &mut |passage| {
        if passage.spot.part.is_in_sight() {
            words.push_str(&passage.text);
            words.push('\n');
        }
        ControlFlow::Continue(())
    });
    words
}

/// Letters and digits, without what only one of the forms has of itself: addresses of links, names of pictures, numbers of lists.
fn letters(text: &str) -> Vec<char> {
    let mut letters = Vec::new();
    for line in text.lines() {
        let line = line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '>' | '*' | '-' | '•'));
        let behind = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let line = if behind.len() < line.len() && behind.starts_with(['.', ')']) { behind } else { line };
        for word in without_pictures(line).split_whitespace() {
            let address = ["http://", "https://", "mailto:"].iter().filter_map(|begin| word.find(begin)).min();
            let said = word.get(..address.unwrap_or(word.len())).unwrap_or_default();
            letters.extend(said.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase));
        }
    }
    letters
}

/// A line without what stands for a picture in plain text: `[cid:…]`, `[image: …]`.
fn without_pictures(line: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(line.len()), line);
    while let Some((before, after)) = rest.split_once('[') {
        out.push_str(before);
        let is_picture = ["cid:", "image:", "画像:"].iter().any(|begin| after.starts_with(begin));
        match after.split_once(']').filter(|_| is_picture) {
            Some((_, behind)) => rest = behind,
            None => {
                out.push('[');
                rest = after;
            }
        }
    }
    out + rest
}

/// Names by which a page shows parts that lie beside it.
pub(super) fn named_by(content: &[u8], depth: u32, names: &mut HashSet<String>) {
    let (head, body) = Head::split(content);
    let kind = head.media_type();
    if let Some(deeper) = depth.checked_sub(1).filter(|_| kind.starts_with("multipart/")) {
        let Some(boundary) = head.parameter("boundary") else { return };
        for piece in part::split(body, &boundary) {
            if let part::Piece::Part { content, .. } = piece {
                named_by(content, deeper, names);
            }
        }
    }
    if kind != "text/html" {
        return;
    }
    let page = String::from_utf8_lossy(&part::decode(body, &head.encoding())).to_ascii_lowercase();
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ')' | '>' | '<' | ';');
    for named in page.split("cid:").skip(1) {
        let name = percent_decode_str(named.split(ends).next().unwrap_or_default());
        names.insert(name.decode_utf8_lossy().to_ascii_lowercase());
    }
}

/// The name by which a part is shown, if it has one.
pub(super) fn name_of(content: &[u8]) -> Option<String> {
    let id = Head::split(content).0.value("content-id")?;
    Some(id.trim().trim_matches(['<', '>']).to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hidden::forms::differ;

    #[test]
    fn forms_that_say_the_same_do_not_differ() {
        let of = |text: &str| letters(text);
        let page = "<html><body><p>会議は <b>１０日</b>です。</p><ol><li>資料</li></ol><a href='https://a.example/x'>こちら</a></body></html>";
        let plain = "> 会議は *１０日*\nです。\n\n1. 資料\n[cid:a@b] こちら<https://a.example/x>\n";
        assert!(!differ(&of(plain), &of(&shown(page))));
        assert!(differ(&of(&plain.replace("１０日", "１１日")), &of(&shown(page))));
        assert!(differ(&of(&format!("{plain}内部の連絡")), &of(&shown(page))));
        assert!(!differ(&[], &of(plain)));
    }
}
