//! 平文のまま. 機密性1情報 stays readable: what protects it is the signature on its label, and on its bytes.

use std::io::Write;
use std::path::Path;

use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::envelope::{Belief, DetachedSealer, LabelSection, Standing, UnverifiedHead, verify_detached};
use kakuzuke_core::label::{Confidentiality, Label, is_lowering};
use kakuzuke_core::trust::AsOf;
use kakuzuke_formats::{LabelError, ReadError, Source as _, StoredLabel, write_label};

use crate::error::{Error, Result};
use crate::files::{Draft, Original, Replace, sync_folder};
use crate::input::View;
use crate::look::label_of;
use crate::messages;
use crate::open::{refused, refused_head};
use crate::place::{Target, put_in_place};
use crate::platform::Positional;
use crate::protect::{SIGNATURE, beside, view_of};
use crate::reports::{Form, Protected, RegistrationState};
use crate::session::Desk;
use crate::slice::Slice;
use crate::work::{Marked, Mechanism, Stock, Work};

/// Bytes signed at a time for a signature beside a file.
const PIECE: usize = 1 << 20;

/// Whether a label went into its document.
enum Inside {
    /// It did.
    Done(Box<Protected>),
    /// It did not, and why.
    Not(Text),
}

impl Desk {
    /// What is labelled in clear is lowered by its decider only (3.1.1(3)(c)), also when it is sealed on the way. Who signs a
    /// label is who decided it (ENV-19): in clear, where no server keeps the decider, nobody else replaces it either.
    /// Sealed, they stay its decider: the label goes along to the server.
    pub(crate) fn respect_label_in_clear(&self, work: Work) -> Result<Work> {
        let path = work.path();
        let of_another = |known: &Label| known.decided().responsible().subject != self.info.subject;
        let known = match &work.stock {
            Stock::InPlace(_) => self.label_in_clear_of(path),
            Stock::Over { from, .. } | Stock::New { from, .. } => label_of(from.view()),
        };
        let Some(known) = known.filter(of_another) else { return Ok(work) };
        if is_lowering(&known, &work.label) {
            return Err(Error::new(Code::Denied, messages::LOWERS_A_LABEL).at(path));
        }
        match work.mechanism {
            Mechanism::Clear => Err(Error::new(Code::Denied, messages::ANOTHERS_LABEL).at(path)),
            Mechanism::Encrypt => {
                let view = match &work.stock {
                    Stock::InPlace(original) => View::of(original),
                    Stock::Over { from, .. } | Stock::New { from, .. } => from.view(),
                };
                let labelled_before = self.signed_label_in_clear(view, path);
                Ok(Work { labelled_before, ..work })
            }
        }
    }

    /// 明示のみ: like 機密性1 information, whatever the grade up to 機密性2.
    pub(crate) fn prepare_label_only(&self, path: &Path, label: Label) -> Result<Work> {
        if label.grades().c == Confidentiality::Three {
            return Err(Error::new(Code::Unsupported, messages::SECRET_IN_CLEAR).at(path));
        }
        let work = self.prepare_labelled(path, label)?;
        Ok(Work { mechanism: Mechanism::Clear, ..work })
    }

    /// 機密性1, or 明示のみ: the document stays readable. The signed label goes into its metadata, or a signature beside it.
    pub(crate) fn sign_in_clear(&self, work: Work) -> Result<Protected> {
        let document = crate::tickets::new_document(self.clock.now())?;
        self.sign_in_clear_as(work, &Standing::first(document, self.profile.authority()), Replace::Never)
    }

    /// The same where the document stands already; `replace` says what happens to a signature beside it.
    pub(crate) fn sign_in_clear_as(&self, mut work: Work, standing: &Standing, replace: Replace) -> Result<Protected> {
        let path = work.path().to_owned();
        let beside = beside(&path, SIGNATURE);
        let signed_before = beside.symlink_metadata().is_ok();
        if signed_before && replace == Replace::Never {
            return Err(Error::new(Code::AlreadyProtected, messages::NAME_TAKEN).at(&beside));
        }
        let mut why = None;
        if !work.label.needs_trailer() {
            match self.label_in_clear(&mut work, standing)? {
                Inside::Done(done) => {
                    if signed_before {
                        std::fs::remove_file(&beside).map_err(|e| Error::io(&beside, e))?;
                        sync_folder(&path);
                    }
                    return Ok(*done);
                }
                Inside::Not(reason) => why = Some(reason),
            }
        }
        let (section, bytes) = self.sign_beside(&work, standing)?;
        let draft = Draft::beside(&path)?;
        draft.file().write_all_at(&bytes, 0).map_err(|e| Error::io(&beside, e))?;
        let report = Protected { not_inside: why, ..self.clear_report(&work, &section, Form::Detached)? };
        // The document first: without its signature it is one that nobody has labelled yet.
        let kind = work.kind;
        match self.draft_in_clear(&mut work)? {
            Some(content) => put_in_place(&mut work, content, &Target { path: path.clone(), kind })?,
            None => work.check_unchanged()?,
        }
        draft.place(&beside, replace)?;
        Ok(report)
    }

    /// Signs a document anew that was written to after its signature was put beside it; its label stays. None when there is none, or
    /// it still holds.
    ///
    /// # Errors
    /// [`Code::Denied`] when somebody else decided the label: they have not seen what was written since.
    pub(crate) fn renew_beside(&self, path: &Path) -> Result<Option<Protected>> {
        let Some(label) = self.outdated_beside(path)? else { return Ok(None) };
        if label.decided().responsible().subject != self.info.subject {
            return Err(Error::new(Code::Denied, messages::CHANGED_SINCE_SIGNED).at(path));
        }
        let document = crate::tickets::new_document(self.clock.now())?;
        let standing = Standing::first(document, self.profile.authority());
        let work = self.prepare_labelled(path, label)?;
        self.sign_in_clear_as(Work { mechanism: Mechanism::Clear, ..work }, &standing, Replace::Always).map(Some)
    }

    /// The label in the signature beside a document that was written to since it was signed; none when it still holds.
    pub(crate) fn outdated_beside(&self, path: &Path) -> Result<Option<Label>> {
        let signature = beside(path, SIGNATURE);
        let written = |path: &Path| path.symlink_metadata().and_then(|found| found.modified()).ok();
        // Most of the time the signature is the younger, and nothing need be read.
        if written(&signature).is_none_or(|signed| written(path).is_none_or(|changed| changed < signed)) {
            return Ok(None);
        }
        let original = Original::read(path)?;
        let held = Original::read(&signature)?;
        let slice = Slice::whole(held.file(), &signature)?;
        let head = UnverifiedHead::read(self.provider, &slice).map_err(|e| refused(&e).at(&signature))?;
        let belief = Belief { anchors: self.profile.anchors(), at: AsOf::AtOrBefore(self.clock.now()) };
        let head = head.verify(self.provider, belief.anchors, belief.at).map_err(|e| refused_head(e).at(&signature))?;
        let native = Slice::whole(original.file(), path)?;
        if verify_detached(self.provider, &slice, &head, &native, belief).is_ok() {
            return Ok(None);
        }
        Ok(Some(head.section().label().clone()))
    }

    /// What is to lie in the document's place, if it is another than what lies there.
    fn draft_in_clear(&self, work: &mut Work) -> Result<Option<Draft>> {
        if let Some(Marked::Draft(draft)) = work.marked.take_if(|marked| matches!(marked, Marked::Draft(_))) {
            return Ok(Some(draft));
        }
        if matches!(work.stock, Stock::InPlace(_)) {
            return Ok(None);
        }
        let draft = Draft::beside(work.path())?;
        let (content, mut piece, mut at) = (work.content(), vec![0; PIECE], 0);
        loop {
            let n = content.read_at(at, &mut piece).map_err(|e| Error::io(work.path(), e))?;
            if n == 0 {
                return Ok(Some(draft));
            }
            let mut to = draft.file();
            to.write_all(piece.get(..n).unwrap_or_default()).map_err(|e| Error::io(work.path(), e))?;
            at += n as u64;
        }
    }

    fn sign_beside(&self, work: &Work, standing: &Standing) -> Result<(LabelSection, Vec<u8>)> {
        let path = work.path();
        let refused = |e: kakuzuke_core::envelope::SealError| Error::of(e.code()).refused_as(e.id());
        let signatory = self.profile.signatory(self.provider);
        let mut rng = crate::random::generator();
        let mut sealer =
            DetachedSealer::new(self.provider, standing, work.label.clone(), &signatory, &mut rng).map_err(refused)?;
        let head =
            UnverifiedHead::parse(self.provider, sealer.head()).map_err(|e| Error::of(e.code()).refused_as(e.id()))?;
        let (mut piece, mut at) = (vec![0; PIECE], 0);
        loop {
            let n = work.content().read_at(at, &mut piece).map_err(|e| Error::io(path, e))?;
            if n == 0 {
                break;
            }
            sealer.push(piece.get(..n).unwrap_or_default()).map_err(refused)?;
            at += n as u64;
        }
        Ok((head.claims().clone(), sealer.finish(&signatory, &mut rng).map_err(refused)?))
    }

    /// The signed label in the document's own metadata, where there is a place for it.
    fn label_in_clear(&self, work: &mut Work, standing: &Standing) -> Result<Inside> {
        let path = &work.path().to_owned();
        let signatory = self.profile.signatory(self.provider);
        let refused = |e: kakuzuke_core::envelope::HeadError| Error::of(e.code()).refused_as(e.id());
        let section = LabelSection::unbound(standing, work.label.clone(), signatory.thumbprint()).map_err(refused)?;
        let signed =
            section.clone().sign(self.provider, &signatory, &mut crate::random::generator()).map_err(refused)?;
        let stored = StoredLabel::new(signed.as_bytes().to_vec(), work.label.header_line());
        let stored = stored.map_err(|e| Error::of(Code::LabelInvalid).at(path).caused_by(e))?;
        let draft = Draft::beside(path)?;
        let mut out = std::io::BufWriter::new(draft.file());
        match write_label(&work.content(), &stored, &mut out) {
            Ok(()) => {}
            // The disk's failure is not the document's.
            Err(e @ (LabelError::Write(_) | LabelError::Read(ReadError::Io(_)))) => {
                return Err(Error::of(e.code()).at(path).caused_by(e));
            }
            Err(e) => return Ok(Inside::Not(e.text())),
        }
        out.flush().map_err(|e| Error::io(path, e))?;
        drop(out);
        let target = Target { path: path.to_owned(), kind: work.kind };
        put_in_place(work, draft, &target)?;
        sync_folder(path);
        Ok(Inside::Done(Box::new(self.clear_report(work, &section, Form::NativeLabel)?)))
    }

    fn clear_report(&self, work: &Work, section: &LabelSection, form: Form) -> Result<Protected> {
        let path = work.path();
        let view = view_of(section);
        Ok(Protected {
            original: path.to_owned(),
            path: path.to_owned(),
            form,
            document: section.document(),
            lineage: section.lineage(),
            label: view,
            bytes: work.length()?,
            tamper_evident: form == Form::Detached,
            not_inside: None,
            registration: RegistrationState::NotNeeded,
            marks: work.marks.clone(),
        })
    }
}
