//! Hashes, HMAC and HKDF-Expand by aws-lc.

use aws_lc_rs::{digest as aws, hkdf, hmac as aws_hmac};

use crate::crypto::algorithm::HashAlgorithm;
use crate::crypto::provider::{Digest, Hasher, KeyError, Secret64};

struct Running(aws::Context, HashAlgorithm);

impl Hasher for Running {
    fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    fn finish(self: Box<Self>) -> Digest {
        Digest::new(self.1, self.0.finish().as_ref())
    }
}

pub(super) fn hasher(algorithm: HashAlgorithm) -> Box<dyn Hasher> {
    Box::new(Running(context(algorithm), algorithm))
}

fn context(algorithm: HashAlgorithm) -> aws::Context {
    aws::Context::new(match algorithm {
        HashAlgorithm::Sha256 => &aws::SHA256,
        HashAlgorithm::Sha384 => &aws::SHA384,
        HashAlgorithm::Sha512 => &aws::SHA512,
    })
}

pub(super) fn digest(algorithm: HashAlgorithm, parts: &[&[u8]]) -> Digest {
    let mut context = context(algorithm);
    for part in parts {
        context.update(part);
    }
    Digest::new(algorithm, context.finish().as_ref())
}

pub(super) fn sha256(data: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    for (to, from) in out.iter_mut().zip(aws::digest(&aws::SHA256, data).as_ref()) {
        *to = *from;
    }
    out
}

pub(super) fn hmac(algorithm: HashAlgorithm, key: &[u8], parts: &[&[u8]]) -> Secret64 {
    let algorithm = match algorithm {
        HashAlgorithm::Sha256 => aws_hmac::HMAC_SHA256,
        HashAlgorithm::Sha384 => aws_hmac::HMAC_SHA384,
        HashAlgorithm::Sha512 => aws_hmac::HMAC_SHA512,
    };
    let mut context = aws_hmac::Context::with_key(&aws_hmac::Key::new(algorithm, key));
    for part in parts {
        context.update(part);
    }
    Secret64::new(context.sign().as_ref())
}

struct OutputLen(usize);

impl hkdf::KeyType for OutputLen {
    fn len(&self) -> usize {
        self.0
    }
}

pub(super) fn hkdf_expand(
    algorithm: HashAlgorithm,
    prk: &[u8],
    info: &[&[u8]],
    out: &mut [u8],
) -> Result<(), KeyError> {
    let algorithm = match algorithm {
        HashAlgorithm::Sha256 => hkdf::HKDF_SHA256,
        HashAlgorithm::Sha384 => hkdf::HKDF_SHA384,
        HashAlgorithm::Sha512 => hkdf::HKDF_SHA512,
    };
    let prk = hkdf::Prk::new_less_safe(algorithm, prk);
    let okm = prk.expand(info, OutputLen(out.len())).map_err(|_| KeyError::Unsupported)?;
    okm.fill(out).map_err(|_| KeyError::Unsupported)
}
