//! 検証. A whole log, or an exported part of one, line by line against a pinned key, in constant memory.

use super::checkpoint::{UnverifiedCheckpoint, VerifiedCheckpoint};
use super::export::{ExportEntry, ExportHead, FORMAT};
use super::kind::{EntryKind, Outcome};
use super::leaf::Leaf;
use super::note::VerifierKey;
use super::report::{Finding, LogReport};
use super::tree::{Frontier, leaf_hash};
use crate::crypto::Provider;
use crate::id::LogHash;

/// Findings kept one by one.
const MAX_FINDINGS: usize = 1000;

/// A verification under way.
pub struct LogVerification {
    provider: &'static dyn Provider,
    key: VerifierKey,
    known: Vec<(u64, LogHash)>,
    lines: u64,
    checkpoint: Option<VerifiedCheckpoint>,
    tree: Frontier,
    /// Index the next entry has if none is missing.
    next: u64,
    /// Whether the entries so far are 0, 1, 2 … without a gap, so that a root can be computed.
    whole: bool,
    report: LogReport,
}

impl LogVerification {
    /// Of the log that `key` names.
    #[must_use]
    pub fn new(provider: &'static dyn Provider, key: VerifierKey) -> Self {
        let report = LogReport {
            origin: None,
            signed: None,
            root: None,
            entries: 0,
            withheld: 0,
            without_text: 0,
            denied: 0,
            released: 0,
            findings: Vec::new(),
            findings_total: 0,
        };
        Self {
            provider,
            key,
            known: Vec::new(),
            lines: 0,
            checkpoint: None,
            tree: Frontier::new(),
            next: 0,
            whole: true,
            report,
        }
    }

    /// Demands that the log continues a checkpoint seen before.
    #[must_use]
    pub fn known(mut self, checkpoint: &VerifiedCheckpoint) -> Self {
        self.known.push((checkpoint.size(), *checkpoint.root()));
        self
    }

    /// Takes the next line, without its newline. Empty lines are passed over.
    pub fn line(&mut self, line: &str) {
        self.lines += 1;
        if line.is_empty() {
            return;
        }
        if self.lines == 1 {
            return self.head(line);
        }
        match serde_json::from_str::<ExportEntry>(line) {
            Ok(entry) => self.entry(&entry),
            Err(_) => self.find(Finding::Malformed { line: self.lines }),
        }
    }

    /// Ends the log and says what was found.
    #[must_use]
    pub fn finish(mut self) -> LogReport {
        if self.lines == 0 {
            self.find(Finding::NoHead);
        }
        if let Some(checkpoint) = self.checkpoint.take() {
            self.compare(&checkpoint);
        }
        self.report
    }

    fn head(&mut self, line: &str) {
        let Some(head) = serde_json::from_str::<ExportHead>(line).ok().filter(|h| h.format == FORMAT) else {
            return self.find(Finding::NoHead);
        };
        let verified = UnverifiedCheckpoint::parse(&head.checkpoint).and_then(|c| c.verify(self.provider, &self.key));
        match verified {
            Ok(checkpoint) => {
                self.report.origin = Some(checkpoint.origin().to_owned());
                self.report.signed = Some(checkpoint.size());
                self.report.root = Some(*checkpoint.root());
                self.checkpoint = Some(checkpoint);
            }
            Err(error) => self.find(Finding::Checkpoint { why: error.to_string() }),
        }
    }

    fn entry(&mut self, entry: &ExportEntry) {
        self.report.entries += 1;
        if entry.index < self.next {
            self.whole = false;
            return self.find(Finding::OutOfOrder { index: entry.index, line: self.lines });
        }
        if entry.index > self.next {
            self.whole = false;
            self.find(Finding::Missing { from: self.next, count: entry.index - self.next });
        }
        self.next = entry.index.saturating_add(1);
        self.content(entry);
        if self.whole {
            self.tree.push(self.provider, entry.hash, |_, _| {});
            self.compare_known();
        }
    }

    fn content(&mut self, entry: &ExportEntry) {
        let Some(bytes) = &entry.leaf else {
            self.report.withheld += 1;
            return;
        };
        let leaf = match Leaf::decode(bytes.as_slice()) {
            Ok(leaf) if leaf_hash(self.provider, bytes.as_slice()) == entry.hash => leaf,
            _ => return self.find(Finding::LeafAltered { index: entry.index }),
        };
        self.report.denied += u64::from(leaf.outcome == Outcome::Denied);
        self.report.released += u64::from(leaf.kind == EntryKind::Released && leaf.outcome == Outcome::Done);
        match (&entry.salt, &entry.text) {
            (None, None) => self.report.without_text += 1,
            (Some(salt), Some(text)) if leaf.commitment.opens(self.provider, salt, text) => {}
            _ => self.find(Finding::TextAltered { index: entry.index }),
        }
    }

    fn compare_known(&mut self) {
        let size = self.tree.size();
        if self.known.iter().any(|(known, _)| *known == size) {
            let root = self.tree.root(self.provider);
            if self.known.iter().any(|(known, expected)| *known == size && *expected != root) {
                self.find(Finding::Fork { known: size });
            }
        }
    }

    fn compare(&mut self, checkpoint: &VerifiedCheckpoint) {
        let signed = checkpoint.size();
        if self.next < signed {
            self.find(Finding::Truncated { entries: self.report.entries, checkpoint: signed });
        } else if self.next > signed {
            self.find(Finding::Beyond { entries: self.report.entries, checkpoint: signed });
        } else if self.whole {
            let computed = self.tree.root(self.provider);
            if computed != *checkpoint.root() {
                self.find(Finding::OtherRoot { computed, signed: *checkpoint.root() });
            }
        }
        if let Some((known, _)) = self.known.iter().find(|(known, _)| *known > signed) {
            let known = *known;
            self.find(Finding::Fork { known });
        }
    }

    fn find(&mut self, finding: Finding) {
        self.report.findings_total += 1;
        if self.report.findings.len() < MAX_FINDINGS {
            self.report.findings.push(finding);
        }
    }
}
