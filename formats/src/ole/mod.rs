//! 複合ファイル. Compound files ([MS-CFB]): the embedded object that holds an envelope in office covers, and
//! the container of older and of password-protected office documents, which keep their label in its property sets.

mod build;
mod edit;
mod older;
mod package;
mod property;
mod read;

pub(crate) use build::{LARGEST, Object};
pub(crate) use older::Older;
pub(crate) use package::{Found, begins, find};
pub(crate) use read::Compound;

/// First bytes of every compound file.
pub(crate) const SIGNATURE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// Name of the stream of an embedded file ([MS-OLEDS] 2.3.6).
const NATIVE: &str = "\u{1}Ole10Native";
/// Name of the embedded file. It tells our carriers from documents in which somebody embedded a `.kkz` file.
const FILE_NAME: &str = "kakuzuke-envelope.kkz";

const FREE: u32 = 0xFFFF_FFFF;
const END_OF_CHAIN: u32 = 0xFFFF_FFFE;
const TABLE_SECTOR: u32 = 0xFFFF_FFFD;
const TABLE_LIST_SECTOR: u32 = 0xFFFF_FFFC;
/// Streams shorter than this lie in the mini stream.
const MINI_CUTOFF: u64 = 4096;
