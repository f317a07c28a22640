//! 秘密. Bytes sealed so that only this user's account on this machine opens them (DPAPI, `CryptProtectData`).

use std::io;
use std::ptr;

use windows_sys::Win32::Foundation::LocalFree;
use windows_sys::Win32::Security::Cryptography::{
    CRYPT_INTEGER_BLOB, CRYPTPROTECT_UI_FORBIDDEN, CryptProtectData, CryptUnprotectData,
};
use zeroize::{Zeroize, Zeroizing};

/// Seals bytes for this user.
///
/// # Errors
/// When the system refuses, as for an account without a profile.
pub fn seal(plain: &[u8]) -> io::Result<Vec<u8>> {
    let from = blob(plain)?;
    let mut out = CRYPT_INTEGER_BLOB { cbData: 0, pbData: ptr::null_mut() };
    let (none, no_entropy, nobody) = (ptr::null(), ptr::null(), ptr::null());
    let flags = CRYPTPROTECT_UI_FORBIDDEN;
    // SAFETY: `from` points into `plain`, which lives until the call returns; the rest may be null; `out` is ours to be written to.
    let done = unsafe { CryptProtectData(&from, none, no_entropy, ptr::null(), nobody, flags, &mut out) };
    if done == 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(taken(out).to_vec())
}

/// Opens what [`seal`] sealed.
///
/// # Errors
/// When another account or machine sealed it, or it is damaged.
pub fn open(sealed: &[u8]) -> io::Result<Zeroizing<Vec<u8>>> {
    let from = blob(sealed)?;
    let mut out = CRYPT_INTEGER_BLOB { cbData: 0, pbData: ptr::null_mut() };
    let (none, no_entropy, nobody) = (ptr::null_mut(), ptr::null(), ptr::null());
    let flags = CRYPTPROTECT_UI_FORBIDDEN;
    // SAFETY: `from` points into `sealed`, which lives until the call returns; the rest may be null; `out` is ours to be written to.
    let done = unsafe { CryptUnprotectData(&from, none, no_entropy, ptr::null(), nobody, flags, &mut out) };
    if done == 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(taken(out))
}

/// The system only reads what is handed in, although its type says otherwise.
fn blob(bytes: &[u8]) -> io::Result<CRYPT_INTEGER_BLOB> {
    let length = u32::try_from(bytes.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    Ok(CRYPT_INTEGER_BLOB { cbData: length, pbData: bytes.as_ptr().cast_mut() })
}

/// Copies what the system handed out, erases it there and gives it back.
fn taken(out: CRYPT_INTEGER_BLOB) -> Zeroizing<Vec<u8>> {
    if out.pbData.is_null() {
        return Zeroizing::new(Vec::new());
    }
    let length = usize::try_from(out.cbData).unwrap_or(0);
    // SAFETY: the system has written `cbData` bytes there, and nobody else holds them.
    let bytes = unsafe { std::slice::from_raw_parts_mut(out.pbData, length) };
    let copy = Zeroizing::new(bytes.to_vec());
    bytes.zeroize();
    // SAFETY: memory of the system's local heap, given back once.
    let _nothing_left = unsafe { LocalFree(out.pbData.cast()) };
    copy
}
