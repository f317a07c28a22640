//! What certificate chains are verified with: the default provider, in the form `rustls-webpki` takes.

use rustls_pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id};

use super::algorithm::SignatureAlgorithm;
use super::provider::default_provider;
use super::pure;

/// The signature algorithms accepted in certificate chains: Ed25519, ECDSA P-256 with SHA-256, P-384 with SHA-384, RSA of
/// 2,048 to 8,192 bits with PKCS#1 v1.5 or PSS.
pub static WEBPKI_ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] =
    &[&ED25519, &ES256, &ES384, &RS256, &RS384, &RS512, &PS256, &PS384, &PS512];

#[derive(Debug)]
struct ChainAlgorithm {
    algorithm: SignatureAlgorithm,
    public_key: AlgorithmIdentifier,
    signature: AlgorithmIdentifier,
}

macro_rules! chain_algorithms {
    ($($name:ident: $algorithm:ident, $public_key:ident, $signature:ident;)*) => {
        $(static $name: ChainAlgorithm = ChainAlgorithm {
            algorithm: SignatureAlgorithm::$algorithm,
            public_key: alg_id::$public_key,
            signature: alg_id::$signature,
        };)*
    };
}

chain_algorithms! {
    ED25519: Ed25519, ED25519, ED25519;
    ES256: Es256, ECDSA_P256, ECDSA_SHA256;
    ES384: Es384, ECDSA_P384, ECDSA_SHA384;
    RS256: Rs256, RSA_ENCRYPTION, RSA_PKCS1_SHA256;
    RS384: Rs384, RSA_ENCRYPTION, RSA_PKCS1_SHA384;
    RS512: Rs512, RSA_ENCRYPTION, RSA_PKCS1_SHA512;
    PS256: Ps256, RSA_ENCRYPTION, RSA_PSS_SHA256;
    PS384: Ps384, RSA_ENCRYPTION, RSA_PSS_SHA384;
    PS512: Ps512, RSA_ENCRYPTION, RSA_PSS_SHA512;
}

impl SignatureVerificationAlgorithm for ChainAlgorithm {
    fn verify_signature(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        // X.509 writes ECDSA signatures as DER (RFC 3279), the provider takes r ‖ s.
        let fixed;
        let signature = match self.algorithm {
            SignatureAlgorithm::Es256 | SignatureAlgorithm::Es384 => {
                fixed = pure::ecdsa_from_der(self.algorithm, signature).ok_or(InvalidSignature)?;
                fixed.as_slice()
            }
            _ => signature,
        };
        default_provider().verify(self.algorithm, public_key, message, signature).map_err(|_| InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.public_key
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature
    }
}
