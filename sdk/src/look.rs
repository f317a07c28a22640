//! 見る. What a file says of itself, and whether that holds: without a key, without the server.

use std::path::Path;

use kakuzuke_core::audit::{Receipt, VerifierKey};
use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::envelope::{
    Belief, EvidenceKind, LabelSection, PayloadSuite, ReadAt, Record, TrailerKind, UnverifiedHead, UnverifiedLabel,
    VerifiedHead, VerifiedLabel, verify_content, verify_detached,
};
use kakuzuke_core::id::LabelHash;
use kakuzuke_core::label::Label;
use kakuzuke_core::trust::{AsOf, Identity, Signer};
use kakuzuke_formats::{State, detect, read_label};

use crate::error::{Error, Result};
use crate::files::Original;
use crate::input::{Input, View};
use crate::messages;
use crate::open::{refused, refused_head};
use crate::protect::{SIGNATURE, beside, view_of};
use crate::reports::{ContentState, Coverage, Form, ReceiptView, Shown, SignatureState, SignerView, Verification};
use crate::session::{Desk, Session};
use crate::slice::Slice;

/// A label as it was found.
enum Seen {
    Envelope { form: Form, head: Box<UnverifiedHead>, slice: Slice },
    Native(Box<UnverifiedLabel>),
    Detached { head: Box<UnverifiedHead>, signature: Slice },
}

impl Seen {
    fn section(&self) -> &LabelSection {
        match self {
            Self::Envelope { head, .. } | Self::Detached { head, .. } => head.claims(),
            Self::Native(label) => label.claims(),
        }
    }
}

/// Whether there is a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Labelled {
    /// There is one, in an envelope or in clear.
    Yes,
    /// There is none.
    No,
    /// There is the cover of a document whose envelope is gone.
    Lost,
    /// There is one in clear whose signature does not hold.
    Forged,
}

/// 表示. What a file says of itself; needs no key, and a session only to judge the signature.
///
/// # Errors
/// [`Code::NotProtected`] when there is no label, [`Code::Damaged`] and its like when it is not a whole one.
pub fn show(path: &Path, session: Option<&Session>) -> Result<Shown> {
    show_input(&Input::Path(path.to_owned()), session)
}

/// The same of a document that was handed over. A signature beside it is seen only where it was named by its path.
///
/// # Errors
/// As [`show`].
pub fn show_input(input: &Input, session: Option<&Session>) -> Result<Shown> {
    let taken = input.take()?;
    let view = taken.view();
    let seen = look(view)?;
    Ok(describe(view, &seen, session))
}

/// The same of a file that is open already, with the label section itself.
pub(crate) fn examine(original: &Original, session: Option<&Session>) -> Result<(Shown, LabelSection)> {
    let view = View::of(original);
    let seen = look(view)?;
    Ok((describe(view, &seen, session), seen.section().clone()))
}

/// The label of a document that is open already, as it claims; none when there is none that can be read.
pub(crate) fn label_of(view: View<'_>) -> Option<Label> {
    look(view).ok().map(|seen| seen.section().label().clone())
}

impl Shown {
    /// What somebody should know who gives the document to others: nothing binds the label to this content.
    pub(crate) fn unbound(&self) -> Option<Text> {
        (self.coverage == Coverage::LabelUnbound).then(|| messages::label_unbound(&self.label))
    }
}

impl Session {
    /// 検証. Signature, label and every byte of the content, offline.
    ///
    /// # Errors
    /// When anything does not hold: with the name of the refusal.
    pub fn verify(&self, path: &Path) -> Result<Verification> {
        self.verify_input(&Input::Path(path.to_owned()))
    }

    /// The same of a document that was handed over.
    ///
    /// # Errors
    /// As [`Self::verify`].
    pub fn verify_input(&self, input: &Input) -> Result<Verification> {
        let desk = &self.0;
        let taken = input.take()?;
        let view = taken.view();
        let path = view.path;
        let seen = look(view)?;
        let shown = describe(view, &seen, Some(self));
        if shown.signature == SignatureState::UnknownAuthority {
            return Err(Error::of(Code::UnknownAuthority).at(path));
        }
        let belief = Belief { anchors: desk.profile.anchors(), at: AsOf::AtOrBefore(desk.clock.now()) };
        let (content, receipts) = match seen {
            Seen::Native(label) => {
                label.verify(desk.provider, belief.anchors, belief.at).map_err(|e| refused_head(e).at(path))?;
                (ContentState::NotCovered, Vec::new())
            }
            Seen::Envelope { head, slice, .. } => {
                let head = verify_head(desk, *head, path)?;
                let core = verify_content(desk.provider, &slice, &head, belief).map_err(|e| refused(&e).at(path))?;
                let state = if core.is_some() { ContentState::Intact } else { ContentState::NotCovered };
                (state, receipts(desk, &head))
            }
            Seen::Detached { head, signature } => {
                let head = verify_head(desk, *head, path)?;
                let native = Slice::whole(view.bytes, path)?;
                verify_detached(desk.provider, &signature, &head, &native, belief).map_err(|e| refused(&e).at(path))?;
                (ContentState::Intact, Vec::new())
            }
        };
        Ok(Verification { shown, content, receipts, notes: Vec::new() })
    }
}

fn verify_head(desk: &Desk, head: UnverifiedHead, path: &Path) -> Result<VerifiedHead> {
    let verified = head.verify(desk.provider, desk.profile.anchors(), AsOf::AtOrBefore(desk.clock.now()));
    verified.map_err(|e| refused_head(e).at(path))
}

/// Finds the label: in an envelope, beside a native file, or in its metadata.
fn look(view: View<'_>) -> Result<Seen> {
    let (bytes, path) = (view.bytes, view.path);
    let provider = kakuzuke_core::crypto::default_provider();
    if let Some(slice) = Slice::find(bytes, path)? {
        let head = UnverifiedHead::read(provider, &slice).map_err(|e| refused(&e).at(path))?;
        let length = slice.len().map_err(|e| Error::io(path, e))?;
        let form = if length == view.size { Form::Envelope } else { Form::Carrier };
        return Ok(Seen::Envelope { form, head: Box::new(head), slice });
    }
    let signature = beside(path, SIGNATURE);
    if view.has_place && signature.symlink_metadata().is_ok() {
        let file = Original::read(&signature)?;
        let slice = Slice::whole(file.file(), &signature)?;
        let head = UnverifiedHead::read(provider, &slice).map_err(|e| refused(&e).at(&signature))?;
        return Ok(Seen::Detached { head: Box::new(head), signature: slice });
    }
    if let Ok(Some(stored)) = read_label(&bytes) {
        let label = UnverifiedLabel::parse(provider, stored.signed()).map_err(|e| refused_head(e).at(path))?;
        return Ok(Seen::Native(Box::new(label)));
    }
    match detect(&bytes, None).map(|found| found.state) {
        Ok(State::LostEnvelope) => Err(Error::new(Code::NotProtected, messages::COVER_WITHOUT_ENVELOPE).at(path)),
        Ok(State::Damaged(_)) => Err(Error::of(Code::Damaged).at(path)),
        _ => Err(Error::of(Code::NotProtected).at(path)),
    }
}

impl Desk {
    /// How a file stands, as far as its content says.
    pub(crate) fn labelled(&self, path: &Path) -> Result<Labelled> {
        let original = Original::read(path)?;
        Ok(match look(View::of(&original)) {
            Ok(seen) if self.is_forged(&seen) => Labelled::Forged,
            Ok(_) => Labelled::Yes,
            Err(error) if error.code() == Code::NotProtected => {
                let lost = detect(original.file(), None).is_ok_and(|found| found.state == State::LostEnvelope);
                if lost { Labelled::Lost } else { Labelled::No }
            }
            Err(error) => return Err(error),
        })
    }

    /// Whether a label in clear is nobody's word: its signature does not hold. Of authorities that are not known here nothing is said.
    fn is_forged(&self, seen: &Seen) -> bool {
        let label = match seen {
            Seen::Native(label) => label,
            Seen::Detached { head, .. } => head.label(),
            Seen::Envelope { .. } => return false,
        };
        let verified = label.clone().verify(self.provider, self.profile.anchors(), AsOf::AtOrBefore(self.clock.now()));
        verified.is_err_and(|error| refused_head(error).code() == Code::SignatureInvalid)
    }

    /// The label of a native file, in its metadata or beside it, as it claims.
    pub(crate) fn label_in_clear_of(&self, path: &Path) -> Option<Label> {
        let original = Original::read(path).ok()?;
        match look(View::of(&original)).ok()? {
            seen @ (Seen::Native(_) | Seen::Detached { .. }) => Some(seen.section().label().clone()),
            Seen::Envelope { .. } => None,
        }
    }

    /// The signed label of a native file, in its metadata or beside it, not yet believed.
    pub(crate) fn label_in_clear_at(&self, path: &Path) -> Result<Option<UnverifiedLabel>> {
        let original = Original::read(path)?;
        match look(View::of(&original)) {
            Ok(Seen::Native(label)) => Ok(Some(*label)),
            Ok(Seen::Detached { head, .. }) => Ok(Some(head.label().clone())),
            Ok(Seen::Envelope { .. }) => Ok(None),
            // A cover that lost its envelope is no document without a label.
            Err(error) if error.code() == Code::NotProtected => match self.labelled(path)? {
                Labelled::Lost => Err(error),
                Labelled::Yes | Labelled::No | Labelled::Forged => Ok(None),
            },
            Err(error) => Err(error),
        }
    }

    /// The label of a document in clear and its hash, its signature checked: what hangs on it must be able to.
    ///
    /// # Errors
    /// [`Code::NotProtected`] when there is none, [`Code::SignatureInvalid`] and its like when it does not hold.
    pub(crate) fn verified_label_in_clear(&self, original: &Original, path: &Path) -> Result<(Label, LabelHash)> {
        let section = self.verified_section_in_clear(original, path)?;
        Ok((section.0.label().clone(), section.1))
    }

    /// The same, whole.
    pub(crate) fn verified_section_in_clear(
        &self,
        original: &Original,
        path: &Path,
    ) -> Result<(LabelSection, LabelHash)> {
        let label = self.verified_in_clear(View::of(original), path)?;
        Ok((label.section().clone(), label.hash()))
    }

    /// The label of a document in clear as its decider signed it; none when it does not hold.
    pub(crate) fn signed_label_in_clear(&self, view: View<'_>, path: &Path) -> Option<Vec<u8>> {
        let label = self.verified_in_clear(view, path).ok()?;
        Some(label.as_bytes().to_vec())
    }

    fn verified_in_clear(&self, view: View<'_>, path: &Path) -> Result<VerifiedLabel> {
        let label = match look(view)? {
            Seen::Envelope { .. } => return Err(Error::of(Code::AlreadyProtected).at(path)),
            Seen::Native(label) => *label,
            Seen::Detached { head, .. } => head.label().clone(),
        };
        if !self.profile.anchors().know(&label.claims().origin()) {
            return Err(Error::of(Code::UnknownAuthority).at(path));
        }
        let at = AsOf::AtOrBefore(self.clock.now());
        label.verify(self.provider, self.profile.anchors(), at).map_err(|e| refused_head(e).at(path))
    }

    /// Whether a native file carries a label of ours, in its metadata or beside it.
    pub(crate) fn is_labelled_in_clear(&self, path: &Path) -> bool {
        let seen = Original::read(path).and_then(|original| look(View::of(&original)));
        matches!(seen, Ok(Seen::Native(_) | Seen::Detached { .. }))
    }
}

fn describe(view: View<'_>, seen: &Seen, session: Option<&Session>) -> Shown {
    let section = seen.section();
    let (signature, signer) = match session {
        Some(session) => judge(&session.0, seen),
        None => (SignatureState::UnknownAuthority, None),
    };
    let (form, coverage) = match seen {
        Seen::Envelope { form, .. } => (*form, coverage(section)),
        Seen::Detached { .. } => (Form::Detached, Coverage::LabelAndContent),
        Seen::Native(_) => (Form::NativeLabel, Coverage::LabelUnbound),
    };
    let (path, bytes) = (view.path.to_owned(), view.size);
    Shown { path, form, label: view_of(section), signature, signer, coverage, bytes }
}

const fn coverage(section: &LabelSection) -> Coverage {
    match (section.trailer_kind(), section.payload_suite()) {
        (TrailerKind::Tree, _) => Coverage::LabelAndContent,
        (TrailerKind::None, PayloadSuite::Clear | PayloadSuite::Cobblestone256) => Coverage::LabelOnly,
    }
}

/// Whether the label's signature holds, as far as this profile can tell.
fn judge(desk: &Desk, seen: &Seen) -> (SignatureState, Option<SignerView>) {
    if !desk.profile.anchors().know(&seen.section().origin()) {
        return (SignatureState::UnknownAuthority, None);
    }
    let (anchors, at) = (desk.profile.anchors(), AsOf::AtOrBefore(desk.clock.now()));
    let verified = match seen {
        Seen::Envelope { head, .. } | Seen::Detached { head, .. } => {
            head.label().clone().verify(desk.provider, anchors, at)
        }
        Seen::Native(label) => (**label).clone().verify(desk.provider, anchors, at),
    };
    match verified {
        Ok(label) => (SignatureState::Valid, Some(signer_view(label.signer()))),
        Err(_) => (SignatureState::Invalid, None),
    }
}

fn signer_view(signer: &Signer) -> SignerView {
    let subject = match signer.identity() {
        Identity::Person(subject) => Some(subject.clone()),
        Identity::Service(_) => None,
    };
    let ended = signer.ended();
    SignerView {
        name: signer.name().to_owned(),
        subject,
        authority: signer.authority(),
        device: signer.device(),
        ended,
    }
}

/// The receipts in a head that the authority's log signed for this very label.
fn receipts(desk: &Desk, head: &VerifiedHead) -> Vec<ReceiptView> {
    let description = desk.profile.description();
    let Ok(key) = description.log.vkey.parse::<VerifierKey>() else { return Vec::new() };
    let kept = head.evidence().iter().filter(|record| record.kind() == EvidenceKind::Receipt);
    kept.filter_map(|record: &Record| {
        let receipt = Receipt::decode(record.as_bytes()).ok()?.verify(desk.provider, &key).ok()?;
        let about = receipt.leaf().document == Some(head.section().document());
        about.then(|| ReceiptView {
            index: receipt.index(),
            log_size: receipt.checkpoint().size(),
            at: receipt.leaf().time,
            witnessed: false,
        })
    })
    .collect()
}
