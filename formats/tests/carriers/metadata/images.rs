//! Pictures: the label in their XMP, and what is seen in them as it was.

use std::path::Path;
use std::process::Command;

use kakuzuke_formats::{Kind, LabelError, State, detect, read_label, write_label};

use super::furniture::{contains_in_order, label, label_twice, labelled};
use crate::furniture::{corpus, has};

fn hex(words: &str) -> Vec<u8> {
    let digits: Vec<u8> = words.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// The smallest pictures of each kind: one point.
fn smallest() -> Vec<(Kind, Vec<u8>)> {
    let png = "89504E470D0A1A0A 0000000D 49484452 00000001 00000001 08 06 00 00 00 1F15C489 0000000D 49444154 \
               789C63606060F80F0001040100 5FE5C34B 00000000 49454E44 AE426082";
    let gif = "474946383761 0100 0100 80 00 00 FFFFFF 000000 2C 0000 0000 0100 0100 00 02 02 4401 00 3B";
    let jpeg = "FFD8 FFE0 0010 4A46494600 0101 00 0001 0001 00 00 FFE2 0006 4D50 4600 FFDA 0002 112233 FFD9";
    let webp = "52494646 1A000000 57454250 5650384C 0D000000 2F 00000010 07 10 1111 1188 8808 08 00";
    let narrow = "49492A00 08000000 0200 0001 0300 01000000 01000000 8E82 0300 01000000 01000000 00000000 FF";
    let wide = "4D4D002B 00080000 0000000000000010 0000000000000001 0100 0003 0000000000000001 0001000000000000 \
                0000000000000000";
    let svg = "<?xml version=\"1.0\"?>\n<!DOCTYPE svg [<!ENTITY x \"y\">]>\n<!-- <svg> --><svg xmlns='http://www.w3.org/2000/svg' \
               id='a>b' width='1' height='1'><title>題&x;</title><rect width=\"1\" height=\"1\"/></svg>\n";
    vec![
        (Kind::Png, hex(png)),
        (Kind::Gif, hex(gif)),
        (Kind::Jpeg, hex(jpeg)),
        (Kind::Webp, hex(webp)),
        (Kind::Tiff, hex(narrow)),
        (Kind::Tiff, hex(wide)),
        (Kind::Svg, svg.into()),
        (Kind::Svg, b"<s:svg xmlns:s=\"http://www.w3.org/2000/svg\"/>".to_vec()),
    ]
}

#[test]
fn a_label_comes_back_and_is_replaced() {
    for (kind, file) in smallest() {
        let written = label_twice(kind, &file);
        if matches!(kind, Kind::Png | Kind::Jpeg) {
            assert!(contains_in_order(&written, &file), "{kind:?}");
        }
        assert_eq!(detect(&written, None).unwrap().state, State::Open);
    }
}

#[test]
fn a_picture_cut_off_anywhere_is_refused_or_labelled_but_no_panic() {
    for (_, file) in smallest() {
        for file in [file.clone(), labelled(&file, &label(100))] {
            for end in 0..file.len() {
                let cut = file[..end].to_vec();
                let _ = read_label(&cut);
                let _ = write_label(&cut, &label(10), &mut Vec::new());
            }
        }
    }
}

/// Found by fuzzing: in a longer header the label was written to where nobody finds it.
#[test]
fn a_png_with_a_header_of_another_length_is_refused() {
    let (_, png) = smallest().swap_remove(0);
    let mut longer = png[..16].to_vec();
    longer[11] += 50;
    longer.extend([0xFF; 50]);
    longer.extend(&png[16..]);
    assert!(write_label(&longer, &label(10), &mut Vec::new()).is_err());
}

/// Found by fuzzing, too: programs don't agree on where such a start tag ends.
#[test]
fn an_svg_that_is_not_well_formed_is_refused() {
    let svg = b"<svg/200/cvh\0\0\0<metadata/\0\0\0<metadata/>i v\x0Cg>".to_vec();
    assert!(write_label(&svg, &label(10), &mut Vec::new()).is_err());
}

#[test]
fn in_a_picture_altered_anywhere_what_is_written_is_read_again_or_nothing_is_written() {
    for (kind, file) in smallest() {
        for at in 0..file.len() {
            for value in [0, 1, 0x3F, 0x7F, 0x80, 0xFF] {
                let mut altered = file.clone();
                altered[at] = value;
                let mut written = Vec::new();
                if write_label(&altered, &label(10), &mut written).is_ok() {
                    let read = read_label(&written).ok().flatten();
                    assert_eq!(read, Some(label(10)), "{kind:?}: byte {at} as {value:#x}");
                }
            }
        }
    }
}

#[test]
fn other_peoples_metadata_stay() {
    let packet = "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF \
                  xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' \
                  xmlns:dc='http://purl.org/dc/elements/1.1/' dc:format='image/jpeg'/></rdf:RDF></x:xmpmeta>\
                  <?xpacket end='w'?>";
    let segment = [b"http://ns.adobe.com/xap/1.0/\0", packet.as_bytes()].concat();
    let length = (segment.len() as u16 + 2).to_be_bytes();
    let jpeg = [&[0xFF, 0xD8, 0xFF, 0xE1], length.as_slice(), &segment, &hex("FFDA 0002 112233 FFD9")].concat();
    let written = labelled(&jpeg, &label(100));
    assert!(String::from_utf8_lossy(&written).contains("dc:format='image/jpeg'"));
    assert_eq!(read_label(&written).unwrap(), Some(label(100)));
    // What can't be understood is not thrown away.
    let broken = String::from_utf8_lossy(&jpeg[24..]).into_owned();
    assert!(broken.contains("rdf:RDF"));
    let broken: Vec<u8> = jpeg.iter().map(|b| if *b == b'<' { b'>' } else { *b }).collect();
    assert!(matches!(write_label(&broken, &label(10), &mut Vec::new()), Err(LabelError::Refused(_))));
    // And a segment holds only so much.
    assert!(matches!(write_label(&jpeg, &label(60_000), &mut Vec::new()), Err(LabelError::Refused(_))));
}

/// Converts files in `folder` in one run of an office suite, into the folder `to` in it.
fn convert(folder: &Path, to: &str, names: &[String]) {
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    let run = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", to, "--outdir"])
        .arg(folder.join(to))
        .args(names.iter().map(|n| folder.join(n)))
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

const DRAWN: [(&str, Kind); 6] = [
    ("png", Kind::Png),
    ("jpg", Kind::Jpeg),
    ("tif", Kind::Tiff),
    ("gif", Kind::Gif),
    ("webp", Kind::Webp),
    ("svg", Kind::Svg),
];

#[test]
fn what_is_seen_does_not_change() {
    if !has("soffice") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let circle = "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='60'><rect width='90' height='60' fill='#fc3'/>\
                  <circle cx='30' cy='30' r='20' fill='teal'/></svg>";
    std::fs::write(at("drawn.svg"), circle).unwrap();
    let mut pairs = Vec::new();
    for (extension, kind) in DRAWN {
        convert(folder.path(), extension, &["drawn.svg".to_owned()]);
        let file = std::fs::read(at(extension).join(format!("drawn.{extension}"))).unwrap();
        pairs.push((format!("drawn-{extension}"), extension.to_owned(), label_twice(kind, &file), file));
    }
    for (number, path) in corpus().unwrap_or_default().into_iter().enumerate() {
        let Some(extension) = path.extension().and_then(|e| e.to_str()) else { continue };
        if !["png", "jpg", "tif", "gif", "webp"].contains(&extension) {
            continue;
        }
        let file = std::fs::read(&path).unwrap();
        let written = labelled(&file, &label(300));
        pairs.push((format!("found-{number}"), extension.to_owned(), written, file));
    }
    let mut names = Vec::new();
    for (name, extension, written, file) in &pairs {
        for (when, bytes) in [("before", file), ("after", written)] {
            names.push(format!("{name}-{when}.{extension}"));
            std::fs::write(at(&format!("{name}-{when}.{extension}")), bytes).unwrap();
        }
    }
    convert(folder.path(), "bmp", &names);
    for (name, extension, ..) in &pairs {
        let seen = |when: &str| std::fs::read(at("bmp").join(format!("{name}-{when}.bmp"))).ok();
        assert!(seen("before").is_some_and(|points| points.len() > 1_000), "{name}.{extension}");
        assert!(seen("after") == seen("before"), "{name}.{extension}");
    }
    eprintln!("pictures that look as before: {}", pairs.len());
}

#[test]
fn pictures_of_other_people_take_a_label() {
    let Some(paths) = corpus() else { return };
    let (mut done, mut refused) = (0, Vec::new());
    for path in paths {
        let Ok(file) = std::fs::File::open(&path) else { continue };
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Ok(found) = detect(&file, Some(&name)) else { continue };
        let pictures = [Kind::Png, Kind::Jpeg, Kind::Tiff, Kind::Webp, Kind::Gif, Kind::Svg];
        if !pictures.contains(&found.kind) || file.metadata().unwrap().len() > 64 << 20 {
            continue;
        }
        let file = std::fs::read(&path).unwrap();
        let mut out = Vec::new();
        match write_label(&file, &label(500), &mut out) {
            Ok(()) => {
                assert_eq!(read_label(&out).unwrap(), Some(label(500)), "{name}");
                done += 1;
            }
            Err(why) => refused.push(format!("{name}: {why}")),
        }
    }
    eprintln!("pictures labelled: {done}; not labelled: {} {refused:#?}", refused.len());
    assert!(refused.len() * 10 <= done);
}
