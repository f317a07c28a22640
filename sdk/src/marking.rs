//! 表示. The label on every page of a document: put on before it is sealed or signed, in the same step; or by itself, from the
//! label the document carries. What can't show one stays as it is, and that is said.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::label::Label;
use kakuzuke_formats::{
    Ability, Can, MarkError, Marked, Marking, Signatures, Source, burn, can, mark, marking_of, unmark,
};
use serde::Serialize;

use crate::error::{Error, Result};
use crate::files::{Draft, Original, Traits, sync_folder};
use crate::memory::Memory;
use crate::messages;
use crate::options::{Marks, Pictures, Show};
use crate::protect::file_name;
use crate::session::{Desk, Session};
use crate::work::{Marked as Content, Stock, Work};

/// 表示の結果.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum MarkState {
    /// Nobody asked for one: the pages are as they were.
    #[default]
    Untouched,
    /// The pages show it now; the content is another than before.
    Shown {
        /// The line at the top.
        line: String,
        /// The words across the page.
        watermark: Option<String>,
        /// Pages, sheets, slides or page styles that show it.
        places: u64,
        /// What could not be shown as it should.
        notes: Vec<Text>,
    },
    /// The pages show none any more.
    Removed {
        /// Places it was taken off.
        places: u64,
        /// What is to be known of it.
        notes: Vec<Text>,
    },
    /// The document can't show one; it is as it was.
    NotShown {
        /// Why.
        why: Text,
    },
}

/// A document that was marked by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Remarked {
    /// The document.
    pub path: PathBuf,
    /// What became of its marking.
    pub marks: MarkState,
}

impl Session {
    /// Puts the marking of the label a document in clear carries on its pages, in place of an earlier one.
    ///
    /// # Errors
    /// [`Code::NotProtected`] without a label, [`Code::SignatureInvalid`] when it does not hold, [`Code::Unsupported`] when
    /// the document can't show one: then it is as it was.
    pub fn mark(&self, path: &Path, marks: &Marks) -> Result<Remarked> {
        let desk = &self.0;
        let original = desk.hold_to_mark(path)?;
        let label = desk.verified_label_in_clear(&original, path)?.0;
        let marking = marking(desk, &label).map_err(|e| refused(&e, path))?;
        let draft = Draft::beside(path)?;
        let mut out = BufWriter::new(draft.file());
        let marked =
            put(original.file(), &file_name(path), &marking, marks, &mut out).map_err(|e| refused(&e, path))?;
        out.flush().map_err(|e| Error::io(path, e))?;
        drop(out);
        replace(original, draft)?;
        Ok(Remarked { path: path.to_owned(), marks: shown(&marking, marked) })
    }

    /// Takes our marking off a document in clear; its label stays. A document without one stays as it is.
    ///
    /// # Errors
    /// [`Code::Unsupported`] when it can't be taken off: then the document is as it was.
    pub fn unmark(&self, path: &Path, marks: &Marks) -> Result<Remarked> {
        let original = self.0.hold_to_mark(path)?;
        let name = file_name(path);
        if marking_of(original.file(), Some(&name)).map_err(|e| refused(&e, path))?.is_none() {
            return Ok(Remarked { path: path.to_owned(), marks: MarkState::Untouched });
        }
        let draft = Draft::beside(path)?;
        let mut out = BufWriter::new(draft.file());
        let gone = unmark(original.file(), Some(&name), marks.signatures, &mut out).map_err(|e| refused(&e, path))?;
        out.flush().map_err(|e| Error::io(path, e))?;
        drop(out);
        replace(original, draft)?;
        Ok(Remarked { path: path.to_owned(), marks: MarkState::Removed { places: gone.places, notes: gone.notes } })
    }
}

impl Desk {
    /// Holds a document to be marked by itself: a signature over its bytes would no longer hold afterwards.
    fn hold_to_mark(&self, path: &Path) -> Result<Original> {
        self.refuse_own(path)?;
        let original = Original::hold(path)?;
        if crate::protect::beside(path, crate::protect::SIGNATURE).symlink_metadata().is_ok() {
            return Err(Error::new(Code::Unsupported, messages::MARK_BREAKS_SIGNATURE).at(path));
        }
        Ok(original)
    }

    /// Puts the label on the pages of what is about to be sealed or signed: into a draft, the original stays as it is.
    pub(crate) fn mark_work(&self, mut work: Work, marks: &Marks) -> Result<Work> {
        let path = work.path().to_owned();
        let name = work.name();
        match marks.show {
            Show::AsIs => return Ok(work),
            Show::Renew if !matches!(marking_of(&work.source(), Some(&name)), Ok(Some(_))) => return Ok(work),
            Show::Renew | Show::Label => {}
        }
        if marks.pictures == Pictures::Keep
            && let Can::No(why) = can(kind_of(&work, &name), Ability::Mark)
        {
            work.marks = MarkState::NotShown { why };
            return Ok(work);
        }
        let marking = match marking(self, &work.label) {
            Ok(marking) => marking,
            Err(error) => {
                work.marks = MarkState::NotShown { why: why_not(&error) };
                return Ok(work);
            }
        };
        match write_marked(&work, &path, |out| put(&work.source(), &name, &marking, marks, out))? {
            Ok((marked, content)) => {
                work.marks = shown(&marking, marked);
                work.marked = Some(content);
            }
            Err(error @ MarkError::Write(_)) => return Err(refused(&error, &path)),
            Err(error) => work.marks = MarkState::NotShown { why: why_not(&error) },
        }
        Ok(work)
    }
}

/// Writes a marked document beside its original; in memory, where the original is nowhere in clear.
fn write_marked(
    work: &Work,
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> std::result::Result<Marked, MarkError>,
) -> Result<std::result::Result<(Marked, Content), MarkError>> {
    if !matches!(work.stock, Stock::InPlace(_)) {
        let mut memory = Memory::new();
        let marked = write(&mut memory);
        return Ok(marked.map(|marked| (marked, Content::Memory(Arc::new(memory)))));
    }
    let draft = Draft::beside(path)?;
    let mut out = BufWriter::new(draft.file());
    let marked = write(&mut out).and_then(|marked| out.flush().map(|()| marked).map_err(MarkError::Write));
    drop(out);
    Ok(marked.map(|marked| (marked, Content::Draft(draft))))
}

/// Writes the document with the marking on its pages, or burnt in where that was asked for.
fn put(
    source: &dyn Source,
    name: &str,
    marking: &Marking,
    marks: &Marks,
    out: &mut dyn Write,
) -> std::result::Result<Marked, MarkError> {
    match mark(source, Some(name), marking, marks.signatures, out) {
        Err(MarkError::Unsupported(_)) if marks.pictures == Pictures::Burn => burn(source, Some(name), marking, out),
        done => done,
    }
}

/// The kind as it is, where the carrier's is the general one.
fn kind_of(work: &Work, name: &str) -> kakuzuke_formats::Kind {
    kakuzuke_formats::detect(&work.source(), Some(name)).map_or(work.kind, |found| found.kind)
}

/// What pages show of a label.
fn marking(desk: &Desk, label: &Label) -> std::result::Result<Marking, MarkError> {
    let shown = label.shown(desk.taxonomy);
    Marking::new(&shown.line, shown.watermark.as_deref())
}

fn shown(marking: &Marking, marked: Marked) -> MarkState {
    MarkState::Shown {
        line: marking.line().to_owned(),
        watermark: marking.watermark().map(ToOwned::to_owned),
        places: marked.places,
        notes: marked.notes,
    }
}

fn refused(error: &MarkError, path: &Path) -> Error {
    Error::new(error.code(), why_not(error)).at(path)
}

/// The marked document takes the original's place in one step, with its owner, access list, attributes and times.
fn replace(mut original: Original, draft: Draft) -> Result<()> {
    let path = original.path().to_owned();
    Traits::of(original.file(), &path)?.give(&draft, &path)?;
    draft.replace(&mut original)?;
    sync_folder(&path);
    Ok(())
}

/// Why a document shows no marking, for people.
pub(crate) fn why_not(error: &MarkError) -> Text {
    match error {
        MarkError::Unsupported(kind) => match can(*kind, Ability::Mark) {
            Can::No(why) => why,
            Can::Yes | Can::Partly(_) => messages::NO_PAGES,
        },
        MarkError::Signed => messages::SIGNED_DOCUMENT,
        MarkError::Words => messages::MARKING_WORDS,
        MarkError::Refused(why) => Text::new(
            format!("文書を損なわずに表示を付けることができません（{why}）。"),
            format!("The marking can't be put on without harm to the document ({why})."),
        ),
        MarkError::Read(error) => Text::new(
            format!("文書を読めないため、表示を付けられません（{error}）。"),
            format!("The document can't be read, so no marking was put on ({error})."),
        ),
        other => Text::new(format!("表示を付けられません（{other}）。"), format!("No marking was put on ({other}).")),
    }
}

impl Marks {
    /// The label's marking on every page, whatever was there of ours.
    #[must_use]
    pub const fn shown() -> Self {
        Self { show: Show::Label, signatures: Signatures::Keep, pictures: Pictures::Keep }
    }
}
