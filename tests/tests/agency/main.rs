//! An agency at work: the key server and the command as processes of their own, real documents, real faults.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod accepted;
mod apply;
mod batch;
mod ccode;
mod confirm;
mod copy;
mod crash;
mod derive;
mod desktop;
mod edit;
mod files;
mod insider;
mod kinds;
mod log;
mod mark;
mod office;
mod offline;
mod publish;
mod recall;
mod release;
mod reseal;
mod scan;
mod send;
mod share;
mod signing;
mod suggest;
mod takeout;
mod thief;
mod view;
mod viewer;
mod watch;
mod watched;
mod years;
mod zone;

use std::fs;
use std::path::{Path, PathBuf};

use kakuzuke_tests::programs::repository;

/// A sample document, copied into `folder` under its own name.
fn sample(folder: &Path, extension: &str) -> PathBuf {
    let samples = repository().join("samples");
    let mut names: Vec<_> = fs::read_dir(&samples).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    let from = names.into_iter().find(|path| path.extension().is_some_and(|e| e == extension)).unwrap();
    let to = folder.join(from.file_name().unwrap());
    fs::copy(&from, &to).unwrap();
    to
}

/// A small file of its own.
fn text(folder: &Path, name: &str, content: &[u8]) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, content).unwrap();
    path
}

/// Names in a folder, in order.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Whether any file beneath a folder holds these bytes.
fn holds(folder: &Path, needle: &[u8]) -> Option<PathBuf> {
    for entry in fs::read_dir(folder).ok()?.flatten() {
        let path = entry.path();
        let kind = entry.file_type().ok()?;
        if kind.is_dir() {
            if let Some(found) = holds(&path, needle) {
                return Some(found);
            }
        } else if kind.is_file() && fs::read(&path).is_ok_and(|b| b.windows(needle.len()).any(|w| w == needle)) {
            return Some(path);
        }
    }
    None
}
