//! 控え. What lies beside a working copy, so that whoever comes after a crash knows what it is a copy of, what of it is
//! protected already, and under which label the rest belongs.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use kakuzuke_core::cbor;
use kakuzuke_core::envelope::Parent;
use kakuzuke_core::id::{DocumentId, LabelHash, LineageId};
use kakuzuke_core::label::LabelDraft;
use minicbor::{Decode, Encode};

use crate::error::{Error, Result};
use crate::platform::{Facts, Sort, name_from};

/// A file that changed this lately may still be being written.
const SETTLED: Duration = Duration::from_millis(600);

/// What tells one save from another: a program writes in place, or puts another file under the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(super) struct Save {
    #[n(0)]
    seconds: i64,
    #[n(1)]
    nanoseconds: i64,
    #[n(2)]
    length: u64,
    #[n(3)]
    inode: u64,
}

impl Save {
    /// The last one, as far as it can be told; none while the file is being replaced, or when there is none.
    pub(super) fn last_of(path: &Path) -> Option<Self> {
        let found = Facts::named(path).ok().filter(|facts| facts.sort == Sort::File)?;
        let (seconds, nanoseconds) = found.modified;
        Some(Self { seconds, nanoseconds, length: found.size, inode: found.number })
    }

    /// Whether the program has been done writing for a moment.
    pub(super) fn is_settled(self) -> bool {
        let since = u64::try_from(self.seconds).unwrap_or(0);
        let at = UNIX_EPOCH + Duration::new(since, u32::try_from(self.nanoseconds).unwrap_or(0));
        SystemTime::now().duration_since(at).map_or(true, |age| age >= SETTLED)
    }
}

/// A version of the document, and the save it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(super) struct Version {
    #[n(0)]
    pub(super) document: DocumentId,
    #[n(1)]
    pub(super) label_hash: LabelHash,
    #[n(2)]
    pub(super) save: Save,
}

impl Version {
    pub(super) const fn as_parent(&self) -> Parent {
        Parent { document: self.document, label_hash: self.label_hash }
    }
}

/// 控え.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
#[cbor(map)]
pub(super) struct Record {
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    path: Vec<u8>,
    /// The copy's own name.
    #[n(6)]
    #[cbor(with = "minicbor::bytes")]
    name: Vec<u8>,
    /// 件名.
    #[n(1)]
    pub(super) title: Option<String>,
    /// 利用目的, as it was stated when it was opened.
    #[n(7)]
    pub(super) purpose: Option<String>,
    /// The label in force when it was opened, or since it was changed; every version has it.
    #[n(2)]
    pub(super) label: LabelDraft,
    #[n(3)]
    pub(super) lineage: LineageId,
    /// What lay at the path when it was last looked at.
    #[n(4)]
    pub(super) version: Version,
    /// What was about to be put there.
    #[n(5)]
    pub(super) next: Option<Version>,
}

impl Record {
    /// Of a document at a path, which is made absolute, and its copy under a name.
    pub(super) fn new(
        path: &Path,
        name: &OsStr,
        label: LabelDraft,
        lineage: LineageId,
        version: Version,
    ) -> Result<Self> {
        let path = std::path::absolute(path).map_err(|e| Error::io(path, e))?;
        let (path, name) = (path.as_os_str().as_encoded_bytes().to_vec(), name.as_encoded_bytes().to_vec());
        Ok(Self { path, name, title: None, purpose: None, label, lineage, version, next: None })
    }

    /// Where the document lies.
    pub(super) fn path(&self) -> PathBuf {
        PathBuf::from(name_from(self.path.clone()))
    }

    /// The copy's own name.
    pub(super) fn name(&self) -> OsString {
        name_from(self.name.clone())
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        cbor::encode(self)
    }

    /// None when it is not a whole one.
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        cbor::decode_strict(bytes).ok()
    }
}
