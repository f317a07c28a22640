//! PNG predictors (ISO 32000-2, 7.4.4.4), which cross-reference streams use.

use super::object::{Dict, Object};

/// Takes the predictor of a decoded stream back; `None` when there is one that is not known.
pub(super) fn undo(dict: &Dict, data: Vec<u8>) -> Option<Vec<u8>> {
    let parameters = match dict.get("DecodeParms") {
        Some(Object::Array(one)) => one.first(),
        other => other,
    };
    let Some(parameters) = parameters.and_then(Object::as_dict) else { return Some(data) };
    let number = |key, missing| parameters.get(key).map_or(Some(missing), Object::as_u64);
    match number("Predictor", 1)? {
        1 => Some(data),
        10..=15 if number("Colors", 1)? == 1 && number("BitsPerComponent", 8)? == 8 => {
            let columns = usize::try_from(number("Columns", 1)?).ok()?;
            rows(&data, columns)
        }
        _ => None,
    }
}

/// Rows of `columns` bytes, each behind the byte that names its filter (PNG, 9.2).
fn rows(data: &[u8], columns: usize) -> Option<Vec<u8>> {
    if columns == 0 || columns > data.len() {
        return data.is_empty().then(Vec::new);
    }
    let mut out: Vec<u8> = Vec::with_capacity(data.len());
    let mut above = vec![0_u8; columns];
    for row in data.chunks(columns + 1) {
        let (filter, row) = row.split_first()?;
        let (mut left, mut corner) = (0_u8, 0_u8);
        for (byte, above) in row.iter().zip(above.iter_mut()) {
            let add = match filter {
                0 => 0,
                1 => left,
                2 => *above,
                3 => ((u16::from(left) + u16::from(*above)) / 2) as u8,
                4 => paeth(left, *above, corner),
                _ => return None,
            };
            corner = *above;
            left = byte.wrapping_add(add);
            *above = left;
            out.push(left);
        }
    }
    Some(out)
}

fn paeth(left: u8, above: u8, corner: u8) -> u8 {
    let [a, b, c] = [left, above, corner].map(i16::from);
    let estimate = a + b - c;
    let [to_left, to_above, to_corner] = [a, b, c].map(|n| (estimate - n).abs());
    if to_left <= to_above && to_left <= to_corner {
        left
    } else if to_above <= to_corner {
        above
    } else {
        corner
    }
}
