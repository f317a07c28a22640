//! Places of files on somebody's machine, in words of a document: they tell of people, machines and projects.

/// Whether words are such a place: `C:\…`, `\\server\…`, `file:…`.
pub(crate) fn is_path(words: &str) -> bool {
    let bytes = words.trim_start().as_bytes();
    is_drive(bytes)
        || bytes.starts_with(b"\\\\")
        || bytes.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"file:"))
}

/// Whether words hold such a place, or begin with a home: `='C:\…'#…`, `/home/…`.
pub(crate) fn holds_path(words: &str) -> bool {
    let lower = words.to_ascii_lowercase();
    let is_inside =
        |at: &[u8]| matches!(at, [before, drive @ ..] if !before.is_ascii_alphanumeric() && is_drive(drive));
    let is_scheme = |(at, _)| !lower.get(..at).is_some_and(|before| before.ends_with(char::is_alphanumeric));
    is_path(lower.trim_start_matches(['=', '\'', '"', ' ']))
        || lower.match_indices("file:").any(is_scheme)
        || ["/home/", "/users/"].iter().any(|home| lower.starts_with(home))
        || lower.as_bytes().windows(4).any(is_inside)
}

fn is_drive(words: &[u8]) -> bool {
    matches!(words, [drive, b':', b'\\' | b'/', ..] if drive.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_from_words() {
        for path in ["C:\\Users\\sato\\図.png", "\\\\server\\share", "file:///x", " FILE:x", "d:/a"] {
            assert!(is_path(path) && holds_path(path), "{path}");
        }
        for held in ["='\\\\server\\share\\a.ods'", "of:='C:\\a.ods'#$Sheet1", "/users/sato/a", "[file:///x]", "'D:/a'"]
        {
            assert!(holds_path(held), "{held}");
        }
        for words in ["図１：組織図", "https://example.go.jp", "abc:/x", "profile:x", "D", "", "a//b"] {
            assert!(!is_path(words) && !holds_path(words), "{words}");
        }
    }
}
