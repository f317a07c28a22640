//! One error for every door of the library: an outward code, what happened and what to do in both languages,
//! the clauses a refusal rests on and what would change it.

use std::fmt;
use std::path::{Path, PathBuf};

use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::protocol::{ClauseNote, Problem, Remedy};
use kakuzuke_core::time::Timestamp;

/// What every door of the library returns.
pub type Result<T> = std::result::Result<T, Error>;

/// An operation did not succeed. What it was working on is as it was before.
pub struct Error(Box<Inner>);

struct Inner {
    code: Code,
    text: Text,
    path: Option<PathBuf>,
    refusal: Option<&'static str>,
    clauses: Vec<ClauseNote>,
    remedies: Vec<Remedy>,
    reference: Option<String>,
    server_time: Option<Timestamp>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error in the general words of its code.
    #[must_use]
    pub fn of(code: Code) -> Self {
        Self::new(code, code.text())
    }

    /// An error with words of its own.
    #[must_use]
    pub fn new(code: Code, text: Text) -> Self {
        Self(Box::new(Inner {
            code,
            text,
            path: None,
            refusal: None,
            clauses: Vec::new(),
            remedies: Vec::new(),
            reference: None,
            server_time: None,
            source: None,
        }))
    }

    /// An error of the file system. No space left is a code of its own, and so is a file that a program does not share.
    #[must_use]
    pub fn io(path: &Path, error: std::io::Error) -> Self {
        if crate::platform::is_in_use(&error) {
            return Self::new(Code::Conflict, crate::messages::IN_USE).at(path).caused_by(error);
        }
        let full = matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded);
        let code = if full { Code::DiskFull } else { Code::Io };
        let text = if full { code.text() } else { crate::messages::io(&error) };
        Self::new(code, text).at(path).caused_by(error)
    }

    /// Names the file it happened to, unless it is named already.
    #[must_use]
    pub fn at(mut self, path: &Path) -> Self {
        self.0.path.get_or_insert_with(|| path.to_owned());
        self
    }

    /// Keeps what lies beneath it.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The same for another file that it happened to as well.
    #[must_use]
    pub(crate) fn again(&self) -> Self {
        let mut error = Self::new(self.0.code, self.0.text.clone());
        error.0.refusal = self.0.refusal;
        error.0.clauses.clone_from(&self.0.clauses);
        error.0.remedies.clone_from(&self.0.remedies);
        error.0.reference.clone_from(&self.0.reference);
        error.0.server_time = self.0.server_time;
        error
    }

    /// Names the clause it rests on.
    #[must_use]
    pub(crate) fn on(mut self, clause: ClauseNote) -> Self {
        self.0.clauses.push(clause);
        self
    }

    /// Names the refusal of the envelope specification it is.
    #[must_use]
    pub(crate) fn refused_as(mut self, id: &'static str) -> Self {
        self.0.refusal = Some(id);
        self
    }

    /// The outward code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// What happened and what to do.
    #[must_use]
    pub fn text(&self) -> &Text {
        &self.0.text
    }

    /// The file it happened to.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.0.path.as_deref()
    }

    /// The name of the refusal in `docs/envelope.md`, when an envelope was refused.
    #[must_use]
    pub fn refusal(&self) -> Option<&'static str> {
        self.0.refusal
    }

    /// The clauses it rests on.
    #[must_use]
    pub fn clauses(&self) -> &[ClauseNote] {
        &self.0.clauses
    }

    /// What would change it, and whose it is to give.
    #[must_use]
    pub fn remedies(&self) -> &[Remedy] {
        &self.0.remedies
    }

    /// 受付番号. What to give when asking about it.
    #[must_use]
    pub fn reference(&self) -> Option<&str> {
        self.0.reference.as_deref()
    }

    /// The server's clock when it answered, if it said so.
    #[must_use]
    pub fn server_time(&self) -> Option<Timestamp> {
        self.0.server_time
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        let mut error = Self::new(problem.code, problem.detail);
        error.0.clauses = problem.clauses;
        error.0.remedies = problem.remedies;
        error.0.reference = problem.reference;
        error.0.server_time = problem.server_time;
        error
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = self.path() {
            write!(f, "{}: ", path.display())?;
        }
        f.write_str(&self.0.text.en)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({}, {self}", self.0.code.slug())?;
        if let Some(id) = self.0.refusal {
            write!(f, ", {id}")?;
        }
        if let Some(source) = &self.0.source {
            write!(f, ", {source}")?;
        }
        f.write_str(")")
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
