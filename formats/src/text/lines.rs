//! Text files: line by line, as they are written.

use kakuzuke_core::passage::{Part, Unit};

use super::{Halt, Reading};

/// Says every line of a text.
pub(super) fn read(text: &str, reading: &mut Reading<'_>) -> Result<(), Halt> {
    for (number, line) in (1..).zip(text.split('\n')) {
        reading.say(Unit::Line(number), Part::Body, line)?;
    }
    Ok(())
}

/// Says every line of a JSON text, its `\u` sequences as the characters they stand for.
pub(super) fn read_json(text: &str, reading: &mut Reading<'_>) -> Result<(), Halt> {
    for (number, line) in (1..).zip(text.split('\n')) {
        reading.say(Unit::Line(number), Part::Body, &unescape(line))?;
    }
    Ok(())
}

fn unescape(line: &str) -> String {
    let (mut units, mut rest) = (Vec::with_capacity(line.len()), line);
    while let Some((before, after)) = rest.split_once("\\u") {
        units.extend(before.encode_utf16());
        match after.get(..4).and_then(|digits| u16::from_str_radix(digits, 16).ok()) {
            Some(unit) => {
                units.push(unit);
                rest = after.get(4..).unwrap_or_default();
            }
            None => {
                units.extend("\\u".encode_utf16());
                rest = after;
            }
        }
    }
    units.extend(rest.encode_utf16());
    String::from_utf16_lossy(&units)
}

#[cfg(test)]
mod tests {
    use super::unescape;

    #[test]
    fn sequences_become_characters_and_what_is_none_stays() {
        assert_eq!(unescape(r#"{"\u6a5f\u5bc6": "\ud842\udfb7 \uZZZZ \u6"}"#), r#"{"機密": "𠮷 \uZZZZ \u6"}"#);
    }
}
