//! Messages (RFC 5322, MIME): the way they took and blind copies go out of their headers, and each part is cleaned as a
//! file of its own. What needs no change keeps its bytes.

mod header;
mod part;
mod shown;

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;
use mail_parser::{MessageParser, MimeHeaders};

use super::forms::differ;
use super::{Category, Ledger, nested};
use crate::error::ReadError;
use header::{Head, Role};

/// Parts of a message that lie in one another, at most.
const DEPTH: u32 = 32;
/// Parts of one message, at most.
const PARTS: usize = 10_000;

/// The message without what is to go.
pub(super) fn clean(bytes: &[u8], ledger: &mut Ledger) -> Result<Vec<u8>, ReadError> {
    Walk { ledger, parts: 0 }.entity(bytes, Role::Message, DEPTH)
}

struct Walk<'l> {
    ledger: &'l mut Ledger,
    parts: usize,
}

impl Walk<'_> {
    fn found(&mut self, category: Category, ja: &'static str, en: &'static str) -> bool {
        self.ledger.found(category, Unit::Whole, &Text::fixed(ja, en))
    }

    fn kept(&mut self, category: Category, ja: &'static str, en: &'static str) {
        self.ledger.kept(category, Unit::Whole, &Text::fixed(ja, en));
    }

    /// A message, or a part of one, with its headers.
    fn entity(&mut self, bytes: &[u8], role: Role, depth: u32) -> Result<Vec<u8>, ReadError> {
        let deeper = depth.checked_sub(1).ok_or(ReadError::Limit("parts of a message in one another"))?;
        self.parts += 1;
        if self.parts > PARTS {
            return Err(ReadError::Limit("parts of a message"));
        }
        let (mut head, body) = Head::split(bytes);
        head.sift(role, &mut |(category, ja, en)| self.found(category, ja, en));
        let kind = head.media_type();
        let body = match kind.as_str() {
            "message/rfc822" | "message/global" => self.message(&mut head, body, deeper)?,
            "application/pkcs7-mime" | "application/x-pkcs7-mime" | "multipart/encrypted" => {
                self.ledger.not_inspected(Text::fixed(
                    "暗号化・署名で包まれた本文",
                    "a body that is encrypted or signed whole",
                ));
                body.to_vec()
            }
            kind if kind.starts_with("multipart/") => self.parts(&mut head, body, kind, deeper)?,
            _ => self.leaf(&mut head, body, bytes),
        };
        Ok([head.bytes(), body].concat())
    }

    fn message(&mut self, head: &mut Head<'_>, body: &[u8], depth: u32) -> Result<Vec<u8>, ReadError> {
        let decoded = part::decode(body, &head.encoding());
        self.ledger.enter("メール");
        let cleaned = self.entity(&decoded, Role::Message, depth);
        self.ledger.leave();
        let cleaned = cleaned?;
        Ok(if cleaned == decoded {
            body.to_vec()
        } else {
            part::encode(&cleaned, &head.encode_as_base64(body, &decoded))
        })
    }

    fn parts(&mut self, head: &mut Head<'_>, body: &[u8], kind: &str, depth: u32) -> Result<Vec<u8>, ReadError> {
        let Some(boundary) = head.parameter("boundary") else {
            self.ledger
                .not_inspected(Text::fixed("区切りのない複合本文", "a body of several parts without a boundary"));
            return Ok(body.to_vec());
        };
        let pieces = part::split(body, &boundary);
        match kind {
            "multipart/alternative" => self.alternatives(&pieces),
            "multipart/related" => self.related(&pieces),
            _ => {}
        }
        let mut out = Vec::with_capacity(body.len());
        let unsigned = kind == "multipart/signed" && self.found(Category::Signatures, "電子署名", "digital signatures");
        if unsigned {
            head.unsign(&boundary);
        }
        for piece in pieces {
            match piece {
                part::Piece::Beside(words) if self.is_told(words) => {}
                part::Piece::Beside(words) | part::Piece::Line(words) => out.extend_from_slice(words),
                part::Piece::Part { line, content } => {
                    let of = Head::split(content).0.media_type();
                    if unsigned && of.ends_with("-signature") || self.is_report(&of) {
                        continue;
                    }
                    out.extend_from_slice(line);
                    out.extend(self.entity(content, Role::Part, depth)?);
                }
            }
        }
        Ok(out)
    }

    /// Forms of one text, of which a program shows one: what only another says is told.
    fn alternatives(&mut self, pieces: &[part::Piece<'_>]) {
        let mut last: Option<Vec<char>> = None;
        for content in contents(pieces) {
            match shown::form_of(content) {
                shown::Form::Words(words) => {
                    if last.as_ref().is_some_and(|last| differ(last, &words)) {
                        self.kept(
                            Category::Unseen,
                            "表示される形の本文と違う、別の形の本文（text/plainなど）",
                            "another form of the text (text/plain …) that differs from the one that is shown",
                        );
                    }
                    last = Some(words);
                }
                shown::Form::Calendar => {}
                shown::Form::Other => self.kept(
                    Category::Unseen,
                    "ほとんどのメールソフトで表示されない形の本文",
                    "a form of the text that most mail programs do not show",
                ),
            }
        }
    }

    /// Parts that lie beside a page for it to show, and that it does not show.
    fn related(&mut self, pieces: &[part::Piece<'_>]) {
        let mut names = std::collections::HashSet::new();
        contents(pieces).for_each(|content| shown::named_by(content, DEPTH, &mut names));
        for content in contents(pieces).skip(1) {
            let located = Head::split(content).0.value("content-location").is_some();
            if !located && shown::name_of(content).is_none_or(|name| !names.contains(&name)) {
                self.kept(
                    Category::Unseen,
                    "本文から参照されず、表示されないことがある部分",
                    "a part that the text does not name, and that may not be shown",
                );
            }
        }
    }

    /// Words before the first part or behind the last, which no program shows.
    fn is_told(&mut self, words: &[u8]) -> bool {
        const USUAL: [&[u8]; 3] = [
            b"This is a multi-part message in MIME format",
            b"This is a multipart message in MIME format",
            b"This is a cryptographically signed message in MIME format",
        ];
        let said = words.trim_ascii();
        let said = said.strip_suffix(b".").unwrap_or(said);
        !USUAL.contains(&said)
            && !said.is_empty()
            && self.found(Category::HiddenText, "表示されない前書き・後書き", "words that no mail program shows")
    }

    /// Reports of mail servers name them all.
    fn is_report(&mut self, kind: &str) -> bool {
        matches!(kind, "message/delivery-status" | "text/rfc822-headers" | "message/disposition-notification")
            && self.found(Category::MailRoute, "配送の報告", "reports of mail servers")
    }

    fn leaf(&mut self, head: &mut Head<'_>, body: &[u8], whole: &[u8]) -> Vec<u8> {
        let decoded = part::decode(body, &head.encoding());
        if decoded.iter().all(u8::is_ascii_whitespace) {
            return body.to_vec();
        }
        let name = name(whole, &head.media_type(), self.parts);
        if head.encoding() == "base64" && part::has_more(body) {
            self.kept(Category::Unseen, "読まれないことがある文字", "characters that may not be read");
        }
        match nested(&decoded, &name, self.ledger) {
            Some(cleaned) => part::encode(&cleaned, &head.encode_as_base64(body, &decoded)),
            None => body.to_vec(),
        }
    }
}

/// The parts among the pieces of a body.
fn contents<'p, 'b>(pieces: &'p [part::Piece<'b>]) -> impl Iterator<Item = &'b [u8]> + use<'p, 'b> {
    pieces.iter().filter_map(|piece| match piece {
        part::Piece::Part { content, .. } => Some(*content),
        part::Piece::Beside(_) | part::Piece::Line(_) => None,
    })
}

/// What a part is called; a body has the name of what it is.
fn name(whole: &[u8], kind: &str, number: usize) -> String {
    let headers = whole.get(..whole.len().min(64 << 10)).unwrap_or_default();
    let parsed = MessageParser::default().parse_headers(headers);
    let named = parsed.as_ref().and_then(|message| message.attachment_name().map(str::to_owned));
    named.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| match kind {
        "text/plain" | "" => "本文.txt".to_owned(),
        "text/html" => "本文.html".to_owned(),
        "text/csv" => format!("添付{number}.csv"),
        "text/calendar" => format!("予定{number}.txt"),
        _ => format!("添付{number}"),
    })
}
