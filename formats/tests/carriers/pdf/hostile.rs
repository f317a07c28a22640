//! Files made to do harm, and files that chance has damaged: an answer or a clear error, never a panic.

use kakuzuke_formats::{
    Kind, LabelError, LocateError, Lock, ReadError, State, detect, extract, locate, read_label, write_label,
};

use super::furniture::{SMALL, envelope, label, labelled, pdf, sample, unwrap, wrap};

/// Everything that reads, on one file. Whatever is answered is fine, as long as something is.
pub fn read_all(file: &[u8]) {
    let file = &file.to_vec();
    let _ = detect(file, Some("x.pdf"));
    if let Ok(Some(place)) = locate(file) {
        let _ = extract(file, &place, &mut std::io::sink());
    }
    let _ = read_label(file);
    let _ = write_label(file, &label(50), &mut std::io::sink());
}

fn why(file: &[u8]) -> &'static str {
    match detect(&file.to_vec(), None).unwrap().state {
        State::Damaged(why) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn sections_in_a_circle_end() {
    let mut file = pdf(&SMALL, "/Root 1 0 R/Prev 0000000");
    let start = file.windows(6).rposition(|w| w == b"\nxref\n").unwrap() + 1;
    let at = file.windows(8).position(|w| w == b"0000000>").unwrap();
    file[at..at + 7].copy_from_slice(format!("{start:07}").as_bytes());
    assert_eq!(why(&file), "cross-reference sections run in a circle");
}

#[test]
fn objects_in_a_circle_end() {
    // A stream whose length is its own, a catalog in a stream that needs itself, names that are their own kids.
    let length = "<</Type/ObjStm/Length 4 0 R>>\nstream\n\nendstream";
    let file = pdf(&["<</Type/Catalog/Metadata 4 0 R>>", SMALL[1], SMALL[2], length], "/Root 1 0 R");
    assert_eq!(read_label(&file).unwrap(), None);
    let catalog = "<</Type/Catalog/Names<</EmbeddedFiles 4 0 R>>>>";
    let file = pdf(&[catalog, SMALL[1], SMALL[2], "<</Kids[4 0 R 4 0 R 5 0 R]>>", "4 0 R"], "/Root 1 0 R");
    assert_eq!(locate(&file).unwrap(), None);
    let file = pdf(&["2 0 R", "1 0 R"], "/Root 1 0 R");
    assert_eq!(why(&file), "the PDF has no catalog");
}

#[test]
fn very_deep_and_very_many_are_refused() {
    let deep = format!("<</Type/Catalog/X {}>>", "[".repeat(1_000_000));
    assert_eq!(why(&pdf(&[&deep], "/Root 1 0 R")), "depth of a PDF object");
    let many = format!("<</Type/Catalog/X[{}]>>", "0 ".repeat(1_000_000));
    assert_eq!(why(&pdf(&[&many], "/Root 1 0 R")), "elements of a PDF object");
    let kids: String = (0..20_000).map(|i| format!("<</X {i}>>")).collect();
    let names = format!("<</Type/Catalog/Names<</EmbeddedFiles<</Kids[{kids}]>>>>>>");
    assert_eq!(why(&pdf(&[&names], "/Root 1 0 R")), "attached files of a PDF");
}

/// A PDF whose metadata, or whose cross-reference stream, is `packed` zlib data.
fn swelling(packed: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let head = format!("<</Type/Metadata/Filter/FlateDecode/Length {}>>\nstream\n", packed.len());
    let mut file = b"%PDF-1.7\n".to_vec();
    let first = file.len();
    file.extend(b"1 0 obj\n<</Type/Catalog/Metadata 2 0 R>>\nendobj\n");
    let second = file.len();
    file.extend(format!("2 0 obj\n{head}").bytes());
    file.extend(packed);
    file.extend(b"\nendstream\nendobj\n");
    let start = file.len();
    let table = format!(
        "xref\n0 3\n0000000000 65535 f \n{first:010} 00000 n \n{second:010} 00000 n \ntrailer\n<</Size 3/Root 1 0 R>>\n\
         startxref\n{start}\n%%EOF\n"
    );
    file.extend(table.bytes());
    let mut stream = b"%PDF-1.7\n".to_vec();
    let dict = format!("<</Type/XRef/W[1 8 2]/Size 9/Filter/FlateDecode/Length {}>>", packed.len());
    stream.extend(format!("1 0 obj\n{dict}\nstream\n").bytes());
    stream.extend(packed);
    stream.extend(b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n");
    (file, stream)
}

#[test]
fn streams_that_swell_are_not_followed() {
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut packed, &vec![0; 200 << 20]).unwrap();
    let (metadata, stream) = swelling(&packed.finish().unwrap());
    assert!(metadata.len() < 400_000);
    assert!(matches!(read_label(&metadata), Err(LabelError::Read(ReadError::Limit(_)))));
    assert_eq!(why(&stream), "a stream of the PDF");
}

#[test]
fn lengths_and_offsets_that_lie_are_errors() {
    for (from, to) in [
        ("/Length 500", "/Length 512"),
        ("/Length 500", "/Length 499"),
        ("/Length 500", "/Length 99999999999999999999"),
        ("/Length 500", "/Length 9223372036854775807"),
        ("/Length 500", "/Length -1"),
        ("startxref\n", "startxref\n9"),
        ("startxref\n", "startxref\n18446744073709551615 "),
        ("\n0 ", "\n4294967295 "),
        ("00000 n \n0000", "00000 n \n9999"),
    ] {
        let file = wrap(&envelope(500));
        let at = file.windows(from.len()).rposition(|w| w == from.as_bytes()).unwrap();
        let changed = [&file[..at], to.as_bytes(), &file[at + from.len()..]].concat();
        read_all(&changed);
        match locate(&changed) {
            Err(LocateError::Read(_)) => {}
            // Where an offset that is not needed was changed.
            Ok(Some(place)) => assert_eq!(place.len(), 500, "{to}"),
            other => panic!("{to}: {other:?}"),
        }
    }
}

#[test]
fn other_attachments_are_not_mixed_up_with_the_envelope() {
    let file = |specs: &str, more: &str| {
        let catalog = format!("<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[{specs}]>>>>>>");
        let stream = "<</Length 8>>\nstream\n12345678\nendstream";
        pdf(&[&catalog, SMALL[1], SMALL[2], stream, more], "/Root 1 0 R")
    };
    // An ordinary attachment, even if announced by name.
    let plain = file("(kakuzuke-envelope.kkz)<</EF<</F 4 0 R>>>>", "null");
    assert_eq!(detect(&plain, None).unwrap().state, State::Open);
    // Another program's wrapper.
    let foreign = file("(a)<</EF<</F 4 0 R>>/EP<</Subtype/MicrosoftIRMServices/Version 1>>>>", "null");
    assert_eq!(detect(&foreign, None).unwrap().state, State::Locked(Lock::Pdf));
    // Ours, but no envelope.
    let ours = "<</EF<</F 4 0 R>>/EP<</Subtype/Kakuzuke>>>>";
    assert_eq!(why(&file(&format!("(a){ours}"), "null")), "the attached file is not an envelope");
    // Ours beside another.
    let both = file(&format!("(a){ours}(b)<</EF<</F 5 0 R>>>>"), "<</Length 0>>\nstream\n\nendstream");
    assert!(matches!(locate(&both), Err(LocateError::Ambiguous(_))));
}

#[test]
fn a_cover_that_lost_its_envelope_is_known_for_one() {
    let information = "<</Title(x)/kakuzuke.cover(1)>>";
    let file = pdf(&[SMALL[0], SMALL[1], SMALL[2], information], "/Root 1 0 R/Info 4 0 R");
    assert_eq!(detect(&file, None).unwrap().state, State::LostEnvelope);
    assert!(write_label(&file, &label(10), &mut Vec::new()).is_err());
}

#[test]
fn a_cover_cut_short_is_damaged_not_open() {
    let file = wrap(&envelope(9_000));
    for length in (10..file.len() - 30).step_by(97) {
        let cut = file[..length].to_vec();
        let found = detect(&cut, None).unwrap();
        assert_eq!((found.kind, matches!(found.state, State::Damaged(_))), (Kind::Pdf, true), "{length}");
    }
}

#[test]
fn mutations_never_harm() {
    let seeds = [
        wrap(&envelope(200)),
        labelled(&pdf(&SMALL, "/Root 1 0 R"), &label(80)),
        labelled(&sample(), &label(80)),
        labelled(&labelled(&sample(), &label(80)), &label(90)),
    ];
    let mut state = 0x1234_5678_9ABC_DEF1_u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as usize % below
    };
    for seed in &seeds {
        for round in 0..400 {
            let mut file = seed.clone();
            // Half of them near the end, where the structure is.
            let from = if round % 2 == 0 { file.len().saturating_sub(3_000) } else { 0 };
            for _ in 0..=next(6) {
                let at = from + next(file.len() - from);
                match next(4) {
                    0 => file[at] ^= 1 << next(8),
                    1 => file[at] = b"0123456789 <>[]()/R\n"[next(20)],
                    2 => drop(file.drain(at..(at + next(20)).min(seed.len().min(at + 1)))),
                    _ => file.insert(at, b"09<[(/ "[next(7)]),
                }
            }
            read_all(&file);
            if seed == &seeds[0]
                && let Ok(Some(place)) = locate(&file)
            {
                // What is found is an envelope, whatever else was changed.
                assert!(unwrap(&file).unwrap().1.starts_with(&kakuzuke_formats::MAGIC), "{place:?}");
            }
        }
    }
}
