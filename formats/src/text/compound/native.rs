//! Files embedded as objects ([MS-OLEDS] 2.3.6).

use std::path::Path;

use super::Compound;
use crate::error::ReadError;
use crate::text::encoding::decode_name;
use crate::text::{Halt, Reading};
use crate::zip::Fields;

/// Reads the file in an `Ole10Native` stream.
pub(super) fn read(compound: &mut Compound<'_>, path: &Path, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let bytes = compound.stream(path, reading)?.unwrap_or_default();
    let (name, file) = parse(&bytes).ok_or(ReadError::Damaged("an embedded file is cut off"))?;
    reading.read_held(&name, file)
}

/// Reads a stream that is a file.
pub(super) fn read_package(compound: &mut Compound<'_>, path: &Path, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let bytes = compound.stream(path, reading)?.unwrap_or_default();
    reading.read_held(&super::name(path), &bytes)
}

/// Name and bytes of the embedded file.
fn parse(bytes: &[u8]) -> Option<(String, &[u8])> {
    let mut f = Fields(bytes);
    let whole = f.u32()?;
    if f.u16()? != 2 {
        // Without a name: only its length and bytes.
        let mut f = Fields(bytes.get(4..)?);
        return Some((String::from("Ole10Native"), f.take(usize::try_from(whole).ok()?)?));
    }
    let name = decode_name(text(&mut f)?);
    text(&mut f)?;
    f.take(4)?;
    let path = f.u32()?;
    f.take(usize::try_from(path).ok()?)?;
    let length = f.u32()?;
    Some((name, f.take(usize::try_from(length).ok()?)?))
}

fn text<'a>(f: &mut Fields<'a>) -> Option<&'a [u8]> {
    let end = f.0.iter().position(|b| *b == 0)?;
    let text = f.take(end)?;
    f.take(1)?;
    Some(text)
}
