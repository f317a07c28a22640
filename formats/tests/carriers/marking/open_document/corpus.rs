//! Documents that others made: each is marked, read back, and comes back; or there is a reason why not.

use std::collections::BTreeMap;
use std::panic::catch_unwind;
use std::path::Path;

use kakuzuke_core::passage::Part;
use kakuzuke_formats::{Kind, Signatures, State, detect, marking_of};

use super::furniture::{
    LINE, WATERMARK, both, can_show, convert, corpus, line, marked, parts, passages, passages_in, same_places,
    try_mark, try_parts, unmarked,
};

const KINDS: &[Kind] = &[Kind::Odt, Kind::Ott, Kind::Ods, Kind::Ots, Kind::Odp, Kind::Otp, Kind::Odg, Kind::Otg];
/// Of so many documents one is shown by LibreOffice; all with `KAKUZUKE_MARK_DRAW`.
const SAMPLE: usize = 12;

#[test]
fn real_documents_are_marked_and_come_back() {
    let Some(paths) = corpus() else { return };
    let (mut done, mut reasons, mut notes) = (Vec::new(), BTreeMap::<String, Vec<String>>::new(), BTreeMap::new());
    let mut otherwise = Vec::new();
    for path in paths {
        let file = std::fs::read(&path).unwrap();
        let found = detect(&file, None).unwrap();
        if !KINDS.contains(&found.kind) {
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let (after, told) = match (found.state, try_mark(&file, &both(), Signatures::Keep)) {
            (State::Open, Ok(done)) => done,
            (_, Ok(_)) => panic!("{path:?} should not have been marked"),
            (_, Err(e)) => {
                reasons.entry(e.to_string()).or_default().push(name);
                continue;
            }
        };
        assert!(told.places > 0 || !told.notes.is_empty(), "{path:?}");
        for note in told.notes {
            *notes.entry(note.en.to_string()).or_insert(0) += 1;
        }
        if told.places == 0 {
            continue;
        }
        // All that do not come back are told, not the first alone.
        if catch_unwind(|| comes_back(&path, &file, &after, found.kind)).is_err() {
            otherwise.push(name.clone());
        }
        done.push((name, file));
    }
    for (reason, names) in &reasons {
        eprintln!("{} not marked: {reason}: {}", names.len(), names.join(" "));
    }
    for (note, count) in &notes {
        eprintln!("{count} with a note: {note}");
    }
    eprintln!("{} marked, {} not", done.len(), reasons.values().map(Vec::len).sum::<usize>());
    assert!(!done.is_empty(), "no document could be marked");
    assert!(otherwise.is_empty(), "{otherwise:#?}");
    show(&done);
}

fn comes_back(path: &Path, file: &[u8], after: &[u8], kind: Kind) {
    let is_sheet = matches!(kind, Kind::Ods | Kind::Ots);
    let expected = if is_sheet { line() } else { both() };
    assert_eq!(marking_of(&after.to_vec(), None).unwrap(), Some(expected), "{path:?}");
    assert!(marked(after, &both()) == after, "{path:?}: twice is not once");
    assert!(marked(&marked(file, &line()), &both()) == after, "{path:?}: not replaced");
    assert_eq!(marking_of(&unmarked(after), None).unwrap(), None, "{path:?}");
    let Some(was) = try_parts(file) else { return };
    let is = parts(&unmarked(after));
    for (name, bytes) in &was {
        assert!(is.get(name) == Some(bytes), "{path:?}: {name} is not as it was");
    }
    assert_eq!(was.len(), is.len(), "{path:?}");
    // A header that is switched off says nothing where the line takes its place: of such a document all else is compared.
    let is_off =
        was.get("styles.xml").is_some_and(|styles| String::from_utf8_lossy(styles).contains("display=\"false\""));
    let theirs = |file: &[u8]| -> Vec<String> {
        let is_ours = |p: &String| [LINE, WATERMARK].contains(&p.trim()) || p.trim().is_empty();
        passages_in(file, |part| !(is_off && *part == Part::Header)).into_iter().filter(|p| !is_ours(p)).collect()
    };
    assert!(theirs(file) == theirs(after), "{path:?}: other words");
    let said = passages(after).iter().filter(|p| p.trim() == LINE).count();
    assert!(said > 0, "{path:?}: the text does not say the line");
}

fn show(done: &[(String, Vec<u8>)]) {
    if !can_show() {
        return;
    }
    let all = std::env::var_os("KAKUZUKE_MARK_DRAW").is_some();
    let out = std::env::var_os("KAKUZUKE_MARK_OUT");
    let folder = tempfile::tempdir().unwrap();
    let folder = out.as_ref().map_or(folder.path(), Path::new);
    for part in ["before", "after"] {
        std::fs::create_dir_all(folder.join(part)).unwrap();
    }
    let mut names = Vec::new();
    for (number, (name, file)) in done.iter().enumerate().filter(|(n, _)| all || n % SAMPLE == 0) {
        let extension = name.rsplit('.').next().unwrap();
        // Documents show their own names: both have the same.
        let (before, after) = (format!("before/{number}.{extension}"), format!("after/{number}.{extension}"));
        std::fs::write(folder.join(&before), file).unwrap();
        std::fs::write(folder.join(&after), marked(file, &both())).unwrap();
        names.push((name.clone(), before, after));
    }
    for (part, files) in [
        ("pdf/before", names.iter().map(|(_, before, _)| before.as_str()).collect::<Vec<_>>()),
        ("pdf/after", names.iter().map(|(_, _, after)| after.as_str()).collect()),
    ] {
        convert(folder, "pdf", part, &files);
    }
    let pdf = |name: &str| folder.join("pdf").join(name).with_extension("pdf");
    let mut wrong = Vec::new();
    for (name, before, after) in &names {
        if !pdf(before).is_file() {
            eprintln!("LibreOffice shows no page of {name}");
            continue;
        }
        let shown = std::panic::catch_unwind(|| same_places(name, &pdf(before), &pdf(after), 2.0));
        match shown {
            Ok(ours) => {
                let line: String = LINE.split_whitespace().collect();
                let silent = ours.iter().enumerate().filter(|(_, page)| {
                    let said: usize =
                        page.iter().filter(|w| LINE.contains(&w.text)).map(|w| w.text.chars().count()).sum();
                    said < line.chars().count()
                });
                let silent: Vec<_> = silent.map(|(n, _)| n + 1).collect();
                if !silent.is_empty() {
                    wrong.push(format!("{name} ({before}): no line on pages {silent:?}"));
                }
            }
            Err(_) => wrong.push(format!("{name} ({before}): words moved")),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
