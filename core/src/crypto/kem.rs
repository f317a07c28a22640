//! 鍵カプセル化. The three KEMs of the key suites, over either provider.
//!
//! KZ1 is DHKEM(X25519, HKDF-SHA256) (RFC 9180, section 4.1). KZ2 (X-Wing, also called MLKEM768-X25519) and KZ3
//! (MLKEM1024-P384) are one construction (draft-irtf-cfrg-hybrid-kems, draft-irtf-cfrg-concrete-hybrid-kems): SHAKE256
//! expands a seed of 32 bytes to the ML-KEM seed and the scalar, SHA3-256 combines both secrets with the classical
//! ciphertext and key and a label. In all three the private key is 32 bytes, HPKE's serialized form.

use rand_core::CryptoRng;

use super::algorithm::{HashAlgorithm, MlKemSet};
use super::hpke::Labeled;
use super::provider::{AgreementError, DhKey, KemKey, KeyError, Provider};
use super::pure;
use super::secret::role::{Derived, KemSeed, SharedSecret};
use super::secret::{Role, Secret};
use super::suite::KeySuite;

/// A recipient's public key: of the right length, and with an ML-KEM part and a point that are valid.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KemPublicKey {
    suite: KeySuite,
    bytes: Box<[u8]>,
}

impl KemPublicKey {
    /// Reads the key of `suite` (HPKE's serialized form).
    ///
    /// # Errors
    /// [`KeyError::Malformed`] if the length, a coefficient or the point is wrong.
    pub fn new(suite: KeySuite, bytes: &[u8]) -> Result<Self, KeyError> {
        if bytes.len() != suite.public_len() {
            return Err(KeyError::Malformed);
        }
        if let Some(hybrid) = Hybrid::of(suite) {
            let (pq, classical) = bytes.split_at_checked(hybrid.set.public_len()).ok_or(KeyError::Malformed)?;
            if !ml_kem_key_is_reduced(pq) {
                return Err(KeyError::Malformed);
            }
            if suite == KeySuite::Kz3 {
                pure::check_public(super::KeyKind::P384, classical)?;
            }
        }
        Ok(Self { suite, bytes: bytes.into() })
    }

    /// Its suite.
    #[must_use]
    pub const fn suite(&self) -> KeySuite {
        self.suite
    }

    /// The serialized key.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// The modulus check of FIPS 203, section 7.2: every 12-bit coefficient is below q. The last 32 bytes are no coefficients.
fn ml_kem_key_is_reduced(public: &[u8]) -> bool {
    const Q: u16 = 3329;
    let coefficients = public.get(..public.len().saturating_sub(32)).unwrap_or_default();
    coefficients.as_chunks::<3>().0.iter().all(|[a, b, c]| {
        let (a, b, c) = (u16::from(*a), u16::from(*b), u16::from(*c));
        (a | ((b & 0x0f) << 8)) < Q && ((b >> 4) | (c << 4)) < Q
    })
}

/// The two private keys of a hybrid KEM.
type HybridKeys = (Box<dyn KemKey>, Box<dyn DhKey>);

/// A recipient's private key: its seed, and the expanded form kept ready.
pub struct KemPrivateKey {
    seed: Secret<32, KemSeed>,
    expanded: Expanded,
    public: KemPublicKey,
}

enum Expanded {
    Dh(Box<dyn DhKey>),
    Hybrid(Hybrid, Box<dyn KemKey>, Box<dyn DhKey>),
}

impl KemPrivateKey {
    /// The key of `suite` with this seed.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] if the seed gives no P-384 scalar, which happens to one seed in 2¹⁹².
    pub fn from_seed(provider: &dyn Provider, suite: KeySuite, seed: Secret<32, KemSeed>) -> Result<Self, KeyError> {
        let (expanded, public) = match Hybrid::of(suite) {
            None => {
                let dh = provider.x25519(seed.lend());
                let public = dh.public().to_vec();
                (Expanded::Dh(dh), public)
            }
            Some(hybrid) => {
                let (pq, dh) = hybrid.expand(provider, &seed)?;
                let public = [pq.public(), dh.public()].concat();
                (Expanded::Hybrid(hybrid, pq, dh), public)
            }
        };
        Ok(Self { seed, expanded, public: KemPublicKey { suite, bytes: public.into() } })
    }

    /// A new key.
    ///
    /// # Errors
    /// As [`Self::from_seed`].
    pub fn generate(provider: &dyn Provider, suite: KeySuite, rng: &mut dyn CryptoRng) -> Result<Self, KeyError> {
        Self::from_seed(provider, suite, Secret::generate(rng))
    }

    /// The seed, to be stored.
    #[must_use]
    pub const fn seed(&self) -> &Secret<32, KemSeed> {
        &self.seed
    }

    /// The public key.
    #[must_use]
    pub const fn public(&self) -> &KemPublicKey {
        &self.public
    }

    /// Its suite.
    #[must_use]
    pub const fn suite(&self) -> KeySuite {
        self.public.suite
    }

    pub(super) fn decapsulate(
        &self,
        provider: &dyn Provider,
        enc: &[u8],
    ) -> Result<Secret<32, SharedSecret>, AgreementError> {
        match &self.expanded {
            Expanded::Dh(dh) => {
                let agreed = dh.agree(enc)?;
                dhkem_secret(provider, agreed.expose(), enc, dh.public())
            }
            Expanded::Hybrid(hybrid, pq, dh) => {
                let (ct_pq, ct_t) = enc.split_at_checked(hybrid.set.ciphertext_len()).ok_or(AgreementError)?;
                let ss_pq = pq.decapsulate(ct_pq)?;
                let ss_t = dh.agree(ct_t)?;
                Ok(hybrid.combine(&ss_pq, ss_t.expose(), ct_t, dh.public()))
            }
        }
    }
}

pub(super) fn encapsulate(
    provider: &dyn Provider,
    public: &KemPublicKey,
    rng: &mut dyn CryptoRng,
) -> Result<(Vec<u8>, Secret<32, SharedSecret>), AgreementError> {
    let Some(hybrid) = Hybrid::of(public.suite) else {
        let ephemeral = provider.x25519(Secret::<32, Derived>::generate(rng).lend());
        let agreed = ephemeral.agree(&public.bytes)?;
        let enc = ephemeral.public().to_vec();
        let secret = dhkem_secret(provider, agreed.expose(), &enc, &public.bytes)?;
        return Ok((enc, secret));
    };
    let (ek_pq, ek_t) = public.bytes.split_at_checked(hybrid.set.public_len()).ok_or(AgreementError)?;
    let pq = provider.ml_kem_encapsulate(hybrid.set, ek_pq, rng).map_err(|_| AgreementError)?;
    let ephemeral = hybrid.group.ephemeral(provider, rng)?;
    let ss_t = ephemeral.agree(ek_t)?;
    let secret = hybrid.combine(&pq.secret, ss_t.expose(), ephemeral.public(), ek_t);
    Ok(([pq.ciphertext.as_slice(), ephemeral.public()].concat(), secret))
}

/// ExtractAndExpand of RFC 9180, section 4.1, for DHKEM(X25519, HKDF-SHA256).
fn dhkem_secret(
    provider: &dyn Provider,
    agreed: &[u8],
    enc: &[u8],
    public: &[u8],
) -> Result<Secret<32, SharedSecret>, AgreementError> {
    let labeled = Labeled { provider, hash: HashAlgorithm::Sha256, suite_id: b"KEM\x00\x20" };
    let prk = labeled.extract(&[], b"eae_prk", agreed);
    labeled.expand(prk.expose(), b"shared_secret", &[enc, public]).map_err(|_| AgreementError)
}

/// Parameters of a hybrid KEM (draft-irtf-cfrg-concrete-hybrid-kems, section 4).
#[derive(Clone, Copy)]
struct Hybrid {
    set: MlKemSet,
    group: Group,
    label: &'static [u8],
}

#[derive(Clone, Copy)]
enum Group {
    X25519,
    P384,
}

impl Hybrid {
    const fn of(suite: KeySuite) -> Option<Self> {
        match suite {
            KeySuite::Kz1 => None,
            KeySuite::Kz2 => Some(Self { set: MlKemSet::MlKem768, group: Group::X25519, label: br"\.//^\" }),
            KeySuite::Kz3 => Some(Self { set: MlKemSet::MlKem1024, group: Group::P384, label: b"MLKEM1024-P384" }),
        }
    }

    /// Expands the seed to both private keys: SHAKE256, first the ML-KEM seed, then the scalar.
    fn expand(self, provider: &dyn Provider, seed: &Secret<32, KemSeed>) -> Result<HybridKeys, KeyError> {
        match self.group {
            Group::X25519 => {
                let (pq, scalar) = split::<96, 32>(seed)?;
                Ok((provider.ml_kem(self.set, pq.lend()), provider.x25519(scalar.lend())))
            }
            Group::P384 => {
                // Nseed of the group equals Nscalar, so rejection sampling has one candidate.
                let (pq, scalar) = split::<112, 48>(seed)?;
                Ok((provider.ml_kem(self.set, pq.lend()), provider.p384(scalar.lend())?))
            }
        }
    }

    /// C2PRICombiner: SHA3-256(ss_PQ ‖ ss_T ‖ ct_T ‖ ek_T ‖ label).
    fn combine(
        self,
        ss_pq: &Secret<32, SharedSecret>,
        ss_t: &[u8],
        ct_t: &[u8],
        ek_t: &[u8],
    ) -> Secret<32, SharedSecret> {
        pure::sha3_256(&[ss_pq.expose(), ss_t, ct_t, ek_t, self.label])
    }
}

fn split<const N: usize, const S: usize>(
    seed: &Secret<32, KemSeed>,
) -> Result<(Secret<64, Derived>, Secret<S, Derived>), KeyError> {
    let full: Secret<N, Derived> = pure::shake256(seed.expose());
    let (pq, scalar) = full.expose().split_at_checked(64).ok_or(KeyError::Malformed)?;
    Ok((fixed(pq)?, fixed(scalar)?))
}

fn fixed<const N: usize, R: Role>(bytes: &[u8]) -> Result<Secret<N, R>, KeyError> {
    Secret::from_slice(bytes).ok_or(KeyError::Malformed)
}

impl Group {
    fn ephemeral(self, provider: &dyn Provider, rng: &mut dyn CryptoRng) -> Result<Box<dyn DhKey>, AgreementError> {
        /// A candidate is refused once in 2¹⁹² times; a generator that fails twice is broken.
        const TRIES: usize = 2;
        match self {
            Self::X25519 => Ok(provider.x25519(Secret::<32, Derived>::generate(rng).lend())),
            Self::P384 => (0..TRIES)
                .find_map(|_| provider.p384(Secret::<48, Derived>::generate(rng).lend()).ok())
                .ok_or(AgreementError),
        }
    }
}
