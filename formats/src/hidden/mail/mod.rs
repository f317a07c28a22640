//! Messages (RFC 5322, MIME): the way they took and blind copies go out of their headers, and each part is cleaned as a
//! file of its own. What needs no change keeps its bytes.

mod header;
mod part;

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;
use mail_parser::{MessageParser, MimeHeaders};

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

    /// Words before the first part or behind the last, which no program shows.
    fn is_told(&mut self, words: &[u8]) -> bool {
        let usual = b"multi-part message in MIME format";
        let is_usual = words.len() < 200 && words.windows(usual.len()).any(|w| w == usual);
        let is_blank = words.iter().all(u8::is_ascii_whitespace);
        !is_usual
            && !is_blank
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
        match nested(&decoded, &name, self.ledger) {
            Some(cleaned) => part::encode(&cleaned, &head.encode_as_base64(body, &decoded)),
            None => body.to_vec(),
        }
    }
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
