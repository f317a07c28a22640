//! 乱数. The only place of this floor where the system's randomness enters; everything else takes a generator.

use kakuzuke_core::code::Code;
use rand_core::UnwrapErr;

use crate::error::{Error, Result};

/// The generator of the operating system.
pub(crate) type OsRandom = UnwrapErr<getrandom::SysRng>;

/// A generator; the system's own, asked for each byte.
pub(crate) fn generator() -> OsRandom {
    UnwrapErr(getrandom::SysRng)
}

/// `N` random bytes.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N]> {
    let mut out = [0; N];
    getrandom::fill(&mut out).map_err(|e| Error::of(Code::Internal).caused_by(e.to_string()))?;
    Ok(out)
}
