//! DER (ITU-T X.690) written by hand: the few shapes a signature needs.

/// Tags.
pub(super) const INTEGER: u8 = 0x02;
pub(super) const OCTETS: u8 = 0x04;
pub(super) const NULL: u8 = 0x05;
pub(super) const OBJECT: u8 = 0x06;
pub(super) const UTC_TIME: u8 = 0x17;
pub(super) const GENERALIZED_TIME: u8 = 0x18;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;

/// A value with its tag and length.
pub(super) fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match content.len() {
        short @ 0..=0x7F => out.push(short as u8),
        length => {
            let bytes: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|b| *b == 0).collect();
            out.push(0x80 | bytes.len() as u8);
            out.extend(bytes);
        }
    }
    out.extend_from_slice(content);
    out
}

/// Several values in a row, under one tag.
pub(super) fn row(tag: u8, values: &[&[u8]]) -> Vec<u8> {
    value(tag, &values.concat())
}

/// A set: its values in the order of their bytes (11.6).
pub(super) fn set(tag: u8, mut values: Vec<Vec<u8>>) -> Vec<u8> {
    values.sort();
    value(tag, &values.concat())
}

/// An object identifier, its content given as bytes.
pub(super) fn object(content: &[u8]) -> Vec<u8> {
    value(OBJECT, content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_as_der_wants_them() {
        assert_eq!(value(OCTETS, &[7; 3]), [4, 3, 7, 7, 7]);
        assert!(value(OCTETS, &[0; 128]).starts_with(&[4, 0x81, 128]));
        assert!(value(OCTETS, &[0; 300]).starts_with(&[4, 0x82, 1, 44]));
        assert_eq!(set(SET, vec![vec![2], vec![1, 9]]), [0x31, 3, 1, 9, 2]);
    }
}
