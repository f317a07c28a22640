//! 鍵導出. HKDF (RFC 5869) from secret to secret, so that a derived key has its role from birth.

use super::algorithm::HashAlgorithm;
use super::provider::{KeyError, Provider, Secret64};
use super::secret::{Role, Secret, SecretRef};

/// HKDF-Extract: HMAC of `ikm` under `salt`.
pub fn extract(provider: &dyn Provider, algorithm: HashAlgorithm, salt: &[u8], ikm: &[&[u8]]) -> Secret64 {
    provider.hmac(algorithm, salt, ikm)
}

/// HKDF-Expand of `prk` with the parts of `info` one after the other. `prk` must be uniformly random; it may be shorter
/// than the hash (NIST SP 800-108 feedback mode).
///
/// # Errors
/// [`KeyError::Unsupported`] if the library refuses the length, which no length that compiles makes it do.
pub fn expand<const M: usize, const N: usize, R: Role>(
    provider: &dyn Provider,
    algorithm: HashAlgorithm,
    prk: SecretRef<'_, M>,
    info: &[&[u8]],
) -> Result<Secret<N, R>, KeyError> {
    const { assert!(M >= 32 && N <= 255 * 32) };
    Secret::try_from_fill(|out: &mut [u8; N]| provider.hkdf_expand(algorithm, prk.expose(), info, out))
}
