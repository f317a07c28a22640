//! 確かめた鎖. Whole folders are signed under the same few certificates: a chain found good as of one second is not
//! checked again as of that second. The same question, so the same answer; nothing outlives its second.

use std::sync::{Arc, Mutex, PoisonError};

use rustls_pki_types::CertificateDer;

use super::{AsOf, Signer};
use crate::crypto::Provider;

/// Chains remembered at most.
const MOST: usize = 32;

/// A chain, by its digest, and the time it is checked as of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Question {
    chain: [u8; 32],
    at: AsOf,
}

impl Question {
    pub(super) fn new(provider: &dyn Provider, chain: &[CertificateDer<'_>], at: AsOf) -> Self {
        let mut all = Vec::with_capacity(chain.iter().map(|der| der.len() + 8).sum());
        for der in chain {
            all.extend_from_slice(&(der.len() as u64).to_be_bytes());
            all.extend_from_slice(der);
        }
        Self { chain: provider.sha256(&all), at }
    }
}

/// The signers of chains that were found good. Belongs to one set of anchors and its copies.
#[derive(Clone, Default)]
pub(super) struct Checked(Arc<Mutex<Vec<(Question, Signer)>>>);

impl Checked {
    pub(super) fn find(&self, question: Question) -> Option<Signer> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().find(|(asked, _)| *asked == question).map(|(_, signer)| signer.clone())
    }

    pub(super) fn keep(&self, question: Question, signer: &Signer) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.push((question, signer.clone()));
    }
}
