//! 申請. Asks an approver for a right in a document.

use std::ffi::c_char;
use std::path::PathBuf;

use sdk::{Application, ApprovalKind, Right, Rights};

use crate::boundary::{guard, text, usage};
use crate::error::kkz_error;
use crate::handles;
use crate::rights::{kkz_rights, single};
use crate::session::kkz_session;

/// Asks for one right in a protected document, for a reason given in words; who may grant it is told by the key server.
/// Writes the number of the application to `*number` (NULL: not wanted). Once it is granted, open the document anew.
///
/// # Safety
/// `path` and `reason` are NUL-terminated strings; `number` and `error` are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_request(
    session: *const kkz_session,
    path: *const c_char,
    right: kkz_rights,
    reason: *const c_char,
    number: *mut u64,
    error: *mut *mut kkz_error,
) -> u32 {
    let call = || {
        let session = handles::expect(session, "session")?;
        let right =
            single(right).ok_or_else(|| usage("権利は一つずつ申請してください。", "Ask for one right at a time."))?;
        // SAFETY: as promised by the caller.
        let path = PathBuf::from(unsafe { text(path, "path") }?);
        // SAFETY: as promised by the caller.
        let reason = unsafe { text(reason, "reason") }?.to_owned();
        let (kind, rights) = asked(right);
        let application = Application { kind, path: Some(path), rights, reason, until: None, proposed: None };
        let record = session.told("request", session.session().request(&application))?;
        if !number.is_null() {
            // SAFETY: not null; writable as promised by the caller.
            unsafe { number.write(record.number) };
        }
        Ok(())
    };
    // SAFETY: as promised by the caller.
    unsafe { guard(error, call) }
}

const fn asked(right: Right) -> (ApprovalKind, Rights) {
    match right {
        Right::View => (ApprovalKind::View, Rights::VIEW),
        Right::Print => (ApprovalKind::Print, Rights::VIEW.with(Right::Print)),
        Right::Copy => (ApprovalKind::Copy, Rights::VIEW.with(Right::Copy)),
        Right::Edit => (ApprovalKind::Edit, Rights::VIEW.with(Right::Edit)),
        Right::Export => (ApprovalKind::Export, Rights::VIEW.with(Right::Export)),
        Right::Provide => (ApprovalKind::Provide, Rights::VIEW.with(Right::Provide)),
        Right::Relabel => (ApprovalKind::Relabel, Rights::NONE.with(Right::Relabel)),
    }
}
