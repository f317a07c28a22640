//! The kinds of OOXML package, by the content type of the main part (ISO/IEC 29500-1 and [MS-OFFMACRO2]).

use crate::kind::Kind;

/// Every kind of this plugin.
pub(super) const KINDS: &[Kind] = &[
    Kind::Docx,
    Kind::Docm,
    Kind::Dotx,
    Kind::Dotm,
    Kind::Xlsx,
    Kind::Xlsm,
    Kind::Xltx,
    Kind::Xltm,
    Kind::Pptx,
    Kind::Pptm,
    Kind::Potx,
    Kind::Potm,
    Kind::Ppsx,
    Kind::Ppsm,
];

/// What a package is a document of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Word,
    Sheet,
    Slides,
}

/// The content type of the main part of a kind; `None` for kinds of other plugins.
pub(super) fn main_type(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        Kind::Docm => "application/vnd.ms-word.document.macroEnabled.main+xml",
        Kind::Dotx => "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
        Kind::Dotm => "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
        Kind::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        Kind::Xlsm => "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        Kind::Xltx => "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
        Kind::Xltm => "application/vnd.ms-excel.template.macroEnabled.main+xml",
        Kind::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
        Kind::Pptm => "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml",
        Kind::Potx => "application/vnd.openxmlformats-officedocument.presentationml.template.main+xml",
        Kind::Potm => "application/vnd.ms-powerpoint.template.macroEnabled.main+xml",
        Kind::Ppsx => "application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml",
        Kind::Ppsm => "application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml",
        _ => return None,
    })
}

/// The kind whose main part has this content type.
pub(super) fn of_main_type(content_type: &str) -> Option<Kind> {
    KINDS.iter().copied().find(|k| main_type(*k).is_some_and(|t| t.eq_ignore_ascii_case(content_type.trim())))
}

/// What a kind is a document of; `None` for kinds of other plugins.
pub(super) fn family(kind: Kind) -> Option<Family> {
    let main = main_type(kind)?;
    Some(if main.contains("word") {
        Family::Word
    } else if main.contains("sheet") || main.contains("excel") {
        Family::Sheet
    } else {
        Family::Slides
    })
}
