//! 使用中. Whether somebody is still at a file: the marks that office suites leave beside a document that is open.

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
}
