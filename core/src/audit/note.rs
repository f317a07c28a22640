//! Signed notes and verifier keys (C2SP signed-note v1), as much of them as an Ed25519 log and its witnesses need.

use core::fmt;
use std::str::FromStr;

use data_encoding::{BASE64, HEXLOWER};

use crate::crypto::{HashAlgorithm, Provider, SignatureAlgorithm};

/// A note longer than this (bytes) is not read.
const MAX_NOTE: usize = 64 * 1024;
/// A note with more signatures is not read.
const MAX_SIGNATURES: usize = 32;
/// Em dash and space before each signature.
const SIGNATURE_MARK: &str = "\u{2014} ";

/// A note, a key or a signature on a note was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Not a signed note.
    #[error("malformed signed note")]
    Malformed,
    /// Not a verifier key, or its id is not the one of its name and key.
    #[error("malformed verifier key")]
    MalformedKey,
    /// No signature by the expected key.
    #[error("not signed by the expected key")]
    NotSigned,
    /// A signature by the expected key that does not hold.
    #[error("the signature does not verify")]
    BadSignature,
    /// The key could not sign.
    #[error("signing failed")]
    SigningFailed,
}

/// What a key signs, by the type byte of C2SP signed-note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerifierKind {
    /// 0x01: the log's own Ed25519 key.
    Log,
    /// 0x04: a witness's Ed25519 key (timestamped cosignatures).
    Witness,
}

impl VerifierKind {
    const fn byte(self) -> u8 {
        match self {
            Self::Log => 1,
            Self::Witness => 4,
        }
    }
}

/// A verifier key, printed `name+id+base64(type ‖ key)`: whom to believe, pinned by whoever verifies.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: [u8; 4],
    kind: VerifierKind,
    public: [u8; 32],
}

impl VerifierKey {
    /// From its parts.
    ///
    /// # Errors
    /// [`NoteError::MalformedKey`] when the name is empty, has spaces or `+`, or the key is not 32 bytes.
    pub fn new(provider: &dyn Provider, name: &str, kind: VerifierKind, public: &[u8]) -> Result<Self, NoteError> {
        if !is_name(name) {
            return Err(NoteError::MalformedKey);
        }
        let public = public.try_into().map_err(|_| NoteError::MalformedKey)?;
        Ok(Self { name: name.to_owned(), id: key_id(provider, name, kind, &public), kind, public })
    }

    /// The key's name; for a log, its origin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it signs.
    #[must_use]
    pub const fn kind(&self) -> VerifierKind {
        self.kind
    }

    /// First four bytes of SHA-256 over name, newline, type byte and key.
    #[must_use]
    pub const fn id(&self) -> [u8; 4] {
        self.id
    }

    pub(super) fn verify(&self, provider: &dyn Provider, message: &[u8], signature: &[u8]) -> Result<(), NoteError> {
        provider
            .verify(SignatureAlgorithm::Ed25519, &self.public, message, signature)
            .map_err(|_| NoteError::BadSignature)
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![self.kind.byte()];
        key.extend_from_slice(&self.public);
        write!(f, "{}+{}+{}", self.name, HEXLOWER.encode(&self.id), BASE64.encode(&key))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}

impl FromStr for VerifierKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::MalformedKey);
        };
        let key = BASE64.decode(key.as_bytes()).map_err(|_| NoteError::MalformedKey)?;
        let (kind, public) = match key.split_first() {
            Some((1, public)) => (VerifierKind::Log, public),
            Some((4, public)) => (VerifierKind::Witness, public),
            _ => return Err(NoteError::MalformedKey),
        };
        let verifier = Self::new(crate::crypto::default_provider(), name, kind, public)?;
        if HEXLOWER.encode(&verifier.id) == id { Ok(verifier) } else { Err(NoteError::MalformedKey) }
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= 255 && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

fn key_id(provider: &dyn Provider, name: &str, kind: VerifierKind, public: &[u8; 32]) -> [u8; 4] {
    let digest = provider.digest(HashAlgorithm::Sha256, &[name.as_bytes(), b"\n", &[kind.byte()], public]);
    digest.as_ref().first_chunk().copied().unwrap_or_default()
}

/// One signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NoteSignature {
    pub(super) name: String,
    pub(super) id: [u8; 4],
    pub(super) bytes: Vec<u8>,
}

/// A signed note whose signatures nobody has checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedNote {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl SignedNote {
    /// A note with the signature of its author. `text` ends in a newline.
    pub(super) fn new(text: String, key: &VerifierKey, signature: Vec<u8>) -> Self {
        let signature = NoteSignature { name: key.name.clone(), id: key.id, bytes: signature };
        Self { text, signatures: vec![signature] }
    }

    /// Reads a note.
    ///
    /// # Errors
    /// [`NoteError::Malformed`].
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        if note.len() > MAX_NOTE || note.chars().any(|c| c.is_control() && c != '\n') {
            return Err(NoteError::Malformed);
        }
        let split = note.rfind("\n\n").ok_or(NoteError::Malformed)?;
        let (text, signatures) = note.split_at_checked(split + 1).ok_or(NoteError::Malformed)?;
        let lines = signatures.strip_prefix('\n').and_then(|s| s.strip_suffix('\n')).ok_or(NoteError::Malformed)?;
        let signatures = lines.split('\n').map(parse_signature).collect::<Result<Vec<_>, _>>()?;
        if signatures.len() > MAX_SIGNATURES {
            return Err(NoteError::Malformed);
        }
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// The text with its last newline: what is signed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Signatures by the key of this name and id.
    pub(super) fn signatures_of<'a>(&'a self, key: &'a VerifierKey) -> impl Iterator<Item = &'a [u8]> {
        self.signatures.iter().filter(|s| s.name == key.name && s.id == key.id).map(|s| s.bytes.as_slice())
    }

    /// Adds a signature line, such as a witness's.
    pub(super) fn add(&mut self, key: &VerifierKey, signature: Vec<u8>) {
        self.signatures.push(NoteSignature { name: key.name.clone(), id: key.id, bytes: signature });
    }
}

impl fmt::Display for SignedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for s in &self.signatures {
            let mut bytes = s.id.to_vec();
            bytes.extend_from_slice(&s.bytes);
            writeln!(f, "{SIGNATURE_MARK}{} {}", s.name, BASE64.encode(&bytes))?;
        }
        Ok(())
    }
}

fn parse_signature(line: &str) -> Result<NoteSignature, NoteError> {
    let (name, signature) =
        line.strip_prefix(SIGNATURE_MARK).and_then(|rest| rest.split_once(' ')).ok_or(NoteError::Malformed)?;
    let bytes = BASE64.decode(signature.as_bytes()).map_err(|_| NoteError::Malformed)?;
    match (is_name(name), bytes.split_first_chunk::<4>()) {
        (true, Some((id, bytes))) if !bytes.is_empty() => {
            Ok(NoteSignature { name: name.to_owned(), id: *id, bytes: bytes.to_vec() })
        }
        _ => Err(NoteError::Malformed),
    }
}
