//! 使用中. Who has a file open, as far as proc(5) lets it be seen; where a system has no such list, nobody.

use std::collections::HashSet;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Whether a program of this user's holds something in a folder open, or was started with it.
pub(crate) fn a_process_uses(folder: &Path) -> bool {
    let Ok(processes) = std::fs::read_dir("/proc") else { return false };
    let own = std::process::id().to_string();
    processes.flatten().any(|process| {
        let numbered = process.file_name().as_bytes().iter().all(u8::is_ascii_digit);
        numbered
            && process.file_name() != *own
            && (was_started_with(&process.path(), folder) || holds(&process.path(), folder))
    })
}

fn was_started_with(process: &Path, folder: &Path) -> bool {
    let wanted = folder.as_os_str().as_bytes();
    std::fs::read(process.join("cmdline")).is_ok_and(|line| line.windows(wanted.len()).any(|part| part == wanted))
}

fn holds(process: &Path, folder: &Path) -> bool {
    let Ok(files) = std::fs::read_dir(process.join("fd")) else { return false };
    files.flatten().any(|file| std::fs::read_link(file.path()).is_ok_and(|target| target.starts_with(folder)))
}

/// Files that some program has open to write, by device and number; of those programs that may be looked at.
#[derive(Debug, Default)]
pub(crate) struct Writers(HashSet<(u64, u64)>);

impl Writers {
    /// As it is now.
    pub(crate) fn now() -> Self {
        let own = std::process::id().to_string();
        let programs = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let others = programs.filter(|entry| {
            let name = entry.file_name();
            name.to_str().is_some_and(|name| name != own && name.bytes().all(|byte| byte.is_ascii_digit()))
        });
        Self(others.flat_map(|program| written_by(&program.path())).collect())
    }

    /// Whether somebody writes to a file.
    pub(crate) fn has(&self, path: &Path) -> bool {
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
    fn only_what_is_open_to_write_is_in_use() {
        assert!(writes("pos:\t0\nflags:\t0100001\nmnt_id:\t29\n") && writes("flags:\t02\n"));
        assert!(!writes("pos:\t0\nflags:\t0100000\n") && !writes("flags:\tnonsense\n") && !writes(""));
    }

    #[test]
    fn a_folder_is_in_use_while_a_program_holds_a_file_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        std::fs::write(&path, b"text").unwrap();
        assert!(!a_process_uses(folder.path()));
        let mut child = std::process::Command::new("tail")
            .args(["-f", "/dev/null"])
            .stdin(std::fs::File::open(&path).unwrap())
            .spawn()
            .unwrap();
        assert!(a_process_uses(folder.path()));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!a_process_uses(folder.path()));
    }
}
