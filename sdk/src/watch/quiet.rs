//! 使用中. Whether somebody is still at a file: the marks that office suites leave beside a document that is open, and the programs
//! of this machine that have it open to write.

use std::collections::HashSet;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Whether a document is open in an office suite: `.~lock.NAME#` of LibreOffice, `~$NAME` of Microsoft Office, which leaves the
/// first letters out when the name is long.
pub(super) fn is_in_use(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(std::ffi::OsStr::to_str) else { return false };
    let beside = |name: String| path.with_file_name(name).symlink_metadata().is_ok();
    let shortened = |letters: usize| name.char_indices().nth(letters).and_then(|(at, _)| name.get(at..));
    beside(format!(".~lock.{name}#"))
        || [0, 1, 2].into_iter().filter_map(shortened).any(|rest| beside(format!("~${rest}")))
}

/// Files that some program has open to write, by device and number; of those programs that may be looked at.
#[derive(Debug, Default)]
pub(super) struct Opened(HashSet<(u64, u64)>);

impl Opened {
    /// As it is now (proc(5)). Where a system has no such list, none.
    pub(super) fn now() -> Self {
        let own = std::process::id().to_string();
        let programs = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let others = programs.filter(|entry| {
            let name = entry.file_name();
            name.to_str().is_some_and(|name| name != own && name.bytes().all(|byte| byte.is_ascii_digit()))
        });
        Self(others.flat_map(|program| written_by(&program.path())).collect())
    }

    /// Whether a file is among them.
    pub(super) fn has(&self, path: &Path) -> bool {
        path.symlink_metadata().is_ok_and(|found| self.0.contains(&(found.dev(), found.ino())))
    }
}

fn written_by(program: &Path) -> Vec<(u64, u64)> {
    let open = std::fs::read_dir(program.join("fd")).into_iter().flatten().flatten();
    let files = open.filter_map(|entry| {
        let found = entry.path().metadata().ok().filter(std::fs::Metadata::is_file)?;
        let about = std::fs::read_to_string(program.join("fdinfo").join(entry.file_name())).ok()?;
        writes(&about).then(|| (found.dev(), found.ino()))
    });
    files.collect()
}

/// Whether the flags of an open file, octal as in open(2), let it be written to.
fn writes(about: &str) -> bool {
    let flags = about.lines().find_map(|line| line.strip_prefix("flags:"));
    flags.and_then(|flags| u64::from_str_radix(flags.trim(), 8).ok()).is_some_and(|flags| flags & 3 != 0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_document_open_in_an_office_suite_is_in_use() {
        for lock in [".~lock.報告書の案.docx#", "~$報告書の案.docx", "~$書の案.docx"] {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("報告書の案.docx");
            assert!(!is_in_use(&path));
            std::fs::write(dir.path().join(lock), b"").unwrap();
            assert!(is_in_use(&path), "{lock}");
            assert!(!is_in_use(&dir.path().join("ほかの文書.docx")));
        }
    }

    #[test]
    fn only_what_is_open_to_write_is_in_use() {
        assert!(writes("pos:\t0\nflags:\t0100001\nmnt_id:\t29\n") && writes("flags:\t02\n"));
        assert!(!writes("pos:\t0\nflags:\t0100000\n") && !writes("flags:\tnonsense\n") && !writes(""));
    }
}
