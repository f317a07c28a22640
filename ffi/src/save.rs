//! 保存. Edited content becomes the next version of an open document.

use std::sync::TryLockError;

use sdk::Error;
use sdk::code::{Code, Text};

use crate::boundary::{during, guard};
use crate::cancel::kkz_cancel;
use crate::document::kkz_document;
use crate::error::kkz_error;
use crate::handles;
use crate::source::{input, kkz_source};

/// Saves edited content as the next version of the document, in its place, under the same label and lineage, decided by
/// whoever saves. Needs KKZ_RIGHT_EDIT, and a document that was opened by its path. `content` is the whole new content; of it
/// nothing lies on a disk in clear. The handle then speaks of the new version: size, reads, id (texts asked for before stay
/// readable). Returns 0 once the version lies in its place; if it can't be opened anew just then, reading tells so and
/// tries again. When it fails, what lies there is as it was. `conflict`: another version lies there by now, or is being
/// saved. `cancel` may be NULL.
///
/// # Safety
/// `content` is as its size says; `error` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_document_save(
    document: *mut kkz_document,
    content: *const kkz_source,
    cancel: *const kkz_cancel,
    error: *mut *mut kkz_error,
) -> u32 {
    let call = || {
        let document = handles::expect(document.cast_const(), "document")?;
        // SAFETY: as promised by the caller.
        let content = unsafe { input(content, "content") }?;
        // Not waited for: the one who saves may be what gives this content, in a callback.
        let alone = match document.saving.try_lock() {
            Ok(alone) => Ok(alone),
            Err(TryLockError::Poisoned(alone)) => Ok(alone.into_inner()),
            Err(TryLockError::WouldBlock) => Err(being_saved()),
        };
        let saved = alone.and_then(|_alone| {
            document.current().and_then(|version| during(cancel, || version.document.save(&content)))?;
            document.was_saved();
            Ok(())
        });
        document.told("save", saved)
    };
    // SAFETY: as promised by the caller.
    unsafe { guard(error, call) }
}

fn being_saved() -> Error {
    Error::new(
        Code::Conflict,
        Text::fixed(
            "この文書は保存の途中です。終わってから、もう一度お試しください。",
            "The document is being saved just now. Try again when that is done.",
        ),
    )
}
