//! Wrapping and unwrapping, without any other program.

use std::io;

use kakuzuke_formats::{CoverCache, EnvelopeSum, Frame, Kind, MAGIC, Place, Source, State, WrapError, detect, locate};
use proptest::prelude::*;

use super::furniture::{OFFICE, cover, envelope, unwrap, wrap};
use super::strict;

#[test]
fn every_kind_gives_back_what_was_put_in() {
    for &kind in OFFICE {
        let inside = envelope(70_001);
        let file = wrap(kind, &inside);
        let found = detect(&file, Some("名前.bin")).unwrap();
        assert_eq!(found.kind, kind);
        let (place, out) = unwrap(&file).unwrap();
        assert_eq!(found.state, State::Protected(place.clone()));
        let Place::Range(range) = place else { panic!("{kind:?}: not one range") };
        assert_eq!(file[range.start as usize..range.end as usize], inside[..]);
        assert_eq!(out, inside);
    }
}

#[test]
fn lengths_around_every_boundary_come_back() {
    let covers = CoverCache::new();
    let sectors = [8, 9, 100, 4_000, 4_038, 4_039, 4_096, 4_097, 7_104, 7_105, 65_535, 65_536, 65_537];
    // One, and more than one, table of tables (6.8 MiB an allocation-table list of 512-byte sectors).
    let lists = [7_000_000, 7_131_000, 16_000_000];
    for length in sectors.into_iter().chain(lists) {
        for kind in [Kind::Docx, Kind::Xlsx, Kind::Pptx] {
            let inside = envelope(length);
            let carrier = covers.carrier(kind, &cover(kind), length as u64).unwrap();
            let mut out = std::io::Cursor::new(Vec::new());
            carrier.write(&mut &*inside, &mut out).unwrap();
            let (_, back) = unwrap(&out.into_inner()).unwrap();
            assert!(back == inside, "{kind:?} of {length}");
        }
    }
}

#[test]
fn covers_obey_their_formats_to_the_letter() {
    for &kind in OFFICE {
        let file = wrap(kind, &envelope(5_000));
        if kind.media_type().contains("opendocument") {
            strict::check_odf(&file, kind.media_type());
        } else {
            strict::check_opc(&file);
        }
    }
}

/// A carrier around an envelope that is never held: its magic, then zeros.
struct Sparse {
    frame: Frame,
    envelope: u64,
}

impl Source for Sparse {
    fn size(&self) -> io::Result<u64> {
        Ok(self.frame.prefix.len() as u64 + self.envelope + self.frame.suffix.len() as u64)
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let prefix = self.frame.prefix.len() as u64;
        let from = |bytes: &[u8], at: u64, buf: &mut [u8]| bytes.read_at(at, buf);
        if offset < prefix {
            return from(&self.frame.prefix, offset, buf);
        }
        let at = offset - prefix;
        if at < MAGIC.len() as u64 {
            return from(&MAGIC, at, buf);
        }
        if at >= self.envelope {
            return from(&self.frame.suffix, at - self.envelope, buf);
        }
        let room = usize::try_from(self.envelope - at).unwrap().min(buf.len());
        buf[..room].fill(0);
        Ok(room)
    }
}

#[test]
fn the_longest_envelope_is_found_and_one_byte_more_is_refused() {
    for kind in [Kind::Docx, Kind::Xlsx, Kind::Pptx, Kind::Odt] {
        let Err(WrapError::TooLarge { limit, .. }) = kakuzuke_formats::carrier(kind, &cover(kind), u64::MAX) else {
            panic!("taken")
        };
        // Around the change of sector size, and around 32 bits.
        for length in [1 << 30, (1 << 30) + 1, (1 << 31) - 1, 1 << 31, limit - 1, limit] {
            let carrier = kakuzuke_formats::carrier(kind, &cover(kind), length).unwrap();
            let (offset, total) = (carrier.offset(), carrier.total_len());
            assert!(total < u64::from(u32::MAX));
            let file = Sparse { frame: carrier.finish(EnvelopeSum::new()), envelope: length };
            assert_eq!(locate(&file).unwrap(), Some(Place::Range(offset..offset + length)), "{kind:?} of {length}");
        }
        assert!(kakuzuke_formats::carrier(kind, &cover(kind), limit + 1).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_envelope_comes_back(
        kind in prop::sample::select(OFFICE),
        rest in prop::collection::vec(any::<u8>(), 0..20_000),
    ) {
        let inside = [MAGIC.as_slice(), &rest].concat();
        let (place, back) = unwrap(&wrap(kind, &inside)).unwrap();
        prop_assert!(matches!(place, Place::Range(_)));
        prop_assert_eq!(back, inside);
    }
}
