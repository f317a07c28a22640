//! 認めるもの. What is hidden in a document goes along only for a reason that was given for it: by category, and where several
//! documents leave together, document by document (3.1.1(5)(d)).

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kakuzuke_core::code::Code;
use kakuzuke_core::protocol::AcceptedHidden;
use kakuzuke_formats::Category;
use serde::Serialize;

use crate::error::{Error, Result};
use crate::inspect::{HiddenCount, Inspected};
use crate::messages;
use crate::publish::Accepted;
use crate::session::Session;

/// 認めるもの. Hidden data of one category that may go along, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// Of which document.
    pub of: AcceptedOf,
    /// What.
    pub category: Category,
    /// Why.
    pub reason: String,
}

/// Which document a reason is given for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AcceptedOf {
    /// The one that has something of the kind; refused when several have.
    One,
    /// Each of them.
    Each,
    /// This one, by its path or its name.
    File(PathBuf),
}

/// What went along with one document, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AcceptedIn {
    /// The document.
    pub path: PathBuf,
    /// What was hidden in it.
    pub accepted: Vec<Accepted>,
}

/// The reasons that were given for the documents of one command.
pub(super) struct Accepting<'a> {
    given: &'a [Acceptance],
    paths: &'a [PathBuf],
    /// For which document a reason was used that is good for one.
    used: RefCell<BTreeMap<Category, PathBuf>>,
}

impl<'a> Accepting<'a> {
    /// Each reason must be one, and name one of the documents.
    pub(super) fn new(given: &'a [Acceptance], paths: &'a [PathBuf]) -> Result<Self> {
        for (at, acceptance) in given.iter().enumerate() {
            let twice =
                given.iter().take(at).any(|other| (&other.of, other.category) == (&acceptance.of, acceptance.category));
            if twice || acceptance.reason.trim().is_empty() {
                return Err(Error::new(Code::Usage, messages::ACCEPT_ONCE));
            }
            if let AcceptedOf::File(file) = &acceptance.of
                && !paths.contains(file)
                && paths.iter().filter(|path| is_name_of(file, path)).count() != 1
            {
                return Err(Error::new(Code::Usage, messages::ACCEPT_NAMES_NONE).at(file));
            }
        }
        Ok(Self { given, paths, used: RefCell::new(BTreeMap::new()) })
    }

    /// The reason why something may go along with a document; none when none was given for it.
    fn reason(&self, path: &Path, category: Category) -> Result<Option<&'a str>> {
        let of_it = || self.given.iter().filter(|acceptance| acceptance.category == category);
        let named = |is: &dyn Fn(&Path) -> bool| {
            of_it().find(|acceptance| matches!(&acceptance.of, AcceptedOf::File(file) if is(file)))
        };
        // A name that is another's whole path is that one's.
        let by_name = |file: &Path| is_name_of(file, path) && !self.paths.iter().any(|other| other == file);
        let own = named(&|file| file == path).or_else(|| named(&by_name));
        let each = of_it().find(|acceptance| acceptance.of == AcceptedOf::Each);
        if let Some(acceptance) = own.or(each) {
            return Ok(Some(acceptance.reason.trim()));
        }
        let Some(one) = of_it().find(|acceptance| acceptance.of == AcceptedOf::One) else { return Ok(None) };
        let mut used = self.used.borrow_mut();
        let first = used.entry(category).or_insert_with(|| path.to_owned());
        if first == path {
            return Ok(Some(one.reason.trim()));
        }
        Err(Error::new(Code::HiddenData, messages::accept_each(category, first, path)))
    }
}

/// Whether a document is meant by its name alone.
fn is_name_of(file: &Path, path: &Path) -> bool {
    path.file_name().is_some_and(|name| file.as_os_str() == name)
}

impl Session {
    /// Nothing hidden goes along unless somebody said why it may. What goes, and why.
    pub(super) fn answered_for(
        &self,
        found: &Inspected,
        path: &Path,
        accepting: &Accepting<'_>,
    ) -> Result<Vec<Accepted>> {
        let (mut accepted, mut open) = (Vec::new(), Vec::new());
        for count in found.beside_the_label() {
            let category = Category::from_slug(count.category).ok_or_else(|| Error::of(Code::Internal))?;
            let reason = accepting.reason(path, category).map_err(|e| e.on(self.hidden_clause()).at(path))?;
            match reason {
                Some(reason) => accepted.push(in_words(count, reason)),
                None => open.push(count.clone()),
            }
        }
        if open.is_empty() { Ok(accepted) } else { Err(self.hidden(messages::something_hidden(&open), path)) }
    }
}

fn in_words(count: &HiddenCount, reason: &str) -> Accepted {
    Accepted { category: count.category, name: count.name.clone(), count: count.count, reason: reason.to_owned() }
}

/// The same as the server keeps it.
pub(super) fn for_the_ledger(accepted: &[Accepted]) -> Vec<AcceptedHidden> {
    let one = |accepted: &Accepted| AcceptedHidden {
        category: accepted.category.to_owned(),
        name: accepted.name.ja.to_string(),
        count: accepted.count,
        reason: accepted.reason.clone(),
    };
    accepted.iter().map(one).collect()
}
