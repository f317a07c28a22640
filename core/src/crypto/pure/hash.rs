//! Hashes, HMAC and HKDF by RustCrypto `sha2`, `hmac`, `hkdf`.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::crypto::algorithm::HashAlgorithm;
use crate::crypto::provider::{Digest, Hasher, KeyError, Secret64};

struct Running<D>(D, HashAlgorithm);

impl<D: sha2::Digest + Send> Hasher for Running<D> {
    fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    fn finish(self: Box<Self>) -> Digest {
        Digest::new(self.1, &self.0.finalize())
    }
}

pub(super) fn hasher(algorithm: HashAlgorithm) -> Box<dyn Hasher> {
    match algorithm {
        HashAlgorithm::Sha256 => Box::new(Running(Sha256::new(), algorithm)),
        HashAlgorithm::Sha384 => Box::new(Running(Sha384::new(), algorithm)),
        HashAlgorithm::Sha512 => Box::new(Running(Sha512::new(), algorithm)),
    }
}

pub(super) fn digest(algorithm: HashAlgorithm, parts: &[&[u8]]) -> Digest {
    let mut hasher = hasher(algorithm);
    for part in parts {
        hasher.update(part);
    }
    hasher.finish()
}

pub(super) fn sha256(data: &[u8]) -> [u8; 32] {
    Sha256::digest(data).into()
}

macro_rules! with_hash {
    ($algorithm:expr, $hash:ident => $body:expr) => {
        match $algorithm {
            HashAlgorithm::Sha256 => {
                type $hash = Sha256;
                $body
            }
            HashAlgorithm::Sha384 => {
                type $hash = Sha384;
                $body
            }
            HashAlgorithm::Sha512 => {
                type $hash = Sha512;
                $body
            }
        }
    };
}

pub(super) fn hmac(algorithm: HashAlgorithm, key: &[u8], parts: &[&[u8]]) -> Secret64 {
    with_hash!(algorithm, H => {
        // HMAC takes keys of every length (RFC 2104, section 3); the branch is there because the interface asks for it.
        let Ok(mut mac) = <Hmac<H> as KeyInit>::new_from_slice(key) else { return Secret64::new(&[]) };
        for part in parts {
            mac.update(part);
        }
        Secret64::new(&mac.finalize().into_bytes())
    })
}

/// HKDF-Expand over HMAC, written out: the crate `hkdf` refuses a PRK shorter than the hash, which Cobblestone-256 (a key of
/// 32 bytes under SHA-512) needs and NIST SP 800-108 allows.
pub(super) fn hkdf_expand(
    algorithm: HashAlgorithm,
    prk: &[u8],
    info: &[&[u8]],
    out: &mut [u8],
) -> Result<(), KeyError> {
    if out.len() > 255 * algorithm.output_len() {
        return Err(KeyError::Unsupported);
    }
    let mut previous = Secret64::new(&[]);
    for (counter, block) in (1_u8..=255).zip(out.chunks_mut(algorithm.output_len())) {
        let counter = [counter];
        let parts: Vec<&[u8]> =
            core::iter::once(previous.expose()).chain(info.iter().copied()).chain([counter.as_slice()]).collect();
        let next = hmac(algorithm, prk, &parts);
        block.copy_from_slice(next.expose().get(..block.len()).ok_or(KeyError::Unsupported)?);
        previous = next;
    }
    Ok(())
}
