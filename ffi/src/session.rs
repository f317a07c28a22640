//! 利用者. A session of the officer whose profile lies in a folder.

use std::ffi::{CString, c_char, c_void};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sdk::code::{Code, Text};
use sdk::{Error, Passphrase, Result, Session, SessionOptions};

use crate::boundary::{give, guard, options, text_or_none, usage, value, writable};
use crate::error::{kkz_error, kkz_language, pick};
use crate::handles;
use crate::texts::{c_text, pointer};

/// A session: one officer on one device. May be used from many threads at once.
#[allow(non_camel_case_types, reason = "the name C sees")]
pub struct kkz_session {
    session: Session,
    log: Option<Log>,
    subject: CString,
    name: CString,
    organization_ja: CString,
    organization_en: CString,
}

/// Something failed.
pub const KKZ_LOG_ERROR: u32 = 1;
/// Something a person should know.
#[expect(dead_code, reason = "for callers: nothing is told at this level today")]
pub const KKZ_LOG_WARNING: u32 = 2;
/// What was done.
pub const KKZ_LOG_INFO: u32 = 3;

/// How a session is opened. Assign its sizeof to `size`; what is zero or NULL is as usual.
#[repr(C)]
#[derive(Clone, Copy)]
#[allow(non_camel_case_types, reason = "the name C sees")]
pub struct kkz_session_options {
    /// sizeof(kkz_session_options).
    pub size: usize,
    /// The profile's folder, UTF-8; NULL: the usual one (KAKUZUKE_PROFILE).
    pub profile: *const c_char,
    /// A proxy that passes connections on (CONNECT), `http://host:port`; NULL: none.
    pub proxy: *const c_char,
    /// Asks for the profile's passphrase, if it has one: writes at most `capacity` bytes to `buffer` and gives their
    /// number; negative: the person gave up. Called once, during kkz_session_open_with. NULL: KAKUZUKE_PASSPHRASE.
    pub passphrase: Option<unsafe extern "C" fn(context: *mut c_void, buffer: *mut c_char, capacity: usize) -> i64>,
    /// Told in English what happens, with a level as above; never a secret, never content. Called from every thread that
    /// uses the session, several at once, until it and all of its documents are closed. NULL: nobody is told.
    pub log: Option<unsafe extern "C" fn(context: *mut c_void, level: u32, message: *const c_char)>,
    /// Given to both. They must return: no longjmp out of them, no exception.
    pub context: *mut c_void,
}

/// Longest passphrase a callback may give, in bytes.
const PASSPHRASE_MAX: usize = 4096;

/// Who is told what happens.
#[derive(Clone, Copy)]
pub(crate) struct Log {
    told: unsafe extern "C" fn(*mut c_void, u32, *const c_char),
    context: *mut c_void,
}

// SAFETY: the interface says that the callback is called from several threads at once, with this context.
unsafe impl Send for Log {}
// SAFETY: as above.
unsafe impl Sync for Log {}

impl kkz_session {
    fn new(session: Session, log: Option<Log>) -> Self {
        let info = session.profile();
        let subject = c_text(&info.subject.to_string());
        let (name, organization) = (c_text(&info.name), info.organization.clone());
        let (organization_ja, organization_en) = (c_text(&organization.ja), c_text(&organization.en));
        Self { session, log, subject, name, organization_ja, organization_en }
    }

    pub(crate) const fn session(&self) -> &Session {
        &self.session
    }

    /// Tells the program what was done, or what failed.
    pub(crate) fn told<T>(&self, what: &str, outcome: Result<T>) -> Result<T> {
        tell(self.log, what, outcome)
    }

    pub(crate) const fn log(&self) -> Option<Log> {
        self.log
    }
}

/// Tells a program what was done, or what failed: the code, never names.
pub(crate) fn tell<T>(log: Option<Log>, what: &str, outcome: Result<T>) -> Result<T> {
    if let Some(log) = log {
        let (level, text) = match &outcome {
            Ok(_) => (KKZ_LOG_INFO, what.to_owned()),
            Err(error) => (KKZ_LOG_ERROR, format!("{what}: {} ({})", error.text().en, error.code().slug())),
        };
        let text = c_text(&text);
        // SAFETY: the program promises that its callback may be called while the session or a document of it is open.
        unsafe { (log.told)(log.context, level, text.as_ptr()) };
    }
    outcome
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
        writable(session, "session")?;
        // SAFETY: as promised by the caller.
        let opened = Session::open(&unsafe { folder(profile) }?)?;
        // SAFETY: not null; writable as promised by the caller.
        unsafe { give(session, kkz_session::new(opened, None)) };
        Ok(())
    };
    // SAFETY: as promised by the caller.
    unsafe { guard(error, call) }
}

/// The same with a passphrase asked for, a proxy, and a log of the program's.
///
/// # Safety
/// `options` is as its size says; its strings end with NUL; its callbacks may be called as described there; `session` and
/// `error` are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_session_open_with(
    options: *const kkz_session_options,
    session: *mut *mut kkz_session,
    error: *mut *mut kkz_error,
) -> u32 {
    let call = || {
        writable(session, "session")?;
        // SAFETY: as promised by the caller; all of its fields may be zero.
        let asked = unsafe { self::options(options, size_of::<kkz_session_options>(), "options") }?;
        let log = asked.log.map(|told| Log { told, context: asked.context });
        // SAFETY: as promised by the caller.
        let opened = tell(log, "session", unsafe { open(&asked) })?;
        // SAFETY: not null; writable as promised by the caller.
        unsafe { give(session, kkz_session::new(opened, log)) };
        Ok(())
    };
    // SAFETY: as promised by the caller.
    unsafe { guard(error, call) }
}

/// # Safety
/// As [`kkz_session_open_with`].
unsafe fn open(asked: &kkz_session_options) -> Result<Session> {
    // SAFETY: as promised by the caller.
    let folder = unsafe { folder(asked.profile) }?;
    // SAFETY: as promised by the caller.
    let proxy = unsafe { text_or_none(asked.proxy, "proxy") }?.map(ToOwned::to_owned);
    let passphrase = match asked.passphrase.filter(|_| sdk::needs_passphrase(&folder)) {
        // SAFETY: as promised by the caller.
        Some(ask) => Some(Arc::new(unsafe { passphrase(ask, asked.context) }?)),
        None => None,
    };
    Session::open_with(&folder, &SessionOptions { passphrase, proxy, ..SessionOptions::default() })
}

/// # Safety
/// The program promises that its callback may be called with this context.
unsafe fn passphrase(
    ask: unsafe extern "C" fn(*mut c_void, *mut c_char, usize) -> i64,
    context: *mut c_void,
) -> Result<Passphrase> {
    let mut buffer = zeroize::Zeroizing::new(vec![0u8; PASSPHRASE_MAX]);
    // SAFETY: the buffer has room for that many bytes; the rest is promised by the caller.
    let count = unsafe { ask(context, buffer.as_mut_ptr().cast(), PASSPHRASE_MAX) };
    let Ok(count) = usize::try_from(count) else { return Err(Error::of(Code::Cancelled)) };
    let given = buffer.get(..count).ok_or_else(|| {
        usage("パスフレーズが長すぎます。", "The program says the passphrase is longer than there was room.")
    })?;
    let text = std::str::from_utf8(given).map_err(|_| {
        Error::new(Code::Usage, Text::fixed("パスフレーズが UTF-8 ではありません。", "The passphrase is not UTF-8."))
    })?;
    Ok(Passphrase::new(text.to_owned()))
}

/// The folder named, or the usual one.
///
/// # Safety
/// `profile` is NULL or a NUL-terminated string.
unsafe fn folder(profile: *const c_char) -> Result<PathBuf> {
    // SAFETY: as promised by the caller.
    match unsafe { text_or_none(profile, "profile") }? {
        Some(folder) => Ok(Path::new(folder).to_owned()),
        None => sdk::default_folder(),
    }
}

/// Whose session it is: the subject's id. Lives as long as the session; NULL if it is not open.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_session_subject(session: *const kkz_session) -> *const c_char {
    field(session, |s| &s.subject)
}

/// 氏名. Lives as long as the session; NULL if it is not open.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_session_name(session: *const kkz_session) -> *const c_char {
    field(session, |s| &s.name)
}

/// 機関名. Lives as long as the session; NULL if it is not open.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_session_organization(session: *const kkz_session, language: kkz_language) -> *const c_char {
    field(session, |s| pick(language, &s.organization_ja, &s.organization_en))
}

fn field(session: *const kkz_session, pick: impl Fn(&kkz_session) -> &CString) -> *const c_char {
    value(std::ptr::null(), || handles::find(session).map_or(std::ptr::null(), |session| pointer(Some(pick(&session)))))
}

/// Closes a session. Documents opened in it stay open. What is no open session does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_session_close(session: *mut kkz_session) {
    handles::take(session);
}
