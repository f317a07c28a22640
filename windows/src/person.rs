//! 言語. Which language the person at this machine has chosen for it.

use windows_sys::Win32::Globalization::GetUserDefaultUILanguage;

/// `LANG_JAPANESE`, the low ten bits of a language identifier (winnt.h).
const JAPANESE: u16 = 0x11;

/// Whether the desktop speaks Japanese.
#[must_use]
pub fn reads_japanese() -> bool {
    // SAFETY: takes nothing and gives a number.
    let language = unsafe { GetUserDefaultUILanguage() };
    language & 0x3ff == JAPANESE
}
