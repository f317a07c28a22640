//! What is written: behind the end, once, and off again.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use kakuzuke_formats::{Category, Marking, Source, Wanted, inspect, mark, marking_of, read_label, sanitise, text};

use super::furniture::{LINE, SMALL, label, labelled, marked, marking, pdf, sample, try_mark, unmarked};

/// The document as qpdf writes it with streams of objects, if qpdf is there.
fn packed(file: &[u8]) -> Vec<u8> {
    if !super::furniture::has("qpdf") {
        return file.to_vec();
    }
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("a.pdf"), folder.path().join("b.pdf"));
    std::fs::write(&from, file).unwrap();
    super::furniture::run(std::process::Command::new("qpdf").arg("--object-streams=generate").arg(&from).arg(&to));
    std::fs::read(to).unwrap()
}

#[test]
fn a_marking_comes_behind_the_end_once_and_goes_byte_for_byte() {
    let small = pdf(&SMALL, "/Root 1 0 R");
    for file in [small, sample(), packed(&sample())] {
        assert_eq!(marking_of(&file, None).unwrap(), None);
        for wanted in [marking(None), marking(Some("複製厳禁"))] {
            let (once, told) = try_mark(&file, &wanted).unwrap();
            assert!(once.starts_with(&file));
            assert!(told.places > 0 && told.notes.is_empty(), "{told:?}");
            assert_eq!(marking_of(&once, None).unwrap().as_ref(), Some(&wanted));
            assert!(marked(&once, &wanted) == once, "twice is once");
            let other = Marking::new("機密性３情報", None).unwrap();
            let replaced = marked(&once, &other);
            assert!(replaced == marked(&file, &other), "replaced, not piled up");
            assert_eq!(marking_of(&replaced, None).unwrap(), Some(other));
            assert!(unmarked(&once) == file);
            assert!(unmarked(&unmarked(&replaced)) == file);
        }
        assert!(unmarked(&file) == file);
    }
}

#[test]
fn under_a_label_it_is_replaced_and_taken_off_by_another_update() {
    for file in [pdf(&SMALL, "/Root 1 0 R"), sample(), packed(&sample())] {
        let (one, other) = (marking(Some("写")), Marking::new("機密性１情報", None).unwrap());
        let first = labelled(&marked(&file, &one), &label(300));
        assert!(marked(&first, &one) == first, "it is there already");
        let second = marked(&first, &other);
        assert!(second.starts_with(&first));
        assert_eq!(marking_of(&second, None).unwrap(), Some(other.clone()));
        assert_eq!(read_label(&second).unwrap(), Some(label(300)));
        assert_eq!(headers(&second).iter().filter(|words| words.contains("機密性")).count(), pages(&second));
        // What lies below the last update is ours too: it goes with another update.
        let off = unmarked(&second);
        assert!(off.starts_with(&first));
        assert_eq!((marking_of(&off, None).unwrap(), headers(&off).len()), (None, 0));
        let third = labelled(&second, &label(200));
        let bare = unmarked(&third);
        assert!(bare.starts_with(&third));
        assert_eq!((marking_of(&bare, None).unwrap(), headers(&bare).len()), (None, 0));
        assert_eq!(read_label(&bare).unwrap(), Some(label(200)));
        assert_eq!(body(&bare), body(&file));
        assert!(bare.len() - third.len() < 2_000, "{}", bare.len() - third.len());
    }
}

#[test]
fn labels_and_markings_in_turn_add_little() {
    let mut file = sample();
    for round in 0..5 {
        let before = file.len();
        file = labelled(&file, &label(400));
        file = marked(&file, &Marking::new(&format!("機密性２情報　{round}年保存"), Some("複製禁止")).unwrap());
        assert!(file.len() - before < 30_000, "{} bytes in round {round}", file.len() - before);
    }
    assert_eq!(headers(&file).iter().filter(|words| words.contains("年保存")).count(), pages(&file));
}

fn passages(file: &[u8]) -> Vec<kakuzuke_core::passage::Passage> {
    let mut found = Vec::new();
    text(&file.to_vec(), None, &mut |passage| {
        found.push(passage);
        std::ops::ControlFlow::Continue(())
    })
    .unwrap();
    found
}

fn headers(file: &[u8]) -> Vec<String> {
    let is_header = |p: &kakuzuke_core::passage::Passage| p.spot.part == kakuzuke_core::passage::Part::Header;
    passages(file).into_iter().filter(is_header).map(|p| p.text).collect()
}

fn body(file: &[u8]) -> Vec<String> {
    let is_body = |p: &kakuzuke_core::passage::Passage| p.spot.part == kakuzuke_core::passage::Part::Body;
    passages(file).into_iter().filter(is_body).map(|p| p.text).collect()
}

fn pages(file: &[u8]) -> usize {
    let mut out = Vec::new();
    mark(&file.to_vec(), None, &marking(None), Default::default(), &mut out).unwrap().places as usize
}

#[test]
fn our_own_reader_says_the_line_once_a_page_and_the_body_as_before() {
    let before = sample();
    let after = marked(&before, &marking(Some("見本")));
    assert_eq!(body(&after), body(&before));
    let said = headers(&after);
    assert_eq!(said.iter().filter(|words| words.as_str() == LINE).count(), pages(&before));
    assert_eq!(said.iter().filter(|words| words.as_str() == "見本").count(), pages(&before));
}

#[test]
fn a_marking_is_no_hidden_data_and_stays_through_cleaning() {
    let before = sample();
    let after = labelled(&marked(&before, &marking(Some("見本"))), &label(300));
    let count = |file: &[u8]| inspect(&file.to_vec(), None).unwrap().counts();
    let mut expected = count(&before);
    // What is true: there is an update, and a label.
    *expected.entry(Category::Revisions).or_default() += 1;
    *expected.entry(Category::Label).or_default() += 2;
    let mut found = count(&after);
    found.remove(&Category::Properties);
    expected.remove(&Category::Properties);
    assert_eq!(found, expected);
    let mut clean = Vec::new();
    sanitise(&after, None, &Wanted::usual(), &mut clean).unwrap();
    assert_eq!(marking_of(&clean, None).unwrap(), Some(marking(Some("見本"))));
    assert_eq!(headers(&clean), headers(&after));
    assert_eq!(body(&clean), body(&after));
    // What is marked anew there, or taken off, is again the same.
    assert!(marked(&clean, &marking(Some("見本"))) == clean);
    assert_eq!(headers(&unmarked(&clean)).len(), 0);
    // Nothing of ours is left over without being referred to.
    let relabelled = labelled(&marked(&after, &marking(None)), &label(301));
    assert_eq!(count(&relabelled).get(&Category::Leftovers), count(&before).get(&Category::Leftovers));
}

#[test]
fn characters_that_the_font_lacks_are_told_and_can_be_searched() {
    let wanted = Marking::new("機密性２情報　𠮷野課限り\u{1F600}　葛\u{E0100}城", None).unwrap();
    let (file, told) = try_mark(&sample(), &wanted).unwrap();
    assert_eq!(told.notes.len(), 1, "{told:?}");
    assert!(told.notes[0].ja.contains('\u{1F600}'), "{told:?}");
    assert_eq!(headers(&file)[0], wanted.line());
    assert_eq!(marking_of(&file, None).unwrap(), Some(wanted));
}

/// A long document of which only the ends are there; counts what is read.
struct Long {
    head: Vec<u8>,
    tail: Vec<u8>,
    middle: u64,
    read: AtomicU64,
}

impl Source for Long {
    fn size(&self) -> io::Result<u64> {
        Ok(self.head.len() as u64 + self.middle + self.tail.len() as u64)
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let rest = self.size()?.saturating_sub(offset).min(buf.len() as u64) as usize;
        let behind = self.head.len() as u64 + self.middle;
        for (at, byte) in (offset..).zip(&mut buf[..rest]) {
            *byte = match at {
                at if at < self.head.len() as u64 => self.head[at as usize],
                at if at >= behind => self.tail[(at - behind) as usize],
                _ => b'x',
            };
        }
        self.read.fetch_add(rest as u64, Ordering::Relaxed);
        Ok(rest)
    }
}

#[test]
fn what_need_not_be_touched_is_copied_and_not_held() {
    let length = 40_u64 << 20;
    let mut head = b"%PDF-1.7\n".to_vec();
    let mut table = String::from("xref\n0 5\n0000000000 65535 f \n");
    for (place, object) in SMALL.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", head.len()));
        head.extend(format!("{} 0 obj\n{object}\nendobj\n", place + 1).bytes());
    }
    table.push_str(&format!("{:010} 00000 n \n", head.len()));
    head.extend(format!("4 0 obj\n<</Length {length}>>\nstream\n").bytes());
    let end = head.len() as u64 + length + 18;
    let tail = format!("\nendstream\nendobj\n{table}trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n{end}\n%%EOF\n");
    let long = Long { head, tail: tail.into_bytes(), middle: length, read: AtomicU64::new(0) };
    let mut out = Vec::new();
    mark(&long, None, &marking(Some("見本")), Default::default(), &mut out).unwrap();
    let read = long.read.load(Ordering::Relaxed);
    assert!(read < long.size().unwrap() + 400_000, "{read} bytes read");
    assert!(out.len() as u64 - long.size().unwrap() < 60_000, "{}", out.len());
}
