//! Odd pages: turned, cropped, huge, tiny, with instructions that leave things open or with resources in strange places.

use kakuzuke_formats::{MarkError, Marking, marking_of, unmark};

use super::furniture::{SMALL, difference, marked, marking, page, pdf, pictures, try_mark, unmarked};

const WORDS: &str = "BT /F 20 Tf 60 60 Td (Below) Tj ET";

/// Marks a page and says where each program shows a difference.
fn shown(file: &[u8], wanted: &Marking) -> Vec<(&'static str, [f64; 4])> {
    let after = marked(file, wanted);
    assert!(unmarked(&after) == file);
    let (before, now) = (pictures(file, 72), pictures(&after, 72));
    let pairs = before.iter().zip(&now);
    pairs.map(|((program, before), (_, now))| (*program, difference(&before[0], &now[0], 40).unwrap())).collect()
}

#[test]
fn the_line_is_at_the_top_right_of_what_is_seen() {
    for turned in [0, 90, 180, 270, -90, 450] {
        for boxes in [
            "/MediaBox[0 0 595 842]",
            "/MediaBox[0 0 842 595]",
            "/MediaBox[-300 -400 295 442]",
            "/MediaBox[595 842 0 0]",
            "/MediaBox[0 0 1000 1000]/CropBox[100 150 700 700]",
            "/MediaBox[100 100 600 600]/CropBox[0 0 500 700]",
        ] {
            let file = page(&format!("{boxes}/Rotate {turned}"), WORDS);
            for (program, [left, top, right, bottom]) in shown(&file, &marking(None)) {
                let at = format!("{program} {boxes} {turned}: {left} {top} {right} {bottom}");
                assert!((0.95..0.99).contains(&right), "{at}");
                assert!((0.01..0.04).contains(&top) && bottom < 0.06, "{at}");
                assert!((0.25..0.7).contains(&left), "{at}");
            }
        }
    }
}

#[test]
fn sizes_are_sensible_and_long_lines_stay_on_the_page() {
    let long = Marking::new(&"取扱上の注意・".repeat(40), Some(&"見本".repeat(60))).unwrap();
    for boxes in [
        "/MediaBox[0 0 14400 14400]",
        "/MediaBox[0 0 2384 3370]",
        "/MediaBox[0 0 240 150]",
        "/MediaBox[0 0 72 72]",
        "/MediaBox[0 0 842 60]",
        "/MediaBox[0 0 100 800]",
        "/MediaBox[0 0 200 300]/UserUnit 3",
    ] {
        let file = page(boxes, "");
        let after = marked(&file, &long);
        assert!(unmarked(&after) == file);
        for ((program, before), (_, now)) in pictures(&file, 72).iter().zip(&pictures(&after, 72)) {
            let [left, top, right, bottom] = difference(&before[0], &now[0], 30).unwrap_or([0.5; 4]);
            let at = format!("{program} {boxes}: {left} {top} {right} {bottom}");
            assert!(left > 0.0 && top > 0.0 && right < 1.0 && bottom < 1.0, "{at}");
        }
    }
    for boxes in ["/MediaBox[0 0 3 3]", "/MediaBox[0 0 0 0]", "/MediaBox[0 0 1000000000 5]", "/MediaBox[(a) 0 5 5]", ""]
    {
        marked(&page(boxes, ""), &long);
    }
}

#[test]
fn what_a_page_leaves_open_does_not_move_the_mark() {
    let even = shown(&page("/MediaBox[0 0 595 842]", WORDS), &marking(None));
    for instructions in [
        "q 2 0 0 2 0 0 cm q 0 0 9 9 re W n BT /F 9 Tf (a) Tj ET",
        "q 1 0 0 1 90 90 cm Q Q Q BT /F 9 Tf 60 60 Td (a) Tj ET",
        "2 0 0 2 0 0 cm Q Q",
        "BT /F 20 Tf 3 Tr 60 60 Td (a) Tj",
        "/OC /Off BDC /Span <</ActualText(x)>> BDC BT /F 9 Tf (a) Tj ET",
        "3 0 0 3 0 0 cm Q BT /F 9 Tf 60 60 Td (drawn three times as large) Tj ET",
    ] {
        for ((program, place), (_, expected)) in
            shown(&page("/MediaBox[0 0 595 842]", instructions), &marking(None)).into_iter().zip(&even)
        {
            if program == "poppler" && instructions.contains("Q Q") {
                // Shows nothing of such a page, and with our `q` in front all of it.
                continue;
            }
            let is_close = place.iter().zip(expected).all(|(a, b)| (a - b).abs() < 0.004);
            assert!(is_close, "{program} {instructions}: {place:?}, not {expected:?}");
        }
    }
}

#[test]
fn resources_are_found_wherever_they_are() {
    let font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>";
    let stream = "<</Length 34>>\nstream\nBT /F 20 Tf 60 60 Td (Below) Tj ET\nendstream";
    let form = "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 1>>\nstream\nn\nendstream";
    let boxes = "/MediaBox[0 0 595 842]/Contents 4 0 R";
    for (node, page, more) in [
        ("", "/Resources<</Font<</F 5 0 R>>>>", ["null", "null"]),
        ("", "/Resources 6 0 R", ["<</Font<</F 5 0 R>>>>", "null"]),
        ("", "/Resources 6 0 R", ["<</Font<</F 5 0 R>>/XObject 7 0 R>>", "<</Other 8 0 R>>"]),
        ("/Resources<</Font<</F 5 0 R>>>>", "", ["null", "null"]),
        ("/Resources 6 0 R", "", ["<</Font<</F 5 0 R>>/XObject<</Kakuzuke0-0 8 0 R>>>>", "null"]),
        ("", "", ["null", "null"]),
    ] {
        let pages = format!("<</Type/Pages/Count 2/Kids[3 0 R 9 0 R]{node}>>");
        let sheet = format!("<</Type/Page/Parent 2 0 R{boxes}{page}>>");
        let file = pdf(&[SMALL[0], &pages, &sheet, stream, font, more[0], more[1], form, &sheet], "/Root 1 0 R");
        let (after, told) = try_mark(&file, &marking(Some("x"))).unwrap();
        assert_eq!(told.places, 2);
        assert!(unmarked(&after) == file, "{node} {page}");
        for ((program, before), (_, now)) in pictures(&file, 40).iter().zip(&pictures(&after, 40)) {
            for (before, now) in before.iter().zip(now) {
                assert!(difference(before, now, 40).is_some(), "{program} {node} {page}");
            }
        }
    }
}

#[test]
fn contents_in_every_form_are_kept() {
    let stream = "<</Length 34>>\nstream\nBT /F 20 Tf 60 60 Td (Below) Tj ET\nendstream";
    for contents in [
        "",
        "/Contents 4 0 R",
        "/Contents[4 0 R 4 0 R]",
        "/Contents 5 0 R",
        "/Contents null",
        "/Contents[]",
        "/Contents 77 0 R",
    ] {
        let page = format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]{contents}>>");
        let file = pdf(&[SMALL[0], SMALL[1], &page, stream, "[4 0 R null 4 0 R]"], "/Root 1 0 R");
        let after = marked(&file, &marking(None));
        assert!(unmarked(&after) == file, "{contents}");
    }
}

#[test]
fn what_is_not_ours_is_never_cut_off() {
    let file = pdf(&SMALL, "/Root 1 0 R");
    let after = marked(&file, &marking(None));
    // Somebody changed a page in our update, in place: it is no longer ours alone.
    let from = b"/MediaBox[0 0 100 100]";
    let at = after.len() - after.windows(from.len()).rev().position(|w| w == from).unwrap() - from.len();
    let changed = [&after[..at], b"/MediaBox[0 0 100 900]", &after[at + from.len()..]].concat();
    let back = unmarked(&changed);
    assert!(back.starts_with(&changed));
    assert_eq!(marking_of(&back, None).unwrap(), None);
    // An update that only says it is ours.
    let lie = pdf(&SMALL, &format!("/Root 1 0 R/KakuzukeMarking {}", 40));
    assert!(unmarked(&lie) == lie);
}

#[test]
fn what_cannot_be_marked_is_refused_in_words() {
    let kids = pdf(&[SMALL[0], "<</Type/Pages/Kids[]/Count 0>>"], "/Root 1 0 R");
    assert!(matches!(try_mark(&kids, &marking(None)), Err(MarkError::Refused(_))));
    let shifted = [b"junk\n".to_vec(), pdf(&SMALL, "/Root 1 0 R")].concat();
    assert!(try_mark(&shifted, &marking(None)).is_err());
    let locked = pdf(&SMALL, "/Root 1 0 R/Encrypt<</Filter/Standard>>");
    assert!(matches!(try_mark(&locked, &marking(None)), Err(MarkError::Refused(_))));
    assert!(unmark(&locked, None, Default::default(), &mut Vec::new()).is_err());
    let circle = pdf(&[SMALL[0], "<</Type/Pages/Kids[2 0 R 3 0 R 3 0 R]>>", SMALL[2]], "/Root 1 0 R");
    assert_eq!(try_mark(&circle, &marking(None)).unwrap().1.places, 1);
}

#[test]
fn mutations_never_harm() {
    let seeds = [
        marked(&pdf(&SMALL, "/Root 1 0 R"), &marking(Some("x"))),
        marked(&super::furniture::sample(), &marking(None)),
        super::furniture::labelled(
            &marked(&page("/MediaBox[0 0 9 9]", WORDS), &marking(None)),
            &super::furniture::label(9),
        ),
    ];
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as usize % below
    };
    let other = Marking::new("機密性３情報", None).unwrap();
    for seed in &seeds {
        for round in 0..300 {
            let mut file = seed.clone();
            let from = if round % 3 == 0 { 0 } else { file.len().saturating_sub(4_000) };
            for _ in 0..=next(5) {
                let at = from + next(file.len() - from);
                match next(3) {
                    0 => file[at] ^= 1 << next(8),
                    1 => file[at] = b"0123456789 <>[]()/R\n"[next(20)],
                    _ => file.insert(at, b"09<[(/ "[next(7)]),
                }
            }
            let _ = marking_of(&file, None);
            if let Ok((after, _)) = try_mark(&file, &other) {
                assert_eq!(marking_of(&after, None).unwrap(), Some(other.clone()));
                let again = try_mark(&after, &other).unwrap().0;
                assert!(again == after, "twice is once");
                let back = unmarked(&after);
                assert_eq!(marking_of(&back, None).unwrap(), None, "what is taken off is gone");
            }
        }
    }
}
