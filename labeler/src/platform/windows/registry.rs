//! 登録. What Explorer is to know, below `Software\Classes` of this user: nothing needs an administrator, nothing touches others.

use std::io;
use std::path::Path;

use winreg::RegKey;
use winreg::enums::HKEY_CURRENT_USER;

use crate::args::shell::Verb;

const CLASSES: &str = r"Software\Classes";
/// The kind of `.kkz`.
const KIND: &str = "Kakuzuke.Protected";
const ENDING: &str = ".kkz";
const MEDIA_TYPE: &str = "application/vnd.kakuzuke.envelope";
/// Where the menu stands: any file, and folders.
const FILES: &str = r"*\shell\Kakuzuke";
const FOLDERS: &str = r"Directory\shell\Kakuzuke";

/// One value of a key; the name of the usual one is empty.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    key: String,
    name: &'static str,
    value: String,
}

/// The menu's items in order: key, title, verb.
const VERBS: [(&str, &str, Verb, &str); 4] = [
    ("1label", "格付", Verb::Label, "label"),
    ("2protect", "保護", Verb::Protect, "protect"),
    ("3open", "開く", Verb::Open, "open"),
    ("4request", "申請", Verb::Request, "request"),
];

/// Everything that is to be there, for this program and icon.
pub fn entries(program: &Path, icon: &Path) -> Vec<Entry> {
    let (program, icon) = (program.display().to_string(), icon.display().to_string());
    let mut entries = Vec::new();
    let mut put = |key: String, name, value: &str| entries.push(Entry { key, name, value: value.to_owned() });
    put(ENDING.to_owned(), "", KIND);
    put(ENDING.to_owned(), "Content Type", MEDIA_TYPE);
    put(KIND.to_owned(), "", "格付に従って保護された文書");
    put(format!(r"{KIND}\DefaultIcon"), "", &icon);
    put(format!(r"{KIND}\shell\open\command"), "", &command(&program, "open"));
    for place in [FILES, FOLDERS] {
        put(place.to_owned(), "MUIVerb", "格付 Kakuzuke");
        put(place.to_owned(), "Icon", &icon);
        // An empty list: the items follow as keys.
        put(place.to_owned(), "SubCommands", "");
        for (key, title, verb, word) in VERBS {
            // A folder is labelled and protected as a whole; it is no document that could be opened or asked for.
            if place == FILES || matches!(verb, Verb::Label | Verb::Protect) {
                put(format!(r"{place}\shell\{key}"), "MUIVerb", title);
                put(format!(r"{place}\shell\{key}\command"), "", &command(&program, word));
            }
        }
    }
    entries
}

/// No name of a file has a quotation mark in it, and Explorer hands over whole paths.
fn command(program: &str, word: &str) -> String {
    format!("\"{program}\" shell run {word} \"%1\"")
}

/// Writes all of it.
pub fn write(entries: &[Entry]) -> io::Result<()> {
    let classes = classes()?;
    for entry in entries {
        let (key, _) = classes.create_subkey(&entry.key)?;
        key.set_value(entry.name, &entry.value)?;
    }
    Ok(())
}

/// Those that are not there as they should be.
pub fn missing(entries: &[Entry]) -> io::Result<usize> {
    let classes = classes()?;
    let there = |entry: &Entry| {
        let found: io::Result<String> = classes.open_subkey(&entry.key).and_then(|key| key.get_value(entry.name));
        found.is_ok_and(|value| value == entry.value)
    };
    Ok(entries.iter().filter(|entry| !there(entry)).count())
}

/// Takes away what [`write`] wrote; an ending that belongs to another program by now stays with it.
pub fn remove() -> io::Result<()> {
    let classes = classes()?;
    for tree in [FILES, FOLDERS, KIND] {
        gone(classes.delete_subkey_all(tree))?;
    }
    let ours = classes.open_subkey(ENDING).and_then(|key| key.get_value::<String, _>(""));
    if ours.is_ok_and(|kind| kind == KIND) {
        gone(classes.delete_subkey_all(ENDING))?;
    }
    Ok(())
}

fn gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn classes() -> io::Result<RegKey> {
    Ok(RegKey::predef(HKEY_CURRENT_USER).create_subkey(CLASSES)?.0)
}
