//! Pictures: what the camera wrote goes, the pixels' bytes stay.

use kakuzuke_formats::{Category, Wanted};

use super::furniture::{cleaned, found, goes, holds};

/// A PNG of one pixel with these chunks behind its header.
pub fn png(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let pixel = [0x78, 0x9C, 0x63, 0xF8, 0xCF, 0xC0, 0x00, 0x00, 0x03, 0x01, 0x01, 0x00];
    let mut put = |kind: &[u8; 4], data: &[u8]| {
        file.extend((data.len() as u32).to_be_bytes());
        let body = [kind.as_slice(), data].concat();
        let mut sum = !0_u32;
        for byte in &body {
            sum ^= u32::from(*byte);
            for _ in 0..8 {
                sum = if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 };
            }
        }
        file.extend(&body);
        file.extend((!sum).to_be_bytes());
    };
    put(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]);
    for (kind, data) in chunks {
        put(kind, data);
    }
    put(b"IDAT", &pixel);
    put(b"IEND", &[]);
    file
}

/// The segments of a JPEG with these besides, around coded data that are never decoded here.
pub fn jpeg(segments: &[(u8, &[u8])]) -> Vec<u8> {
    let mut file = vec![0xFF, 0xD8];
    let mut put = |marker: u8, body: &[u8]| {
        file.extend([0xFF, marker]);
        file.extend((body.len() as u16 + 2).to_be_bytes());
        file.extend(body);
    };
    put(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    for (marker, body) in segments {
        put(*marker, body);
    }
    put(0xDA, &[1, 1, 0, 0, 63, 0]);
    file.extend(b"pixels \xFF\x00 pixels \xFF\xD0 pixels");
    file.extend([0xFF, 0xD9]);
    file
}

/// Exif that says which side is up and where it was taken.
fn exif(orientation: u8) -> Vec<u8> {
    let mut body = b"Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    body.extend([orientation, 0, 0, 0, 0, 0, 0]);
    body.extend(b"35.6895N 139.6917E");
    body
}

#[test]
fn what_a_camera_wrote_goes() {
    let name = "写真.jpg";
    let place = exif(1);
    for (marker, body) in [
        (0xE1, place.as_slice()),
        (0xFE, b"139.6917E".as_slice()),
        (0xED, b"Photoshop 139.6917E"),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\x00139.6917E"),
    ] {
        let file = jpeg(&[(marker, body)]);
        let out = goes(&file, name, Category::PictureData, "139.6917E");
        assert_eq!(out, jpeg(&[]), "the rest as it was");
    }
    let hidden = [jpeg(&[]), b"139.6917E behind".to_vec()].concat();
    assert_eq!(goes(&hidden, name, Category::PictureData, "139.6917E"), jpeg(&[]));
}

#[test]
fn a_picture_stays_the_right_way_up() {
    let out = goes(&jpeg(&[(0xE1, &exif(6))]), "写真.jpg", Category::PictureData, "139.6917E");
    assert!(holds(&out, "Exif\0\0MM"), "which side is up stays");
    assert!(found(&out, "写真.jpg").is_clean());
}

#[test]
fn colours_stay() {
    let file = jpeg(&[(0xE2, b"ICC_PROFILE\0\x01\x01profile"), (0xEE, b"Adobe\0\x64\0\0\0\0\0")]);
    assert!(found(&file, "a.jpg").is_clean());
    assert_eq!(cleaned(&file, "a.jpg", &Wanted::usual()), file);
}

#[test]
fn words_in_a_png_go() {
    for kind in [b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME", b"prVt"] {
        let out = goes(&png(&[(kind, b"Author\0SECRET")]), "図.png", Category::PictureData, "SECRET");
        assert_eq!(out, png(&[]));
    }
    let behind = [png(&[]), b"SECRET".to_vec()].concat();
    assert_eq!(goes(&behind, "図.png", Category::PictureData, "SECRET"), png(&[]));
    assert!(found(&png(&[(b"pHYs", &[0; 9])]), "図.png").is_clean());
}

#[test]
fn broken_pictures_are_said() {
    let whole = jpeg(&[(0xE1, &exif(1))]);
    for length in 3..whole.len() {
        let report = found(&whole[..length], "写真.jpg");
        assert!(!report.is_clean() || length > whole.len() - 2, "{length}");
    }
    let report = found(&png(&[])[..40], "図.png");
    assert!(report.counts().contains_key(&Category::NotInspected));
}

#[test]
fn our_label_in_a_picture_is_found_as_what_it_is() {
    let ours = "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" xmlns:kakuzuke=\"urn:kakuzuke:ns:1/\"><kakuzuke:label>SECRET</kakuzuke:label></rdf:Description></rdf:RDF></x:xmpmeta>";
    let in_png =
        |packet: &str| png(&[(b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0".as_slice(), packet.as_bytes()].concat())]);
    let in_jpeg =
        |packet: &str| jpeg(&[(0xE1, &[b"http://ns.adobe.com/xap/1.0/\0".as_slice(), packet.as_bytes()].concat())]);
    for (file, name) in [(in_png(ours), "a.png"), (in_jpeg(ours), "a.jpg")] {
        goes(&file, name, Category::Label, "SECRET");
        assert_eq!(found(&file, name).counts().into_keys().collect::<Vec<_>>(), [Category::Label], "{name}");
    }
    let more = ours.replace(
        "</rdf:RDF>",
        "<rdf:Description rdf:about=\"\" xmlns:d=\"d\"><d:creator>x</d:creator></rdf:Description></rdf:RDF>",
    );
    let both: Vec<Category> = found(&in_png(&more), "a.png").counts().into_keys().collect();
    assert_eq!(both, [Category::Label, Category::PictureData]);
}
