//! Tests over both providers, and of one against the other.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod hpke;
mod wycheproof;

use core::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};
use shake::Shake256;
use shake::digest::{ExtendableOutput as _, Update as _, XofReader as _};

use super::{Provider, fast, pure};

/// Both providers.
pub(crate) fn providers() -> [&'static dyn Provider; 2] {
    [pure(), fast()]
}

/// A generator that gives what SHAKE256 makes of a seed: reproducible, and no dependency.
pub(crate) struct SeededRng(shake::Shake256Reader);

impl SeededRng {
    pub(crate) fn new(seed: u64) -> Self {
        let mut hash = Shake256::default();
        hash.update(&seed.to_be_bytes());
        Self(hash.finalize_xof())
    }
}

impl TryRng for SeededRng {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.0.read(&mut bytes);
        Ok(u32::from_be_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.0.read(&mut bytes);
        Ok(u64::from_be_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        self.0.read(out);
        Ok(())
    }
}

impl TryCryptoRng for SeededRng {}
