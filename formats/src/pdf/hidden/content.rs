//! Instructions of a page (ISO 32000-2, 7.8.2), with those left out that draw on a hidden layer. What only changes the
//! state stays, so that everything behind it is drawn as before.

use std::collections::BTreeSet;

use crate::pdf::object::{Object, Parser, is_space};

/// An instruction: where it lies, with its operands, and its operator.
struct Instruction<'c> {
    raw: &'c [u8],
    operator: &'c [u8],
    operands: Vec<Object>,
}

struct Reader<'c> {
    bytes: &'c [u8],
    at: usize,
}

impl<'c> Reader<'c> {
    /// The next instruction; `None` at the end.
    fn next(&mut self) -> Option<Result<Instruction<'c>, ()>> {
        let start = self.at;
        let mut operands = Vec::new();
        loop {
            let mut parser = Parser::new(self.bytes.get(self.at..)?, true);
            parser.skip_space();
            self.at += parser.at;
            let first = *self.bytes.get(self.at)?;
            if first.is_ascii_digit() || b"+-./([<".contains(&first) {
                let mut parser = Parser::new(self.bytes.get(self.at..)?, true);
                match parser.object() {
                    Ok(object) => operands.push(object),
                    Err(_) => return Some(Err(())),
                }
                self.at += parser.at;
                if operands.len() > 1_000 {
                    return Some(Err(()));
                }
                continue;
            }
            let rest = self.bytes.get(self.at..)?;
            let length = rest.iter().position(|b| is_space(*b) || b"()<>[]{}/%".contains(b)).unwrap_or(rest.len());
            if length == 0 {
                return Some(Err(()));
            }
            let operator = rest.get(..length)?;
            self.at += length;
            if matches!(operator, b"true" | b"false" | b"null") {
                operands.push(Object::Null);
                continue;
            }
            if operator == b"ID" {
                self.at += picture(self.bytes.get(self.at..)?)?;
            }
            return Some(Ok(Instruction { raw: self.bytes.get(start..self.at)?, operator, operands }));
        }
    }
}

/// Length of a picture's data, up to behind the `EI` that ends it.
fn picture(data: &[u8]) -> Option<usize> {
    let ends = |window: &[u8]| matches!(window, [before, b'E', b'I', after] if is_space(*before) && is_space(*after));
    let is_text = |at: usize| {
        data.get(at + 4..).unwrap_or_default().iter().take(16).all(|b| b.is_ascii_graphic() || is_space(*b))
    };
    let found = data.windows(4).enumerate().find(|(at, window)| ends(window) && is_text(*at)).map(|(at, _)| at + 3);
    found.or_else(|| data.ends_with(b"EI").then_some(data.len()))
}

/// The instructions without what is drawn on the layers of these names; `None` where it can't be told apart.
pub(super) fn without(content: &[u8], hidden: &BTreeSet<Vec<u8>>) -> Option<Vec<u8>> {
    let mut reader = Reader { bytes: content, at: 0 };
    let mut out = Vec::with_capacity(content.len());
    // Marked content that is open: whether it is on a hidden layer.
    let mut open: Vec<bool> = Vec::new();
    let (mut path, mut clips, mut in_text) = (Vec::new(), false, false);
    while let Some(next) = reader.next() {
        let instruction = next.ok()?;
        let was_hidden = open.contains(&true);
        match instruction.operator {
            b"BDC" | b"BMC" => {
                open.push(is_on(&instruction, hidden));
                // The words behind would move up to where the hidden ones began.
                if open.last() == Some(&true) && in_text {
                    return None;
                }
            }
            b"EMC" => drop(open.pop()),
            b"BT" => in_text = true,
            b"ET" => in_text = false,
            _ => {}
        }
        if !was_hidden {
            out.extend_from_slice(instruction.raw);
            continue;
        }
        match instruction.operator {
            b"m" | b"l" | b"c" | b"v" | b"y" | b"re" | b"h" => path.extend_from_slice(instruction.raw),
            b"W" | b"W*" => {
                clips = true;
                path.extend_from_slice(instruction.raw);
            }
            b"S" | b"s" | b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" | b"n" => {
                if clips {
                    out.extend_from_slice(&path);
                    out.extend(b"\nn\n");
                }
                (path, clips) = (Vec::new(), false);
            }
            b"Tj" | b"TJ" | b"'" | b"\"" | b"sh" | b"Do" | b"BI" | b"ID" | b"EI" => out.push(b'\n'),
            _ => out.extend_from_slice(instruction.raw),
        }
        if open.len() > 10_000 {
            return None;
        }
    }
    Some(out)
}

/// Whether marked content belongs to a hidden layer.
fn is_on(instruction: &Instruction<'_>, hidden: &BTreeSet<Vec<u8>>) -> bool {
    match instruction.operands.as_slice() {
        [Object::Name(tag), Object::Name(name)] => tag == b"OC" && hidden.contains(name),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn cleaned(content: &str) -> Option<String> {
        let hidden = BTreeSet::from([b"L".to_vec()]);
        without(content.as_bytes(), &hidden).map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn what_is_drawn_on_a_hidden_layer_goes_and_the_state_stays() {
        let content = "q /OC /L BDC BT /F 12 Tf (SECRET) Tj ET 1 0 0 rg 0 0 9 9 re f /X Do EMC (SEEN) Tj Q";
        let out = cleaned(content).unwrap();
        assert!(!out.contains("SECRET") && !out.contains("re") && !out.contains("Do"), "{out}");
        assert!(out.contains("1 0 0 rg") && out.contains("(SEEN) Tj") && out.contains("EMC"), "{out}");
        let clip = cleaned("/OC /L BDC 0 0 5 5 re W n EMC 1 1 3 3 re f").unwrap();
        assert!(clip.contains("0 0 5 5 re W") && clip.contains("1 1 3 3 re f"), "{clip}");
    }

    #[test]
    fn what_is_shown_stays_byte_for_byte() {
        let content = "/OC /M BDC BI /W 1 ID \u{1}EI x EI\n(a) Tj EMC [(b) -20 (c)] TJ /L gs true << /a (L) >> DP";
        assert_eq!(cleaned(content).as_deref(), Some(content));
        assert_eq!(cleaned("BT /OC /L BDC (a) Tj EMC (b) Tj ET"), None);
    }
}
