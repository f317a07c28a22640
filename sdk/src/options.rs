//! What callers say when they ask for something. Values only; nothing here decides.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use kakuzuke_core::id::{DeviceId, SubjectId};
use kakuzuke_core::licence::Rights;
use kakuzuke_core::protocol::{ApprovalKind, Readers};
use kakuzuke_core::time::Timestamp;
use kakuzuke_formats::Signatures;

/// 格付・取扱制限の指定, as an officer writes it. Read with the taxonomy in force.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grading {
    /// The code form, `C3I2A1`, or the printed form, `機密性３情報・完全性２情報・可用性１情報`.
    pub grade: String,
    /// 取扱制限, printed forms: `複製禁止`, `○○課限り`.
    pub restrictions: Vec<String>,
    /// The 官職 in which the grade is decided, if it is to be printed.
    pub post: Option<String>,
}

impl Grading {
    /// A grade with restrictions.
    #[must_use]
    pub fn new(grade: &str, restrictions: &[&str]) -> Self {
        let restrictions = restrictions.iter().map(|r| (*r).to_owned()).collect();
        Self { grade: grade.to_owned(), restrictions, post: None }
    }
}

/// Whether the key server may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Contact {
    /// It is asked.
    #[default]
    Online,
    /// It is not: tickets and leases at hand have to do.
    Offline,
}

/// When the author signs the content (完全性).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Trailer {
    /// Where the grade demands it, and always up to 256 MiB.
    #[default]
    AsGraded,
    /// Whatever the size.
    Always,
}

/// How a document is to be protected.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Protection {
    /// 格付・取扱制限.
    pub grading: Grading,
    /// What is done to the document.
    pub method: Method,
    /// 件名; the file name if none is given. Empty: none is told to the server.
    pub title: Option<String>,
    /// 閲覧制限の範囲; the author's unit if none is given.
    pub readers: Option<Readers>,
    /// Whether the key server may be asked.
    pub contact: Contact,
    /// When the content is signed.
    pub trailer: Trailer,
    /// What the document's pages show.
    pub marks: Marks,
    /// Threads for one file; two if none is given.
    pub threads: Option<NonZeroUsize>,
}

/// 表示. What the pages of a document show afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marks {
    /// Which marking.
    pub show: Show,
    /// What may happen to a signature in the document.
    pub signatures: Signatures,
    /// What happens to pictures.
    pub pictures: Pictures,
}

/// Whether a marking goes into pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pictures {
    /// They stay as they are.
    #[default]
    Keep,
    /// A new picture is made with the marking burnt in. It does not come off, and put twice it is there twice.
    Burn,
}

/// Which marking a document shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Show {
    /// As it is: what was given in comes back bit for bit.
    #[default]
    AsIs,
    /// The label's in place of an earlier one of ours; a document without one stays so.
    Renew,
    /// The label's. A document that can't show one stays as it is, and the report says why.
    Label,
}

/// 保護の方法.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// What the grade asks for.
    #[default]
    ByGrade,
    /// 明示のみ: the signed label in the document, which stays in clear. Not for 機密性3.
    Label,
}

impl Protection {
    /// A grading, everything else as usual.
    #[must_use]
    pub fn new(grading: Grading) -> Self {
        Self { grading, ..Self::default() }
    }
}

/// How a document is to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// 利用目的 (3.1.1(2)).
    pub purpose: String,
    /// Rights wanted besides 閲覧.
    pub wanted: Rights,
    /// Whether the key server may be asked.
    pub contact: Contact,
}

impl Default for Opening {
    fn default() -> Self {
        Self { purpose: String::new(), wanted: Rights::VIEW, contact: Contact::Online }
    }
}

/// What to do when a file of that name exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Overwrite {
    /// Refuse.
    #[default]
    Refuse,
    /// Replace it, in one step.
    Replace,
}

/// How a document is made from others (3.1.1(3)(b)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inheritance {
    /// 完全性, 1 or 2; decided anew.
    pub integrity: u8,
    /// 可用性, 1 or 2; decided anew.
    pub availability: u8,
    /// Restrictions besides those inherited.
    pub restrictions: Vec<String>,
    /// Everything else.
    pub protection: Protection,
}

impl Default for Inheritance {
    /// The lowest of what is decided anew.
    fn default() -> Self {
        Self { integrity: 1, availability: 1, restrictions: Vec::new(), protection: Protection::default() }
    }
}

/// 申請. What is asked for, the document spoken of by its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// What.
    pub kind: ApprovalKind,
    /// For which document.
    pub path: Option<PathBuf>,
    /// Rights asked for.
    pub rights: Rights,
    /// 理由.
    pub reason: String,
    /// Until when it is needed.
    pub until: Option<Timestamp>,
    /// For a 見直し: the grading proposed.
    pub proposed: Option<Grading>,
}

/// 利用停止・閲覧権限の取消し・失効.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revocation {
    /// 利用停止: nobody opens any version of the document.
    Document(PathBuf),
    /// 利用停止の解除.
    Resume(PathBuf),
    /// 閲覧権限の取消し: one reader.
    Reader(PathBuf, SubjectId),
    /// Everything a subject may do.
    Subject(SubjectId),
    /// One device.
    Device(DeviceId),
}

/// How many files are worked on at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Batch {
    /// Threads; one for each core if none is given.
    pub threads: Option<NonZeroUsize>,
}

/// How a document is edited.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Editing {
    /// 利用目的.
    pub purpose: String,
    /// The program and its arguments before the file's name; the registered one (`xdg-open`) if empty.
    pub program: Vec<OsString>,
}
