//! 使用中. Whether an office suite still has a working copy open, where the program started was only a launcher.

use std::path::Path;

/// Whether an office suite has laid its lock there; after a crash of the suite it stays.
pub(super) fn has_office_lock(folder: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        name.as_encoded_bytes().starts_with(b".~lock.") || name.as_encoded_bytes().starts_with(b"~$")
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_lock_of_an_office_suite_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!has_office_lock(folder.path()));
        std::fs::write(folder.path().join(".~lock.a.txt#"), b"").unwrap();
        assert!(has_office_lock(folder.path()));
    }
}
