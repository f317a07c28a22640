//! Randomness that is the same every time.

use std::convert::Infallible;

use kakuzuke_core::crypto::{HashAlgorithm, pure};
use rand_core::{TryCryptoRng, TryRng};

/// SHA-512 over a seed and a counter. For tests and vectors only.
pub struct Seeded {
    seed: Vec<u8>,
    counter: u64,
    block: Vec<u8>,
}

impl Seeded {
    /// The stream of a name.
    pub fn new(name: &str) -> Self {
        Self { seed: name.as_bytes().to_vec(), counter: 0, block: Vec::new() }
    }

    fn byte(&mut self) -> u8 {
        if self.block.is_empty() {
            let parts: [&[u8]; 2] = [&self.seed, &self.counter.to_be_bytes()];
            self.block = pure().digest(HashAlgorithm::Sha512, &parts).as_ref().to_vec();
            self.counter += 1;
        }
        self.block.pop().expect("just filled")
    }

    /// `n` bytes.
    pub fn bytes(&mut self, n: usize) -> Vec<u8> {
        (0..n).map(|_| self.byte()).collect()
    }

    /// `N` bytes.
    pub fn array<const N: usize>(&mut self) -> [u8; N] {
        core::array::from_fn(|_| self.byte())
    }
}

impl TryRng for Seeded {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_be_bytes(self.array()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_be_bytes(self.array()))
    }

    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Infallible> {
        dst.iter_mut().for_each(|b| *b = self.byte());
        Ok(())
    }
}

impl TryCryptoRng for Seeded {}
