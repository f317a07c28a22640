//! What a profile keeps secret, read as whoever has the whole folder can, so that it can be looked for elsewhere.

use std::path::Path;

use argon2::{Algorithm, Argon2, Params, Version};
use kakuzuke_core::crypto::{Secret, fast, role};
use minicbor::{Decode, Decoder};

/// `keys.sealed` of a profile without a passphrase of the user's.
#[derive(Decode)]
#[cbor(map)]
struct Sealed {
    #[n(0)]
    cost: Cost,
    #[cbor(n(1), with = "minicbor::bytes")]
    salt: [u8; 16],
    #[cbor(n(2), with = "minicbor::bytes")]
    nonce: [u8; 12],
    #[cbor(n(3), with = "minicbor::bytes")]
    ciphertext: Vec<u8>,
    #[cbor(n(4), with = "minicbor::bytes")]
    tag: [u8; 16],
}

#[derive(Decode)]
#[cbor(map)]
struct Cost {
    #[n(0)]
    memory_kib: u32,
    #[n(1)]
    passes: u32,
    #[n(2)]
    lanes: u32,
}

/// The passphrase that lies beside the keys; the private signing key, as it is written and back to front (as processors like it);
/// the KEM seed; the key of the profile's own stores.
///
/// # Panics
/// If the profile is not as this version writes it.
pub fn of_profile(folder: &Path) -> Vec<Vec<u8>> {
    let passphrase = std::fs::read(folder.join("keys.pass")).expect("a passphrase beside the keys");
    let sealed: Sealed = minicbor::decode(&std::fs::read(folder.join("keys.sealed")).expect("keys")).expect("keys");
    let params = Params::new(sealed.cost.memory_kib, sealed.cost.passes, sealed.cost.lanes, Some(32)).expect("costs");
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let key = Secret::<32, role::StorageKey>::try_from_fill(|out| {
        argon.hash_password_into(&passphrase, &sealed.salt, out.as_mut_slice())
    });
    let key = fast().aes_256_gcm(key.expect("a key").lend());
    let mut plain = sealed.ciphertext;
    key.open(&sealed.nonce, b"kakuzuke/v1/profile-keys", &mut plain, &sealed.tag).expect("the passphrase opens it");
    let mut found = vec![passphrase];
    let mut decoder = Decoder::new(&plain);
    for _ in 0..decoder.map().expect("a map").expect("its length") {
        match decoder.u8().expect("a number") {
            0 => {
                let private = private_key(decoder.bytes().expect("PKCS#8"));
                found.push(private.iter().rev().copied().collect());
                found.push(private);
            }
            1 => decoder.skip().expect("a suite"),
            _ => found.push(decoder.bytes().expect("a key").to_vec()),
        }
    }
    found
}

/// The private key in PKCS#8 (RFC 5208; RFC 5915 and RFC 8410): the innermost octet string of its length.
fn private_key(pkcs8: &[u8]) -> Vec<u8> {
    [48, 32]
        .iter()
        .find_map(|&length| {
            let at = pkcs8.windows(2).position(|two| two == [4, length])? + 2;
            pkcs8.get(at..at + usize::from(length))
        })
        .expect("a private key of P-384 or Ed25519")
        .to_vec()
}
