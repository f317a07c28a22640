//! 継承 (3.1.1(3)(b)). A new document under the labels of its sources: 機密性 and its restrictions are handed down.

use std::path::{Path, PathBuf};

use kakuzuke_core::code::Code;
use kakuzuke_core::envelope::Standing;
use kakuzuke_core::label::Inherited;

use crate::error::{Error, Result};
use crate::messages;
use crate::options::{Contact, Grading, Inheritance};
use crate::protect::Mechanism;
use crate::reports::Protected;
use crate::session::{Desk, Session};

impl Session {
    /// Protects `target` under what its sources hand down, with 完全性 and 可用性 decided anew.
    ///
    /// # Errors
    /// [`Code::NotProtected`] for a source without a label; otherwise as [`Session::protect`].
    pub fn inherit(&self, sources: &[PathBuf], target: &Path, inheritance: &Inheritance) -> Result<Protected> {
        let desk = &self.0;
        let now = desk.now()?;
        desk.refuse_own(target)?;
        let inherited = desk.join(sources)?;
        // The sources' 機密性 is joined to the lowest there is.
        let grading = Grading {
            grade: format!("C1I{}A{}", inheritance.integrity, inheritance.availability),
            restrictions: inheritance.restrictions.clone(),
            post: inheritance.protection.grading.post.clone(),
        };
        let label = desk.read_inherited(&grading, &inherited, now)?;
        let work = desk.prepare_labelled(target, label)?;
        let protection = &inheritance.protection;
        let ticket = match (work.mechanism, protection.contact) {
            (Mechanism::Clear, _) => return desk.protect_prepared(work, None, protection).map_err(|e| e.at(target)),
            (Mechanism::Encrypt, Contact::Offline) => desk.spend_ticket(&work.label)?,
            (Mechanism::Encrypt, Contact::Online) => {
                desk.fresh_tickets(1)?.pop().ok_or_else(|| Error::of(Code::NoTicket))?
            }
        };
        desk.encrypt(work, ticket, protection, Standing::first).map_err(|e| e.at(target))
    }

    /// What the sources hand down, as a header line.
    ///
    /// # Errors
    /// As [`Self::inherit`].
    pub fn inherited(&self, sources: &[PathBuf]) -> Result<String> {
        let desk = &self.0;
        let inherited = desk.join(sources)?;
        let label = desk.read_inherited(&Grading::new("C1I1A1", &[]), &inherited, desk.now()?)?;
        Ok(label.header_line())
    }
}

impl Desk {
    fn join(&self, sources: &[PathBuf]) -> Result<Inherited> {
        let mut labels = Vec::new();
        for path in sources {
            let found = self.find_protected(path).map_err(|error| match error.code() {
                Code::NotProtected => Error::new(Code::NotProtected, messages::NO_SOURCE_LABEL).at(path),
                _ => error,
            })?;
            labels.push((found.head.section().label().clone(), found.head.label().hash()));
        }
        let joined = Inherited::of_all(labels.iter().map(|(label, hash)| (label, *hash)));
        joined.ok_or_else(|| Error::new(Code::Usage, messages::NO_SOURCE_LABEL))
    }
}
