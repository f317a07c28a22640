//! Files made to do harm, and files that chance has damaged: an answer or a clear error, never a panic.

use std::io::Write;
use std::path::Path;

use kakuzuke_formats::{Kind, Lock, ReadError, State, detect, extract, locate, read_label, write_label};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::furniture::{OFFICE, envelope, unwrap, wrap};
use super::labels::{label, labelled};

/// Everything that reads, on one file. Whatever is answered is fine, as long as something is.
pub fn read_all(file: &[u8]) {
    let file = &file.to_vec();
    let _ = detect(file, Some("x.docx"));
    if let Ok(Some(place)) = locate(file) {
        let _ = extract(file, &place, &mut std::io::sink());
    }
    let _ = read_label(file);
    let _ = write_label(file, &label(50), &mut std::io::sink());
}

pub fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, data) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(data).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

const TYPES: &str = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
    <Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
const ROOT: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
    <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/>\
    <Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties\" Target=\"docProps/custom.xml\"/></Relationships>";

fn document(custom: &[u8]) -> Vec<u8> {
    let parts: [(&str, &[u8]); 4] = [
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", ROOT.as_bytes()),
        ("word/document.xml", b"<d/>"),
        ("docProps/custom.xml", custom),
    ];
    archive(&parts)
}

#[test]
fn declarations_entities_and_depth_are_refused() {
    let deep = "<a>".repeat(100_000);
    let laughs = "<!DOCTYPE p [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><Properties>&b;</Properties>";
    let outside = "<!DOCTYPE p [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><Properties><property name=\"kakuzuke.label\">&a;</property></Properties>";
    let unknown = "<Properties><property name=\"kakuzuke.label\">&nbsp;</property></Properties>";
    for custom in [deep.as_str(), laughs, outside, unknown, "<Properties", "", "\u{0}", "<a></b>"] {
        let file = document(custom.as_bytes());
        assert!(read_label(&file).is_err(), "{}", custom.get(..40).unwrap_or(custom));
        assert!(write_label(&file, &label(10), &mut Vec::new()).is_err());
        assert_eq!(detect(&file, None).unwrap().kind, Kind::Docx);
    }
}

#[test]
fn labels_that_are_not_ours_in_form_are_malformed() {
    let property = |name: &str, value: &str| format!("<property name=\"{name}\"><v>{value}</v></property>");
    for inner in [
        property("kakuzuke.label", "not base64!"),
        property("kakuzuke.label", ""),
        property("kakuzuke.label", "QUJD") + &property("kakuzuke.label", "QUJD"),
        property("kakuzuke.label", "QUJD") + &property("kakuzuke.label.3", "QUJD"),
        property("kakuzuke.label.2", "QUJD"),
    ] {
        let file = document(format!("<Properties>{inner}</Properties>").as_bytes());
        assert!(matches!(read_label(&file), Err(kakuzuke_formats::LabelError::Malformed(_))), "{inner}");
    }
    let others = property("kakuzuke.label.02", "x") + &property("kakuzuke.labels", "x") + &property("Client", "x");
    assert_eq!(read_label(&document(format!("<Properties>{others}</Properties>").as_bytes())).unwrap(), None);
}

#[test]
fn a_part_that_swells_is_not_read() {
    let huge = vec![b' '; 80 << 20];
    let file = document(&huge);
    assert!(file.len() < 200_000);
    let refused = read_label(&file);
    assert!(matches!(refused, Err(kakuzuke_formats::LabelError::Read(ReadError::Limit(_)))), "{refused:?}");
    // The same with a size in the directory that is a lie: more is never inflated than was announced.
    let mut file = document(&vec![b' '; 1 << 20]);
    let real = (1_u32 << 20).to_le_bytes();
    let places: Vec<usize> = file.windows(4).enumerate().filter(|(_, w)| *w == real).map(|(i, _)| i).collect();
    assert!(!places.is_empty());
    for place in places {
        file[place..place + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    assert!(read_label(&file).is_err());
}

#[test]
fn an_object_that_swells_is_not_followed() {
    // A compound file whose table of sectors lies behind 300 MiB of nothing, many times.
    let mut object = vec![0_u8; 300 << 20];
    object[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    object[26..32].copy_from_slice(&[3, 0, 0xFE, 0xFF, 9, 0]);
    object[44] = 1;
    object[76..80].copy_from_slice(&600_000_u32.to_le_bytes());
    let mut parts: Vec<(String, &[u8])> = vec![
        ("[Content_Types].xml".to_owned(), TYPES.as_bytes()),
        ("_rels/.rels".to_owned(), ROOT.as_bytes()),
        ("word/document.xml".to_owned(), b"<d/>"),
    ];
    parts.extend((0..8).map(|i| (format!("word/embeddings/oleObject{i}.bin"), object.as_slice())));
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(n, d)| (n.as_str(), *d)).collect();
    let file = archive(&parts);
    let state = detect(&file, None).unwrap().state;
    assert!(matches!(state, State::Damaged(_)), "{state:?}");
}

#[test]
fn very_many_elements_and_attributes_are_refused() {
    let elements = format!("<Properties>{}</Properties>", "<a/>".repeat(300_000));
    let attributes: String = (0..100_000).map(|i| format!(" a{i}=\"\"")).collect();
    for custom in [elements, format!("<Properties{attributes}/>")] {
        let refused = read_label(&document(custom.as_bytes()));
        assert!(matches!(refused, Err(kakuzuke_formats::LabelError::Read(ReadError::Limit(_)))), "{refused:?}");
    }
}

#[test]
fn names_are_names_and_never_paths() {
    let relationships = ROOT.replace("docProps/custom.xml", "../../../etc/passwd");
    let parts: [(&str, &[u8]); 4] = [
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", relationships.as_bytes()),
        ("word/document.xml", b"<d/>"),
        ("../../../etc/passwd", b"<Properties/>"),
    ];
    // A part of an odd name is read as a part, from the archive.
    assert_eq!(read_label(&archive(&parts)).unwrap(), None);
}

#[test]
fn two_envelopes_are_none() {
    let carrier = wrap(Kind::Docx, &envelope(5_000));
    let mut parts = super::strict::parts(&carrier);
    let object = parts.iter().find(|(n, _)| n.ends_with(".bin")).unwrap().1.clone();
    parts.push(("word/embeddings/oleObject2.bin".to_owned(), object));
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(n, d)| (n.as_str(), d.as_slice())).collect();
    let file = archive(&parts);
    assert!(matches!(detect(&file, None).unwrap().state, State::Damaged(_)));
    assert!(locate(&file).is_err());
}

#[test]
fn a_cover_packed_again_by_another_archiver_still_opens() {
    for &kind in OFFICE {
        // The second, of a clear document, shrinks to nearly nothing.
        for inside in [envelope(50_000), [&kakuzuke_formats::MAGIC[..], &[b' '; 900_000]].concat()] {
            let parts = super::strict::parts(&wrap(kind, &inside));
            let parts: Vec<(&str, &[u8])> = parts.iter().map(|(n, d)| (n.as_str(), d.as_slice())).collect();
            assert!(unwrap(&archive(&parts)).unwrap().1 == inside, "{kind:?}");
        }
    }
}

#[test]
fn a_cover_without_its_envelope_is_known_for_one() {
    for &kind in OFFICE {
        let parts = super::strict::parts(&wrap(kind, &envelope(500)));
        let parts: Vec<(&str, &[u8])> = parts
            .iter()
            .filter(|(n, _)| !n.ends_with(".bin") && n != "Object 1")
            .map(|(n, d)| (n.as_str(), d.as_slice()))
            .collect();
        let found = detect(&archive(&parts), None).unwrap();
        assert_eq!((found.kind, found.state), (kind, State::LostEnvelope), "{kind:?}");
    }
}

#[test]
fn a_cover_cut_short_is_damaged_not_open() {
    for kind in [Kind::Docx, Kind::Ods] {
        let file = wrap(kind, &envelope(9_000));
        for length in (100..file.len()).step_by(997) {
            let cut = file[..length].to_vec();
            let found = detect(&cut, Some(&format!("x.{}", kind.extension()))).unwrap();
            assert_eq!((found.kind, matches!(found.state, State::Damaged(_))), (kind, true), "{length}");
        }
    }
}

#[test]
fn what_another_program_encrypted_is_locked() {
    let manifest = "<m:manifest xmlns:m=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"><m:file-entry \
                    m:full-path=\"content.xml\"><m:encryption-data/></m:file-entry></m:manifest>";
    let parts: [(&str, &[u8]); 2] =
        [("mimetype", Kind::Odt.media_type().as_bytes()), ("META-INF/manifest.xml", manifest.as_bytes())];
    let file = archive(&parts);
    let found = detect(&file, None).unwrap();
    assert_eq!((found.kind, found.state), (Kind::Odt, State::Locked(Lock::OpenDocument)));
    assert!(write_label(&file, &label(10), &mut Vec::new()).is_err());
    assert_eq!((read_label(&file).unwrap(), locate(&file).unwrap()), (None, None));

    // A compound file of ours, its one stream named as [MS-OFFCRYPTO] names the encrypted package.
    let carrier = wrap(Kind::Docx, &envelope(5_000));
    let mut file = super::strict::parts(&carrier).into_iter().find(|(n, _)| n.ends_with(".bin")).unwrap().1;
    assert_eq!(detect(&file, Some("x.docx")).unwrap().kind, Kind::Compound);
    let entry = 512 + 128;
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    file[entry..entry + name.len()].copy_from_slice(&name);
    file[entry + 64] = name.len() as u8 + 2;
    for (name, kind) in [("x.xlsx", Kind::Xlsx), ("x.docx", Kind::Docx), ("x", Kind::Opaque)] {
        let found = detect(&file, Some(name)).unwrap();
        assert_eq!((found.kind, found.state), (kind, State::Locked(Lock::Office)));
    }
    assert_eq!(locate(&file).unwrap(), None);
    assert!(write_label(&file, &label(10), &mut Vec::new()).is_err());
}

/// Small files of every kind, the seeds of the mutations.
fn seeds() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = OFFICE.iter().map(|&kind| wrap(kind, &envelope(300))).collect();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples");
    for entry in std::fs::read_dir(samples).unwrap() {
        let path = entry.unwrap().path();
        if OFFICE.contains(&Kind::from_name(&path.to_string_lossy())) {
            let file = std::fs::read(path).unwrap();
            seeds.push(labelled(&file, &label(400)));
            seeds.push(file);
        }
    }
    seeds
}

#[test]
fn mutated_files_never_cause_a_panic() {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as usize % below.max(1)
    };
    for seed in seeds() {
        for _ in 0..60 {
            let mut file = seed.clone();
            for _ in 0..1 + random(4) {
                // Half of the blows fall where the structure is: at both ends.
                let near = match random(4) {
                    0 => random(300.min(file.len())),
                    1 => file.len() - 1 - random(1_500.min(file.len())),
                    _ => random(file.len()),
                };
                match random(5) {
                    0 => file[near] = random(256) as u8,
                    1 => file[near] ^= 1 << random(8),
                    2 => {
                        let end = (near + 4).min(file.len());
                        file[near..end].fill([0, 0xFF][random(2)]);
                    }
                    3 => file.truncate(near.max(30)),
                    _ => {
                        let piece = file[near..(near + random(40)).min(file.len())].to_vec();
                        let at = random(file.len());
                        file.splice(at..at, piece);
                    }
                }
            }
            read_all(&file);
        }
    }
}
