//! 上限. How much of a hostile file is ever held, counted or followed. Everything read here came from outside.

/// Entries of one ZIP archive.
pub const ZIP_ENTRIES: u64 = 65_535;
/// Bytes of a ZIP central directory.
pub const ZIP_DIRECTORY: u64 = 32 << 20;
/// Bytes of an XML part that is read whole, inflated.
pub const XML_PART: u64 = 16 << 20;
/// Elements of an XML part that are looked at.
pub const XML_ELEMENTS: usize = 200_000;
/// Attributes of one element.
pub const XML_ATTRIBUTES: usize = 256;
/// Elements nested in an XML part.
pub const XML_DEPTH: u32 = 256;
/// Bytes of an envelope taken out of a carrier that an office suite has saved again.
pub const REPACKED_ENVELOPE: u64 = 4 << 30;
/// Bytes of the allocation table of a compound file that are held at once (1 MiB a 128 MiB of 512-byte sectors).
pub const CFB_TABLE: u64 = 32 << 20;
/// Entries of a compound file's directory.
pub const CFB_ENTRIES: u64 = 65_536;
/// Bytes that looking for an envelope may inflate, beyond four times the file's own length.
pub const INFLATED_OBJECTS: u64 = 4 << 30;
/// Embedded objects looked at in one document.
pub const EMBEDDED_OBJECTS: usize = 4_096;
/// Bytes of a PDF that is read whole, which labelling and re-saved carriers need.
pub const PDF_WHOLE: u64 = 512 << 20;
/// Bytes of a stored label in text form.
pub const LABEL_TEXT: usize = 256 << 10;
/// Lines, and characters a line, of a cover page's fields.
pub const COVER_LINES: usize = 24;
/// Characters of one line of a cover page's fields.
pub const COVER_CHARACTERS: usize = 400;
