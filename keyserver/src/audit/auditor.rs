//! 証明. Signs checkpoints of what is durable, and proves entries and growth to whoever asks.

use std::sync::Arc;

use kakuzuke_core::audit::{
    Checkpoint, CheckpointError, ConsistencyProof, EXPORT_FORMAT, ExportHead, InclusionProof, NoteError, Receipt,
    VerifierKey, VerifierKind,
};
use kakuzuke_core::crypto::{Signer, default_provider};
use kakuzuke_core::id::LogHash;

use crate::keyring::Keyring;
use crate::random::generator;
use crate::store::{Reader, Recorded, Store, StoreError, TreeHead};

/// Entries read at a time for an export.
const PAGE: u64 = 1_000;

/// A proof could not be made.
#[derive(Debug, thiserror::Error)]
pub enum AuditorError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log's key.
    #[error(transparent)]
    Key(#[from] NoteError),
    /// The checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// There is no such entry, or no log of that size yet.
    #[error("no such entry or size")]
    NoSuch,
}

/// Proves.
#[derive(Clone)]
pub struct Auditor {
    store: Store,
    keyring: Arc<Keyring>,
    key: VerifierKey,
}

impl Auditor {
    /// Of the log with this origin.
    ///
    /// # Errors
    /// [`AuditorError::Key`] when the origin can't name a log.
    pub fn new(store: Store, keyring: Arc<Keyring>, origin: &str) -> Result<Self, AuditorError> {
        let public = Signer::public(keyring.log_signer()).to_vec();
        let key = VerifierKey::new(default_provider(), origin, VerifierKind::Log, &public)?;
        Ok(Self { store, keyring, key })
    }

    /// The log's verifier key.
    #[must_use]
    pub const fn key(&self) -> &VerifierKey {
        &self.key
    }

    /// The newest checkpoint, signed.
    ///
    /// # Errors
    /// When the log can't be read.
    pub fn checkpoint(&self) -> Result<String, AuditorError> {
        self.store.read(|reader| self.sign(&reader.head()?))
    }

    fn sign(&self, head: &TreeHead) -> Result<String, AuditorError> {
        let checkpoint = Checkpoint { origin: self.key.name().to_owned(), size: head.size, root: head.root };
        let mut rng = generator();
        Ok(checkpoint.sign(default_provider(), &self.key, self.keyring.log_signer(), &mut rng)?)
    }

    /// The receipt of a recorded act.
    ///
    /// # Errors
    /// When the log can't be read.
    pub fn receipt(&self, recorded: &Recorded) -> Result<Receipt, AuditorError> {
        self.receipts(&[recorded.index()])?.pop().ok_or(AuditorError::NoSuch)
    }

    /// The receipts of entries, under one checkpoint.
    ///
    /// # Errors
    /// [`AuditorError::NoSuch`] when there is none of an index.
    pub fn receipts(&self, indices: &[u64]) -> Result<Vec<Receipt>, AuditorError> {
        self.store.read(|reader| {
            let head = reader.head()?;
            let checkpoint = self.sign(&head)?;
            let receipt = |index: &u64| {
                let entry = reader.entries(*index, 1)?.into_iter().next().ok_or(AuditorError::NoSuch)?;
                let proof = reader.inclusion(*index, head.size)?.ok_or(AuditorError::NoSuch)?;
                Ok(Receipt { leaf: entry.leaf, proof, checkpoint: checkpoint.clone() })
            };
            indices.iter().map(receipt).collect()
        })
    }

    /// Proof that the entry at `index` stands in the log of `size`.
    ///
    /// # Errors
    /// [`AuditorError::NoSuch`] when it does not, or the log is not that long.
    pub fn inclusion(&self, index: u64, size: u64) -> Result<InclusionProof, AuditorError> {
        self.sized(size, |reader| reader.inclusion(index, size))
    }

    /// Proof that the log of `size` grew out of that of `old`.
    ///
    /// # Errors
    /// [`AuditorError::NoSuch`] when the log is not that long.
    pub fn consistency(&self, old: u64, size: u64) -> Result<ConsistencyProof, AuditorError> {
        self.sized(size, |reader| reader.consistency(old, size))
    }

    fn sized<T>(
        &self,
        size: u64,
        prove: impl FnOnce(&Reader<'_>) -> Result<Option<T>, StoreError>,
    ) -> Result<T, AuditorError> {
        self.store.read(|reader| {
            if size > reader.head()?.size {
                return Err(AuditorError::NoSuch);
            }
            prove(reader)?.ok_or(AuditorError::NoSuch)
        })
    }

    /// The export as JSON Lines: the head, then the entries from `first`, at most `count`. `withhold` leaves out
    /// leaves, salts and texts: what proves growth, and names nobody.
    ///
    /// # Errors
    /// When the log can't be read.
    pub fn export(&self, first: u64, count: u64, detail: Detail) -> Result<String, AuditorError> {
        self.store.read(|reader| {
            let head = ExportHead { format: EXPORT_FORMAT.to_owned(), checkpoint: self.sign(&reader.head()?)? };
            let mut text = line(&head);
            let end = first.saturating_add(count);
            let mut next = first;
            while next < end {
                let page = reader.entries(next, PAGE.min(end - next))?;
                let Some(last) = page.last() else { break };
                next = last.index + 1;
                for entry in page {
                    let mut entry = entry.export();
                    if detail == Detail::Hashes {
                        (entry.leaf, entry.salt, entry.text) = (None, None, None);
                    }
                    text.push_str(&line(&entry));
                }
            }
            Ok(text)
        })
    }

    /// Root of the log as it is now.
    ///
    /// # Errors
    /// When the log can't be read.
    pub fn root(&self) -> Result<LogHash, AuditorError> {
        self.store.read(|reader| Ok(reader.head()?.root))
    }
}

/// How much of each entry is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Everything, for auditors.
    Full,
    /// Hashes only: enough to compute the root.
    Hashes,
}

fn line<T: serde::Serialize>(value: &T) -> String {
    // Strings and numbers only: there is nothing in it that JSON cannot hold.
    let mut line = serde_json::to_string(value).unwrap_or_default();
    line.push('\n');
    line
}
