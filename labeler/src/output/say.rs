//! What the command says at the end, and the exit code it ends with.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use kakuzuke::code::{Code, Text};
use kakuzuke::{Error, Failure};
use serde_json::{Value, json};

use super::Locale;

/// What a command has to say: lines for people, values for programs.
#[derive(Debug, Default)]
pub struct Said {
    lines: Vec<Line>,
    values: Vec<Value>,
    code: Option<Code>,
}

#[derive(Debug)]
enum Line {
    Told(Text),
    Went(Box<Failure>),
}

impl Said {
    /// Nothing: what there was to say has been written.
    #[must_use]
    pub fn nothing() -> Self {
        Self::default()
    }

    /// A value for programs; lines follow.
    #[must_use]
    pub fn new(value: Value) -> Self {
        Self { values: vec![value], ..Self::default() }
    }

    /// One more line for people.
    #[must_use]
    pub fn line(mut self, ja: impl Into<String>, en: impl Into<String>) -> Self {
        self.lines.push(Line::Told(Text::new(ja.into(), en.into())));
        self
    }

    /// What went wrong with one of several things, for people.
    #[must_use]
    pub fn failure(mut self, failure: &Failure) -> Self {
        self.lines.push(Line::Went(Box::new(failure.clone())));
        self
    }

    /// Ends with a code although something was done.
    #[must_use]
    pub fn ending(mut self, code: Code) -> Self {
        self.code = Some(code);
        self
    }

    /// The code it ends with, if it is not success.
    #[must_use]
    pub const fn code(&self) -> Option<Code> {
        self.code
    }

    /// The same for people, with another value for programs.
    #[must_use]
    pub fn with_value(mut self, value: Value) -> Self {
        self.values = vec![value];
        self
    }

    /// This and then that; of two codes, [`Code::Partial`].
    #[must_use]
    pub fn and(mut self, next: Self) -> Self {
        let first = self.values.is_empty();
        self.code = match (self.code, next.code) {
            (None, None) => None,
            (None, Some(code)) if first => Some(code),
            _ => Some(Code::Partial),
        };
        self.lines.extend(next.lines);
        self.values.extend(next.values);
        self
    }
}

/// Where and how to say it.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// Language.
    pub locale: Locale,
    /// Whether programs read it.
    pub json: bool,
}

impl Output {
    /// Says the outcome of a command; gives the exit code.
    #[must_use]
    pub fn finish(self, outcome: Result<Said, Error>) -> ExitCode {
        let code = match &outcome {
            Ok(said) => said.code().map_or(0, Code::exit_code),
            Err(error) => error.code().exit_code(),
        };
        let said = match outcome {
            Ok(said) => self.say(&said),
            Err(error) => self.refuse(&error),
        };
        // A reader that went away (`| head`) is no failure of ours; any other fault of the output is.
        match said {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::from(Code::Io.exit_code()),
            _ => ExitCode::from(code),
        }
    }

    /// Values on standard output, one a line; or lines there, and what went wrong on standard error.
    fn say(self, said: &Said) -> io::Result<()> {
        let mut out = io::stdout().lock();
        if self.json {
            return said.values.iter().try_for_each(|value| writeln!(out, "{value}"));
        }
        for line in &said.lines {
            match line {
                Line::Told(text) => writeln!(out, "{}", self.locale.of(text))?,
                Line::Went(failure) => self.write_failure(failure)?,
            }
        }
        out.flush()
    }

    fn refuse(self, error: &Error) -> io::Result<()> {
        if self.json {
            return writeln!(io::stdout().lock(), "{}", error_value(error));
        }
        self.write_failure(&Failure::new(error.path().map_or_else(PathBuf::new, ToOwned::to_owned), error))
    }

    fn write_failure(self, failure: &Failure) -> io::Result<()> {
        let mut err = io::stderr().lock();
        self.failure_lines(failure).iter().try_for_each(|line| writeln!(err, "{line}"))
    }

    /// What went wrong as lines: what happened, on which clauses, what would change it, the reference number.
    #[must_use]
    pub fn failure_lines(self, failure: &Failure) -> Vec<String> {
        let what = self.locale.of(&failure.text);
        let mut lines = vec![if failure.path.as_os_str().is_empty() {
            what.to_owned()
        } else {
            format!("{}: {what}", failure.path.display())
        }];
        for clause in &failure.clauses {
            let head = self.locale.pick("根拠：", "clause:");
            lines.push(format!("  {head} {}  {}", clause.id, self.locale.of(&clause.text)));
        }
        for remedy in &failure.remedies {
            let kind = remedy.approval.and_then(|kind| serde_json::to_value(kind).ok());
            let kind = kind.as_ref().and_then(Value::as_str);
            let how = kind.map_or_else(String::new, |kind| format!("  (labeler request --kind {kind})"));
            let head = self.locale.pick("対応：", "remedy:");
            lines.push(format!("  {head} {}{how}", self.locale.of(&remedy.text)));
        }
        if let Some(reference) = &failure.reference {
            lines.push(format!("  {} {reference}", self.locale.pick("受付番号：", "reference:")));
        }
        lines
    }

    /// A line while something is going on; silent for programs.
    pub fn note(self, ja: &str, en: &str) {
        if !self.json {
            let _broken_pipe = writeln!(io::stderr().lock(), "{}", self.locale.pick(ja, en));
        }
    }

    /// A line of a longer story; silent for programs.
    #[cfg(feature = "embedded")]
    pub fn tell(self, ja: &str, en: &str) {
        if !self.json {
            let _broken_pipe = writeln!(io::stdout().lock(), "{}", self.locale.pick(ja, en));
        }
    }

    /// Something that has just happened: a line for people, if it is not empty, or a value for programs.
    pub fn event(self, value: &Value, ja: &str, en: &str) {
        let (line, mut out) = (self.locale.pick(ja, en), io::stdout().lock());
        let written = match (self.json, line.is_empty()) {
            (true, _) => writeln!(out, "{value}"),
            (false, false) => writeln!(out, "{line}"),
            (false, true) => Ok(()),
        };
        let _broken_pipe = written.and_then(|()| out.flush());
    }

    /// Something that went wrong while the rest goes on; silent for programs, which find it in the value.
    pub fn warn(self, failure: &Failure) {
        if !self.json {
            let _broken_pipe = self.write_failure(failure);
        }
    }
}

/// An error as programs read it.
#[must_use]
pub fn error_value(error: &Error) -> Value {
    json!({
        "code": error.code(),
        "number": error.code().number(),
        "message": error.text(),
        "path": error.path().map(|p| p.display().to_string()),
        "refusal": error.refusal(),
        "clauses": error.clauses(),
        "remedies": error.remedies(),
        "reference": error.reference(),
    })
}
