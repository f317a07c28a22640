//! 監査. Whether the authority's log holds together and continues what this profile has seen of it before.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

use kakuzuke_core::audit::{
    ConsistencyProof, ExportEntry, ExportHead, Frontier, LogVerification, UnverifiedCheckpoint, VerifiedCheckpoint,
    VerifierKey,
};
use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::crypto::default_provider;
use kakuzuke_core::protocol::paths;

use crate::error::{Error, Result};
use crate::files::{Draft, Replace};
use crate::messages;
use crate::reports::LogReport;
use crate::session::{Desk, Session};

/// Entries fetched at a time.
const PAGE: u64 = 50_000;
/// Longest line of an exported log that is read whole, in bytes: no entry is longer.
const LINE: u64 = 1 << 20;

impl Session {
    /// Verifies the whole log: every entry's hash is computed into the tree, the root compared with the signed
    /// checkpoint, and the checkpoint with the one this profile saw before.
    ///
    /// # Errors
    /// [`Code::LogInvalid`] when it does not hold together.
    pub fn verify_log(&self) -> Result<LogReport> {
        let desk = &self.0;
        let key = desk.log_key()?;
        let checkpoint = desk.fetch_checkpoint(&key)?;
        let seen = desk.seen_checkpoint(&key)?;
        if let Some(seen) = &seen {
            desk.demand_growth(seen, &checkpoint)?;
        }
        let (tree, checked) = desk.replay(checkpoint.size())?;
        let whole = tree.size() == checkpoint.size() && tree.root(desk.provider) == *checkpoint.root();
        if !whole {
            return Err(Error::of(Code::LogInvalid));
        }
        desk.seen.keep_checkpoint(checkpoint.to_note().as_bytes())?;
        Ok(LogReport {
            origin: checkpoint.origin().to_owned(),
            size: checkpoint.size(),
            root: checkpoint.root().to_string(),
            entries_checked: checked,
            consistent_with: seen.map(|seen| seen.size()),
        })
    }
}

impl Session {
    /// The log's verifier key in its printed form, as pinned by this profile.
    #[must_use]
    pub fn log_key(&self) -> String {
        self.0.profile.description().log.vkey
    }

    /// Writes the log to a new file, as JSON Lines under a signed checkpoint: with texts for auditors, hashes only for
    /// everybody else. Gives the number of entries.
    ///
    /// # Errors
    /// When the name is taken, or the server can't be asked.
    pub fn export_log(&self, path: &Path) -> Result<u64> {
        let desk = &self.0;
        if path.symlink_metadata().is_ok() {
            return Err(Error::new(Code::Conflict, messages::NAME_TAKEN).at(path));
        }
        let draft = Draft::beside(path)?;
        let mut out = BufWriter::new(draft.file());
        let mut put = |line: &[u8]| out.write_all(line).and_then(|()| out.write_all(b"\n"));
        let (mut next, mut size) = (0, None);
        while size.is_none_or(|size| next < size) {
            let count = size.map_or(PAGE, |size| PAGE.min(size - next));
            let page =
                desk.server.get_bytes(desk.caller(), &format!("{}?from={next}&count={count}", paths::ENTRIES))?;
            let mut lines = page.split(|b| *b == b'\n').filter(|line| !line.is_empty());
            let head = lines.next().ok_or_else(|| Error::of(Code::LogInvalid))?;
            if size.is_none() {
                // The checkpoint of the first page is the one the file stands under; later entries are left out.
                let claimed: ExportHead =
                    serde_json::from_slice(head).map_err(|e| Error::of(Code::LogInvalid).caused_by(e))?;
                let checkpoint = verified_checkpoint(desk, claimed.checkpoint.as_bytes(), &desk.log_key()?)?;
                size = Some(checkpoint.size());
                put(head).map_err(|e| Error::io(path, e))?;
            }
            let before = next;
            let missing = usize::try_from(size.unwrap_or_default() - next).unwrap_or(usize::MAX);
            for line in lines.take(missing) {
                put(line).map_err(|e| Error::io(path, e))?;
                next += 1;
            }
            if next == before {
                break;
            }
        }
        out.flush().map_err(|e| Error::io(path, e))?;
        drop(out);
        draft.place(path, Replace::Never)?;
        Ok(next)
    }
}

/// Verifies an exported log offline. `vkey` is the log's verifier key in its printed form.
///
/// # Errors
/// [`Code::LogInvalid`] naming what does not hold.
pub fn verify_log_file(path: &Path, vkey: &str) -> Result<LogReport> {
    let key: VerifierKey = vkey.trim().parse().map_err(|_| Error::of(Code::Usage))?;
    let file = File::open(path).map_err(|e| Error::io(path, e))?;
    let mut verification = LogVerification::new(default_provider(), key);
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = reader.by_ref().take(LINE).read_until(b'\n', &mut line).map_err(|e| Error::io(path, e))?;
        if read == 0 {
            break;
        }
        // What is longer than any entry is cut, and so is none; what is no text neither.
        verification.line(String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']));
    }
    let report = verification.finish();
    if !report.is_sound() {
        return Err(Error::new(Code::LogInvalid, report.text()).at(path));
    }
    Ok(LogReport {
        origin: report.origin.unwrap_or_default(),
        size: report.signed.unwrap_or_default(),
        root: report.root.map(|root| root.to_string()).unwrap_or_default(),
        entries_checked: report.entries.saturating_sub(report.withheld),
        consistent_with: None,
    })
}

impl Desk {
    fn log_key(&self) -> Result<VerifierKey> {
        self.profile.description().log.vkey.parse().map_err(|_| Error::of(Code::LogInvalid))
    }

    fn fetch_checkpoint(&self, key: &VerifierKey) -> Result<VerifiedCheckpoint> {
        let bytes = self.server.get_bytes(self.caller(), paths::CHECKPOINT)?;
        verified_checkpoint(self, &bytes, key)
    }

    fn seen_checkpoint(&self, key: &VerifierKey) -> Result<Option<VerifiedCheckpoint>> {
        match self.seen.checkpoint()? {
            Some(bytes) => verified_checkpoint(self, &bytes, key).map(Some),
            None => Ok(None),
        }
    }

    /// The new checkpoint must contain the old one: never shorter, never another past.
    fn demand_growth(&self, seen: &VerifiedCheckpoint, now: &VerifiedCheckpoint) -> Result<()> {
        let fork = || Error::new(Code::LogInvalid, messages::LOG_WENT_BACK);
        if now.size() < seen.size() {
            return Err(fork());
        }
        let path = format!("{}?old={}&size={}", paths::PROOF, seen.size(), now.size());
        let proof: ConsistencyProof = self.server.get(self.caller(), &path)?;
        let about = proof.old == seen.size() && proof.size == now.size();
        let holds = about && proof.verify(self.provider, seen.root(), now.root()).is_ok();
        if holds { Ok(()) } else { Err(fork()) }
    }

    /// The tree over the first `size` entries, and how many leaves were seen and hashed themselves.
    fn replay(&self, size: u64) -> Result<(Frontier, u64)> {
        let (mut tree, mut checked) = (Frontier::new(), 0);
        while tree.size() < size {
            let count = PAGE.min(size - tree.size());
            let path = format!("{}?from={}&count={count}", paths::ENTRIES, tree.size());
            let export = self.server.get_bytes(self.caller(), &path)?;
            let before = tree.size();
            for line in export.split(|b| *b == b'\n').skip(1).filter(|line| !line.is_empty()) {
                let entry: ExportEntry =
                    serde_json::from_slice(line).map_err(|e| Error::of(Code::LogInvalid).caused_by(e))?;
                if entry.index != tree.size() {
                    return Err(Error::of(Code::LogInvalid));
                }
                if let Some(leaf) = &entry.leaf {
                    if kakuzuke_core::audit::leaf_hash(self.provider, leaf.as_slice()) != entry.hash {
                        return Err(Error::new(Code::LogInvalid, altered(entry.index)));
                    }
                    checked += 1;
                }
                tree.push(self.provider, entry.hash, |_, _| {});
            }
            if tree.size() == before {
                return Err(Error::of(Code::LogInvalid));
            }
        }
        Ok((tree, checked))
    }
}

fn altered(index: u64) -> Text {
    Text::new(format!("記録 {index} が書き換えられています。"), format!("Entry {index} was altered."))
}

fn verified_checkpoint(desk: &Desk, bytes: &[u8], key: &VerifierKey) -> Result<VerifiedCheckpoint> {
    let refused = || Error::of(Code::LogInvalid);
    let text = std::str::from_utf8(bytes).map_err(|_| refused())?;
    let parsed = UnverifiedCheckpoint::parse(text).map_err(|e| refused().caused_by(e))?;
    parsed.verify(desk.provider, key).map_err(|e| refused().caused_by(e))
}
