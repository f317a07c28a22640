//! What the tests of all kinds share: envelopes, carrying them there and back, other programs, other people's documents.

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;

use kakuzuke_formats::{Cover, Kind, MAGIC, Place, extract, locate};

/// An envelope of `length` bytes (at least the magic), with nothing that compresses.
pub fn envelope(length: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64 ^ length as u64;
    let mut bytes = MAGIC.to_vec();
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.push((state >> 32) as u8);
    }
    bytes.truncate(length.max(MAGIC.len()));
    bytes
}

pub fn wrap_under(cover: &Cover, kind: Kind, envelope: &[u8]) -> Vec<u8> {
    let carrier = kakuzuke_formats::carrier(kind, cover, envelope.len() as u64).unwrap();
    let total = carrier.total_len();
    let mut out = Cursor::new(Vec::new());
    carrier.write(&mut &*envelope, &mut out).unwrap();
    let bytes = out.into_inner();
    assert_eq!(bytes.len() as u64, total);
    bytes
}

pub fn unwrap(file: &[u8]) -> Option<(Place, Vec<u8>)> {
    let file = file.to_vec();
    let place = locate(&file).unwrap()?;
    let mut out = Vec::new();
    let length = extract(&file, &place, &mut out).unwrap();
    assert_eq!((length, length), (out.len() as u64, place.len()));
    Some((place, out))
}

/// Whether a program is there; without it a test is skipped, and fails when tools are required.
pub fn has(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().or_else(|_| Command::new(program).arg("-v").output());
    if found.is_ok() {
        return true;
    }
    assert!(std::env::var_os("KAKUZUKE_REQUIRE_TOOLS").is_none(), "{program} is missing");
    eprintln!("skipped: {program} is missing");
    false
}

/// Documents that others made, where there are any: in the folder `KAKUZUKE_CORPUS` names, or beside the repository.
pub fn corpus() -> Option<Vec<PathBuf>> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    let folder = std::env::var_os("KAKUZUKE_CORPUS").map_or_else(beside, PathBuf::from);
    if !folder.is_dir() {
        eprintln!("skipped: no corpus at {}", folder.display());
        return None;
    }
    let mut paths = Vec::new();
    files(&folder, &mut paths);
    paths.sort();
    assert!(!paths.is_empty());
    Some(paths)
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}
