//! 表紙. A bare envelope leaves the agency in a PDF: an unknown type tells nobody the grade, a page does.

use std::io::{Seek, SeekFrom};
use std::path::{Path, PathBuf};

use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::envelope::{ReadAt, UnverifiedHead};
use kakuzuke_core::label::Label;
use kakuzuke_formats::{Cover, Kind, WrapError};

use crate::error::{Error, Result};
use crate::files::{Draft, Original, Replace};
use crate::messages;
use crate::open::{refused, refused_head};
use crate::protect::{ENVELOPE, beside};
use crate::session::Session;
use crate::slice::Slice;

/// The name ending of a cover for what has none of its own.
const PDF: &str = "pdf";

impl Session {
    /// Puts a bare envelope into a PDF with a cover page, `name.ext.pdf` unless another name is given; the envelope stays. Needs no
    /// key and no server. It opens like any protected document.
    ///
    /// # Errors
    /// [`Code::Unsupported`] when the file is no bare envelope, [`Code::Conflict`] when the name is taken.
    pub fn cover(&self, path: &Path, out: Option<&Path>) -> Result<PathBuf> {
        let desk = &self.0;
        let original = Original::read(path)?;
        let slice = Slice::find(original.file(), path)?.ok_or_else(|| Error::of(Code::NotProtected).at(path))?;
        let length = slice.len().map_err(|e| Error::io(path, e))?;
        if length != original.size() {
            return Err(Error::new(Code::Unsupported, messages::COVERED_ALREADY).at(path));
        }
        let head = UnverifiedHead::read(desk.provider, &slice).map_err(|e| refused(&e).at(path))?;
        let anchors = desk.profile.anchors();
        let at = kakuzuke_core::trust::AsOf::AtOrBefore(desk.clock.now());
        let head = head.verify(desk.provider, anchors, at).map_err(|e| refused_head(e).at(path))?;
        let target = out.map_or_else(|| beside(&bare(path), PDF), Path::to_owned);
        let failed = |error: WrapError| match error {
            WrapError::Io(e) => Error::io(&target, e),
            other => Error::of(Code::Unsupported).at(path).caused_by(other),
        };
        let cover = desk.cover(head.section().label(), Kind::Opaque);
        let carrier = desk.covers.carrier(Kind::Pdf, &cover, length).map_err(failed)?;
        let draft = Draft::beside(&target)?;
        draft.allocate(carrier.total_len())?;
        let mut source = original.file().try_clone().map_err(|e| Error::io(path, e))?;
        source.seek(SeekFrom::Start(0)).map_err(|e| Error::io(path, e))?;
        let mut file = draft.file().try_clone().map_err(|e| Error::io(&target, e))?;
        carrier.write(&mut source, &mut file).map_err(failed)?;
        original.check_unchanged()?;
        draft.place(&target, Replace::Never)?;
        Ok(target)
    }
}

/// 縮小表示. The cover of a protected file as a small picture (PNG) of `height` pixels, for file managers: grade and restrictions as
/// the file claims them, nothing of the content. Needs no key, no profile and no server; the picture says that no signature was judged.
///
/// # Errors
/// [`Code::NotProtected`] when there is no envelope, [`Code::Damaged`] and its like when it is not a whole one,
/// [`Code::Unsupported`] when its label can't be drawn.
pub fn thumbnail(path: &Path, height: u16) -> Result<Vec<u8>> {
    let original = Original::read(path)?;
    let slice = Slice::find(original.file(), path)?.ok_or_else(|| Error::of(Code::NotProtected).at(path))?;
    let provider = kakuzuke_core::crypto::default_provider();
    let head = UnverifiedHead::read(provider, &slice).map_err(|e| refused(&e).at(path))?;
    let cover = claimed(head.claims().label());
    cover.thumbnail(height).map_err(|e| Error::of(Code::Unsupported).at(path).caused_by(e))
}

/// The cover of a label nobody has judged.
fn claimed(label: &Label) -> Cover {
    let grades = label.grades();
    let post = label.decided().responsible().post.to_string();
    Cover {
        organization: Text::new("署名は確かめていません".to_owned(), "signature not checked".to_owned()),
        grades: Text::new(grades.printed(), grades.to_string()),
        restrictions: label.restrictions().iter().map(|r| Text::new(r.to_string(), r.to_string())).collect(),
        decider: Text::new(post.clone(), post),
        handling: Vec::new(),
        opening: Vec::new(),
        kind: Kind::Opaque,
    }
}

/// The name without `.kkz`.
fn bare(path: &Path) -> PathBuf {
    let ours = path.extension().is_some_and(|extension| extension == ENVELOPE);
    if ours { path.with_extension("") } else { path.to_owned() }
}
