//! 決定. From suggestions to labels: what is suggested is put before an officer in one table, on paper or on the screen; what the
//! officer decides is carried out, file by file, and only on the very content that was judged.

mod pending;
mod table;

use std::path::{Component, Path, PathBuf};

use kakuzuke_core::code::Code;
use kakuzuke_core::id::Digest;

pub(crate) use pending::{Pending, is_pending};
pub use table::{Table, TableRow};

use crate::error::{Error, Result};
use crate::messages;
use crate::options::{Batch, Grading, Protection};
use crate::reports::{Outcome, Progress, Protected, Summary};
use crate::session::Session;
use crate::suggest::Suggested;

/// 決定. One document's label, decided by an officer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The document.
    pub path: PathBuf,
    /// The content that was judged.
    pub fingerprint: Digest,
    /// 格付・取扱制限.
    pub grading: Grading,
}

impl Suggested {
    /// The decision to do as suggested.
    #[must_use]
    pub fn accepted(&self) -> Decision {
        Decision { path: self.path.clone(), fingerprint: self.fingerprint, grading: self.grading() }
    }
}

impl Session {
    /// Labels or protects documents as decided; `protection` says how, its grading is not used. A document whose content
    /// is no longer what was judged is refused ([`Code::Conflict`]). What has waited for a decision waits no more.
    ///
    /// # Errors
    /// Only when nothing could be begun; what happened to each file is in the summary.
    pub fn settle(
        &self,
        decisions: &[Decision],
        protection: &Protection,
        batch: &Batch,
        progress: &(dyn Fn(&Progress) + Sync),
    ) -> Result<Summary<Protected>> {
        let mut gradings: Vec<&Grading> = decisions.iter().map(|decision| &decision.grading).collect();
        gradings.sort_by_key(|grading| (&grading.grade, &grading.restrictions, &grading.post));
        gradings.dedup();
        let mut outcomes = Vec::new();
        for grading in gradings {
            let of_it = decisions.iter().filter(|decision| decision.grading == *grading);
            let judged = of_it.map(|decision| (decision.path.clone(), decision.fingerprint));
            let protection = Protection { grading: grading.clone(), ..protection.clone() };
            outcomes.extend(self.protect_judged(judged.collect(), &protection, batch, progress)?);
        }
        for outcome in &outcomes {
            if let Outcome::Done(done) = outcome {
                Pending::forget(&done.original);
            }
        }
        Ok(Summary::of(outcomes))
    }

    /// The documents below a folder that wait for a decision, by a rule `grade = "suggest"` of a watcher.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub fn waiting(&self, folder: &Path) -> Result<Vec<PathBuf>> {
        let root = folder.canonicalize().map_err(|e| Error::io(folder, e))?;
        let mut waiting = Vec::new();
        for path in Pending::below(&root)? {
            match self.0.labelled(&path) {
                Ok(crate::look::Labelled::No | crate::look::Labelled::Forged) => waiting.push(path),
                // Labelled meanwhile, or gone.
                Ok(_) => Pending::forget(&path),
                Err(_) if path.symlink_metadata().is_err() => Pending::forget(&path),
                Err(_) => waiting.push(path),
            }
        }
        Ok(waiting)
    }
}

/// A document below a folder, by a path that came from elsewhere: no way out of it, and no link on the way.
pub(crate) fn place_below(root: &Path, below: &Path) -> Result<PathBuf> {
    let outside = || Error::new(Code::Usage, messages::OUTSIDE_FOLDER).at(below);
    let plain = below.components().all(|part| matches!(part, Component::Normal(_)));
    if !plain || below.as_os_str().is_empty() {
        return Err(outside());
    }
    let path = root.join(below);
    let folder = crate::files::folder_of(&path);
    let real = folder.canonicalize().map_err(|e| Error::io(&path, e))?;
    if real == folder { Ok(path) } else { Err(outside()) }
}
