//! What the tests of markings in PDF share: marking and taking off, pages as other programs show them.

use std::path::Path;
use std::process::Command;

use kakuzuke_formats::{MarkError, Marked, Marking, Signatures, mark, unmark};

pub use crate::furniture::has;
pub use crate::pdf::furniture::{SMALL, label, labelled, pdf, sample};

pub const LINE: &str = "機密性２情報・完全性２情報・可用性１情報　複製禁止・総務課限り";

pub fn marking(watermark: Option<&str>) -> Marking {
    Marking::new(LINE, watermark).unwrap()
}

pub fn try_mark(file: &[u8], marking: &Marking) -> Result<(Vec<u8>, Marked), MarkError> {
    let mut out = Vec::new();
    let marked = mark(&file.to_vec(), None, marking, Signatures::Keep, &mut out)?;
    Ok((out, marked))
}

pub fn marked(file: &[u8], marking: &Marking) -> Vec<u8> {
    try_mark(file, marking).unwrap().0
}

pub fn unmarked(file: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    unmark(&file.to_vec(), None, Signatures::Keep, &mut out).unwrap();
    out
}

/// A PDF of one page with these boxes and whatever else its dictionary says, and these instructions.
pub fn page(says: &str, instructions: &str) -> Vec<u8> {
    let stream = format!("<</Length {}>>\nstream\n{instructions}\nendstream", instructions.len());
    let page = format!("<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>{says}>>");
    let font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>";
    pdf(&[SMALL[0], SMALL[1], &page, &stream, font], "/Root 1 0 R")
}

/// A picture in shades of grey.
pub struct Picture {
    pub width: usize,
    pub height: usize,
    pub shades: Vec<u8>,
}

/// Pictures of all pages, one a program that is there.
pub fn pictures(file: &[u8], dots: u32) -> Vec<(&'static str, Vec<Picture>)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, file).unwrap();
    let dots = dots.to_string();
    let mut found = Vec::new();
    if has("pdftoppm") {
        let to = folder.path().join("poppler");
        run(Command::new("pdftoppm").args(["-gray", "-cropbox", "-r", &dots]).arg(&path).arg(&to));
        found.push(("poppler", read_all(folder.path(), "poppler")));
    }
    if has("mutool") {
        let to = folder.path().join("mupdf-%05d.pgm");
        run(Command::new("mutool").args(["draw", "-q", "-r", &dots, "-o"]).arg(&to).arg(&path));
        found.push(("MuPDF", read_all(folder.path(), "mupdf")));
    }
    found
}

/// Whether a program ended well; what it says of other people's files is theirs.
pub fn run(command: &mut Command) -> String {
    let done = command.output().unwrap();
    String::from_utf8_lossy(&done.stdout).into_owned()
}

fn read_all(folder: &Path, begins: &str) -> Vec<Picture> {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_meant = |path: &std::path::PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with(begins);
    let mut names: Vec<_> = names.filter(is_meant).collect();
    names.sort();
    names.iter().map(|name| picture(&std::fs::read(name).unwrap())).collect()
}

/// A picture in the form PGM, 8 bits.
fn picture(bytes: &[u8]) -> Picture {
    let mut fields = Vec::new();
    let mut at = 0;
    while fields.len() < 4 {
        let end = at + bytes[at..].iter().position(u8::is_ascii_whitespace).unwrap();
        fields.push(std::str::from_utf8(&bytes[at..end]).unwrap().to_owned());
        at = end + 1;
    }
    assert_eq!((fields[0].as_str(), fields[3].as_str()), ("P5", "255"));
    let (width, height) = (fields[1].parse().unwrap(), fields[2].parse().unwrap());
    Picture { width, height, shades: bytes[at..].to_vec() }
}

/// Where two pictures differ by more than `by` shades: left, top, right, bottom, as parts of the whole.
pub fn difference(one: &Picture, other: &Picture, by: u8) -> Option<[f64; 4]> {
    assert_eq!((one.width, one.height), (other.width, other.height));
    let mut found: Option<[usize; 4]> = None;
    for (at, (a, b)) in one.shades.iter().zip(&other.shades).enumerate() {
        if a.abs_diff(*b) > by {
            let (x, y) = (at % one.width, at / one.width);
            let [left, top, right, bottom] = found.unwrap_or([x, y, x, y]);
            found = Some([left.min(x), top.min(y), right.max(x), bottom.max(y)]);
        }
    }
    let (width, height) = (one.width as f64, one.height as f64);
    found.map(|[l, t, r, b]| [l as f64 / width, t as f64 / height, (r + 1) as f64 / width, (b + 1) as f64 / height])
}

/// The text of one page as poppler reads it, without blanks.
pub fn words(path: &Path, page: usize) -> String {
    let page = page.to_string();
    let said = run(Command::new("pdftotext").args(["-f", &page, "-l", &page]).arg(path).arg("-"));
    said.split_whitespace().collect()
}
