//! 名前. A name found inside a document is its author's word. Before a file gets it, it must be a name and nothing else:
//! no path, no trick on the reader's eye, nothing another system understands as a device. Any script is fine.

/// Longest name given to a file, in bytes: every file system takes it, with an ending of ours too.
const LONGEST: usize = 200;
/// What Windows understands as devices, with any ending.
const DEVICES: [&str; 4] = ["CON", "PRN", "AUX", "NUL"];

/// A name a file can have, as near to `name` as can be; none when nothing is left of it.
pub(crate) fn safe_name(name: &str) -> Option<String> {
    let shown: String = name.chars().filter(|c| !turns_text(*c)).map(|c| if allowed(c) { c } else { '_' }).collect();
    // Windows drops dots and spaces at the end, so two names would be one.
    let shown = shown.trim_end_matches(|c: char| c == '.' || c.is_whitespace()).trim_start();
    if shown.chars().all(|c| c == '_' || c == '.' || c.is_whitespace()) {
        return None;
    }
    let hidden_or_device = shown.starts_with('.') || is_device(shown);
    let name = if hidden_or_device { format!("_{shown}") } else { shown.to_owned() };
    Some(shortened(&name))
}

/// No separators, no control characters, nothing with a meaning of its own in a name on Windows.
fn allowed(c: char) -> bool {
    !c.is_control() && !"/\\<>:\"|?*".contains(c)
}

/// Marks that turn the direction of what follows, or can't be seen: `cod.exe` would read `exe.doc`.
const fn turns_text(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let port = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
    let numbered = port.is_some_and(|n| n.chars().count() == 1 && n.chars().all(|c| "0123456789¹²³".contains(c)));
    numbered || DEVICES.contains(&stem.as_str())
}

/// Cut to the longest name, keeping the ending.
fn shortened(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if ending.len() <= 20 => (stem, format!(".{ending}")),
        _ => (name, String::new()),
    };
    let cut = stem.floor_char_boundary(LONGEST - ending.len());
    format!("{}{ending}", stem.get(..cut).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_in_any_script_stay_as_they_are() {
        for name in ["令和８年度 予算要求書（案）.docx", "a.txt", "ملف.pdf", "👨‍👩‍👧.png", "файл", "-rf"]
        {
            assert_eq!(safe_name(name).as_deref(), Some(name));
        }
    }

    #[test]
    fn paths_devices_and_tricks_do_not() {
        assert_eq!(safe_name("../../etc/passwd").unwrap(), "_.._.._etc_passwd");
        assert_eq!(safe_name("C:\\x\0y").unwrap(), "C__x_y");
        assert_eq!(safe_name("nul.txt").unwrap(), "_nul.txt");
        assert_eq!(safe_name("COM1").unwrap(), "_COM1");
        assert_eq!(safe_name("company.txt").unwrap(), "company.txt");
        assert_eq!(safe_name(".bashrc").unwrap(), "_.bashrc");
        assert_eq!(safe_name("a\u{202E}cod.exe").unwrap(), "acod.exe");
        assert_eq!(safe_name("a.txt. . ").unwrap(), "a.txt");
        for nothing in ["", ".", "..", " ", "///", "\u{202E}"] {
            assert_eq!(safe_name(nothing), None, "{nothing:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_it_was_it_is_a_name_now(name in any::<String>()) {
            if let Some(safe) = safe_name(&name) {
                prop_assert!(!safe.is_empty() && safe.len() <= LONGEST && !safe.starts_with('.'));
                prop_assert!(safe.chars().all(|c| allowed(c) && !turns_text(c)));
                prop_assert_eq!(std::path::Path::new(&safe).components().count(), 1);
            }
        }

        #[test]
        fn long_names_keep_their_ending(name in "[あ-ん]{150,300}") {
            let safe = safe_name(&format!("{name}.docx")).unwrap();
            prop_assert!(safe.len() <= LONGEST && safe.ends_with(".docx"));
        }
    }
}
