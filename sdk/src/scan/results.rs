//! 結果. The results of a scan: one line a file, in the order of the walk. They are also its memory. The next scan reads
//! them alongside and looks again only at what has changed; a scan that was cut off has left what it had seen.

use std::cmp::Ordering;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use data_encoding::BASE64URL_NOPAD;
use kakuzuke_core::code::Code;
use kakuzuke_core::crypto::default_provider;
use kakuzuke_core::id::Digest;
use serde::{Deserialize, Serialize};

use super::Depth;
use super::record::Scanned;
use crate::error::{Error, Result};
use crate::files::sync_folder;
use crate::messages;
use crate::platform;

const FORMAT: &str = "kakuzuke-scan-2";
/// Longest line that is read, in bytes.
const LINE: u64 = 1 << 20;
/// Bytes at the end in which the last line lies.
const FOOT: u64 = 64;
/// Bytes of results read at once.
const BUFFER: usize = 256 << 10;

/// First line of the results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Head {
    format: String,
    /// What was looked at, as far as it is text.
    roots: Vec<String>,
    /// The same to the byte.
    place: String,
    /// By which rules; results of others are not taken over.
    rules: String,
}

impl Head {
    pub(super) fn new(roots: &[PathBuf], rules: &str) -> Self {
        let roots_text = roots.iter().map(|root| root.display().to_string()).collect();
        Self { format: FORMAT.to_owned(), roots: roots_text, place: name_of(roots), rules: rules.to_owned() }
    }
}

/// Results being written, beside those of the last scan.
pub(super) struct Results {
    place: PathBuf,
    out: BufWriter<File>,
}

impl Results {
    /// Begins anew, with everything earlier scans know at hand.
    ///
    /// # Errors
    /// [`Code::Conflict`] when another scan writes the same results.
    pub(super) fn begin(place: &Path, head: &Head) -> Result<(Self, Known)> {
        let (partial, rest) = (beside(place, "partial"), beside(place, "rest"));
        let at = |error| Error::io(&partial, error);
        let taken = || Error::new(Code::Conflict, messages::BUSY).at(place);
        let file = platform::open_alone(&partial).map_err(at)?.ok_or_else(taken)?;
        // What a scan that was cut off had seen is kept until this one is whole; of two such the one that got further.
        let length = |path: &Path| path.metadata().map_or(0, |found| found.len());
        if length(&partial) > length(&rest) {
            std::fs::copy(&partial, &rest).map_err(at)?;
        }
        file.set_len(0).map_err(at)?;
        let known = Known { sources: [&rest, place].into_iter().filter_map(|path| Lines::open(path, head)).collect() };
        let mut results = Self { place: place.to_owned(), out: BufWriter::new(file) };
        results.line(head)?;
        Ok((results, known))
    }

    /// Writes the lines of some files. What was written is there for the next scan, should this one be cut off.
    pub(super) fn put(&mut self, lines: &[u8]) -> Result<()> {
        self.out.write_all(lines).and_then(|()| self.out.flush()).map_err(|error| Error::io(&self.place, error))
    }

    /// Puts them in place of those of the last scan.
    pub(super) fn finish(mut self, files: u64) -> Result<()> {
        self.line(&Foot { files })?;
        let at = |error| Error::io(&self.place, error);
        let file = self.out.into_inner().map_err(|error| at(error.into_error()))?;
        file.sync_all().map_err(at)?;
        platform::rename_over(&beside(&self.place, "partial"), &self.place).map_err(at)?;
        sync_folder(&self.place);
        let _not_there = std::fs::remove_file(beside(&self.place, "rest"));
        Ok(())
    }

    fn line(&mut self, value: &impl Serialize) -> Result<()> {
        let line = line_of(value)?;
        self.out.write_all(&line).map_err(|error| Error::io(&self.place, error))
    }
}

/// One line.
pub(super) fn line_of(value: &impl Serialize) -> Result<Vec<u8>> {
    let mut line = serde_json::to_vec(value).map_err(|e| Error::of(Code::Internal).caused_by(e))?;
    line.push(b'\n');
    Ok(line)
}

fn beside(place: &Path, suffix: &str) -> PathBuf {
    let mut name = place.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(suffix);
    place.with_file_name(name)
}

/// Where a profile keeps the results of a scan of these paths.
///
/// # Errors
/// When a path can't be made absolute, or the profile's folder not be written.
pub fn scan_place(profile: &Path, paths: &[PathBuf], depth: Depth) -> Result<PathBuf> {
    let folder = profile.join("scans");
    let roots = super::walk::roots(paths).map_err(|error| Error::io(&folder, error))?;
    platform::make_private(&folder).map_err(|error| Error::io(&folder, error))?;
    let kind = match depth {
        Depth::Content => "",
        Depth::Labels => ".labels",
    };
    Ok(folder.join(format!("{}{kind}.jsonl", name_of(&roots))))
}

/// A name for what is looked at.
fn name_of(roots: &[PathBuf]) -> String {
    let named: Vec<u8> = roots.iter().flat_map(|root| [root.as_os_str().as_encoded_bytes(), b"\0"].concat()).collect();
    let digest = Digest::from_bytes(default_provider().sha256(&named)).to_string();
    digest.chars().take(32).collect()
}

/// The files of finished results, in the order of the walk.
///
/// # Errors
/// [`Code::Damaged`] when they are not results of a scan.
pub fn scanned(results: &Path) -> Result<impl Iterator<Item = Scanned> + use<>> {
    let file = File::open(results).map_err(|error| Error::io(results, error))?;
    let mut lines = Lines { reader: BufReader::new(file), next: None };
    let head = lines.line().and_then(|line| serde_json::from_slice::<Head>(&line).ok());
    head.filter(|head| head.format == FORMAT).ok_or_else(|| Error::of(Code::Damaged).at(results))?;
    Ok(std::iter::from_fn(move || lines.line().and_then(|line| serde_json::from_slice(&line).ok())))
}

/// What earlier scans know, read along with the walk.
pub(super) struct Known {
    sources: Vec<Lines>,
}

impl Known {
    /// The lines of a path. Files are asked for in the order of the walk.
    pub(super) fn of(&mut self, path: &Path) -> Vec<Vec<u8>> {
        if self.sources.is_empty() {
            return Vec::new();
        }
        let key = Key::of(path.as_os_str().as_encoded_bytes());
        self.sources.iter_mut().filter_map(|lines| lines.at(&key)).collect()
    }
}

/// A path in the order of the walk: what lies in a folder comes before a name that goes on where the folder's ends.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key(Vec<u8>);

impl Key {
    fn of(path: &[u8]) -> Self {
        Self(path.iter().map(|byte| if std::path::is_separator(char::from(*byte)) { 0 } else { *byte }).collect())
    }

    /// That of a line, of which only the beginning is read.
    fn of_line(line: &[u8]) -> Option<Self> {
        let (path, rest) = text_at(line, b"{\"path\":")?;
        match text_at(rest, b",\"raw\":") {
            Some((raw, _)) => Some(Self::of(&BASE64URL_NOPAD.decode(raw.as_bytes()).ok()?)),
            None => Some(Self::of(path.as_bytes())),
        }
    }
}

/// The text that follows a name, and what follows the text.
fn text_at<'l>(line: &'l [u8], name: &[u8]) -> Option<(String, &'l [u8])> {
    let rest = line.strip_prefix(name)?;
    let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<String>();
    let text = values.next()?.ok()?;
    Some((text, rest.get(values.byte_offset()..)?))
}

/// Lines of results, in order.
struct Lines {
    reader: BufReader<File>,
    next: Option<(Key, Vec<u8>)>,
}

impl Lines {
    /// Only results of the same roots and rules are of use.
    fn open(path: &Path, head: &Head) -> Option<Self> {
        let mut lines = Self { reader: BufReader::with_capacity(BUFFER, File::open(path).ok()?), next: None };
        let found: Head = serde_json::from_slice(&lines.line()?).ok()?;
        if found != *head {
            return None;
        }
        lines.step();
        Some(lines)
    }

    fn line(&mut self) -> Option<Vec<u8>> {
        let mut line = Vec::new();
        self.reader.by_ref().take(LINE).read_until(b'\n', &mut line).ok()?;
        // The last line of a scan that was cut off may be half a line.
        line.ends_with(b"\n").then_some(line)
    }

    fn step(&mut self) {
        self.next = self.line().and_then(|line| Some((Key::of_line(&line)?, line)));
    }

    /// The line of a path; those before it are passed over.
    fn at(&mut self, key: &Key) -> Option<Vec<u8>> {
        loop {
            match self.next.as_ref()?.0.cmp(key) {
                Ordering::Less => self.step(),
                Ordering::Equal => {
                    let line = self.next.take().map(|(_, line)| line);
                    self.step();
                    return line;
                }
                Ordering::Greater => return None,
            }
        }
    }
}

/// Last line of finished results.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Foot {
    files: u64,
}

/// How many files the last finished scan found, to tell how far this one is.
pub(super) fn files_then(place: &Path) -> Option<u64> {
    let mut file = File::open(place).ok()?;
    let length = file.metadata().ok()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(FOOT))).ok()?;
    let mut end = Vec::new();
    file.take(FOOT).read_to_end(&mut end).ok()?;
    let line = end.strip_suffix(b"\n")?.rsplit(|byte| *byte == b'\n').next()?;
    serde_json::from_slice::<Foot>(line).ok().map(|foot| foot.files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_in_the_order_of_the_walk() {
        let paths = ["/s/a", "/s/a/b", "/s/a/c.txt", "/s/a b", "/s/a.txt", "/s/あ"];
        let keys: Vec<Key> = paths.iter().map(|path| Key::of(path.as_bytes())).collect();
        assert!(keys.is_sorted());
        let line = br#"{"path":"/s/a \u0022\n","bytes":1}"#;
        assert_eq!(Key::of_line(line), Some(Key::of(b"/s/a \"\n")));
        assert_eq!(Key::of_line(br#"{"path":"?","raw":"L_9h"}"#), Some(Key::of(b"/\xffa")));
        assert_eq!(Key::of_line(br#"{"files":3}"#), None);
    }
}
