//! 表紙の作り置き. Covers are drawn once and used for every file that carries the same words.

use std::sync::{Arc, Mutex, PoisonError};

use crate::carrier::Carrier;
use crate::cover::Cover;
use crate::error::WrapError;
use crate::format::{self, Template};
use crate::kind::Kind;

/// Covers kept at a time.
const KEPT: usize = 64;

/// A carrier of `kind` for an envelope of `envelope_len` bytes. For many files use a [`CoverCache`].
///
/// # Errors
/// [`WrapError::TooLarge`] when the kind can't hold so much, [`WrapError::Cover`] when the cover's
/// words are over the limits.
pub fn carrier(kind: Kind, cover: &Cover, envelope_len: u64) -> Result<Carrier, WrapError> {
    format::of(kind).prepare(kind, cover)?.carrier(envelope_len)
}

/// Covers already drawn, shared between threads.
#[derive(Default)]
pub struct CoverCache {
    kept: Mutex<Vec<Kept>>,
}

struct Kept {
    kind: Kind,
    cover: Cover,
    template: Arc<dyn Template>,
}

impl CoverCache {
    /// An empty cache.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// As [`carrier()`], drawing the cover only the first time.
    ///
    /// # Errors
    /// As [`carrier()`].
    pub fn carrier(&self, kind: Kind, cover: &Cover, envelope_len: u64) -> Result<Carrier, WrapError> {
        self.template(kind, cover)?.carrier(envelope_len)
    }

    fn template(&self, kind: Kind, cover: &Cover) -> Result<Arc<dyn Template>, WrapError> {
        // Drawing under the lock: the first of many threads draws, the others wait for it.
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = kept.iter().find(|k| k.kind == kind && k.cover == *cover) {
            return Ok(Arc::clone(&found.template));
        }
        let template: Arc<dyn Template> = Arc::from(format::of(kind).prepare(kind, cover)?);
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push(Kept { kind, cover: cover.clone(), template: Arc::clone(&template) });
        Ok(template)
    }
}
