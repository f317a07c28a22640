//! Wrapping and unwrapping, without any other program.

use kakuzuke_formats::{CoverCache, Kind, Place, State, WrapError, detect};

use crate::furniture::{OFFICE, cover, envelope, unwrap, wrap};

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
fn what_does_not_fit_is_refused() {
    let too_long = kakuzuke_formats::carrier(Kind::Docx, &cover(Kind::Docx), 1 << 32);
    assert!(matches!(too_long, Err(WrapError::TooLarge { .. })));
}
