//! 文書. A protected document, opened: its bytes at any offset.

use std::ffi::c_char;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use sdk::{Document, Error, Input, Opening, Rights};

use crate::boundary::{during, give, guard, null, text, text_or_none, usage, value, writable};
use crate::cancel::kkz_cancel;
use crate::error::kkz_error;
use crate::facts::Facts;
use crate::handles;
use crate::rights::{kkz_rights, rights};
use crate::session::{Log, kkz_session, tell};
use crate::source::{input, kkz_source};
use crate::texts::Texts;

/// An open document. May be used from many threads at once.
#[allow(non_camel_case_types, reason = "the name C sees")]
pub struct kkz_document {
    version: RwLock<Arc<Version>>,
    /// Versions before it: C may still hold their texts.
    past: Mutex<Vec<Arc<Version>>>,
    /// A newer version was saved and could not be opened yet.
    stale: AtomicBool,
    /// One save at a time.
    pub(crate) saving: Mutex<()>,
    log: Option<Log>,
}

/// One version of a document, open.
pub(crate) struct Version {
    pub(crate) document: Arc<Document>,
    pub(crate) facts: Facts,
    pub(crate) texts: Texts,
}

impl Version {
    fn new(document: Arc<Document>) -> Arc<Self> {
        Arc::new(Self { facts: Facts::of(&document), texts: Texts::default(), document })
    }
}

impl kkz_document {
    fn new(document: Document, log: Option<Log>) -> Self {
        let version = RwLock::new(Version::new(Arc::new(document)));
        Self { version, past: Mutex::default(), stale: AtomicBool::new(false), saving: Mutex::new(()), log }
    }

    /// The version there is, opened again if a newer one was saved.
    pub(crate) fn current(&self) -> Result<Arc<Version>, Error> {
        if self.stale.load(Ordering::Acquire) {
            self.reopen()?;
        }
        Ok(self.known())
    }

    /// The version that is open, without asking anybody.
    pub(crate) fn known(&self) -> Arc<Version> {
        Arc::clone(&self.version.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Opens what lies there now in place of what was open.
    fn reopen(&self) -> Result<(), Error> {
        let next = Version::new(Arc::new(self.known().document.reopen()?));
        self.turn_to(next);
        self.stale.store(false, Ordering::Release);
        Ok(())
    }

    fn turn_to(&self, next: Arc<Version>) {
        let before = std::mem::replace(&mut *self.version.write().unwrap_or_else(PoisonError::into_inner), next);
        self.past.lock().unwrap_or_else(PoisonError::into_inner).push(before);
    }

    /// The version that is open, with the label that is known now: a renewed licence may have brought another.
    pub(crate) fn as_labelled(&self) -> Arc<Version> {
        let known = self.known();
        if known.facts.is_of(&known.document) {
            return known;
        }
        let next = Version::new(Arc::clone(&known.document));
        self.turn_to(Arc::clone(&next));
        next
    }

    /// A newer version lies in its place. That it can't be opened now is told when it is read.
    pub(crate) fn was_saved(&self) {
        self.stale.store(true, Ordering::Release);
        let _told_when_it_is_read = tell(self.log, "reopen", self.reopen());
    }

    /// Tells the program what was done with it, or what failed.
    pub(crate) fn told<T>(&self, what: &str, outcome: Result<T, Error>) -> Result<T, Error> {
        tell(self.log, what, outcome)
    }
}

/// Opens a protected document: the key server is asked, decides, logs, and only then gives the key.
/// `wanted` are the rights asked for besides viewing: without one of them it is not opened at all; `purpose` is the 利用目的
/// for the log (may be NULL). Rights not asked for may be there nevertheless: ask kkz_document_can.
/// Returns 0 and writes `*document`, or the number of the error, and writes `*error` unless `error` is NULL.
///
/// # Safety
/// `path` is a NUL-terminated string, `purpose` one or NULL; `document` and `error` are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_document_open(
    session: *const kkz_session,
    path: *const c_char,
    wanted: kkz_rights,
    purpose: *const c_char,
    document: *mut *mut kkz_document,
    error: *mut *mut kkz_error,
) -> u32 {
    let call = || {
        writable(document, "document")?;
        let session = handles::expect(session, "session")?;
        // SAFETY: as promised by the caller.
        let input = Input::Path(unsafe { text(path, "path") }?.into());
        // SAFETY: as promised by the caller.
        let opened = unsafe { open(&session, &input, wanted, purpose, ptr::null()) }?;
        // SAFETY: not null; writable as promised by the caller.
        unsafe { give(document, opened) };
        Ok(())
    };
    // SAFETY: as promised by the caller.
    unsafe { guard(error, call) }
}

/// The same from an open file or callbacks, and so that it can be given up (`cancel` may be NULL).
///
/// # Safety
/// As for kkz_document_open; `source` is as its size says and stays usable until the document is closed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_document_open_from(
    session: *const kkz_session,
    source: *const kkz_source,
    wanted: kkz_rights,
    purpose: *const c_char,
    cancel: *const kkz_cancel,
    document: *mut *mut kkz_document,
    error: *mut *mut kkz_error,
) -> u32 {
    let call = || {
        writable(document, "document")?;
        let session = handles::expect(session, "session")?;
        // SAFETY: as promised by the caller.
        let input = unsafe { input(source, "source") }?;
        // SAFETY: as promised by the caller.
        let opened = unsafe { open(&session, &input, wanted, purpose, cancel) }?;
        // SAFETY: not null; writable as promised by the caller.
        unsafe { give(document, opened) };
        Ok(())
    };
    // SAFETY: as promised by the caller.
    unsafe { guard(error, call) }
}

/// # Safety
/// `purpose` is NULL or a NUL-terminated string.
unsafe fn open(
    session: &kkz_session,
    input: &Input,
    wanted: kkz_rights,
    purpose: *const c_char,
    cancel: *const kkz_cancel,
) -> Result<kkz_document, Error> {
    // SAFETY: as promised by the caller.
    let purpose = unsafe { text_or_none(purpose, "purpose") }?.unwrap_or_default().to_owned();
    let wanted = rights(wanted)?.iter().fold(Rights::VIEW, Rights::with);
    let opening = Opening { purpose, wanted, ..Opening::default() };
    let opened = during(cancel, || session.session().open_input(input, &opening));
    Ok(kkz_document::new(session.told("open", opened)?, session.log()))
}

/// Asks the key server anew: for rights and a label that have changed, and a licence that lasts longer. Done by itself when a
/// licence has ended and the document is read. It goes on with the same opening (読後廃棄). When it is refused, there is no right
/// any more and nothing more can be read; when the server can't be asked, the licence holds to its end. A program that lets a
/// person print or copy for longer than a licence lasts (kkz_document_expires_at) calls this before it asks kkz_document_can.
///
/// # Safety
/// `error` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_document_renew(document: *const kkz_document, error: *mut *mut kkz_error) -> u32 {
    let call = || {
        let object = handles::expect(document, "document")?;
        let renewed = object.current().and_then(|version| version.document.renew());
        object.told("renew", renewed)
    };
    // SAFETY: as promised by the caller.
    unsafe { guard(error, call) }
}

/// Bytes of the document's content; 0 if it is not open.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_document_size(document: *const kkz_document) -> u64 {
    value(0, || handles::find(document).map_or(0, |d| d.known().document.size()))
}

/// Reads up to `length` bytes at `offset` into `buffer` and writes to `*count` how many there were: fewer only at the
/// end of the content, 0 at or past it. Decrypts only what is asked for; what is written was found unaltered.
/// Returns 0, or the number of the error; then nothing of `buffer` may be used.
///
/// # Safety
/// `buffer` has room for `length` bytes that nobody else reads or writes meanwhile; `count` and `error` are NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kkz_document_read_at(
    document: *const kkz_document,
    offset: u64,
    buffer: *mut u8,
    length: usize,
    count: *mut usize,
    error: *mut *mut kkz_error,
) -> u32 {
    let call = || {
        let version = handles::expect(document, "document")?.current()?;
        if buffer.is_null() {
            return Err(null("buffer"));
        }
        writable(count, "count")?;
        if isize::try_from(length).is_err() {
            return Err(usage("引数 length が大きすぎます。", "The argument length is too large."));
        }
        // What is past the end is never touched, however long the buffer is said to be.
        let rest = version.document.size().saturating_sub(offset);
        let length = usize::try_from(rest).map_or(length, |rest| length.min(rest));
        // The buffer may be uninitialised in C; it is made a slice only after it has been zeroed.
        // SAFETY: not null; room for `length` bytes, as promised by the caller.
        unsafe { ptr::write_bytes(buffer, 0, length) };
        // SAFETY: not null, initialised above, not used by others meanwhile, at most isize::MAX long.
        let target = unsafe { std::slice::from_raw_parts_mut(buffer, length) };
        let done = fill(&version.document, offset, target)?;
        // SAFETY: not null; writable as promised by the caller.
        unsafe { count.write(done) };
        Ok(())
    };
    // SAFETY: as promised by the caller.
    unsafe { guard(error, call) }
}

/// Reads until the buffer is full or the content ends. What fails leaves nothing in it.
fn fill(document: &Document, offset: u64, target: &mut [u8]) -> Result<usize, Error> {
    let mut done = 0;
    while let Some(free) = target.get_mut(done..).filter(|free| !free.is_empty()) {
        match document.read_at(offset + done as u64, free) {
            Ok(0) => break,
            Ok(n) => done += n,
            Err(fault) => {
                target.fill(0);
                return Err(fault);
            }
        }
    }
    Ok(done)
}

/// Closes a document and wipes its key. A call that still reads it in another thread is answered first, then it is wiped.
/// What is no open document does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn kkz_document_close(document: *mut kkz_document) {
    handles::take(document);
}
