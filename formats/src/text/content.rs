//! Files without a plugin that reads them: by their content, whatever they are called.

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::{Part, Unit};

use super::{Halt, Reading};
use crate::source::Source;

const PICTURES: &[&str] =
    &[".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".svg", ".wdp", ".webp", ".ico"];

/// Whether a part's name is a picture's.
pub(crate) fn is_picture(lower: &str) -> bool {
    PICTURES.iter().any(|e| lower.ends_with(e)) && !lower.starts_with("docprops/thumbnail")
}

/// Reads the text of a file by its content.
pub(crate) fn content(_source: &dyn Source, _name: Option<&str>, reading: &mut Reading<'_>) -> Result<(), Halt> {
    reading.gap(Unit::Whole, Part::Body, unknown());
    Ok(())
}

fn unknown() -> Text {
    Text::fixed(
        "この形式のファイルの本文は読めません。人が確認してください。",
        "Files of this form can't be read here. Somebody must look at it.",
    )
}
