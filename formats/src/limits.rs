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
/// Bytes of a stream of a compound file that is read whole: its properties.
pub const CFB_STREAM: u64 = 4 << 20;
/// Length of a compound file that is labelled: it is held in memory. (From 2 GiB on, a part of it would be set apart for locks,
/// [MS-CFB] 2.7.)
pub const CFB_LABELLED: u64 = 256 << 20;
/// Properties of one set of a compound file ([MS-OLEPS]).
pub const PROPERTIES: u32 = 4_096;
/// Bytes at the start of an HTML or RTF file in which the place of the label is looked for.
pub const MARKUP_HEAD: u64 = 16 << 20;
/// Bytes of the headers of a mail message.
pub const MAIL_HEADERS: u64 = 4 << 20;
/// Labels of other schemes in one document.
pub const FOREIGN_LABELS: usize = 64;
/// Characters of a name in them.
pub const FOREIGN_WORDS: usize = 256;
/// Labelled files in a file that are named one by one.
pub const INSIDE: usize = 1_000;
/// Bytes that looking for an envelope may inflate, beyond four times the file's own length.
pub const INFLATED_OBJECTS: u64 = 4 << 30;
/// Embedded objects looked at in one document.
pub const EMBEDDED_OBJECTS: usize = 4_096;
/// Bytes at the end of a PDF in which its last `startxref` is looked for.
pub const PDF_TAIL: u64 = 2048;
/// Bytes of a PDF that are read or inflated to find an envelope or a label.
pub const PDF_READ: u64 = 256 << 20;
/// Bytes of one object or stream of a PDF, as it lies there and decoded.
pub const PDF_STREAM: u64 = 64 << 20;
/// Cross-reference sections of a PDF.
pub const PDF_SECTIONS: usize = 4_096;
/// Runs of objects in all cross-reference sections of a PDF.
pub const PDF_RUNS: usize = 262_144;
/// Elements (numbers, names, strings, …) of one object of a PDF.
pub const PDF_ELEMENTS: usize = 200_000;
/// Objects nested in one object of a PDF, and objects read for one another.
pub const PDF_DEPTH: u32 = 64;
/// Nodes and entries of a PDF's tree of attached files.
pub const PDF_NODES: usize = 16_384;
/// Highest number of an object that is added to a PDF (ISO 32000-1, annex C).
pub const PDF_OBJECTS: u32 = 8_388_607;
/// Bytes of a stored label in text form.
pub const LABEL_TEXT: usize = 256 << 10;
/// Lines, and characters a line, of a cover page's fields.
pub const COVER_LINES: usize = 24;
/// Characters of one line of a cover page's fields.
pub const COVER_CHARACTERS: usize = 400;
/// Characters of text taken out of one file, with everything that lies in it.
pub const TEXT_CHARACTERS: u64 = 256 << 20;
/// Bytes of one passage; a longer one is delivered in pieces.
pub const TEXT_PASSAGE: usize = 256 << 10;
/// Bytes inflated or decoded on the way to one file's text.
pub const TEXT_INFLATED: u64 = 2 << 30;
/// Bytes of a part, or of a file in another, that is held to read its text; all those held at once, four times as many.
pub const TEXT_PART: u64 = 128 << 20;
/// How many times its packed length a file in an archive may be; below [`TEXT_RATIO_FROM`] bytes it is not asked.
pub const TEXT_RATIO: u64 = 600;
/// Length in bytes from which [`TEXT_RATIO`] is asked.
pub const TEXT_RATIO_FROM: u64 = 16 << 20;
/// Files that lie in one another: an archive in an attachment of a mail …
pub const TEXT_DEPTH: usize = 8;
/// Files that lie in one file, at any depth.
pub const TEXT_FILES: u64 = 100_000;
/// Things that could not be read and are named one by one; beyond, they are only counted.
pub const TEXT_GAPS: usize = 1_000;
/// Instructions of all pages and forms of a PDF that are followed for its text.
pub const PDF_INSTRUCTIONS: u64 = 20_000_000;
/// Forms that draw one another on a page of a PDF, and graphics states saved there.
pub const PDF_FORMS: usize = 16;
/// Pages of a PDF that are read.
pub const PDF_PAGES: usize = 20_000;
/// Bytes that one stream of a PDF may inflate to, whatever it says it is.
pub const PDF_INFLATED: u64 = 512 << 20;
/// Bytes of a stream of a PDF that is compressed in a way whose length can't be found out beforehand.
pub const PDF_LZW: usize = 256 << 10;
/// Bytes of all streams of objects in an encrypted PDF, as they lie there (each inflates to at most 1,032 times as many).
pub const PDF_PACKED_OBJECTS: usize = 1 << 20;
/// Runs of hidden columns of a sheet that are told apart; those of more are read as if they were seen.
pub const TEXT_COLUMNS: usize = 256;
/// Widths of characters that the fonts of a PDF give by ranges.
pub const PDF_WIDTHS: f64 = 10_000_000.0;
/// Findings of hidden data that are named one by one; beyond, they are only counted.
pub const FINDINGS: usize = 2_000;
/// Bytes of a picture that is looked into for hidden data.
pub const PICTURE: u64 = 256 << 20;
/// Bytes of all parts of a package that are held changed.
pub const CHANGED_PARTS: u64 = 512 << 20;
/// Bytes of one XML part of a package that is cleaned, inflated.
pub const CLEANED_PART: u64 = 256 << 20;
/// Relationships of a package.
pub const RELATIONSHIPS: usize = 262_144;
/// Bytes of a PDF that are read or inflated to clean it, beside its streams.
pub const PDF_CLEANED: u64 = 4 << 30;
/// Objects times cross-reference sections of a PDF that is cleaned.
pub const PDF_LOOKUPS: u64 = 100_000_000;
/// Cells that a page of a PDF is painted on, to tell what is seen of it.
pub const PDF_PATCHES: f64 = 1_500_000.0;
/// Those cells a point (1/72 inch), at most.
pub const PDF_FINENESS: f64 = 1.5;
/// Cells that are painted, and edges that are followed from row to row, for all pages of a PDF.
pub const PDF_PAINTED: u64 = 4_000_000_000;
/// Points of one outline of a PDF.
pub const PDF_OUTLINE: usize = 400_000;
/// Letters of one page of a PDF of which it is told whether they are seen.
pub const PDF_LETTERS: usize = 1_000_000;
/// Pictures of one page of a PDF of which it is told whether they are seen.
pub const PDF_PLACED: usize = 20_000;
/// Bytes of a picture or a mask in a PDF whose samples are looked at, decoded.
pub const PDF_SEEN_PICTURE: usize = 64 << 20;
/// Bytes of the words on all pages of a PDF that are held to compare others with.
pub const PDF_SHOWN: usize = 64 << 20;
/// Bytes of them that are searched in all.
pub const PDF_SEARCHED: u64 = 4_000_000_000;
/// Words that stand for others on one page of a PDF.
pub const PDF_SAID: usize = 50_000;
/// Marked content of a PDF that is open at once.
pub const PDF_MARKED_CONTENT: usize = 10_000;
/// Chunks, segments or blocks of a picture that are walked over.
pub const IMAGE_PARTS: u64 = 4_000_000;
/// Bytes of a picture's XMP packet, inflated.
pub const IMAGE_PACKET: u64 = 4 << 20;
/// Pages of a PDF that are marked.
pub const PDF_MARKED_PAGES: usize = 100_000;
/// Nodes of a PDF's tree of pages, and streams that its pages show.
pub const PDF_PAGE_NODES: usize = 1_000_000;
/// Bytes of a PDF that are read or inflated to mark it, beside its pages' instructions.
pub const PDF_MARKED: u64 = 4 << 30;
/// Bytes of instructions of a PDF's pages that are looked through for what they leave open, decoded.
pub const PDF_BALANCED: u64 = 1 << 30;
/// Pixels of a picture that a marking is burnt into; of all pictures of an animation.
pub const BURNT_PIXELS: u64 = 100_000_000;
/// Bytes of an XML part that a marking is put into, inflated.
pub const ODF_MARKED_PART: u64 = 64 << 20;
/// Pages or page styles of one document that a marking is put on, one by one.
pub const MARKED_PLACES: u64 = 20_000;
/// Characters of a marking's line, and of a watermark.
pub const MARKING_LINE: usize = 400;
/// Bytes of a part of a package that is looked at or changed for a marking, inflated.
pub const MARKED_PART: u64 = 256 << 20;
/// Bytes of text in one element that a marking may stand in.
pub const MARKED_TEXT: usize = 64 << 10;
/// Tags, and pieces of text between them, of an HTML or XML file that is cleaned.
pub const MARKUP_PIECES: usize = 1_000_000;
/// Elements nested in one that goes.
pub const MARKUP_DEPTH: usize = 512;
/// Records of an older workbook or presentation that are looked at.
pub const OFFICE_RECORDS: usize = 4_000_000;
