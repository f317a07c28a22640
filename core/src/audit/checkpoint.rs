//! チェックポイント. The log's head, signed (C2SP tlog-checkpoint), with timestamped cosignatures of witnesses
//! (C2SP tlog-cosignature, Ed25519) where there are any.

use data_encoding::BASE64;
use rand_core::CryptoRng;

use super::note::{NoteError, SignedNote, VerifierKey, VerifierKind};
use crate::crypto::{Provider, Signer};
use crate::id::LogHash;
use crate::time::Timestamp;

/// A checkpoint was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The note around it.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The text of the note is not a checkpoint.
    #[error("malformed checkpoint")]
    Malformed,
    /// It is the checkpoint of another log.
    #[error("checkpoint of another log")]
    OtherLog,
}

/// Size and root of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Name of the log.
    pub origin: String,
    /// Number of entries.
    pub size: u64,
    /// Root of its tree.
    pub root: LogHash,
}

impl Checkpoint {
    /// The note's text.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, BASE64.encode(self.root.as_bytes()))
    }

    /// Signs it as the log `key` names. Whoever calls must have compared with what the log signed before.
    ///
    /// # Errors
    /// When the key is not the log's or cannot sign.
    pub fn sign(
        &self,
        provider: &dyn Provider,
        key: &VerifierKey,
        signer: &dyn Signer,
        rng: &mut dyn CryptoRng,
    ) -> Result<String, CheckpointError> {
        if key.name() != self.origin || key.kind() != VerifierKind::Log {
            return Err(CheckpointError::OtherLog);
        }
        let text = self.to_text();
        let signature = signer.sign(text.as_bytes(), rng).map_err(|_| NoteError::SigningFailed)?;
        key.verify(provider, text.as_bytes(), &signature)?;
        Ok(SignedNote::new(text, key, signature).to_string())
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let number: u64 = size.parse().ok()?;
        let canonical = number.to_string() == size && !origin.is_empty() && lines.all(|l| !l.is_empty());
        let root = LogHash::try_from(BASE64.decode(root.as_bytes()).ok()?.as_slice()).ok()?;
        canonical.then(|| Self { origin: origin.to_owned(), size: number, root })
    }
}

/// A checkpoint whose signature nobody has checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnverifiedCheckpoint {
    note: SignedNote,
    checkpoint: Checkpoint,
}

impl UnverifiedCheckpoint {
    /// Reads a signed checkpoint.
    ///
    /// # Errors
    /// When it is malformed.
    pub fn parse(note: &str) -> Result<Self, CheckpointError> {
        let note = SignedNote::parse(note)?;
        let checkpoint = Checkpoint::parse(note.text()).ok_or(CheckpointError::Malformed)?;
        Ok(Self { note, checkpoint })
    }

    /// What it claims.
    #[must_use]
    pub const fn claims(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// Verifies that the log `key` names signed it.
    ///
    /// # Errors
    /// When another log's checkpoint, not signed by the key, or any signature under the key does not hold.
    pub fn verify(self, provider: &dyn Provider, key: &VerifierKey) -> Result<VerifiedCheckpoint, CheckpointError> {
        if key.kind() != VerifierKind::Log || key.name() != self.checkpoint.origin {
            return Err(CheckpointError::OtherLog);
        }
        let mut signed = false;
        for signature in self.note.signatures_of(key) {
            key.verify(provider, self.note.text().as_bytes(), signature)?;
            signed = true;
        }
        if signed { Ok(VerifiedCheckpoint { inner: self }) } else { Err(NoteError::NotSigned.into()) }
    }
}

/// A checkpoint that the pinned log signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedCheckpoint {
    inner: UnverifiedCheckpoint,
}

impl VerifiedCheckpoint {
    /// Name of the log.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.inner.checkpoint.origin
    }

    /// Number of entries.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.inner.checkpoint.size
    }

    /// Root of the tree.
    #[must_use]
    pub const fn root(&self) -> &LogHash {
        &self.inner.checkpoint.root
    }

    /// The signed note, to be kept.
    #[must_use]
    pub fn to_note(&self) -> String {
        self.inner.note.to_string()
    }

    /// When `witness` says it saw this checkpoint as consistent growth; nothing if it did not sign.
    ///
    /// # Errors
    /// When a signature line of the witness does not hold.
    pub fn cosigned_by(
        &self,
        provider: &dyn Provider,
        witness: &VerifierKey,
    ) -> Result<Option<Timestamp>, CheckpointError> {
        if witness.kind() != VerifierKind::Witness {
            return Err(NoteError::MalformedKey.into());
        }
        let mut latest = None;
        for bytes in self.inner.note.signatures_of(witness) {
            let (time, signature) = bytes.split_first_chunk::<8>().ok_or(NoteError::BadSignature)?;
            let time = i64::try_from(u64::from_be_bytes(*time)).map_err(|_| NoteError::BadSignature)?;
            witness.verify(provider, cosigned_message(time, self.inner.note.text()).as_bytes(), signature)?;
            latest = latest.max(Some(Timestamp::from_unix(time)));
        }
        Ok(latest)
    }

    /// Adds a witness's cosignature with its time.
    ///
    /// # Errors
    /// When the key is no witness's, does not belong to `signer`, or cannot sign.
    pub fn cosign(
        &mut self,
        provider: &dyn Provider,
        witness: &VerifierKey,
        signer: &dyn Signer,
        at: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Result<(), CheckpointError> {
        let time = u64::try_from(at.unix()).map_err(|_| NoteError::SigningFailed)?;
        if witness.kind() != VerifierKind::Witness {
            return Err(NoteError::MalformedKey.into());
        }
        let message = cosigned_message(at.unix(), self.inner.note.text());
        let signature = signer.sign(message.as_bytes(), rng).map_err(|_| NoteError::SigningFailed)?;
        witness.verify(provider, message.as_bytes(), &signature)?;
        let mut bytes = time.to_be_bytes().to_vec();
        bytes.extend_from_slice(&signature);
        self.inner.note.add(witness, bytes);
        Ok(())
    }
}

fn cosigned_message(time: i64, text: &str) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}
