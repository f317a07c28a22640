//! 一件を見る. One file: how it stands, what it says of itself and what its content asks for. Whatever is in it, it is a result.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::envelope::{PayloadSuite, UnverifiedLabel};
use kakuzuke_core::label::Label;
use kakuzuke_formats::{Kind, Source, State, detect, labels_inside};

use super::content::{Judge, PATIENCE, Patient};
use super::finding::Judgement;
use super::record::{ScanInside, ScanLabel, ScanState, Scanned, Stamp};
use super::room::Room;
use super::walk::Seat;
use crate::files::Original;
use crate::look;
use crate::messages;
use crate::reports::{Form, Shown, SignatureState};
use crate::session::Session;

/// How often a file that is written to while it is read is begun again.
const AGAIN: usize = 2;

/// Who looks, and how.
pub(super) struct Eyes<'a> {
    pub(super) session: Option<&'a Session>,
    pub(super) judgement: &'a Judgement,
    /// None when only labels are looked at.
    pub(super) judge: Option<Judge<'a>>,
    pub(super) room: Room,
}

/// A file, and what earlier scans know of it.
pub(super) struct Next {
    pub(super) path: std::path::PathBuf,
    pub(super) seat: Result<Seat, Text>,
    pub(super) known: Vec<Vec<u8>>,
}

/// What was seen of a file.
pub(super) struct Looked {
    pub(super) seen: Scanned,
    /// Its line, if it is that of the last scan to the letter.
    pub(super) line: Option<Vec<u8>>,
    pub(super) unchanged: bool,
}

impl Eyes<'_> {
    /// Looks at one file; at one that has not changed, only at its times.
    pub(super) fn look(&self, next: Next) -> Looked {
        let Next { path, seat, known } = next;
        let seat = match seat {
            Ok(seat) => seat,
            Err(why) => return self.judged(Scanned::unread(&path, why), &path),
        };
        let (bytes, stamp) = match seat.stamp() {
            Ok(Some(found)) => found,
            Ok(None) => return self.judged(Scanned::unread(&path, messages::NOT_A_FILE), &path),
            Err(error) => return self.judged(Scanned::unread(&path, messages::io(&error)), &path),
        };
        for line in known {
            let Ok(mut seen) = serde_json::from_slice::<Scanned>(&line) else { continue };
            if !seen.is_unchanged(bytes, stamp) {
                continue;
            }
            let (state, declared, doubts) = (seen.state, seen.declared.clone(), seen.doubts.clone());
            self.judgement.judge(&mut seen, &path);
            let same = (state, &declared, &doubts) == (seen.state, &seen.declared, &seen.doubts);
            return Looked { seen, line: same.then_some(line), unchanged: true };
        }
        let _place = self.room.take(bytes);
        self.judged(self.read(&path, &seat, bytes, stamp), &path)
    }

    fn judged(&self, mut seen: Scanned, path: &Path) -> Looked {
        self.judgement.judge(&mut seen, path);
        Looked { seen, line: None, unchanged: false }
    }

    /// Reads a file; begins again when somebody has written to it meanwhile.
    fn read(&self, path: &Path, seat: &Seat, bytes: u64, stamp: Stamp) -> Scanned {
        let (mut bytes, mut stamp) = (bytes, stamp);
        for _ in 0..AGAIN {
            let mut seen = Scanned::new(path, bytes, stamp);
            let way = seat.way();
            // A fault of ours in one file is that file's result, and the rest goes on.
            if catch_unwind(AssertUnwindSafe(|| self.read_once(&mut seen, &way))).is_err() {
                seen = Scanned { why: Some(Code::Internal.text()), ..Scanned::new(path, bytes, stamp) };
            }
            match seat.stamp() {
                Ok(Some(now)) if now == (bytes, stamp) => return seen,
                Ok(Some(now)) => (bytes, stamp) = now,
                Ok(None) => return Scanned::unread(path, messages::NOT_A_FILE),
                Err(error) => return Scanned::unread(path, messages::io(&error)),
            }
        }
        // Without a stamp of its own it is looked at again the next time.
        let unsettled = Scanned::new(path, bytes, Stamp::default());
        Scanned { why: Some(messages::BEING_WRITTEN), modified: stamp.modified(), ..unsettled }
    }

    fn read_once(&self, seen: &mut Scanned, way: &Path) {
        let original = match Original::read(way) {
            Ok(original) => original,
            Err(error) => {
                // Its permission may change without the file.
                (seen.stamp, seen.why) = (Stamp::default(), Some(error.text().clone()));
                return;
            }
        };
        let name = way.file_name().map(|name| name.to_string_lossy());
        let detection = detect(original.file(), name.as_deref()).ok();
        if let Some(detection) = &detection {
            seen.kind = kind_of(detection.kind, way);
        }
        seen.named = self.judge.as_ref().and_then(|judge| judge.named(name.as_deref()?));
        match look::examine(&original, self.session) {
            Ok((shown, section)) => {
                let sealed = matches!(shown.form, Form::Envelope | Form::Carrier);
                let clear = section.payload_suite() == PayloadSuite::Clear;
                seen.state = if sealed && !clear { ScanState::Protected } else { ScanState::Labelled };
                let beside = self.session.filter(|_| shown.form == Form::Detached);
                let outdated = beside.is_some_and(|s| matches!(s.0.outdated_beside(way), Ok(Some(_))));
                seen.label = Some(ScanLabel { outdated, ..label_of(&shown, section.label()) });
            }
            Err(error) => {
                let none = error.code() == Code::NotProtected;
                (seen.state, seen.why) = match detection.as_ref().map(|found| &found.state) {
                    Some(State::Locked(_)) => (ScanState::Locked, None),
                    Some(State::LostEnvelope) if none => (ScanState::LostEnvelope, None),
                    Some(_) if none => (ScanState::Unlabelled, None),
                    _ => (ScanState::Unread, Some(error.text().clone())),
                };
            }
        }
        let in_clear = matches!(seen.state, ScanState::Labelled | ScanState::Unlabelled) && seen.bytes > 0;
        if let Some(judge) = self.judge.as_ref().filter(|_| in_clear) {
            let (suggestion, why) = judge.judge(&original, name.as_deref());
            (seen.suggestion, seen.why) = (Some(suggestion), why);
        }
        let holds_files = detection.is_some_and(|found| matches!(found.kind, Kind::Zip | Kind::Eml | Kind::Msg));
        if in_clear && holds_files {
            let patience = self.judge.as_ref().map_or(PATIENCE, |judge| judge.patience);
            seen.inside = inside(&Patient::new(original.file(), patience), name.as_deref());
        }
    }
}

/// What people call it: files that no plugin knows go by the extension of their name.
fn kind_of(kind: Kind, path: &Path) -> String {
    let named = || path.extension().and_then(std::ffi::OsStr::to_str).map(str::to_lowercase);
    let known = Some(kind.extension().to_owned());
    // Kinds of many sorts of files.
    let name = match kind {
        Kind::Opaque => named(),
        Kind::Text | Kind::Zip | Kind::Compound => named().or(known),
        _ => known,
    };
    name.filter(|name| name.chars().count() <= 16).unwrap_or_default()
}

/// The labelled files in an archive or a mail; none where there is none, or where it can't be told.
fn inside(source: &dyn Source, name: Option<&str>) -> Option<ScanInside> {
    let provider = kakuzuke_core::crypto::default_provider();
    let (files, _) = labels_inside(source, name).ok()?;
    let mut inside = ScanInside::default();
    for file in files {
        let Some(stored) = file.label else {
            inside.protected += 1;
            continue;
        };
        inside.labelled += 1;
        let claimed = UnverifiedLabel::parse(provider, stored.signed());
        let level = claimed.map_or(0, |label| label.claims().label().grades().c.level());
        inside.confidentiality = inside.confidentiality.max(level);
    }
    (inside != ScanInside::default()).then_some(inside)
}

fn label_of(shown: &Shown, label: &Label) -> ScanLabel {
    let view = &shown.label;
    ScanLabel {
        grade: view.grade.clone(),
        restrictions: view.restrictions.clone(),
        decided_by: format!("{} {}", view.decided_by.post, view.decided_by.name).trim().to_owned(),
        decided_at: view.decided_at,
        valid_until: view.valid_until,
        retained_until: label.retained_until().filter(|_| !label.retained_by_event()),
        genuine: match shown.signature {
            SignatureState::Valid => Some(true),
            SignatureState::Invalid => Some(false),
            SignatureState::UnknownAuthority => None,
        },
        outdated: false,
    }
}
