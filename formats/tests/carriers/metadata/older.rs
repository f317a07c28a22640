//! Compound files: the label among the users' properties, every other stream as it was.

use std::io::{Cursor, Read, Write};

use cfb::{CompoundFile, Version};
use kakuzuke_formats::{Kind, LabelError, Lock, State, detect, read_label, write_label};

use super::furniture::{label, labelled};

const PROPERTIES: &str = "\u{5}DocumentSummaryInformation";
const KNOWN: [u8; 16] = *b"\x02\xD5\xCD\xD5\x9C\x2E\x1B\x10\x93\x97\x08\x00\x2B\x2C\xF9\xAE";
const USERS: [u8; 16] = *b"\x05\xD5\xCD\xD5\x9C\x2E\x1B\x10\x93\x97\x08\x00\x2B\x2C\xF9\xAE";

/// A compound file with these streams at its root, or below.
pub fn made(version: Version, streams: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut file = CompoundFile::create_with_version(version, Cursor::new(Vec::new())).unwrap();
    for (path, bytes) in streams {
        if let Some((storage, _)) = path.rsplit_once('/').filter(|(storage, _)| !storage.is_empty()) {
            let _ = file.create_storage_all(storage);
        }
        file.create_stream(path).unwrap().write_all(bytes).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

/// Every stream but the one of the properties, and the class of every storage.
pub fn others(file: &[u8]) -> Option<Vec<(String, String, Vec<u8>)>> {
    let mut file = CompoundFile::open(Cursor::new(file)).ok()?;
    let entries: Vec<_> = file.walk().map(|e| (e.path().to_owned(), e.is_stream(), e.clsid().to_string())).collect();
    let mut found = Vec::new();
    for (path, is_stream, class) in entries {
        let name = path.to_string_lossy().into_owned();
        if name == format!("/{PROPERTIES}") {
            continue;
        }
        let mut bytes = Vec::new();
        if is_stream {
            file.open_stream(&path).ok()?.read_to_end(&mut bytes).ok()?;
        }
        found.push((name, class, bytes));
    }
    Some(found)
}

pub fn properties(file: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut file = CompoundFile::open(Cursor::new(file)).unwrap();
    file.open_stream(PROPERTIES).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

/// A property set stream with one word of a user's in it, in a code page; and the length of the first set.
pub fn set_in(page: u16, name: &[u8], value: &[u8]) -> Vec<u8> {
    let u = |n: usize| (n as u32).to_le_bytes().to_vec();
    let padded = |mut bytes: Vec<u8>| {
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes
    };
    let code = [u(2), u(usize::from(page))].concat();
    let known = [u(24), u(1), u(1), u(16), code.clone()].concat();
    let wide = page == 1200;
    let count = |bytes: &[u8]| if wide { bytes.len() / 2 } else { bytes.len() };
    let dictionary = padded([u(1), u(2), u(count(name)), name.to_vec()].concat());
    let word = padded([u(0x1E), u(value.len()), value.to_vec()].concat());
    let (first, second) = (8 + 24, 8 + 24 + dictionary.len());
    let third = second + code.len();
    let users =
        [u(third + word.len()), u(3), u(0), u(first), u(1), u(second), u(2), u(third), dictionary, code, word].concat();
    let head = [vec![0xFE, 0xFF, 0, 0, 6, 0, 2, 0], vec![0; 16], u(2)].concat();
    [head, KNOWN.to_vec(), u(68), USERS.to_vec(), u(68 + known.len()), known, users].concat()
}

#[test]
fn a_label_comes_back_and_every_other_stream_stays() {
    let word = ("/WordDocument", vec![0xEC; 9_000]);
    let small = ("/1Table", vec![7; 100]);
    let deep = ("/ObjectPool/_1/\u{5}DocumentSummaryInformation", set_in(1252, b"kakuzuke.label\0", b"eA\0"));
    let mini = (PROPERTIES, set_in(932, b"\x8C\x8F\x96\xBC\0", b"\x92\x6C\0"));
    let large = (PROPERTIES, {
        let mut s = mini.1.clone();
        s.resize(4096, 0);
        s
    });
    for version in [Version::V3, Version::V4] {
        for properties in [None, Some(&mini), Some(&large)] {
            let mut streams = vec![word.clone(), small.clone(), deep.clone()];
            streams.extend(properties.cloned());
            let file = made(version, &streams);
            assert_eq!(detect(&file, None).unwrap().kind, Kind::Doc);
            assert_eq!(read_label(&file).unwrap(), None);
            let first = labelled(&file, &label(9_000));
            assert_eq!(read_label(&first).unwrap(), Some(label(9_000)));
            let second = labelled(&first, &label(300));
            assert_eq!(read_label(&second).unwrap(), Some(label(300)));
            assert_eq!(others(&second), others(&file));
            // A shorter label takes no more room, and the longer one is gone.
            assert_eq!(second.len(), first.len());
            assert_eq!(labelled(&second, &label(9_000)), first);
            assert_eq!(detect(&second, None).unwrap().kind, Kind::Doc);
        }
    }
}

#[test]
fn other_peoples_properties_keep_their_bytes() {
    let wide: Vec<u8> = "件名\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let pages: [(u16, &[u8], &[u8]); 4] = [
        (932, b"\x8C\x8F\x96\xBC\0", b"\x92\x6C\0"),
        (1200, &wide, &wide),
        (65001, "件名\0".as_bytes(), "値\0".as_bytes()),
        (1252, b"title\0", b"value\0"),
    ];
    for (page, name, value) in pages {
        let file = made(Version::V3, &[("/WordDocument", vec![2; 5_000]), (PROPERTIES, set_in(page, name, value))]);
        let written = labelled(&file, &label(500));
        assert_eq!(read_label(&written).unwrap(), Some(label(500)), "{page}");
        let properties = properties(&written);
        let has = |part: &[u8]| properties.windows(part.len()).any(|window| window == part);
        assert!(has(name) && has(value), "{page}");
        let mut words = Vec::new();
        kakuzuke_formats::text(&written, None, &mut |p| {
            words.push(p.text);
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
        let wanted = if page == 1252 {
            "value"
        } else if page == 1200 {
            "件名"
        } else {
            "値"
        };
        assert!(words.iter().any(|word| word.contains(wanted)), "{page} {words:?}");
    }
}

#[test]
fn tables_and_directories_grow_where_they_must() {
    // Every number of sectors around the limits of one sector of the table, and of those the header lists.
    let sizes = (118..132).map(|n| n * 512).chain((6_970..6_985).map(|n| n * 1024));
    for size in sizes {
        let file = made(Version::V3, &[("/WordDocument", vec![4; size])]);
        let written = labelled(&file, &label(3_000));
        assert_eq!(read_label(&written).unwrap(), Some(label(3_000)), "{size}");
        assert_eq!(others(&written), others(&file), "{size}");
    }
    for count in 1..12 {
        let names: Vec<String> = (0..count).map(|n| format!("/s{n}")).collect();
        let mut streams: Vec<(&str, Vec<u8>)> = names.iter().map(|name| (name.as_str(), vec![1; 70])).collect();
        streams.push(("/WordDocument", vec![4; 5_000]));
        for version in [Version::V3, Version::V4] {
            let file = made(version, &streams);
            let written = labelled(&file, &label(100));
            assert_eq!(others(&written), others(&file), "{count}");
            assert_eq!(read_label(&written).unwrap(), Some(label(100)), "{count}");
        }
    }
    // A writer may leave the last sector short.
    let mut file = made(Version::V3, &[("/WordDocument", vec![4; 5_000])]);
    while file.last() == Some(&0) && file.len() % 512 != 1 {
        file.pop();
    }
    let written = labelled(&file, &label(100));
    assert_eq!(read_label(&written).unwrap(), Some(label(100)));
}

fn refusal(file: &[u8]) -> String {
    match write_label(&file.to_vec(), &label(100), &mut Vec::new()) {
        Err(error @ LabelError::Refused(_)) => error.text().ja.into_owned(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_a_label_would_harm_is_refused_with_words() {
    let mut fib = vec![0xEC; 5_000];
    fib[10..12].copy_from_slice(&[0, 1]);
    let locked = made(Version::V3, &[("/WordDocument", fib)]);
    assert_eq!(detect(&locked, None).unwrap().state, State::Locked(Lock::Office));
    assert!(refusal(&locked).contains("暗号化"));
    let book = [0x09, 0x08, 4, 0, 0, 6, 5, 0, 0x2F, 0, 2, 0, 0, 0];
    assert!(refusal(&made(Version::V3, &[("/Workbook", book.to_vec())])).contains("暗号化"));
    let mut user = vec![0; 20];
    user[12..16].copy_from_slice(&[0xDF, 0xC4, 0xD1, 0xF3]);
    let show = made(Version::V3, &[("/PowerPoint Document", vec![0; 10]), ("/Current User", user)]);
    assert!(refusal(&show).contains("暗号化"));
    let signed = made(Version::V3, &[("/WordDocument", vec![0; 5_000]), ("/_signatures", vec![1])]);
    assert!(refusal(&signed).contains("署名"));
    let database = made(Version::V3, &[("/Tables", vec![0; 5_000])]);
    assert_eq!(detect(&database, None).unwrap().kind, Kind::Compound);
    assert!(refusal(&database).contains("プロパティを持たない"));
}

#[test]
fn every_kind_is_known_by_its_streams() {
    let kinds = [
        ("/WordDocument", Kind::Doc),
        ("/Workbook", Kind::Xls),
        ("/Book", Kind::Xls),
        ("/PowerPoint Document", Kind::Ppt),
        ("/DocumentText", Kind::Jtd),
        ("/JSCompDocument", Kind::Jtd),
        ("/__properties_version1.0", Kind::Msg),
    ];
    for (stream, kind) in kinds {
        let file = made(Version::V3, &[(stream, vec![0; 4_500])]);
        assert_eq!(detect(&file, Some("x.bin")).unwrap().kind, kind);
        let written = labelled(&file, &label(700));
        assert_eq!(read_label(&written).unwrap(), Some(label(700)), "{stream}");
        assert_eq!(others(&written), others(&file), "{stream}");
    }
}

#[test]
fn broken_compound_files_end() {
    let file = made(Version::V3, &[("/WordDocument", vec![4; 5_000]), (PROPERTIES, set_in(932, b"a\0", b"b\0"))]);
    let file = labelled(&file, &label(100));
    // Cut anywhere, and with every field of the header, the table and the directory pointing somewhere else.
    for end in (0..file.len()).step_by(37) {
        let cut = file[..end].to_vec();
        let _ = (read_label(&cut), write_label(&cut, &label(10), &mut Vec::new()));
    }
    for at in (0..file.len()).step_by(4) {
        for value in [0_u32, 1, 2, 5, 0x7FFF_FFFF, 0xFFFF_FFFE, 0xFFFF_FFFF] {
            let mut changed = file.clone();
            let end = (at + 4).min(changed.len());
            changed[at..end].copy_from_slice(&value.to_le_bytes()[..end - at]);
            let _ = (detect(&changed, None), read_label(&changed));
            let _ = write_label(&changed, &label(10), &mut Vec::new());
        }
    }
}

#[test]
fn a_set_that_says_it_has_very_many_properties_is_refused() {
    let mut set = set_in(932, b"a\0", b"b\0");
    let at = set.len() - 60;
    for start in (68..at).step_by(4) {
        let mut changed = set.clone();
        changed[start..start + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        let file = made(Version::V3, &[("/WordDocument", vec![4; 5_000]), (PROPERTIES, changed)]);
        let _ = (read_label(&file), write_label(&file, &label(10), &mut Vec::new()));
    }
    set[96..100].copy_from_slice(&60_000_u32.to_le_bytes());
    let file = made(Version::V3, &[("/WordDocument", vec![4; 5_000]), (PROPERTIES, set)]);
    assert!(read_label(&file).is_err());
}
