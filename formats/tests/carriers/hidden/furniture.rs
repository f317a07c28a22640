//! Packages made part by part, and looking for a secret in every byte of a file.

use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use kakuzuke_formats::{Category, Report, Wanted, inspect, sanitise};

/// An archive of these files, deflated.
pub fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        let method =
            if *name == "mimetype" { zip::CompressionMethod::Stored } else { zip::CompressionMethod::Deflated };
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        zip.start_file(*name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Every file of a package, in one piece; other files as they are.
pub fn inflated(file: &[u8]) -> Vec<u8> {
    let mut all = file.to_vec();
    if let Ok(mut zip) = zip::ZipArchive::new(Cursor::new(file)) {
        for place in 0..zip.len() {
            let mut entry = zip.by_index(place).unwrap();
            all.extend(entry.name().unwrap().as_bytes());
            entry.read_to_end(&mut all).unwrap();
        }
    }
    all
}

pub fn holds(file: &[u8], words: &str) -> bool {
    inflated(file).windows(words.len()).any(|w| w == words.as_bytes())
}

pub fn found(file: &[u8], name: &str) -> Report {
    inspect(&file.to_vec(), Some(name)).unwrap()
}

pub fn cleaned(file: &[u8], name: &str, wanted: &Wanted) -> Vec<u8> {
    let mut out = Vec::new();
    sanitise(&file.to_vec(), Some(name), wanted, &mut out).unwrap();
    out
}

/// Inspection finds `category`, sanitising takes it out with every byte of `secret`, and then nothing of it is found.
pub fn goes(file: &[u8], name: &str, category: Category, secret: &str) -> Vec<u8> {
    assert!(holds(file, secret), "{name}: the secret is not even there");
    let before = found(file, name);
    assert!(before.counts().contains_key(&category), "{name}: {category:?} is not among {before:#?}");
    let out = cleaned(file, name, &Wanted::usual().with(category));
    assert!(!holds(&out, secret), "{name}: {category:?} is still there");
    let after = found(&out, name);
    assert!(!after.counts().contains_key(&category), "{name}: {after:#?}");
    out
}

/// The words of files as LibreOffice shows them, and where the PDFs lie.
pub fn shown(folder: &Path, names: &[&str]) -> Vec<(String, PathBuf)> {
    let run = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}/profile", folder.display()))
        .args(["--headless", "--convert-to", "pdf", "--outdir"])
        .arg(folder.join("pdf"))
        .args(names.iter().map(|name| folder.join(name)))
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let pdf = |name: &&str| {
        let path = folder.join("pdf").join(name).with_extension("pdf");
        (words(&path), path)
    };
    names.iter().map(pdf).collect()
}

/// The words of a PDF.
pub fn words(path: &Path) -> String {
    let run = Command::new("pdftotext").arg(path).arg("-").output().unwrap();
    assert!(run.status.success(), "no PDF at {}", path.display());
    String::from_utf8_lossy(&run.stdout).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The pages as pixels.
pub fn pixels(path: &Path) -> Vec<u8> {
    let run = Command::new("pdftoppm").args(["-r", "50"]).arg(path).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    run.stdout
}
