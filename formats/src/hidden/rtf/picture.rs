//! Pictures in RTF: hexadecimal digits, or bytes as they are behind `\bin`.

use data_encoding::HEXLOWER_PERMISSIVE;

use super::words::Control;
use crate::hidden::{Ledger, nested};

/// A picture that was cleaned.
pub(super) struct Cleaned {
    /// What stands in its group before it and between.
    pub head: Vec<u8>,
    /// The picture in hexadecimal lines.
    pub digits: Vec<u8>,
}

/// The picture in a group, cleaned; `None` when there is none or it stays as it is.
pub(super) fn clean(inside: &[u8], ledger: &mut Ledger) -> Option<Cleaned> {
    let (mut head, mut digits, mut data, mut at, mut depth) = (Vec::new(), Vec::new(), None, 0, 0_u32);
    let mut is_known = false;
    while let Some(byte) = inside.get(at).copied() {
        let step = if byte == b'\\' {
            let control = Control::read(inside, at).ok()?;
            is_known |= matches!(control.word, "jpegblip" | "pngblip");
            if control.word == "bin" && depth == 0 {
                let length = usize::try_from(control.number?).ok()?;
                data = Some(inside.get(control.end.checked_sub(length)?..control.end)?.to_vec());
                at = control.end;
                continue;
            }
            control.end - at
        } else {
            1
        };
        let raw = inside.get(at..at + step)?;
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => break,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 && step == 1 && byte.is_ascii_hexdigit() {
            digits.push(byte);
        } else if digits.is_empty() {
            head.extend_from_slice(raw);
        } else if !byte.is_ascii_whitespace() {
            return None;
        }
        at += step;
    }
    let data = match data {
        Some(data) => data,
        None => HEXLOWER_PERMISSIVE.decode(&digits).ok()?,
    };
    if !is_known || data.is_empty() {
        return None;
    }
    let cleaned = nested(&data, "picture", ledger)?;
    let mut digits = b"\n".to_vec();
    for line in cleaned.chunks(64) {
        digits.extend(HEXLOWER_PERMISSIVE.encode(line).bytes());
        digits.push(b'\n');
    }
    Some(Cleaned { head, digits })
}
