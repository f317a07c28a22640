//! The text of PowerPoint 97–2003 files ([MS-PPT]): text atoms in their containers.

use std::path::Path;

use kakuzuke_core::passage::{Part, Unit};

use super::records::{long, short};
use super::strings::{narrow, wide};
use super::{Compound, locked};
use crate::error::ReadError;
use crate::limits;
use crate::text::{Halt, Reading};

/// Reads the presentation whose main stream is at `path`.
pub(super) fn read(compound: &mut Compound<'_>, path: &Path, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let bytes = compound.stream(path, reading)?.unwrap_or_default();
    let mut show = Show { slides: 0, listed: 0, left: limits::XML_ELEMENTS * 10 };
    show.records(&bytes, &Scene { unit: Unit::Whole, part: Part::Body, is_list: false }, 0, reading)
}

/// What the records around say about a text.
#[derive(Clone)]
struct Scene {
    unit: Unit,
    part: Part,
    /// In the list of the slides' texts.
    is_list: bool,
}

struct Show {
    /// Slides met so far.
    slides: u32,
    /// Slides met so far in the list of their texts.
    listed: u32,
    left: usize,
}

impl Show {
    fn records(&mut self, bytes: &[u8], around: &Scene, depth: u32, reading: &mut Reading<'_>) -> Result<(), Halt> {
        if depth > limits::PDF_DEPTH {
            return Err(ReadError::Limit("records of a presentation in one another").into());
        }
        let (mut at, mut scene) = (0, around.clone());
        while let (Some(head), Some(kind), Some(length)) = (short(bytes, at), short(bytes, at + 2), long(bytes, at + 4))
        {
            self.left = self.left.checked_sub(1).ok_or(ReadError::Limit("records of a presentation"))?;
            let end = (at + 8).saturating_add(length as usize);
            let Some(data) = bytes.get(at + 8..end) else {
                return Err(ReadError::Damaged("a record of a presentation is cut off").into());
            };
            at = end;
            match kind {
                0x03F3 if scene.is_list => {
                    self.listed = self.listed.saturating_add(1);
                    scene.unit = Unit::Slide(self.listed);
                }
                0x2F14 => reading.gap(Unit::Whole, Part::Body, locked()),
                // Atoms with text: in UTF-16, in bytes; names and comments.
                0x0FA0 | 0x0FBA => say(&wide(data), &scene, reading)?,
                0x0FA8 => say(&narrow(data), &scene, reading)?,
                // An embedded object, its storage packed or not.
                0x1011 => object(data, head >> 4, reading)?,
                _ if head & 0xF == 0xF => {
                    let inner = self.scene(kind, head >> 4, &scene);
                    self.records(data, &inner, depth + 1, reading)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// What a container says about what lies in it.
    fn scene(&mut self, kind: u16, instance: u16, around: &Scene) -> Scene {
        let mut scene = around.clone();
        match kind {
            0x03EE => {
                self.slides = self.slides.saturating_add(1);
                scene.unit = Unit::Slide(self.slides);
            }
            0x03F0 => scene.part = Part::Notes,
            0x03F8 => scene.part = Part::Header,
            0x0FD9 => scene.part = Part::Footer,
            0x2EE0 => scene.part = Part::Comment,
            // Lists of texts: of slides, masters, notes.
            0x0FF0 => {
                self.listed = 0;
                scene.is_list = true;
                scene.part = match instance {
                    0 => Part::Body,
                    1 => Part::Header,
                    _ => Part::Notes,
                };
            }
            _ => {}
        }
        scene
    }
}

fn say(text: &str, scene: &Scene, reading: &mut Reading<'_>) -> Result<(), Halt> {
    for paragraph in text.split(['\r', '\u{B}', '\0']) {
        // Names of themes and programs are not written for readers; a star stands for a number or date.
        if !paragraph.starts_with("___PPT") && paragraph != "*" {
            reading.say(scene.unit.clone(), scene.part.clone(), paragraph)?;
        }
    }
    Ok(())
}

fn object(data: &[u8], instance: u16, reading: &mut Reading<'_>) -> Result<(), Halt> {
    use std::io::Read;
    if instance == 0 {
        return reading.read_held("OLE", data);
    }
    let length = u64::from(long(data, 0).unwrap_or(0)).min(limits::TEXT_PART);
    reading.charge(length)?;
    let mut bytes = Vec::new();
    let packed = data.get(4..).unwrap_or_default();
    let outcome = flate2::read::ZlibDecoder::new(packed).take(length).read_to_end(&mut bytes);
    if outcome.is_err() {
        return reading.bear(Unit::Whole, Part::Body, Err(ReadError::Damaged("an embedded object").into()));
    }
    reading.read_held("OLE", &bytes)
}
