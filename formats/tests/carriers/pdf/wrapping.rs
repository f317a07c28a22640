//! Envelopes come back bit for bit, from where they lie.

use std::io;

use kakuzuke_formats::{Kind, MAGIC, Place, Source, State, detect, locate, read_label, write_label};
use proptest::prelude::*;

use super::furniture::{cover, envelope, label, unwrap, wrap};

#[test]
fn envelopes_come_back_from_one_range() {
    for length in [8, 9, 1_000, 65_536, 3_000_001] {
        let inside = envelope(length);
        let file = wrap(&inside);
        let (place, back) = unwrap(&file).unwrap();
        assert!(back == inside);
        let Place::Range(range) = place.clone() else { panic!("in pieces") };
        assert!(file[range.start as usize..range.end as usize] == inside[..]);
        let found = detect(&file, None).unwrap();
        assert_eq!((found.kind, found.state), (Kind::Pdf, State::Protected(place)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_inside_comes_back(tail in proptest::collection::vec(any::<u8>(), 0..5_000)) {
        // Words that a reader of PDFs looks for must not confuse it, wherever they stand.
        for words in ["", "\nendstream\nendobj\n", "startxref\n5\n%%EOF", "trailer<<", "%PDF-1.7"] {
            let inside = [&MAGIC[..], &tail, words.as_bytes()].concat();
            let (place, back) = unwrap(&wrap(&inside)).unwrap();
            prop_assert!(matches!(place, Place::Range(_)));
            prop_assert!(back == inside);
        }
    }
}

#[test]
fn an_envelope_that_speaks_of_pdf_is_no_pdf() {
    let mut inside = envelope(100);
    inside.extend(b"%PDF-1.7\n");
    let found = detect(&inside, Some("x.pdf")).unwrap();
    assert_eq!((found.kind, found.state), (Kind::Opaque, State::Protected(Place::Range(0..109))));
    let text = b"How to begin a file: %PDF-1.7, then objects.".to_vec();
    assert_eq!(detect(&text, None).unwrap().kind, Kind::Text);
}

#[test]
fn a_cover_is_not_labelled() {
    let file = wrap(&envelope(500));
    assert!(write_label(&file, &label(100), &mut Vec::new()).is_err());
    assert_eq!(read_label(&file).unwrap(), None);
}

/// A very long carrier of which only the ends are there; counts what is read.
struct Long {
    prefix: Vec<u8>,
    suffix: Vec<u8>,
    envelope: u64,
    read: std::sync::atomic::AtomicU64,
}

impl Source for Long {
    fn size(&self) -> io::Result<u64> {
        Ok((self.prefix.len() + self.suffix.len()) as u64 + self.envelope)
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let (first, behind) = (self.prefix.len() as u64, self.prefix.len() as u64 + self.envelope);
        let rest = self.size()?.saturating_sub(offset).min(buf.len() as u64) as usize;
        for (at, byte) in (offset..).zip(&mut buf[..rest]) {
            *byte = if at < first {
                self.prefix[at as usize]
            } else if at >= behind {
                self.suffix[(at - behind) as usize]
            } else {
                MAGIC.get((at - first) as usize).copied().unwrap_or(0)
            };
        }
        self.read.fetch_add(rest as u64, std::sync::atomic::Ordering::Relaxed);
        Ok(rest)
    }
}

#[test]
fn the_envelope_is_found_without_reading_it() {
    for envelope in [5_u64 << 30, 40 << 30, 1 << 50] {
        let carrier = kakuzuke_formats::carrier(Kind::Pdf, &cover(), envelope).unwrap();
        assert!(!carrier.needs_sum());
        let start = carrier.offset();
        let frame = carrier.finish(kakuzuke_formats::EnvelopeSum::new());
        let long = Long { prefix: frame.prefix, suffix: frame.suffix, envelope, read: 0.into() };
        assert_eq!(locate(&long).unwrap(), Some(Place::Range(start..start + envelope)));
        let read = long.read.into_inner();
        assert!(read < 200_000, "{read} bytes read");
    }
    assert!(kakuzuke_formats::carrier(Kind::Pdf, &cover(), u64::MAX).is_err());
}
