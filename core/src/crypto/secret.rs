//! 秘密. The one type that holds key material, so that "where can a key leak" is a question for `grep expose`.
//!
//! Born in place on the heap (moves leave no copies), zeroized when dropped, without `Debug`, `Clone`, serde or `==`.
//! The role stands in the type: a wrap key cannot be given where a payload key is wanted.

use core::marker::PhantomData;

use rand_core::CryptoRng;
use subtle::{Choice, ConstantTimeEq};
use zeroize::{Zeroize, Zeroizing};

/// What a secret is for. A room may add its own; a role holds no data.
pub trait Role: Send + Sync + 'static {}

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        /// The roles known to the whole house.
        pub mod role {
            $(
                $(#[$doc])*
                #[derive(Debug, Clone, Copy)]
                pub enum $name {}
                impl super::Role for $name {}
            )*
        }
    };
}

roles! {
    /// 文書鍵 K: 32 bytes, one for each sealing.
    DocumentKey;
    /// 文書ごとの秘密 S: 32 bytes, held by the key server.
    DocumentSecret;
    /// Key of the payload, expanded from K.
    PayloadKey;
    /// Key of the metadata section, expanded from K.
    MetadataKey;
    /// Key over W, expanded from S.
    WrapKey;
    /// One share of K.
    KeyShare;
    /// Private key of a KEM in its seed form (HPKE `Nsk` = 32).
    KemSeed;
    /// Private key of a signature algorithm.
    SigningSecret;
    /// Key of a store at rest.
    StorageKey;
    /// The key server's master key.
    MasterKey;
    /// What a key agreement or a KEM gave both sides.
    SharedSecret;
    /// A pseudorandom key or output inside a key schedule.
    Derived;
}

/// `N` secret bytes with the role `R`.
pub struct Secret<const N: usize, R: Role> {
    bytes: Box<[u8; N]>,
    role: PhantomData<R>,
}

impl<const N: usize, R: Role> Secret<N, R> {
    /// Length in bytes.
    pub const LEN: usize = N;

    /// Lets `fill` write the bytes in their final place.
    #[must_use]
    pub fn from_fill(fill: impl FnOnce(&mut [u8; N])) -> Self {
        let mut secret = Self::zero();
        fill(&mut secret.bytes);
        secret
    }

    /// As [`Self::from_fill`], where filling can fail.
    ///
    /// # Errors
    /// Whatever `fill` says; what was written until then is zeroized.
    pub fn try_from_fill<E>(fill: impl FnOnce(&mut [u8; N]) -> Result<(), E>) -> Result<Self, E> {
        let mut secret = Self::zero();
        fill(&mut secret.bytes)?;
        Ok(secret)
    }

    /// `N` random bytes.
    #[must_use]
    pub fn generate(rng: &mut dyn CryptoRng) -> Self {
        Self::from_fill(|bytes| rng.fill_bytes(bytes))
    }

    /// Copies `bytes`, which the caller zeroizes. Nothing if the length is not `N`.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        let mut secret = Self::zero();
        if bytes.len() != N {
            return None;
        }
        secret.bytes.copy_from_slice(bytes);
        Some(secret)
    }

    /// The bytes. The one door: everything that reads a secret names this function.
    #[must_use]
    pub fn expose(&self) -> &[u8; N] {
        &self.bytes
    }

    /// The secret lent to a primitive.
    #[must_use]
    pub fn lend(&self) -> SecretRef<'_, N> {
        SecretRef(&self.bytes)
    }

    /// XORs `other` into this secret: shares of K are made and joined with it.
    pub fn xor_in<Q: Role>(&mut self, other: &Secret<N, Q>) {
        for (mine, theirs) in self.bytes.iter_mut().zip(other.bytes.iter()) {
            *mine ^= theirs;
        }
    }

    /// Gives the same bytes another role, where a protocol step says so.
    #[must_use]
    pub fn into_role<Q: Role>(self) -> Secret<N, Q> {
        let mut other = Secret::zero();
        other.bytes.copy_from_slice(&*self.bytes);
        other
    }

    fn zero() -> Self {
        Self { bytes: Box::new([0; N]), role: PhantomData }
    }
}

impl<const N: usize, R: Role> Drop for Secret<N, R> {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

impl<const N: usize, R: Role> ConstantTimeEq for Secret<N, R> {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.bytes.ct_eq(&*other.bytes)
    }
}

/// A secret lent to a primitive: how a provider takes keys, whatever their role.
#[derive(Clone, Copy)]
pub struct SecretRef<'a, const N: usize>(&'a [u8; N]);

impl<'a, const N: usize> SecretRef<'a, N> {
    /// The bytes.
    #[must_use]
    pub fn expose(self) -> &'a [u8; N] {
        self.0
    }
}

/// Secret bytes whose length is known only at run time: plaintext of a wrapped key, a PKCS#8 document.
pub struct SecretBytes(Zeroizing<Vec<u8>>);

impl SecretBytes {
    /// Takes the bytes over; they were in `bytes` only, which must not have been grown after the secret entered it.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// `len` zero bytes filled in place.
    #[must_use]
    pub fn from_fill(len: usize, fill: impl FnOnce(&mut [u8])) -> Self {
        let mut bytes = Self::new(vec![0; len]);
        fill(&mut bytes.0);
        bytes
    }

    /// The bytes. As [`Secret::expose`], the one door.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, to be worked on in place.
    pub(in crate::crypto) fn expose_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bytes as a secret of fixed length; nothing if the length is another.
    #[must_use]
    pub fn into_secret<const N: usize, R: Role>(self) -> Option<Secret<N, R>> {
        Secret::from_slice(&self.0)
    }
}

impl ConstantTimeEq for SecretBytes {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.0.ct_eq(&*other.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::role::{DocumentKey, KeyShare};
    use super::{Secret, SecretBytes};
    use subtle::ConstantTimeEq;

    #[test]
    fn shares_join_to_the_key() {
        let mut key = Secret::<4, DocumentKey>::from_slice(&[1, 2, 3, 4]).unwrap();
        let share = Secret::<4, KeyShare>::from_slice(&[9, 9, 9, 9]).unwrap();
        key.xor_in(&share);
        assert_eq!(key.expose(), &[8, 11, 10, 13]);
        key.xor_in(&share);
        assert_eq!(key.expose(), &[1, 2, 3, 4]);
    }

    #[test]
    fn a_wrong_length_is_no_secret() {
        assert!(Secret::<4, DocumentKey>::from_slice(&[0; 5]).is_none());
        assert!(SecretBytes::new(vec![0; 3]).into_secret::<4, DocumentKey>().is_none());
    }

    #[test]
    fn equality_is_constant_time_equality() {
        let a = SecretBytes::from_fill(3, |b| b.fill(7));
        assert!(bool::from(a.ct_eq(&SecretBytes::new(vec![7; 3]))));
        assert!(!bool::from(a.ct_eq(&SecretBytes::new(vec![7; 4]))));
    }
}
