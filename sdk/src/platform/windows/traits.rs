//! What a file keeps when its content is replaced: who may read it, its times, attributes, owner where this user may give it, and the
//! mark that it came from elsewhere.

use std::fs::{File, FileTimes};
use std::io::{self, Read};
use std::os::windows::fs::{FileTimesExt, MetadataExt};
use std::path::{Path, PathBuf};

use kakuzuke_windows::access::{self, Part};
use kakuzuke_windows::attributes;

/// The stream in which the system notes where a file came from.
const ORIGIN: &str = "Zone.Identifier";
/// Longest such note kept, in bytes.
const ORIGIN_MAX: u64 = 64 * 1024;
/// Attributes a file has by itself: hidden, system, archive, not indexed. What is compressed or encrypted is the folder's matter.
const KEPT: u32 = 0x2 | 0x4 | 0x20 | 0x2000;

/// Taken from one file, to be given to another.
pub(crate) struct Traits {
    list: String,
    owner: Option<String>,
    attributes: u32,
    times: FileTimes,
    origin: Option<Vec<u8>>,
}

impl Traits {
    /// Of an open file and its path.
    pub(crate) fn of(file: &File, path: &Path) -> io::Result<Self> {
        let found = file.metadata()?;
        let mut times = FileTimes::new().set_modified(found.modified()?).set_created(found.created()?);
        if let Ok(accessed) = found.accessed() {
            times = times.set_accessed(accessed);
        }
        Ok(Self {
            list: access::read(path, Part::List)?,
            owner: access::read(path, Part::Owner).ok(),
            attributes: found.file_attributes() & KEPT,
            times,
            origin: origin(path),
        })
    }

    /// Gives them to an open file and its path. Owner and origin as far as this user may; who may read it, and times, always.
    pub(crate) fn give(&self, file: &File, path: &Path) -> io::Result<()> {
        self.give_but_times(file, path)?;
        file.set_times(self.times)
    }

    /// The same for content that is new, as its time is.
    pub(crate) fn give_but_times(&self, _file: &File, path: &Path) -> io::Result<()> {
        if let Some(bytes) = &self.origin {
            let _where_possible = std::fs::write(stream(path), bytes);
        }
        if let Some(owner) =
            self.owner.as_ref().filter(|owner| access::read(path, Part::Owner).ok().as_ref() != Some(*owner))
        {
            let _if_allowed = access::give(path, Part::Owner, owner);
        }
        // Most lists come from the folder, which has given the same already.
        if access::read(path, Part::List)? != self.list {
            access::give(path, Part::List, &self.list)?;
        }
        attributes::give(path, if self.attributes == 0 { NORMAL } else { self.attributes })
    }
}

/// `FILE_ATTRIBUTE_NORMAL`: no attribute.
const NORMAL: u32 = 0x80;

fn origin(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(stream(path)).ok()?.take(ORIGIN_MAX).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

fn stream(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(":");
    name.push(ORIGIN);
    PathBuf::from(name)
}

/// Whether a file that replaces this one can have its owner: only an administrator gives files away. `draft` is one that could
/// replace it.
pub(crate) fn keeps_owner<'d>(path: &Path, draft: impl FnOnce() -> Option<(&'d File, &'d Path)>) -> bool {
    let Ok(owner) = access::read(path, Part::Owner) else { return true };
    draft().is_some_and(|(_, draft)| {
        access::read(draft, Part::Owner).is_ok_and(|own| own == owner)
            || access::give(draft, Part::Owner, &owner).is_ok()
    })
}
