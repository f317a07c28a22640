//! 文書のこと. What is known of an open document: its label, what may be done with it, what must be.

use std::ffi::{CString, c_char};
use std::ptr;

use sdk::{Document, LabelView};

use crate::boundary::value;
use crate::document::{Version, kkz_document};
use crate::error::{kkz_language, pick};
use crate::handles;
use crate::rights::{bits, kkz_rights, rights, single};
use crate::texts::{c_text, pointer};

/// What changes only with the label while a version is open.
pub(crate) struct Facts {
    label: LabelView,
    header: CString,
    grade: CString,
    restrictions: CString,
    file_name: CString,
    media_type: CString,
    title: Option<CString>,
    document: CString,
    lineage: CString,
    decider: CString,
    label_json: CString,
}

impl Facts {
    pub(crate) fn of(document: &Document) -> Self {
        let label = document.label();
        Self {
            label: label.clone(),
            header: c_text(&label.header),
            grade: c_text(&label.grade),
            restrictions: c_text(&label.restrictions.join("\n")),
            file_name: c_text(document.file_name()),
            media_type: c_text(document.media_type()),
            title: document.title().map(c_text),
            document: c_text(&label.document.to_string()),
            lineage: c_text(&label.lineage.to_string()),
            decider: c_text(&format!("{} {}", label.decided_by.post, label.decided_by.name)),
            label_json: c_text(&serde_json::to_string(&label).unwrap_or_default()),
        }
    }

    /// Whether this is still what there is to say of the document.
    pub(crate) fn is_of(&self, document: &Document) -> bool {
        self.label == document.label()
    }
}

/// Whether the licence permits all of `wanted` now: 1 or 0. 0 for what is not open, for bits that name no right, and once the
/// licence has ended or its renewal was refused: then kkz_document_renew asks for another. Nobody is asked here.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_document_can(document: *const kkz_document, wanted: kkz_rights) -> i32 {
    value(0, || {
        let Some(version) = known(document) else { return 0 };
        let held = version.document.rights();
        i32::from(wanted != 0 && rights(wanted).is_ok_and(|wanted| wanted.iter().all(|right| held.allows(right))))
    })
}

/// Everything the licence permits now; 0 if it is not open, and once the licence has ended (kkz_document_renew).
#[unsafe(no_mangle)]
pub extern "C" fn kkz_document_rights(document: *const kkz_document) -> kkz_rights {
    value(0, || known(document).map_or(0, |version| bits(version.document.rights())))
}

/// Why one right is not there, for people: the restriction or the clause; NULL when it is there, and for what is no right.
/// Lives as long as the document is open. Nobody is asked.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_document_denied_because(
    document: *const kkz_document,
    one: kkz_rights,
    language: kkz_language,
) -> *const c_char {
    value(ptr::null(), || {
        let Some((version, right)) = known(document).zip(single(one)) else { return ptr::null() };
        let why = version.document.why_not(right);
        version.texts.keep(why.as_ref().map(|why| pick(language, &*why.ja, &*why.en)))
    })
}

/// When the licence ends, seconds since 1970 UTC; 0 if it is not open.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_document_expires_at(document: *const kkz_document) -> i64 {
    value(0, || known(document).map_or(0, |version| version.document.expires_at().unix()))
}

/// Until when the licence may be used without the key server, seconds since 1970 UTC; 0: not at all.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_document_offline_until(document: *const kkz_document) -> i64 {
    value(0, || {
        let until = known(document).and_then(|version| version.document.offline_until());
        until.map_or(0, |until| until.unix())
    })
}

/// Openings left to this reader after this one (読後廃棄); -1: not counted.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_document_openings_left(document: *const kkz_document) -> i32 {
    value(-1, || {
        let left = known(document).and_then(|version| version.document.obligations().openings_left);
        left.map_or(-1, |left| i32::try_from(left).unwrap_or(i32::MAX))
    })
}

/// 1 when the author's signature covers the content; 0: 改ざん検知なし, or not open.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_document_tamper_evident(document: *const kkz_document) -> i32 {
    value(0, || known(document).map_or(0, |version| i32::from(version.document.tamper_evident())))
}

/// 1 when the label was changed at the key server since this file was written; what is told here is the new one.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_document_newer_label(document: *const kkz_document) -> i32 {
    value(0, || known(document).map_or(0, |version| i32::from(version.document.newer_label())))
}

/// 透かし: text to show across every page, on the screen and on paper (subject and time); NULL: none is asked for. Lives as
/// long as the document is open.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_document_watermark(document: *const kkz_document) -> *const c_char {
    value(ptr::null(), || {
        let Some(version) = known(document) else { return ptr::null() };
        version.texts.keep(version.document.obligations().watermark.as_deref())
    })
}

/// Restrictions nobody but people can keep, one a line: show them. NULL: none. Lives as long as the document is open.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_document_kept_by_people(document: *const kkz_document) -> *const c_char {
    value(ptr::null(), || {
        let Some(version) = known(document) else { return ptr::null() };
        let kept = version.document.obligations().kept_by_people;
        version.texts.keep((!kept.is_empty()).then(|| kept.join("\n")).as_deref())
    })
}

/// 格付・取扱制限 as agencies print them. Lives as long as the document is open; NULL if it is not.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_document_label(document: *const kkz_document) -> *const c_char {
    field(document, |facts| Some(&facts.header))
}

/// 格付 in its code form, `C3I2A1`. Lives as long as the document is open; NULL if it is not.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_document_grade(document: *const kkz_document) -> *const c_char {
    field(document, |facts| Some(&facts.grade))
}

/// 取扱制限, one a line. Lives as long as the document is open; NULL if it is not.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_document_restrictions(document: *const kkz_document) -> *const c_char {
    field(document, |facts| Some(&facts.restrictions))
}

/// 決定者: 官職 and 氏名. Lives as long as the document is open; NULL if it is not.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_document_decider(document: *const kkz_document) -> *const c_char {
    field(document, |facts| Some(&facts.decider))
}

/// All of the label, in JSON: the object `label` of `labeler show --json`. Lives as long as the document is open; NULL if
/// it is not.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_document_label_json(document: *const kkz_document) -> *const c_char {
    field(document, |facts| Some(&facts.label_json))
}

/// The id of this version. Lives as long as the document is open; NULL if it is not.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_document_id(document: *const kkz_document) -> *const c_char {
    field(document, |facts| Some(&facts.document))
}

/// The id all versions of the document have in common. Lives as long as the document is open; NULL if it is not.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_document_lineage(document: *const kkz_document) -> *const c_char {
    field(document, |facts| Some(&facts.lineage))
}

/// The original file's name: for showing, never for writing to. Lives as long as the document is open; NULL if it is not.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_document_file_name(document: *const kkz_document) -> *const c_char {
    field(document, |facts| Some(&facts.file_name))
}

/// The content's media type. Lives as long as the document is open; NULL if it is not.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_document_media_type(document: *const kkz_document) -> *const c_char {
    field(document, |facts| Some(&facts.media_type))
}

/// 件名; NULL if there is none. Lives as long as the document is open.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_document_title(document: *const kkz_document) -> *const c_char {
    field(document, |facts| facts.title.as_ref())
}

/// The version that is open.
fn known(document: *const kkz_document) -> Option<std::sync::Arc<Version>> {
    handles::find(document).map(|document| document.as_labelled())
}

/// One text of a version, which the document keeps until it is closed.
fn field(document: *const kkz_document, pick: impl Fn(&Facts) -> Option<&CString>) -> *const c_char {
    value(ptr::null(), || known(document).map_or(ptr::null(), |version| pointer(pick(&version.facts))))
}
