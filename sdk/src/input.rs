//! 出所. Where a document's bytes come from: a file in its place, a file somebody has open, or a program that gives them. Read at
//! any offset, by many threads, whichever it is.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kakuzuke_core::code::Code;
use kakuzuke_core::crypto::chunked;
use kakuzuke_formats::Source;

use crate::error::{Error, Result};
use crate::files::Original;
use crate::messages;

/// Bytes a program gives.
pub type Given = Arc<dyn Source + Send>;

/// 出所. A document named by its path, or handed over.
#[derive(Clone)]
pub enum Input {
    /// A file by its path.
    Path(PathBuf),
    /// A file that is open for reading. The path is its name, for showing and for telling its kind; nothing is opened by it.
    Open(Arc<File>, PathBuf),
    /// What a program gives, under a name as above.
    Given(Given, PathBuf),
}

impl Input {
    /// Its path, or the name it was given under.
    #[must_use]
    pub fn name(&self) -> &Path {
        match self {
            Self::Path(path) | Self::Open(_, path) | Self::Given(_, path) => path,
        }
    }

    /// Takes hold of it. Links, folders, devices and pipes are refused, however they came.
    pub(crate) fn take(&self) -> Result<Taken> {
        let name = self.name().to_owned();
        let io = |e| Error::io(self.name(), e);
        match self {
            Self::Path(path) => {
                let original = Original::read(path)?;
                let bytes = Backing::File(original.file().try_clone().map_err(io)?);
                Ok(Taken { name, size: original.size(), bytes, original: Some(original) })
            }
            Self::Open(file, _) => {
                let found = file.metadata().map_err(io)?;
                if !found.is_file() {
                    return Err(Error::new(Code::Unsupported, messages::NOT_A_FILE).at(&name));
                }
                let bytes = Backing::File(file.try_clone().map_err(io)?);
                Ok(Taken { name, size: found.len(), bytes, original: None })
            }
            Self::Given(source, _) => {
                let size = source.size().map_err(io)?;
                // Longer than any document that can be sealed (4 PiB): whoever says so would be read from for ever.
                if chunked::sealed_len(size).is_none() {
                    return Err(Error::of(Code::LimitExceeded).at(&name));
                }
                Ok(Taken { name, size, bytes: Backing::Given(Arc::clone(source)), original: None })
            }
        }
    }
}

/// An input taken hold of.
pub(crate) struct Taken {
    pub(crate) name: PathBuf,
    pub(crate) size: u64,
    pub(crate) bytes: Backing,
    /// The file in its place, where it was named by its path.
    original: Option<Original>,
}

impl Taken {
    /// To be looked at.
    pub(crate) fn view(&self) -> View<'_> {
        let named = self.original.is_some();
        View { bytes: self.bytes.reading(), path: &self.name, size: self.size, has_place: named }
    }

    /// That nobody has written to it meanwhile, as far as that can be told.
    pub(crate) fn check_unchanged(&self) -> Result<()> {
        self.original.as_ref().map_or(Ok(()), Original::check_unchanged)
    }
}

/// A document that is looked at.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) bytes: Reading<'a>,
    pub(crate) path: &'a Path,
    pub(crate) size: u64,
    /// Whether there are files beside it.
    pub(crate) has_place: bool,
}

impl<'a> View<'a> {
    /// A file in its place.
    pub(crate) fn of(original: &'a Original) -> Self {
        let bytes = Reading::File(original.file());
        Self { bytes, path: original.path(), size: original.size(), has_place: true }
    }
}

/// Bytes somebody keeps while they are read.
pub(crate) enum Backing {
    File(File),
    Given(Given),
}

impl Backing {
    pub(crate) const fn reading(&self) -> Reading<'_> {
        match self {
            Self::File(file) => Reading::File(file),
            Self::Given(source) => Reading::Given(source),
        }
    }
}

/// Bytes to be read; they are somebody else's.
#[derive(Clone, Copy)]
pub(crate) enum Reading<'a> {
    File(&'a File),
    Given(&'a Given),
}

impl Reading<'_> {
    /// The same, to be kept.
    pub(crate) fn keep(self) -> io::Result<Backing> {
        Ok(match self {
            Self::File(file) => Backing::File(file.try_clone()?),
            Self::Given(source) => Backing::Given(Arc::clone(source)),
        })
    }
}

impl<'a> From<&'a File> for Reading<'a> {
    fn from(file: &'a File) -> Self {
        Self::File(file)
    }
}

impl Source for Reading<'_> {
    fn size(&self) -> io::Result<u64> {
        match self {
            Self::File(file) => Source::size(*file),
            Self::Given(source) => source.size(),
        }
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        crate::cancel::check()?;
        match self {
            Self::File(file) => Source::read_at(*file, offset, buf),
            // A program that says it gave more than was asked for is not believed.
            Self::Given(source) => source.read_at(offset, buf).map(|n| n.min(buf.len())),
        }
    }
}
