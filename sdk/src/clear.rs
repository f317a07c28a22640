//! 平文のまま. 機密性1情報 stays readable: what protects it is the signature on its label, and on its bytes.

use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::Path;

use kakuzuke_core::code::Code;
use kakuzuke_core::envelope::{DetachedSealer, LabelSection, Standing, UnverifiedHead};
use kakuzuke_core::label::{Confidentiality, Label, is_lowering};
use kakuzuke_formats::{StoredLabel, write_label};

use crate::error::{Error, Result};
use crate::files::{Draft, Replace, sync_folder};
use crate::messages;
use crate::protect::{Mechanism, SIGNATURE, Target, Work, beside, put_in_place, view_of};
use crate::reports::{Form, Protected, RegistrationState};
use crate::session::Desk;

/// Bytes signed at a time for a signature beside a file.
const PIECE: usize = 1 << 20;

impl Desk {
    /// What is labelled in clear is lowered by its decider only (3.1.1(3)(c)), also when it is sealed on the way.
    pub(crate) fn refuse_lowering(&self, path: &Path, label: &Label) -> Result<()> {
        let lowered =
            |known: &Label| known.decided().responsible().subject != self.info.subject && is_lowering(known, label);
        if self.label_in_clear_of(path).as_ref().is_some_and(lowered) {
            return Err(Error::new(Code::Denied, messages::LOWERS_A_LABEL).at(path));
        }
        Ok(())
    }

    /// 明示のみ: like 機密性1 information, whatever the grade up to 機密性2.
    pub(crate) fn prepare_label_only(&self, path: &Path, label: Label) -> Result<Work> {
        if label.grades().c == Confidentiality::Three {
            return Err(Error::new(Code::Unsupported, messages::SECRET_IN_CLEAR).at(path));
        }
        let work = self.prepare_labelled(path, label)?;
        Ok(Work { mechanism: Mechanism::Clear, ..work })
    }

    /// 機密性1: the document stays readable. The signed label goes into its metadata, or a signature beside it.
    pub(crate) fn sign_in_clear(&self, work: &Work) -> Result<Protected> {
        let document = crate::tickets::new_document(self.clock.now())?;
        let standing = Standing::first(document, self.profile.authority());
        if !work.label.needs_trailer()
            && let Some(done) = self.label_in_clear(work, &standing)?
        {
            return Ok(done);
        }
        let path = work.original.path();
        let beside = beside(path, SIGNATURE);
        if beside.exists() {
            return Err(Error::new(Code::AlreadyProtected, messages::NAME_TAKEN).at(&beside));
        }
        let (section, bytes) = self.sign_beside(work, &standing)?;
        let draft = Draft::beside(path)?;
        draft.file().write_all_at(&bytes, 0).map_err(|e| Error::io(&beside, e))?;
        work.original.check_unchanged()?;
        draft.place(&beside, Replace::Never)?;
        Ok(self.clear_report(work, &section, Form::Detached))
    }

    fn sign_beside(&self, work: &Work, standing: &Standing) -> Result<(LabelSection, Vec<u8>)> {
        let path = work.original.path();
        let refused = |e: kakuzuke_core::envelope::SealError| Error::of(e.code()).refused_as(e.id());
        let signatory = self.profile.signatory(self.provider);
        let mut rng = crate::random::generator();
        let mut sealer =
            DetachedSealer::new(self.provider, standing, work.label.clone(), &signatory, &mut rng).map_err(refused)?;
        let head =
            UnverifiedHead::parse(self.provider, sealer.head()).map_err(|e| Error::of(e.code()).refused_as(e.id()))?;
        let (mut piece, mut at) = (vec![0; PIECE], 0);
        loop {
            let n = work.original.file().read_at(&mut piece, at).map_err(|e| Error::io(path, e))?;
            if n == 0 {
                break;
            }
            sealer.push(piece.get(..n).unwrap_or_default()).map_err(refused)?;
            at += n as u64;
        }
        Ok((head.claims().clone(), sealer.finish(&signatory, &mut rng).map_err(refused)?))
    }

    /// The signed label in the document's own metadata; none for kinds without a place for it.
    fn label_in_clear(&self, work: &Work, standing: &Standing) -> Result<Option<Protected>> {
        let path = work.original.path();
        let signatory = self.profile.signatory(self.provider);
        let refused = |e: kakuzuke_core::envelope::HeadError| Error::of(e.code()).refused_as(e.id());
        let section = LabelSection::unbound(standing, work.label.clone(), signatory.thumbprint()).map_err(refused)?;
        let signed =
            section.clone().sign(self.provider, &signatory, &mut crate::random::generator()).map_err(refused)?;
        let stored = StoredLabel::new(signed.as_bytes().to_vec(), work.label.header_line());
        let stored = stored.map_err(|e| Error::of(Code::LabelInvalid).at(path).caused_by(e))?;
        let draft = Draft::beside(path)?;
        let mut out = std::io::BufWriter::new(draft.file());
        if write_label(work.original.file(), &stored, &mut out).is_err() {
            return Ok(None);
        }
        out.flush().map_err(|e| Error::io(path, e))?;
        drop(out);
        let target = Target { path: path.to_owned(), kind: work.kind };
        put_in_place(work, draft, &target)?;
        sync_folder(path);
        Ok(Some(self.clear_report(work, &section, Form::NativeLabel)))
    }

    fn clear_report(&self, work: &Work, section: &LabelSection, form: Form) -> Protected {
        let path = work.original.path();
        let view = view_of(section);
        Protected {
            original: path.to_owned(),
            path: path.to_owned(),
            form,
            document: section.document(),
            lineage: section.lineage(),
            label: view,
            bytes: work.original.size(),
            tamper_evident: form == Form::Detached,
            registration: RegistrationState::NotNeeded,
        }
    }
}
