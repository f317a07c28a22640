//! 乱数. The only place of the server where the system's randomness enters.

use rand_core::UnwrapErr;

/// The generator of the operating system; asked for each byte.
pub type OsRandom = UnwrapErr<getrandom::SysRng>;

/// A generator.
#[must_use]
pub const fn generator() -> OsRandom {
    UnwrapErr(getrandom::SysRng)
}

/// `N` random bytes.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    use rand_core::Rng as _;
    let mut bytes = [0; N];
    generator().fill_bytes(&mut bytes);
    bytes
}
