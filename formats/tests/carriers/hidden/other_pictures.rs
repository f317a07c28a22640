//! TIFF, WebP and GIF: what a camera or program wrote goes, the pixels' bytes stay where they are.

use kakuzuke_formats::{Category, Wanted};

use super::furniture::{cleaned, found, goes, holds};

/// A TIFF of one pixel with these fields of text besides.
fn tiff(fields: &[(u16, &[u8])]) -> Vec<u8> {
    let mut file = b"II*\0\x08\0\0\0".to_vec();
    let plain: [(u16, u16, u32, u32); 7] = [
        (256, 3, 1, 1),
        (257, 3, 1, 1),
        (258, 3, 1, 8),
        (262, 3, 1, 1),
        (273, 4, 1, 0),
        (278, 3, 1, 1),
        (279, 4, 1, 5),
    ];
    let count = plain.len() + fields.len();
    let mut values = 8 + 2 + count * 12 + 4;
    file.extend((count as u16).to_le_bytes());
    let pixels = values;
    values += 6;
    for (tag, kind, length, value) in plain {
        let value = if tag == 273 { pixels as u32 } else { value };
        file.extend(tag.to_le_bytes());
        file.extend(kind.to_le_bytes());
        file.extend(length.to_le_bytes());
        file.extend(value.to_le_bytes());
    }
    let mut behind = b"PIXEL\0".to_vec();
    for (tag, text) in fields {
        file.extend(tag.to_le_bytes());
        file.extend(2_u16.to_le_bytes());
        file.extend((text.len() as u32).to_le_bytes());
        file.extend(((values + behind.len() - 6) as u32).to_le_bytes());
        behind.extend_from_slice(text);
    }
    file.extend([0; 4]);
    file.extend(behind);
    file
}

#[test]
fn what_a_tiff_tells_goes_and_offsets_stay() {
    let cases: [(Category, u16); 4] = [
        (Category::PictureData, 270),
        (Category::Authors, 315),
        (Category::PictureData, 700),
        (Category::PictureData, 65_000),
    ];
    for (category, tag) in cases {
        let file = tiff(&[(tag, b"SECRET SECRET\0")]);
        let out = goes(&file, "写真.tif", category, "SECRET");
        assert_eq!(out.len(), file.len());
        let at = file.windows(5).position(|w| w == b"PIXEL").unwrap();
        assert_eq!(&out[at..at + 5], b"PIXEL");
        assert!(found(&out, "写真.tif").is_clean(), "{tag}: {:#?}", found(&out, "写真.tif"));
    }
    assert!(found(&tiff(&[]), "写真.tif").is_clean());
    // What no field leads to.
    let left = [tiff(&[]), b"LEFTOVER".to_vec()].concat();
    goes(&left, "写真.tif", Category::PictureData, "LEFTOVER");
}

fn webp(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let flags = chunks.iter().fold(0, |flags, (name, _)| match *name {
        b"EXIF" => flags | 0x08,
        b"XMP " => flags | 0x04,
        _ => flags,
    });
    let mut body = b"WEBPVP8X\x0A\0\0\0".to_vec();
    body.extend([flags, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    body.extend(b"VP8L\x06\0\0\0\x2F\0\0\0\0\x07");
    for (name, data) in chunks {
        body.extend_from_slice(*name);
        body.extend((data.len() as u32).to_le_bytes());
        body.extend_from_slice(data);
        body.resize(body.len().next_multiple_of(2), 0);
    }
    [b"RIFF".as_slice(), &(body.len() as u32).to_le_bytes(), &body].concat()
}

#[test]
fn what_a_webp_tells_goes() {
    for chunk in [b"EXIF", b"XMP ", b"ABCD"] {
        let out = goes(&webp(&[(chunk, b"SECRET.")]), "写真.webp", Category::PictureData, "SECRET");
        assert_eq!(out, webp(&[]));
    }
    let up = b"MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0SECRET";
    let out = cleaned(&webp(&[(b"EXIF", up)]), "写真.webp", &Wanted::usual());
    assert!(!holds(&out, "SECRET") && found(&out, "写真.webp").is_clean());
    assert_eq!(out[20] & 0x08, 0x08, "which side is up stays");
}

#[test]
fn what_a_gif_tells_goes() {
    let gif = |inside: &[u8], behind: &[u8]| {
        [
            b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF".as_slice(),
            inside,
            b"\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0\x3B",
            behind,
        ]
        .concat()
    };
    let bare = gif(b"", b"");
    assert_eq!(goes(&gif(b"\x21\xFE\x06SECRET\0", b""), "a.gif", Category::PictureData, "SECRET"), bare);
    assert_eq!(goes(&gif(b"\x21\xFF\x0BSECRETSECRE\x01x\0", b""), "a.gif", Category::PictureData, "SECRET"), bare);
    assert_eq!(goes(&gif(b"", b"SECRET"), "a.gif", Category::PictureData, "SECRET"), bare);
    let moving = gif(b"\x21\xFF\x0BNETSCAPE2.0\x03\x01\0\0\0", b"");
    assert_eq!(cleaned(&moving, "a.gif", &Wanted::usual()), moving);
    assert!(found(&moving, "a.gif").is_clean());
}
