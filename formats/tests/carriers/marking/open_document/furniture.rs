//! What the tests share: marking, looking into packages, and pages as LibreOffice and poppler show them.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::Path;
use std::process::Command;

use kakuzuke_core::passage::Part;
use kakuzuke_formats::{MarkError, Marked, Marking, Signatures, mark, unmark};

pub use crate::furniture::{corpus, has};

pub const LINE: &str = "機密性２情報・完全性２情報・可用性１情報　複製禁止・総務課限り";
pub const WATERMARK: &str = "厳守";

pub fn line() -> Marking {
    Marking::new(LINE, None).unwrap()
}

pub fn both() -> Marking {
    Marking::new(LINE, Some(WATERMARK)).unwrap()
}

pub fn try_mark(file: &[u8], marking: &Marking, signatures: Signatures) -> Result<(Vec<u8>, Marked), MarkError> {
    let mut out = Vec::new();
    let done = mark(&file.to_vec(), None, marking, signatures, &mut out)?;
    Ok((out, done))
}

pub fn marked(file: &[u8], marking: &Marking) -> Vec<u8> {
    try_mark(file, marking, Signatures::Keep).unwrap().0
}

pub fn unmarked(file: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    unmark(&file.to_vec(), None, Signatures::Break, &mut out).unwrap();
    out
}

/// Every file of a package, inflated.
pub fn parts(file: &[u8]) -> BTreeMap<String, Vec<u8>> {
    try_parts(file).unwrap()
}

/// The same; nothing when one of them is damaged.
pub fn try_parts(file: &[u8]) -> Option<BTreeMap<String, Vec<u8>>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(file)).ok()?;
    let mut all = BTreeMap::new();
    for place in 0..zip.len() {
        let mut entry = zip.by_index(place).ok()?;
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).ok()?;
        all.insert(entry.name().ok()?.to_string(), bytes);
    }
    Some(all)
}

pub fn part(file: &[u8], name: &str) -> String {
    String::from_utf8(parts(file).remove(name).unwrap()).unwrap()
}

/// The words of a document, as they are read for classification, each passage once as often as it is there.
pub fn passages(file: &[u8]) -> Vec<String> {
    passages_in(file, |_| true)
}

/// The same of some parts only.
pub fn passages_in(file: &[u8], asked: impl Fn(&Part) -> bool) -> Vec<String> {
    let mut all = Vec::new();
    kakuzuke_formats::text(&file.to_vec(), None, &mut |passage| {
        if asked(&passage.spot.part) {
            all.push(passage.text.clone());
        }
        std::ops::ControlFlow::Continue(())
    })
    .unwrap();
    all
}

/// Whether the programs that show pages are there.
pub fn can_show() -> bool {
    ["soffice", "pdftotext", "pdftoppm"].into_iter().all(has)
}

/// Has LibreOffice convert files of `folder`, in one run, into its folder `to`.
pub fn convert(folder: &Path, filter: &str, to: &str, names: &[&str]) {
    let run = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}/profile", folder.display()))
        .args(["--headless", "--convert-to", filter, "--outdir"])
        .arg(folder.join(to))
        .args(names.iter().map(|name| folder.join(name)))
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

/// A word on a page, with its left, upper, right and lower edge in points.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    pub text: String,
    pub edges: [f64; 4],
}

impl Word {
    /// Whether it is of the marking or the watermark.
    pub fn is_ours(&self) -> bool {
        LINE.contains(&self.text) || self.text.chars().all(|c| WATERMARK.contains(c))
    }
}

/// The words of every page of a PDF.
pub fn pages(pdf: &Path) -> Vec<Vec<Word>> {
    let run = Command::new("pdftotext").arg("-bbox").arg(pdf).arg("-").output().unwrap();
    assert!(run.status.success(), "no PDF at {}", pdf.display());
    let said = String::from_utf8(run.stdout).unwrap();
    let word = |line: &str| {
        let edge = |name: &str| -> f64 {
            line.split_once(&format!("{name}=\"")).unwrap().1.split('"').next().unwrap().parse().unwrap()
        };
        let text = line.split_once('>').unwrap().1.rsplit_once("</").unwrap().0;
        // Some documents say what time it is.
        let is_time = text.contains(':') && text.chars().all(|c| c.is_ascii_digit() || ":,.".contains(c));
        let text = if is_time { "time".to_owned() } else { text.to_owned() };
        Word { text, edges: ["xMin", "yMin", "xMax", "yMax"].map(edge) }
    };
    said.split("<page ")
        .skip(1)
        .map(|page| page.lines().filter(|line| line.contains("<word ")).map(word).collect())
        .collect()
}

/// A page in grey.
pub struct Picture {
    pub width: usize,
    pub shades: Vec<u8>,
}

/// The pages of a PDF at `dpi` dots an inch.
pub fn pictures(pdf: &Path, dpi: u32) -> Vec<Picture> {
    let run = Command::new("pdftoppm").args(["-gray", "-r", &dpi.to_string()]).arg(pdf).output().unwrap();
    assert!(run.status.success());
    let (mut rest, mut pages) = (&run.stdout[..], Vec::new());
    while !rest.is_empty() {
        let mut lines = rest.splitn(4, |b| *b == b'\n');
        let (_, size, _, data) = (lines.next(), lines.next().unwrap(), lines.next(), lines.next().unwrap());
        let size = String::from_utf8(size.to_vec()).unwrap();
        let (width, height) = size.split_once(' ').unwrap();
        let (width, height): (usize, usize) = (width.parse().unwrap(), height.parse().unwrap());
        pages.push(Picture { width, shades: data[..width * height].to_vec() });
        rest = &data[width * height..];
    }
    pages
}

/// Asserts that the pages of two PDFs have the same words in the same places, beside ours; returns our words by page.
pub fn same_places(name: &str, before: &Path, after: &Path, off: f64) -> Vec<Vec<Word>> {
    let (before, after) = (pages(before), pages(after));
    assert_eq!(before.len(), after.len(), "{name}: pages");
    let mut ours = Vec::new();
    for (number, (before, after)) in before.iter().zip(after).enumerate() {
        let (our, theirs): (Vec<_>, Vec<_>) = after.into_iter().partition(Word::is_ours);
        assert_eq!(before.len(), theirs.len(), "{name}, page {}: words", number + 1);
        let sorted = |words: &[Word]| {
            let mut words = words.to_vec();
            words.sort_by(|a, b| {
                (&a.text, a.edges[1], a.edges[0]).partial_cmp(&(&b.text, b.edges[1], b.edges[0])).unwrap()
            });
            words
        };
        for (was, is) in sorted(before).iter().zip(sorted(&theirs)) {
            assert_eq!(was.text, is.text, "{name}, page {}", number + 1);
            let moved = was.edges.iter().zip(is.edges).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(moved <= off, "{name}, page {}: {was:?} is now at {:?}", number + 1, is.edges);
        }
        ours.push(our);
    }
    ours
}

/// Asserts that a page says our line once, at the top right.
pub fn says_line(name: &str, page: &[Word], width: f64) {
    // On pages that are written from top to bottom words come in another order.
    let mut said: Vec<_> = page.iter().filter(|w| LINE.contains(&w.text)).collect();
    said.sort_by(|a, b| a.edges[0].total_cmp(&b.edges[0]));
    let said: Vec<&str> = said.into_iter().map(|w| w.text.as_str()).collect();
    assert_eq!(said.concat(), LINE.split_whitespace().collect::<String>(), "{name}");
    for word in page.iter().filter(|w| LINE.contains(&w.text)) {
        assert!(word.edges[1] < 80.0 && word.edges[2] > width / 2.0, "{name}: {word:?}");
    }
}
