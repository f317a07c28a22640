//! 電子メール. Messages (RFC 5322, MIME): headers, bodies, and what is attached, read as files of their own.

use mail_parser::{HeaderName, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use kakuzuke_core::passage::{Part, Unit};

use super::html::{self, Markup};
use super::{Halt, Reading, lines};
use crate::error::ReadError;

/// Whether bytes begin as a message does: with headers, of which some are a message's own, or with both that every message
/// has (RFC 5322, 3.6).
pub(crate) fn begins(head: &[u8]) -> bool {
    const OWN: &[&str] = &["received", "return-path", "message-id", "mime-version", "delivered-to", "from", "x-mailer"];
    const EVERY: [&str; 2] = ["from", "date"];
    let (mut headers, mut own) = (0, 0);
    let mut every = [false; 2];
    for line in head.split(|b| *b == b'\n').take(40) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") && headers > 0 {
            continue;
        }
        let Some(end) = line.iter().position(|b| *b == b':') else { return own > 1 && headers > 3 };
        let Ok(name) = std::str::from_utf8(line.get(..end).unwrap_or_default()) else { return false };
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')) {
            return false;
        }
        headers += 1;
        own += u32::from(OWN.iter().any(|o| name.eq_ignore_ascii_case(o)));
        for (seen, known) in every.iter_mut().zip(EVERY) {
            *seen |= name.eq_ignore_ascii_case(known);
        }
    }
    (own > 1 || every == [true; 2]) && headers > 2
}

/// Reads a message.
pub(super) fn read(bytes: &[u8], reading: &mut Reading<'_>) -> Result<(), Halt> {
    let message = MessageParser::default().parse(bytes).ok_or(ReadError::Damaged("no mail message"))?;
    say(&message, reading)
}

fn say(message: &Message<'_>, reading: &mut Reading<'_>) -> Result<(), Halt> {
    for header in message.headers() {
        let name = header.name.as_str();
        let is_read = matches!(
            header.name,
            HeaderName::Subject
                | HeaderName::From
                | HeaderName::To
                | HeaderName::Cc
                | HeaderName::Bcc
                | HeaderName::ReplyTo
                | HeaderName::Sender
                | HeaderName::Comments
                | HeaderName::Keywords
                | HeaderName::Other(_)
        );
        if is_read {
            reading.say(Unit::Whole, Part::Property(name.to_owned()), &value(&header.value))?;
        }
    }
    let text: String = message
        .parts
        .iter()
        .filter_map(|part| if let PartType::Text(text) = &part.body { Some(text) } else { None })
        .flat_map(|text| text.chars())
        .filter(|c| !c.is_whitespace())
        .collect();
    for (number, part) in (1_u32..).zip(&message.parts) {
        body(part, number, &text, reading)?;
    }
    Ok(())
}

/// Reads a part; `text` is what the message says in plain text, blanks left out.
fn body(part: &MessagePart<'_>, number: u32, text: &str, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let name = part.attachment_name().map_or_else(|| format!("添付{number}"), str::to_owned);
    if part.is_encoding_problem {
        reading.gap_within(&name, super::content::undecodable());
    }
    match &part.body {
        PartType::Text(words) if part.attachment_name().is_none() => lines::read(words, reading),
        PartType::Html(words) if part.attachment_name().is_none() => {
            // The same words again are not said again: counts would double.
            let plain: String = html::plain(words).chars().filter(|c| !c.is_whitespace()).collect();
            if !plain.is_empty() && number <= 64 && text.contains(&plain) {
                return Ok(());
            }
            html::read(words, Markup::Html, reading)
        }
        PartType::Text(words) | PartType::Html(words) => reading.read_held(&name, words.as_bytes()),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => reading.read_held(&name, bytes),
        PartType::Message(message) => reading.within(&name, |reading| say(message, reading)),
        PartType::Multipart(_) => Ok(()),
    }
}

fn value(value: &HeaderValue<'_>) -> String {
    match value {
        HeaderValue::Text(text) => text.to_string(),
        HeaderValue::TextList(list) => list.join(", "),
        HeaderValue::Address(addresses) => {
            let each = addresses.iter().map(|a| format!("{} <{}>", a.name().unwrap_or(""), a.address().unwrap_or("")));
            each.collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::begins;

    #[test]
    fn a_message_is_one_also_without_its_way() {
        assert!(begins(
            b"From: a@example.com\r\nTo: b@example.com\r\nDate: Fri, 11 Jul 2003 21:00:37 -0700\r\n\r\nHi."
        ));
        assert!(!begins(b"From: a list of things\nTo: be sorted\nThen: sold\n\nFirst."));
        assert!(!begins(b"Date: 11 July\nFrom: ten o'clock on\n\nA notice."));
    }
}
