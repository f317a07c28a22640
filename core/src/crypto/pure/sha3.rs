//! SHA3-256 and SHAKE256 (FIPS 202) inside the hybrid KEMs, by RustCrypto `sha3` and `shake`.

use sha3::{Digest as _, Sha3_256};
use shake::Shake256;
use shake::digest::{ExtendableOutput as _, Update as _, XofReader as _};

use crate::crypto::secret::role::SharedSecret;
use crate::crypto::secret::{Role, Secret};

/// SHA3-256 of `parts` one after the other: the combiner of the hybrid KEMs.
pub(in crate::crypto) fn sha3_256(parts: &[&[u8]]) -> Secret<32, SharedSecret> {
    let mut hash = Sha3_256::new();
    for part in parts {
        sha3::Digest::update(&mut hash, part);
    }
    Secret::from_fill(|out: &mut [u8; 32]| out.copy_from_slice(&hash.finalize()))
}

/// The first `N` bytes of SHAKE256 over `input`.
pub(in crate::crypto) fn shake256<const N: usize, R: Role>(input: &[u8]) -> Secret<N, R> {
    let mut hash = Shake256::default();
    hash.update(input);
    Secret::from_fill(|out: &mut [u8; N]| hash.finalize_xof().read(out))
}
