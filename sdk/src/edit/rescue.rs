//! 救出. What an edit left that ended without a word (kill -9, power): what it had saved is protected by whoever comes
//! next, and the copies are gone.

use std::path::{Path, PathBuf};

use super::copy::{Adopted, FOLDER, WorkingCopy};
use crate::error::{Error, Result};
use crate::leaving::scratch::Scratch;
use crate::messages;
use crate::reports::{Failure, Rescue};
use crate::session::{Desk, Session};

impl Session {
    /// Finishes edits that ended badly: what they had saved is protected, in its place or beside it, and their working
    /// copies are removed. Copies a program still works on are left to it.
    ///
    /// # Errors
    /// When the profile can't be read. A copy that can't be finished stays, and is told of.
    pub fn rescue_edits(&self) -> Result<Rescue> {
        let desk = &self.0;
        let mut rescue = Rescue::default();
        // Making one clears away what was left of others.
        drop(Scratch::make());
        for folder in desk.copies()? {
            if let Err(error) = desk.finish_left(&folder, &mut rescue) {
                let said = Error::new(error.code(), messages::unsaved(&folder, &error));
                rescue.unsaved.push(Failure::new(folder, &said));
            }
        }
        Ok(rescue)
    }
}

impl Desk {
    fn copies(&self) -> Result<Vec<PathBuf>> {
        let folder = self.profile.folder().inner(FOLDER)?;
        Ok(folder.names("")?.into_iter().map(|name| folder.file(&name)).collect())
    }

    fn finish_left(&self, folder: &Path, rescue: &mut Rescue) -> Result<()> {
        let mut copy = match WorkingCopy::adopt(folder)? {
            Adopted::Copy(copy) => copy,
            Adopted::Busy => return Ok(()),
            Adopted::Nothing => {
                rescue.removed += 1;
                return Ok(());
            }
        };
        rescue.saved.extend(self.settle(&mut copy)?);
        copy.remove()?;
        rescue.removed += 1;
        Ok(())
    }
}
