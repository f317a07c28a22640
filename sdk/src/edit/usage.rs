//! 使用中. Whether a program still has a working copy open, where the program started was only a launcher.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Whether an office suite has laid its lock there; after a crash of the suite it stays.
pub(super) fn has_office_lock(folder: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        name.as_bytes().starts_with(b".~lock.") || name.as_bytes().starts_with(b"~$")
    })
}

/// Whether a program holds something in it open or was started with it: looks through the processes of this user (Linux;
/// elsewhere there are none to be seen).
pub(super) fn a_process_uses(folder: &Path) -> bool {
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

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
        assert!(!a_process_uses(folder.path()) && !has_office_lock(folder.path()));
        std::fs::write(folder.path().join(".~lock.a.txt#"), b"").unwrap();
        assert!(has_office_lock(folder.path()));
    }
}
