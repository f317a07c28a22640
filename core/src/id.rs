//! Names of things: every id and hash is a type of its own, so that none can stand in another's place.

use core::fmt;
use std::str::FromStr;

use data_encoding::HEXLOWER;
use minicbor::decode::{Decoder, Error as DecodeError};
use minicbor::encode::{Encoder, Error as EncodeError, Write};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A printed id could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {kind}")]
pub struct ParseIdError {
    kind: &'static str,
}

macro_rules! bytes_id {
    ($(#[$doc:meta])* $name:ident, $len:literal, $print:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $len]);

        impl $name {
            /// Length in bytes.
            pub const LEN: usize = $len;

            /// Takes the bytes as they are.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }

            /// The bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = ParseIdError;

            fn try_from(bytes: &[u8]) -> Result<Self, ParseIdError> {
                bytes.try_into().map(Self).map_err(|_| ParseIdError { kind: stringify!($name) })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&$print(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            /// Hexadecimal in either case; hyphens as in RFC 9562 are passed over.
            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                let hex: String = text.chars().filter(|c| *c != '-').collect::<String>().to_ascii_lowercase();
                let bytes = HEXLOWER.decode(hex.as_bytes()).map_err(|_| ParseIdError { kind: stringify!($name) })?;
                Self::try_from(bytes.as_slice())
            }
        }

        impl<C> minicbor::Encode<C> for $name {
            fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }

        impl<'b, C> minicbor::Decode<'b, C> for $name {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
                Self::try_from(d.bytes()?).map_err(|e| DecodeError::message(e.to_string()))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    };
}

fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

fn uuid(bytes: &[u8]) -> String {
    let mut text = HEXLOWER.encode(bytes);
    for at in [20, 16, 12, 8] {
        if at <= text.len() {
            text.insert(at, '-');
        }
    }
    text
}

bytes_id!(
    /// One sealed document: UUIDv7 (RFC 9562 5.7).
    DocumentId, 16, uuid
);
bytes_id!(
    /// All versions of one document: the id of its first sealing.
    LineageId, 16, uuid
);
bytes_id!(
    /// One request of a client: 128 random bits.
    RequestId, 16, hex
);
bytes_id!(
    /// One application for 許可.
    ApprovalId, 16, hex
);
bytes_id!(
    /// A key-encryption key of an authority: the first 16 bytes of SHA-256 over its public key.
    KeyId, 16, hex
);
bytes_id!(
    /// An authority: SHA-256 of its root certificate (DER).
    AuthorityId, 32, hex
);
bytes_id!(
    /// A device: SHA-256 of its certificate's SubjectPublicKeyInfo (DER). Also the thumbprint of a signer's key.
    DeviceId, 32, hex
);
bytes_id!(
    /// A certificate: SHA-256 of its DER.
    CertHash, 32, hex
);
bytes_id!(
    /// A label revision: SHA-256 of the label section's Sig_structure (RFC 9052 4.4).
    LabelHash, 32, hex
);
bytes_id!(
    /// The root over a payload's chunks: RFC 9162 2.1 with SHA-256.
    PayloadRoot, 32, hex
);
bytes_id!(
    /// A node of the audit log's tree: RFC 9162 2.1 with SHA-256.
    LogHash, 32, hex
);
bytes_id!(
    /// Any other SHA-256.
    Digest, 32, hex
);

impl DocumentId {
    /// A new id from a time in milliseconds since 1970 and 10 random bytes (RFC 9562 5.7).
    #[must_use]
    pub const fn new_v7(unix_millis: u64, random: [u8; 10]) -> Self {
        let t = unix_millis.to_be_bytes();
        let r = random;
        Self([
            t[2],
            t[3],
            t[4],
            t[5],
            t[6],
            t[7],
            0x70 | (r[0] & 0x0f),
            r[1],
            0x80 | (r[2] & 0x3f),
            r[3],
            r[4],
            r[5],
            r[6],
            r[7],
            r[8],
            r[9],
        ])
    }

    /// The lineage this document starts when it has no parent.
    #[must_use]
    pub const fn lineage(&self) -> LineageId {
        LineageId(self.0)
    }
}

/// 主体. A person or service known to the authority: 1 to 64 characters of `a-z 0-9 . _ - @`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, minicbor::Encode)]
#[serde(transparent)]
#[cbor(transparent)]
pub struct SubjectId(#[n(0)] String);

impl SubjectId {
    /// The printed id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SubjectId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-@".contains(&b);
        if (1..=64).contains(&text.len()) && text.bytes().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ParseIdError { kind: "SubjectId" })
        }
    }
}

impl fmt::Display for SubjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SubjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SubjectId({})", self.0)
    }
}

impl<'b, C> minicbor::Decode<'b, C> for SubjectId {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        d.str()?.parse().map_err(|e: ParseIdError| DecodeError::message(e.to_string()))
    }
}

impl<'de> Deserialize<'de> for SubjectId {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.parse().map_err(de::Error::custom)
    }
}
