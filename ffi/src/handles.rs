//! 札. What C gets for an object is a number that was never used before and never will be, in the clothes of a pointer. Whatever C
//! gives back is looked up: a handle that was closed, is of another kind, or was made up is told from a live one, and nothing
//! is ever reached through it. An object closed while another thread uses it goes when that thread is done.

use std::any::Any;
use std::collections::BTreeMap;
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use sdk::Error;
use sdk::code::{Code, Text};

/// Objects that live, by the number C knows them under.
static LIVE: RwLock<BTreeMap<usize, Arc<dyn Any + Send + Sync>>> = RwLock::new(BTreeMap::new());
/// The next number. Odd, so never where an object could lie; on 64 bits beyond every address a program can have.
static NEXT: AtomicUsize =
    AtomicUsize::new(if usize::BITS >= 64 { 0x006B_6B7A << (usize::BITS / 2 + 8) | 1 } else { 1 });

/// Gives an object to C, which owns it until it closes it.
pub(crate) fn give<T: Any + Send + Sync>(object: T) -> *mut T {
    let number = NEXT.fetch_add(2, Ordering::Relaxed);
    LIVE.write().unwrap_or_else(PoisonError::into_inner).insert(number, Arc::new(object));
    ptr::without_provenance_mut(number)
}

/// The object behind a handle, kept for as long as the caller works with it.
pub(crate) fn find<T: Any + Send + Sync>(handle: *const T) -> Option<Arc<T>> {
    let live = LIVE.read().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(live.get(&handle.addr())?).downcast().ok()
}

/// The same where there must be one.
pub(crate) fn expect<T: Any + Send + Sync>(handle: *const T, what: &'static str) -> Result<Arc<T>, Error> {
    find(handle).ok_or_else(|| {
        let (ja, en) = if handle.is_null() {
            (format!("引数 {what} が NULL です。"), format!("The argument {what} is NULL."))
        } else {
            (
                format!("引数 {what} は、閉じたもの又は別の種類のものです。"),
                format!("The argument {what} was closed or is of another kind."),
            )
        };
        Error::new(Code::Usage, Text::new(ja, en))
    })
}

/// Takes an object back from C. What is no live handle of this kind is left alone.
pub(crate) fn take<T: Any + Send + Sync>(handle: *const T) {
    let object = {
        let mut live = LIVE.write().unwrap_or_else(PoisonError::into_inner);
        match live.get(&handle.addr()) {
            Some(object) if (**object).is::<T>() => live.remove(&handle.addr()),
            _ => None,
        }
    };
    // Outside the lock, as wiping takes its time; a panic on the way must not reach C.
    let _dropped = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || drop(object)));
}
