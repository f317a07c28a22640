//! Markings burnt into pictures: the picture is all there below the band, and what can't be written again is refused.

use std::io::Cursor;

use kakuzuke_formats::{Kind, MarkError, Marking, burn, detect, mark, read_label, write_label};

use crate::pdf::furniture::label;

const LINE: &str = "機密性２情報・完全性２情報・可用性１情報　複製禁止";
const WIDE: u32 = 400;
const HIGH: u32 = 240;

fn marking(watermark: Option<&str>) -> Marking {
    Marking::new(LINE, watermark).unwrap()
}

fn burnt(file: &[u8], marking: &Marking) -> (Vec<u8>, u64) {
    let mut out = Vec::new();
    let told = burn(&file.to_vec(), None, marking, &mut out).unwrap();
    assert_eq!(detect(&out, None).unwrap().kind, detect(&file.to_vec(), None).unwrap().kind);
    if let Some(folder) = std::env::var_os("KAKUZUKE_MARK_OUT") {
        let kind = detect(&out, None).unwrap().kind.extension();
        let name =
            format!("{:08x}.{kind}", out.iter().fold(0_u32, |n, b| n.wrapping_mul(31).wrapping_add((*b).into())));
        std::fs::write(std::path::Path::new(&folder).join(name), &out).unwrap();
    }
    (out, told.places)
}

/// A picture of soft colours.
fn pixels(channels: usize) -> Vec<u8> {
    let colour = |x: u32, y: u32| [(x % 256) as u8, (y % 256) as u8, ((x + y) % 256) as u8, 255 - (x % 90) as u8];
    let rows = (0..HIGH).flat_map(|y| (0..WIDE).map(move |x| (x, y)));
    rows.flat_map(|(x, y)| colour(x, y).into_iter().take(channels)).collect()
}

fn profile() -> Vec<u8> {
    let mut profile = vec![0; 200];
    profile[16..20].copy_from_slice(b"RGB ");
    profile
}

fn png(channels: usize, change: impl FnOnce(&mut png::Info<'static>)) -> Vec<u8> {
    let mut info = png::Info::with_size(WIDE, HIGH);
    info.color_type =
        [png::ColorType::Grayscale, png::ColorType::GrayscaleAlpha, png::ColorType::Rgb, png::ColorType::Rgba]
            [channels - 1];
    change(&mut info);
    let mut out = Vec::new();
    let mut writer = png::Encoder::with_info(&mut out, info).unwrap().write_header().unwrap();
    writer.write_image_data(&pixels(channels)).unwrap();
    writer.finish().unwrap();
    out
}

struct Decoded {
    width: u32,
    height: u32,
    bytes: Vec<u8>,
    profile: Option<Vec<u8>>,
}

fn read_png(file: &[u8]) -> Decoded {
    let mut reader = png::Decoder::new(Cursor::new(file)).read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut bytes).unwrap();
    let info = reader.info();
    Decoded { width: info.width, height: info.height, bytes, profile: info.icc_profile.as_ref().map(|p| p.to_vec()) }
}

/// The picture below the band is as it was, and the band says something.
fn check(decoded: &Decoded, channels: usize, original: &[u8]) {
    assert_eq!(decoded.width, WIDE);
    assert!((HIGH + 10..HIGH + 80).contains(&decoded.height), "{}", decoded.height);
    let band = (decoded.height - HIGH) as usize * WIDE as usize * channels;
    assert!(decoded.bytes[band..] == *original, "the picture is as it was");
    let dark = decoded.bytes[..band].iter().filter(|b| **b < 100).count() as f64 / band as f64;
    assert!((0.02..0.4).contains(&dark), "{dark} of the band is dark");
    assert!(decoded.bytes[..WIDE as usize * channels].iter().all(|b| *b == 255), "a white edge");
}

#[test]
fn png_keeps_every_pixel_its_profile_and_its_label() {
    for channels in 1..=4 {
        let file = png(channels, |info| info.icc_profile = (channels > 2).then(|| profile().into()));
        let decoded = read_png(&burnt(&file, &marking(None)).0);
        check(&decoded, channels, &pixels(channels));
        assert_eq!(decoded.profile, (channels > 2).then(profile));
    }
    let mut labelled = Vec::new();
    write_label(&png(3, |_| {}), &label(200), &mut labelled).unwrap();
    let (out, _) = burnt(&labelled, &marking(Some("複製禁止")));
    assert_eq!(read_label(&out).unwrap(), Some(label(200)));
    // Under the watermark, nothing is lost but a third of the contrast.
    let decoded = read_png(&out);
    let band = (decoded.height - HIGH) as usize * WIDE as usize * 3;
    let (mut changed, original) = (0, pixels(3));
    for (now, was) in decoded.bytes[band..].iter().zip(&original) {
        let grey = f32::from(*was) * 0.7 + 0.3 * 127.5;
        let (low, high) = (grey.min(f32::from(*was)) - 2.0, grey.max(f32::from(*was)) + 2.0);
        assert!((low..=high).contains(&f32::from(*now)), "{was} became {now}");
        changed += usize::from(now != was);
    }
    assert!((0.02..0.3).contains(&(changed as f64 / original.len() as f64)), "{changed}");
}

#[test]
fn depths_and_palettes_of_png_are_understood() {
    let wide = {
        let mut out = Vec::new();
        let mut encoder = png::Encoder::new(&mut out, WIDE, HIGH);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Sixteen);
        let samples: Vec<u8> = pixels(3).iter().flat_map(|b| [*b, 0x5A]).collect();
        encoder.write_header().unwrap().write_image_data(&samples).unwrap();
        (out, samples)
    };
    let decoded = read_png(&burnt(&wide.0, &marking(None)).0);
    assert!(decoded.bytes.ends_with(&wide.1));
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, WIDE, HIGH);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::One);
    encoder.set_palette(vec![255, 0, 0, 0, 0, 255]);
    encoder.write_header().unwrap().write_image_data(&vec![0x0F; (WIDE / 8 * HIGH) as usize]).unwrap();
    let decoded = read_png(&burnt(&out, &marking(None)).0);
    assert!(decoded.bytes.ends_with(&[0, 0, 255, 0, 0, 255]));
}

/// Exif that says which side is up.
fn exif(side: u8) -> Vec<u8> {
    [b"MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(), &[side], b"\0\0\0\0\0\0"].concat()
}

#[test]
fn jpeg_is_turned_upright_and_written_well() {
    for (side, turned) in [(1, false), (3, false), (6, true), (8, true)] {
        let mut file = Vec::new();
        let mut encoder = jpeg_encoder::Encoder::new(&mut file, 95);
        encoder.add_exif_metadata(&exif(side)).unwrap();
        encoder.add_icc_profile(&profile()).unwrap();
        encoder.set_density(jpeg_encoder::PixelDensity::dpi(300));
        encoder.encode(&pixels(3), WIDE as u16, HIGH as u16, jpeg_encoder::ColorType::Rgb).unwrap();
        let (out, _) = burnt(&file, &marking(None));
        let mut decoder = zune_jpeg::JpegDecoder::new(zune_jpeg::zune_core::bytestream::ZCursor::new(&out));
        let samples = decoder.decode().unwrap();
        let info = decoder.info().unwrap();
        let (wide, high) = if turned { (HIGH, WIDE) } else { (WIDE, HIGH) };
        assert_eq!(u32::from(info.width), wide, "{side}");
        assert!(u32::from(info.height) > high + 10);
        assert_eq!((decoder.icc_profile(), decoder.exif()), (Some(profile()), None));
        assert_eq!(out[13..18], [1, 1, 44, 1, 44], "300 dots an inch");
        let band = (u32::from(info.height) - high) as usize * wide as usize * 3;
        let (first, original) = (&samples[band..band + 3], pixels(3));
        // The corner that is now at the upper left.
        let (x, y) = match side {
            3 => (WIDE - 1, HIGH - 1),
            6 => (0, HIGH - 1),
            8 => (WIDE - 1, 0),
            _ => (0, 0),
        };
        let at = (y * WIDE + x) as usize * 3;
        for (now, was) in first.iter().zip(&original[at..at + 3]) {
            assert!(now.abs_diff(*was) < 25, "{side}: {first:?}");
        }
    }
}

#[test]
fn webp_and_every_page_of_tiff_are_written_without_loss() {
    for (channels, colours) in [(3, image_webp::ColorType::Rgb8), (4, image_webp::ColorType::Rgba8)] {
        let mut file = Vec::new();
        let mut encoder = image_webp::WebPEncoder::new(&mut file);
        encoder.set_icc_profile(profile());
        encoder.encode(&pixels(channels), WIDE, HIGH, colours).unwrap();
        let (out, _) = burnt(&file, &marking(None));
        let mut decoder = image_webp::WebPDecoder::new(Cursor::new(&out)).unwrap();
        let (width, height) = decoder.dimensions();
        let mut bytes = vec![0; decoder.output_buffer_size().unwrap()];
        decoder.read_image(&mut bytes).unwrap();
        let profile = decoder.icc_profile().unwrap();
        assert_eq!(profile, Some(self::profile()));
        check(&Decoded { width, height, bytes, profile }, channels, &pixels(channels));
    }
    use tiff::encoder::{TiffEncoder, colortype};
    let mut file = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut file).unwrap();
    encoder.write_image::<colortype::RGB8>(WIDE, HIGH, &pixels(3)).unwrap();
    encoder.write_image::<colortype::Gray8>(WIDE, HIGH, &pixels(1)).unwrap();
    let (out, pages) = burnt(file.get_ref(), &marking(None));
    assert_eq!(pages, 2);
    let mut decoder = tiff::decoder::Decoder::new(Cursor::new(&out)).unwrap();
    for channels in [3, 1] {
        let (width, height) = decoder.dimensions().unwrap();
        let tiff::decoder::DecodingResult::U8(bytes) = decoder.read_image().unwrap() else { panic!("depth") };
        check(&Decoded { width, height, bytes, profile: None }, channels, &pixels(channels));
        if decoder.more_images() {
            decoder.next_image().unwrap();
        }
    }
}

fn gif(frames: &[gif::Frame<'static>]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = gif::Encoder::new(&mut out, WIDE as u16, HIGH as u16, &[]).unwrap();
    encoder.set_repeat(gif::Repeat::Infinite).unwrap();
    frames.iter().for_each(|frame| encoder.write_frame(frame).unwrap());
    drop(encoder);
    out
}

fn frame(width: u32, height: u32, left: u16) -> gif::Frame<'static> {
    let indices: Vec<u8> = (0..width * height).map(|at| (at % 4) as u8).collect();
    let palette = [200, 0, 0, 0, 180, 0, 0, 0, 160, 90, 90, 10];
    let mut frame = gif::Frame::from_palette_pixels(width as u16, height as u16, indices, palette, None);
    (frame.left, frame.delay, frame.dispose) = (left, 10, gif::DisposalMethod::Keep);
    frame
}

#[test]
fn gif_keeps_its_indices_and_all_its_pictures() {
    let file = gif(&[frame(WIDE, HIGH, 0), frame(50, 40, 30)]);
    let (out, pictures) = burnt(&file, &marking(None));
    assert_eq!(pictures, 2);
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::RGBA);
    let mut decoder = options.read_info(Cursor::new(&out)).unwrap();
    let (width, height) = (u32::from(decoder.width()), u32::from(decoder.height()));
    let band = height - HIGH;
    let bytes = decoder.read_next_frame().unwrap().unwrap().buffer.to_vec();
    let colours = [[200, 0, 0, 255], [0, 180, 0, 255], [0, 0, 160, 255], [90, 90, 10, 255]];
    let expected: Vec<u8> = (0..WIDE * HIGH).flat_map(|at| colours[(at % 4) as usize]).collect();
    let decoded = Decoded { width, height, bytes, profile: None };
    assert!(decoded.bytes[(band * WIDE * 4) as usize..] == expected);
    let second = decoder.read_next_frame().unwrap().unwrap();
    assert_eq!((u32::from(second.top), second.left, second.delay), (band, 30, 10));
    assert!(decoder.read_next_frame().unwrap().is_none());
    assert_eq!(decoder.repeat(), gif::Repeat::Infinite);
    // A first picture that does not fill the canvas is put on one that does.
    let (out, _) = burnt(&gif(&[frame(50, 40, 30)]), &marking(Some("見本")));
    assert!(out.len() > 500);
}

#[test]
fn what_cannot_be_written_again_is_refused() {
    let refused = |file: &[u8]| burn(&file.to_vec(), None, &marking(None), &mut Vec::new()).unwrap_err();
    let mut clearing = frame(WIDE, HIGH, 0);
    clearing.dispose = gif::DisposalMethod::Background;
    assert!(matches!(refused(&gif(&[clearing, frame(9, 9, 0)])), MarkError::Refused(_)));
    let animated = png(3, |info| {
        info.animation_control = Some(png::AnimationControl { num_frames: 1, num_plays: 0 });
        info.frame_control = Some(png::FrameControl { width: WIDE, height: HIGH, delay_den: 1, ..Default::default() });
    });
    assert!(matches!(refused(&animated), MarkError::Refused(_)));
    let mut huge = png(3, |_| {});
    huge[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
    let sum = crc32fast::hash(&huge[12..29]);
    huge[29..33].copy_from_slice(&sum.to_be_bytes());
    assert!(matches!(refused(&huge), MarkError::Read(_)));
    let mut tiny = Vec::new();
    png::Encoder::new(&mut tiny, 8, 8).write_header().unwrap().write_image_data(&[0; 64]).unwrap();
    assert!(matches!(refused(&tiny), MarkError::Refused(_)));
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
    assert!(matches!(refused(svg), MarkError::Unsupported(Kind::Svg)));
    assert!(matches!(refused(b"words"), MarkError::Unsupported(_)));
    let cut = &png(3, |_| {})[..400];
    assert!(matches!(refused(cut), MarkError::Read(_)));
    // Unasked, no picture changes.
    let plain = mark(&png(3, |_| {}), None, &marking(None), Default::default(), &mut Vec::new());
    assert!(matches!(plain, Err(MarkError::Unsupported(Kind::Png))));
}

#[test]
fn mutations_never_harm() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/src/fuzzing/pictures");
    let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as usize % below
    };
    for name in names {
        let seed = std::fs::read(&name).unwrap();
        assert_eq!(burnt(&burnt(&seed, &marking(Some("写"))).0, &marking(None)).1, burnt(&seed, &marking(None)).1);
        for _ in 0..150 {
            let mut file = seed.clone();
            for _ in 0..=next(4) {
                let at = next(file.len());
                match next(3) {
                    0 => file[at] ^= 1 << next(8),
                    1 => file[at] = next(256) as u8,
                    _ => file.truncate(at.max(30)),
                }
            }
            let mut out = Vec::new();
            if burn(&file, None, &marking(None), &mut out).is_ok() {
                burnt(&out, &marking(None));
            }
        }
    }
}
