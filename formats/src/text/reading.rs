//! One reading of a file's text: where it goes, what is left of the bounds, what could not be read.

use std::io;
use std::ops::ControlFlow;

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::{Part, Passage, Spot, Unit};

use super::{Inside, TextSummary};
use crate::detect::{Lock, State};
use crate::error::ReadError;
use crate::format;
use crate::kind::Kind;
use crate::limits;
use crate::source::Source;
use crate::zip::{Archive, Entry};

/// Why a part's text ends early.
#[derive(Debug)]
pub(crate) enum Halt {
    /// The receiver has had enough.
    Over,
    /// The part can't be read; others may be.
    Read(ReadError),
}

impl From<ReadError> for Halt {
    fn from(e: ReadError) -> Self {
        // What a part's own lengths and sums lead to is its damage, not the disk's.
        match e {
            ReadError::Io(e) => e.into(),
            other => Self::Read(other),
        }
    }
}

impl From<io::Error> for Halt {
    fn from(e: io::Error) -> Self {
        use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
        Self::Read(match e.kind() {
            InvalidData | InvalidInput | UnexpectedEof => ReadError::Damaged("a part is cut off or broken"),
            _ => ReadError::Io(e),
        })
    }
}

/// A reading under way.
pub(crate) struct Reading<'a> {
    sink: &'a mut dyn FnMut(Passage) -> ControlFlow<()>,
    within: Vec<String>,
    summary: TextSummary,
    inflated: u64,
    held: u64,
    /// Labelled files that lie in the one that is read, where somebody asks for them.
    inside: Option<Vec<Inside>>,
}

impl<'a> Reading<'a> {
    pub fn new(sink: &'a mut dyn FnMut(Passage) -> ControlFlow<()>) -> Self {
        Self {
            sink,
            within: Vec::new(),
            summary: TextSummary::default(),
            inflated: limits::TEXT_INFLATED,
            held: 0,
            inside: None,
        }
    }

    /// As [`Reading::new`], with an eye on labels.
    pub fn with_labels(sink: &'a mut dyn FnMut(Passage) -> ControlFlow<()>) -> Self {
        Self { inside: Some(Vec::new()), ..Self::new(sink) }
    }

    /// The labelled files that lay in it.
    pub fn inside(&mut self) -> Vec<Inside> {
        self.inside.take().unwrap_or_default()
    }

    pub fn finish(self) -> TextSummary {
        self.summary
    }

    /// Delivers a passage; blank ones are not.
    pub fn say(&mut self, unit: Unit, part: Part, text: &str) -> Result<(), Halt> {
        let mut rest = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.floor_char_boundary(limits::TEXT_PASSAGE));
            rest = later;
            let count = now.chars().count() as u64;
            self.summary.passages += 1;
            self.summary.characters += count;
            if self.summary.characters > limits::TEXT_CHARACTERS {
                self.gap(Unit::Whole, Part::Body, too_much());
                return Err(Halt::Over);
            }
            let spot = self.spot(unit.clone(), part.clone());
            if (self.sink)(Passage { spot, text: now.to_owned() }).is_break() {
                self.summary.is_stopped = true;
                return Err(Halt::Over);
            }
        }
        Ok(())
    }

    fn spot(&self, unit: Unit, part: Part) -> Spot {
        Spot { within: self.within.clone(), unit, part }
    }

    /// Notes what could not be read.
    pub fn gap(&mut self, unit: Unit, part: Part, why: Text) {
        if self.summary.gaps.len() < limits::TEXT_GAPS {
            let spot = self.spot(unit, part);
            self.summary.gaps.push((spot, why));
        } else {
            self.summary.more_gaps += 1;
        }
    }

    /// Notes a part that is damaged or over a limit.
    pub fn miss(&mut self, unit: Unit, part: Part, why: &'static str) {
        let ja = format!("壊れているか上限を超えているため、読めない部分があります（{why}）。");
        self.gap(unit, part, Text::new(ja, format!("Some of it can't be read, it is damaged or over a limit: {why}.")));
    }

    /// Notes a picture, whose words are not read.
    pub fn picture(&mut self) {
        self.summary.pictures += 1;
    }

    /// Passages delivered and pictures met so far.
    pub fn so_far(&self) -> (u64, u64) {
        (self.summary.passages, self.summary.pictures)
    }

    /// Notes a page, slide or document of pictures without a word.
    pub fn only_pictures(&mut self, unit: Unit) {
        let why = Text::fixed(
            "文字のない画像だけです。書かれている文字を読めません。",
            "Pictures without text; what is written in them can't be read.",
        );
        self.gap(unit, Part::Body, why);
    }

    /// Goes on after a part: its damage becomes a gap.
    pub fn bear(&mut self, unit: Unit, part: Part, outcome: Result<(), Halt>) -> Result<(), Halt> {
        match outcome {
            Err(Halt::Read(ReadError::Damaged(why) | ReadError::Limit(why))) => {
                self.miss(unit, part, why);
                Ok(())
            }
            other => other,
        }
    }

    /// Takes bytes that are going to be inflated or decoded off what is left.
    pub fn charge(&mut self, bytes: u64) -> Result<(), Halt> {
        match self.inflated.checked_sub(bytes) {
            Some(left) => {
                self.inflated = left;
                Ok(())
            }
            None => Err(ReadError::Limit("bytes to be inflated for the text").into()),
        }
    }

    /// The data of a part of a package.
    pub fn data(&mut self, archive: &Archive<'_>, entry: &Entry) -> Result<Vec<u8>, Halt> {
        let ratio = entry.size / archive.packed(entry).max(1);
        if entry.size > limits::TEXT_RATIO_FROM && ratio > limits::TEXT_RATIO {
            return Err(ReadError::Limit("compression of a ZIP entry").into());
        }
        self.charge(entry.size)?;
        Ok(archive.read(entry, limits::TEXT_PART)?)
    }

    /// The text of an XML part of a package.
    pub fn markup(&mut self, archive: &Archive<'_>, entry: &Entry) -> Result<String, Halt> {
        Ok(crate::xml::decode(&self.data(archive, entry)?)?)
    }

    /// Notes that a file which lies in this one can't be read.
    pub fn gap_within(&mut self, name: &str, why: Text) {
        self.within.push(name.to_owned());
        self.gap(Unit::Whole, Part::Body, why);
        self.within.pop();
    }

    /// Goes on after a file that lies in this one.
    pub fn bear_within(&mut self, name: &str, outcome: Result<(), Halt>) -> Result<(), Halt> {
        self.within.push(name.to_owned());
        let outcome = self.bear(Unit::Whole, Part::Body, outcome);
        self.within.pop();
        outcome
    }

    /// Reads what lies in this file under `name`; what can't be read of it becomes a gap.
    pub fn within(&mut self, name: &str, read: impl FnOnce(&mut Self) -> Result<(), Halt>) -> Result<(), Halt> {
        if self.within.len() >= limits::TEXT_DEPTH || self.summary.files >= limits::TEXT_FILES {
            self.miss(Unit::Whole, Part::Body, "files that lie in one another");
            return Ok(());
        }
        self.summary.files += 1;
        self.within.push(name.to_owned());
        let outcome = self.say(Unit::Whole, Part::FileName, name).and_then(|()| read(self));
        let outcome = self.bear(Unit::Whole, Part::Body, outcome);
        self.within.pop();
        outcome
    }

    /// Reads a file that lies in this one under `name`.
    pub fn read_within(&mut self, name: &str, source: &dyn Source) -> Result<(), Halt> {
        self.within(name, |reading| reading.read(source, Some(name)))
    }

    /// Reads a file that lies in this one and is held in memory.
    pub fn read_held(&mut self, name: &str, bytes: &[u8]) -> Result<(), Halt> {
        let length = bytes.len() as u64;
        if self.held + length > limits::TEXT_PART * 4 {
            self.miss(Unit::Whole, Part::Body, "files held at once");
            return Ok(());
        }
        self.held += length;
        let outcome = self.read_within(name, &bytes.to_vec());
        self.held -= length;
        outcome
    }

    /// Reads an entry of an archive that is a file of its own.
    pub fn read_entry(&mut self, name: &str, archive: &Archive<'_>, entry: &Entry) -> Result<(), Halt> {
        if archive.stored(entry).is_some() {
            let data = archive.data(entry)?;
            return self.read_within(name, &*data);
        }
        let bytes = self.data(archive, entry)?;
        self.read_held(name, &bytes)
    }

    /// Reads a whole file.
    pub fn read(&mut self, source: &dyn Source, name: Option<&str>) -> Result<(), Halt> {
        let found = crate::detect(source, name)?;
        if let Some(inside) = self.inside.as_mut().filter(|i| !self.within.is_empty() && i.len() < limits::INSIDE) {
            inside.extend(Inside::of(&self.within, source, &found));
        }
        match found.state {
            State::Open => format::of(found.kind).text(source, found.kind, name, self),
            State::Protected(_) => {
                self.gap(Unit::Whole, Part::Body, protected());
                Ok(())
            }
            State::LostEnvelope => {
                self.gap(Unit::Whole, Part::Body, lost_envelope());
                Ok(())
            }
            State::Locked(Lock::Pdf) => format::of(Kind::Pdf).text(source, Kind::Pdf, name, self),
            State::Locked(lock) => {
                self.gap(Unit::Whole, Part::Body, locked(lock));
                Ok(())
            }
            State::Damaged(why) => {
                self.miss(Unit::Whole, Part::Body, why);
                // A PDF whose table is broken may still be read; a package is not.
                if found.kind == Kind::Pdf {
                    format::of(found.kind).text(source, found.kind, name, self)
                } else {
                    Ok(())
                }
            }
        }
    }
}

fn too_much() -> Text {
    Text::fixed(
        "本文が長すぎるため、途中までしか読んでいません。",
        "The text is too long; only its beginning was read.",
    )
}

fn lost_envelope() -> Text {
    Text::fixed(
        "中身を失った表紙です。読める本文はありません。",
        "A cover that has lost its envelope: there is no text to read.",
    )
}

fn protected() -> Text {
    Text::fixed(
        "保護されたファイルです。本文は開く権限のある人だけが読めます。",
        "A protected file: only those who may open it can read its text.",
    )
}

/// Another program encrypted the file.
pub(crate) fn locked(lock: Lock) -> Text {
    match lock {
        Lock::Pdf => Text::fixed(
            "パスワード等で暗号化されたPDFのため、本文を読めません。",
            "The PDF is encrypted (password or certificate); its text can't be read.",
        ),
        Lock::Office => Text::fixed(
            "パスワード等で暗号化されたOffice文書のため、本文を読めません。",
            "The office document is encrypted (password or rights management); its text can't be read.",
        ),
        Lock::OpenDocument => Text::fixed(
            "パスワードで暗号化されたOpenDocument文書のため、本文を読めません。",
            "The OpenDocument file is encrypted with a password; its text can't be read.",
        ),
    }
}
