//! What the tests of markings share: a marking, pages as LibreOffice and poppler show them, and comparing them.

use std::collections::{BTreeMap, HashMap};
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use kakuzuke_formats::{Marked, Marking, Signatures, mark, unmark};

pub const LINE: &str = "機密性２情報・完全性２情報・可用性１情報　複製禁止・総務課限り";
pub const ACROSS: &str = "機密性２情報";

pub fn marking(watermark: bool) -> Marking {
    Marking::new(LINE, watermark.then_some(ACROSS)).unwrap()
}

pub fn marked(file: &[u8], marking: &Marking) -> (Vec<u8>, Marked) {
    let mut out = Vec::new();
    let done = mark(&file.to_vec(), None, marking, Signatures::Keep, &mut out).unwrap();
    (out, done)
}

pub fn unmarked(file: &[u8]) -> (Vec<u8>, Marked) {
    let mut out = Vec::new();
    let done = unmark(&file.to_vec(), None, Signatures::Keep, &mut out).unwrap();
    (out, done)
}

/// The files of a package.
pub fn parts(file: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut parts = BTreeMap::new();
    for place in 0..zip.len() {
        let mut entry = zip.by_index(place).unwrap();
        let mut data = Vec::new();
        // Some documents of others have parts that no program reads; they only have to stay.
        if let Err(broken) = entry.read_to_end(&mut data) {
            data = broken.to_string().into_bytes();
        }
        parts.insert(entry.name().unwrap().into_owned(), data);
    }
    parts
}

/// An archive of these files.
pub fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Runs LibreOffice over files of a folder.
pub fn convert(folder: &Path, to: &str, names: &[String]) {
    let run = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}/profile", folder.display()))
        .args(["--headless", "--convert-to", to, "--outdir"])
        .arg(folder.join(to))
        .args(names.iter().map(|name| folder.join(name)))
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

/// A word on a page: where it stands, in tenths of a point.
pub type Word = (String, [i64; 4]);

/// A page as poppler reads it.
#[derive(Debug)]
pub struct Page {
    pub size: (f64, f64),
    pub words: Vec<Word>,
}

pub fn pages(pdf: &Path) -> Vec<Page> {
    let run = Command::new("pdftotext").arg("-bbox").arg(pdf).arg("-").output().unwrap();
    assert!(run.status.success(), "no PDF at {}", pdf.display());
    let (text, mut pages) = (String::from_utf8(run.stdout).unwrap(), Vec::new());
    for line in text.lines().map(str::trim) {
        let number = |name: &str| -> f64 {
            let (_, rest) = line.split_once(&format!("{name}=\"")).unwrap();
            rest.split('"').next().unwrap().parse().unwrap()
        };
        if line.starts_with("<page ") {
            pages.push(Page { size: (number("width"), number("height")), words: Vec::new() });
        } else if line.starts_with("<word ") {
            let words = line.split_once('>').unwrap().1.strip_suffix("</word>").unwrap().to_owned();
            let place = ["xMin", "yMin", "xMax", "yMax"].map(|name| (number(name) * 10.0).round() as i64);
            pages.last_mut().unwrap().words.push((words, place));
        }
    }
    pages
}

/// What stands on a page beyond what stood there before; and what no longer stands where it stood.
pub fn compare(before: &Page, after: &Page) -> (Vec<Word>, Vec<Word>) {
    let mut there: HashMap<&str, Vec<[i64; 4]>> = HashMap::new();
    for (words, place) in &before.words {
        there.entry(words).or_default().push(*place);
    }
    let mut added = Vec::new();
    for (words, place) in &after.words {
        let same = |other: &[i64; 4]| other.iter().zip(place).all(|(a, b)| (a - b).abs() <= 3);
        let places = there.entry(words).or_default();
        match places.iter().position(same) {
            Some(at) => drop(places.swap_remove(at)),
            None => added.push((words.clone(), *place)),
        }
    }
    let lost = there.into_iter().flat_map(|(w, places)| places.into_iter().map(move |p| (w.to_owned(), p))).collect();
    (added, lost)
}

/// Words without the blanks between them, in the order of where they stand.
pub fn joined(words: &[Word]) -> String {
    words.iter().flat_map(|(word, _)| word.chars()).collect()
}

pub fn line() -> String {
    LINE.split_whitespace().collect()
}

/// Each page as grey pixels at 40 dots an inch: width, height, rows.
pub fn pixels(pdf: &Path) -> Vec<(usize, usize, Vec<u8>)> {
    let run = Command::new("pdftoppm").args(["-gray", "-r", "40"]).arg(pdf).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let (mut rest, mut pages) = (run.stdout.as_slice(), Vec::new());
    while !rest.is_empty() {
        let head: Vec<&[u8]> = rest.splitn(4, |b| *b == b'\n').collect();
        let (size, depth) = (std::str::from_utf8(head[1]).unwrap().to_owned(), head[2]);
        assert_eq!((head[0], depth), (&b"P5"[..], &b"255"[..]));
        let mut numbers = size.split(' ').map(|n| n.parse::<usize>().unwrap());
        let (width, height) = (numbers.next().unwrap(), numbers.next().unwrap());
        pages.push((width, height, head[3][..width * height].to_vec()));
        rest = &head[3][width * height..];
    }
    pages
}

/// Pixels that differ outside of the places of `words`, and of the white ground that slides give them.
pub fn changed_pixels(before: &(usize, usize, Vec<u8>), after: &(usize, usize, Vec<u8>), words: &[Word]) -> usize {
    assert_eq!((before.0, before.1), (after.0, after.1));
    let is_ours = |x: usize, y: usize| {
        let (x, y) = (x as i64 * 18, y as i64 * 18);
        words.iter().any(|(_, [left, top, right, bottom])| {
            (left - 300..=right + 150).contains(&x) && (top - 80..=bottom + 80).contains(&y)
        })
    };
    let differs = |at: &usize| before.2[*at].abs_diff(after.2[*at]) > 24;
    (0..before.2.len()).filter(differs).filter(|at| !is_ours(at % before.0, at / before.0)).count()
}

/// What came of one file under LibreOffice, before and after.
pub struct Shown {
    pub name: String,
    pub before: PathBuf,
    pub after: PathBuf,
}

/// Writes files with and without a marking, and prints both.
pub fn shown(folder: &Path, files: &[(String, Vec<u8>)], marking: &Marking) -> Vec<Shown> {
    let (mut names, mut shown) = (Vec::new(), Vec::new());
    for (number, (name, file)) in files.iter().enumerate() {
        let extension = name.rsplit('.').next().unwrap();
        for (which, bytes) in [("a", file.clone()), ("b", marked(file, marking).0)] {
            let own = format!("{number}{which}.{extension}");
            std::fs::write(folder.join(&own), bytes).unwrap();
            names.push(own);
        }
        let pdf = |which: &str| folder.join("pdf").join(format!("{number}{which}.pdf"));
        shown.push(Shown { name: name.clone(), before: pdf("a"), after: pdf("b") });
    }
    convert(folder, "pdf", &names);
    shown
}
