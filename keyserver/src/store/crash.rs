//! 故障点. Places where a test lets the server die (in unit tests, and with the feature `crash-points`); nothing otherwise.

/// A place between two writes. In a test, the process ends here, as by kill -9, when it is passed for the
/// `KAKUZUKE_CRASH_AT`-th time.
#[cfg(any(test, feature = "crash-points"))]
pub(crate) fn point() {
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    static AT: LazyLock<Option<u64>> =
        LazyLock::new(|| std::env::var("KAKUZUKE_CRASH_AT").ok().and_then(|n| n.parse().ok()));
    static PASSED: AtomicU64 = AtomicU64::new(0);
    if let Some(at) = *AT
        && PASSED.fetch_add(1, Ordering::SeqCst) + 1 == at
    {
        let _no_return = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    }
}

/// Nothing.
#[cfg(not(any(test, feature = "crash-points")))]
pub(crate) const fn point() {}
