//! 利用者. A session of the officer whose profile lies in a folder.

use std::ffi::c_char;
use std::path::{Path, PathBuf};

use sdk::{Result, Session};

use crate::boundary::{give, guard, null, take, text};
use crate::error::kkz_error;

/// A session: one officer on one device. May be used from many threads at once.
#[allow(non_camel_case_types, reason = "the name C sees")]
pub struct kkz_session(Session);

impl kkz_session {
    pub(crate) const fn session(&self) -> &Session {
        &self.0
    }
}

/// Opens a session. `profile` is the profile's folder, UTF-8, or NULL for the usual one (KAKUZUKE_PROFILE).
/// Returns 0 and writes `*session`, or the number of the error, and writes `*error` unless `error` is NULL.
///
/// # Safety
/// `profile` is NULL or a NUL-terminated string; `session` and `error` are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_session_open(
    profile: *const c_char,
    session: *mut *mut kkz_session,
    error: *mut *mut kkz_error,
) -> u32 {
    let call = || {
        if session.is_null() {
            return Err(null("session"));
        }
        // SAFETY: as promised by the caller.
        let opened = Session::open(&unsafe { folder(profile) }?)?;
        // SAFETY: not null; writable as promised by the caller.
        unsafe { give(session, kkz_session(opened)) };
        Ok(())
    };
    // SAFETY: as promised by the caller.
    unsafe { guard(error, call) }
}

/// The folder named, or the usual one.
///
/// # Safety
/// `profile` is NULL or a NUL-terminated string.
unsafe fn folder(profile: *const c_char) -> Result<PathBuf> {
    if profile.is_null() {
        return sdk::default_folder();
    }
    // SAFETY: as promised by the caller.
    Ok(Path::new(unsafe { text(profile, "profile") }?).to_owned())
}

/// Closes a session. Documents opened in it stay open. NULL does nothing.
///
/// # Safety
/// `session` is NULL or a session given by this library, and is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_session_close(session: *mut kkz_session) {
    // SAFETY: as promised by the caller.
    unsafe { take(session) };
}
