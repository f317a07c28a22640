//! What these tests share: labels, writing them, small files made by hand.

use kakuzuke_formats::{Kind, StoredLabel, detect, read_label, write_label};

use crate::furniture::envelope;

pub fn label(length: usize) -> StoredLabel {
    StoredLabel::new(envelope(length), "機密性１情報・完全性１情報　<複製禁止> & (\"課限り\")\\".to_owned()).unwrap()
}

pub fn labelled(file: &[u8], label: &StoredLabel) -> Vec<u8> {
    let mut out = Vec::new();
    write_label(&file.to_vec(), label, &mut out).unwrap();
    out
}

/// A label comes back, and another one replaces it; the file with the second label.
pub fn label_twice(kind: Kind, file: &[u8]) -> Vec<u8> {
    assert_eq!(detect(&file.to_vec(), None).unwrap().kind, kind);
    assert_eq!(read_label(&file.to_vec()).unwrap(), None, "{kind:?}");
    let first = labelled(file, &label(2_000));
    assert_eq!(read_label(&first).unwrap(), Some(label(2_000)), "{kind:?}");
    let second = labelled(&first, &label(300));
    assert_eq!(read_label(&second).unwrap(), Some(label(300)), "{kind:?}");
    assert_eq!(detect(&second, None).unwrap().kind, kind);
    // Nothing is left of the first.
    assert_eq!(second, labelled(file, &label(300)), "{kind:?}");
    second
}

/// Whether `whole` is `part` with something put in, in one or more places: nothing of `part` is lost or moved about.
pub fn contains_in_order(whole: &[u8], part: &[u8]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|byte| rest.any(|b| b == byte))
}
