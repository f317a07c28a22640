//! Bodies of several parts, and the ways bodies are written (RFC 2045 and 2046).

use data_encoding::BASE64;

/// A piece of a body of several parts; put together again they are the body.
pub(super) enum Piece<'b> {
    /// Words before the first part, or behind the last.
    Beside(&'b [u8]),
    /// The line that ends the last part.
    Line(&'b [u8]),
    /// The line that begins a part, and the part with the line's end behind it.
    Part { line: &'b [u8], content: &'b [u8] },
}

/// Splits a body at its boundary.
pub(super) fn split<'b>(body: &'b [u8], boundary: &str) -> Vec<Piece<'b>> {
    let (mut pieces, mut at, mut begun) = (Vec::new(), 0, None::<(&[u8], usize)>);
    let (mut beside, mut is_over) = (0, false);
    while at < body.len() {
        let rest = body.get(at..).unwrap_or_default();
        let length = rest.iter().position(|b| *b == b'\n').map_or(rest.len(), |place| place + 1);
        let line = rest.get(..length).unwrap_or_default();
        if let Some(is_last) = delimits(line, boundary).filter(|_| !is_over) {
            match begun.take() {
                Some((line, from)) => {
                    pieces.push(Piece::Part { line, content: body.get(from..at).unwrap_or_default() })
                }
                None => pieces.push(Piece::Beside(body.get(beside..at).unwrap_or_default())),
            }
            if is_last {
                pieces.push(Piece::Line(line));
                (is_over, beside) = (true, at + length);
            } else {
                begun = Some((line, at + length));
            }
        }
        at += length;
    }
    match begun {
        Some((line, from)) => pieces.push(Piece::Part { line, content: body.get(from..).unwrap_or_default() }),
        None => pieces.push(Piece::Beside(body.get(beside..).unwrap_or_default())),
    }
    pieces
}

/// Whether a line is the boundary; whether it is the last one.
fn delimits(line: &[u8], boundary: &str) -> Option<bool> {
    let rest = line.strip_prefix(b"--")?.strip_prefix(boundary.as_bytes())?;
    match rest.trim_ascii() {
        b"" => Some(false),
        b"--" => Some(true),
        _ => None,
    }
}

/// Whether a body in base64 has characters that no program reads: others than its digits, or behind its end (RFC 2045, 6.8).
pub(super) fn has_more(body: &[u8]) -> bool {
    let is_digit = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/');
    let mut said = body.iter().filter(|b| !b.is_ascii_whitespace()).skip_while(|b| is_digit(b));
    said.any(|b| *b != b'=')
}

/// The bytes of a body.
pub(super) fn decode(body: &[u8], encoding: &str) -> Vec<u8> {
    match encoding {
        "base64" => {
            let is_digit = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/');
            let mut digits: Vec<u8> = body.iter().copied().filter(is_digit).collect();
            while !digits.len().is_multiple_of(4) {
                digits.push(b'=');
            }
            BASE64.decode(&digits).unwrap_or_else(|_| body.to_vec())
        }
        "quoted-printable" => unquote(body),
        _ => body.to_vec(),
    }
}

fn unquote(body: &[u8]) -> Vec<u8> {
    let (mut out, mut at) = (Vec::with_capacity(body.len()), 0);
    while let Some(byte) = body.get(at).copied() {
        at += 1;
        if byte != b'=' {
            out.push(byte);
            continue;
        }
        match body.get(at..) {
            Some([b'\r', b'\n', ..]) => at += 2,
            Some([b'\n', ..]) => at += 1,
            Some([a, b, ..]) => match (char::from(*a).to_digit(16), char::from(*b).to_digit(16)) {
                (Some(a), Some(b)) => {
                    out.push((a * 16 + b) as u8);
                    at += 2;
                }
                _ => out.push(byte),
            },
            Some([_]) => out.push(byte),
            _ => {}
        }
    }
    out
}

/// A body as it is written in a message.
pub(super) fn encode(bytes: &[u8], encoding: &str) -> Vec<u8> {
    if encoding != "base64" {
        return bytes.to_vec();
    }
    let mut out = Vec::with_capacity(bytes.len() * 4 / 3 + bytes.len() / 38);
    for line in bytes.chunks(57) {
        out.extend(BASE64.encode(line).bytes());
        out.extend(b"\r\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_put_together_are_the_body() {
        let body = b"before\r\n--b\r\nA: b\r\n\r\none\r\n--b \r\n\r\ntwo\r\n--b--\r\nbehind\r\n--b\r\n";
        let mut whole = Vec::new();
        let mut parts = 0;
        for piece in split(body, "b") {
            match piece {
                Piece::Beside(words) | Piece::Line(words) => whole.extend_from_slice(words),
                Piece::Part { line, content } => {
                    parts += 1;
                    whole.extend_from_slice(line);
                    whole.extend_from_slice(content);
                }
            }
        }
        assert_eq!((whole.as_slice(), parts), (body.as_slice(), 2));
        assert_eq!(unquote(b"=E6=A9=9F=\r\na=b"), "機a=b".as_bytes());
        assert_eq!(decode(&encode(b"abc\0", "base64"), "base64"), b"abc\0");
    }
}
