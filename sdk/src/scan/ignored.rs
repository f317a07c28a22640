//! 対象外. What a folder's ignore file names is left out, as in gitignore(5), and counted: whoever reads the report sees that
//! there was something.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::files::Original;
use crate::platform::Folder;

/// Names of files in a folder that say what is not scanned there.
pub(crate) const IGNORE_FILE: &str = ".kakuzukeignore";
/// Longest of them that is obeyed, in bytes.
const LONGEST: u64 = 64 << 10;

/// What is left out of a folder, and of those above.
#[derive(Debug)]
pub(super) struct Ignored {
    above: Option<Arc<Ignored>>,
    names: Gitignore,
}

impl Ignored {
    /// What holds in a folder, by its own ignore file and those above.
    pub(super) fn of(folder: &Folder, above: Option<&Arc<Self>>) -> Option<Arc<Self>> {
        match read(folder) {
            Some(names) => Some(Arc::new(Self { above: above.cloned(), names })),
            None => above.cloned(),
        }
    }

    /// Whether a file or folder is left out; the nearest ignore file that says anything of it counts.
    pub(super) fn names(&self, path: &Path, is_folder: bool) -> bool {
        match self.names.matched(path, is_folder) {
            Match::Ignore(_) => true,
            Match::Whitelist(_) => false,
            Match::None => self.above.as_ref().is_some_and(|above| above.names(path, is_folder)),
        }
    }
}

/// A file that is a link, too long or no text is not obeyed, nor is a line that is no pattern.
fn read(folder: &Folder) -> Option<Gitignore> {
    let original = Original::read(&folder.way(IGNORE_FILE.as_ref())).ok()?;
    let mut text = String::new();
    let read = original.file().take(LONGEST + 1).read_to_string(&mut text).ok()?;
    if u64::try_from(read).is_ok_and(|read| read > LONGEST) {
        return None;
    }
    let mut builder = GitignoreBuilder::new(folder.path());
    for line in text.lines() {
        let _no_pattern = builder.add_line(None, line);
    }
    builder.build().ok()
}
