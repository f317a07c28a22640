//! 利用者. Who runs this program, as access lists write it.

use std::io;
use std::ptr;

use windows_sys::Win32::Foundation::{CloseHandle, HANDLE};
use windows_sys::Win32::Security::Authorization::ConvertSidToStringSidW;
use windows_sys::Win32::Security::{GetTokenInformation, TOKEN_QUERY, TOKEN_USER, TokenUser};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, OpenProcessToken};

use crate::access::Local;

/// Room for the longest account identifier behind its head, in 8 bytes each (`SECURITY_MAX_SID_SIZE` is 68 bytes).
const ROOM: usize = 32;

/// This user's account as `S-1-5-…`.
///
/// # Errors
/// When the system does not say.
pub fn me() -> io::Result<String> {
    let token = Token::own()?;
    let mut room = [0_u64; ROOM];
    let (mut needed, size) = (0, u32::try_from(size_of_val(&room)).unwrap_or(0));
    // SAFETY: the token is open, `room` is `size` bytes, aligned as the structure wants it, and ours to be written to.
    let done = unsafe { GetTokenInformation(token.0, TokenUser, room.as_mut_ptr().cast(), size, &mut needed) };
    if done == 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: on success the room begins with this structure; all bit patterns of it are valid.
    let user = unsafe { ptr::read(room.as_ptr().cast::<TOKEN_USER>()) };
    let mut text = ptr::null_mut();
    // SAFETY: the identifier lies in `room`, which still lives; `text` is ours to be written to.
    let done = unsafe { ConvertSidToStringSidW(user.User.Sid, &mut text) };
    if done == 0 {
        return Err(io::Error::last_os_error());
    }
    Local::of(text.cast()).text()
}

/// An open token, closed when dropped.
struct Token(HANDLE);

impl Token {
    fn own() -> io::Result<Self> {
        // SAFETY: gives a constant that stands for this process.
        let process = unsafe { GetCurrentProcess() };
        let mut token = ptr::null_mut();
        // SAFETY: `token` is ours to be written to.
        let done = unsafe { OpenProcessToken(process, TOKEN_QUERY, &mut token) };
        if done == 0 { Err(io::Error::last_os_error()) } else { Ok(Self(token)) }
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        // SAFETY: opened by us, closed once.
        let _closed = unsafe { CloseHandle(self.0) };
    }
}
