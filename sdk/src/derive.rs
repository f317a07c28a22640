//! 継承 (3.1.1(3)(b)). A new document under the labels of its sources: 機密性 and its restrictions are handed down, 完全性 and
//! 可用性 decided anew. Whoever takes text out of a document gets its [`Origin`] along with it, and has to hand it on.

use std::io::{Read, Write};
use std::ops::ControlFlow;
use std::path::Path;

use kakuzuke_core::code::Code;
use kakuzuke_core::envelope::Standing;
use kakuzuke_core::id::LabelHash;
use kakuzuke_core::label::{Inherited, Label, Mode, Verb};
use kakuzuke_formats::Source;

use crate::error::{Error, Result};
use crate::messages;
use crate::open::Document;
use crate::options::{Contact, Grading, Inheritance, Method};

use crate::reports::Protected;
use crate::session::{Desk, Session};
use crate::tickets::OpenTicket;
use crate::work::{Mechanism, Work};

/// Longest text taken out of one document, in bytes.
const LONGEST: usize = 256 << 20;

/// 継承元. The label of a document that something is made from: verified, and not one that forbids it. Made only by
/// [`Session::origin`] and [`Document::excerpt`].
#[derive(Debug, Clone)]
pub struct Origin {
    label: Label,
    hash: LabelHash,
}

impl Origin {
    /// What the document is marked with.
    #[must_use]
    pub fn header(&self) -> String {
        self.label.header_line()
    }
}

/// 抜粋. The text of a protected document, and the label it hands on.
#[derive(Debug)]
pub struct Excerpt {
    /// The text, in reading order.
    pub text: String,
    /// What its text is protected with, wherever it goes.
    pub origin: Origin,
    /// Whether all of the text could be read.
    pub is_whole: bool,
}

impl Session {
    /// The label of a source, in an envelope, in clear, or in the signature beside it.
    ///
    /// # Errors
    /// [`Code::NotProtected`] for a source without a label, [`Code::Denied`] for one that must not be reused (再利用禁止),
    /// [`Code::SignatureInvalid`] and its like when its label does not hold.
    pub fn origin(&self, source: &Path) -> Result<Origin> {
        let desk = &self.0;
        let found = match desk.find_protected(source) {
            Ok(found) => (found.head.section().label().clone(), found.head.label().hash()),
            Err(error) if error.code() == Code::NotProtected => {
                let original = crate::files::Original::read(source)?;
                let found = desk.verified_label_in_clear(&original, source);
                found.map_err(|error| match error.code() {
                    Code::NotProtected => Error::new(Code::NotProtected, messages::NO_SOURCE_LABEL).at(source),
                    _ => error,
                })?
            }
            Err(error) => return Err(error),
        };
        desk.may_hand_on(&found.0, Verb::Reuse).map_err(|e| e.at(source))?;
        Ok(Origin { label: found.0, hash: found.1 })
    }

    /// Protects or labels `target` under what its sources hand down, with 完全性 and 可用性 decided anew.
    ///
    /// # Errors
    /// As [`Session::protect`]; [`Code::Usage`] without a source.
    pub fn derive(&self, target: &Path, origins: &[Origin], inheritance: &Inheritance) -> Result<Protected> {
        let desk = &self.0;
        desk.refuse_own(target)?;
        let label = desk.inherited_label(origins, inheritance)?;
        let protection = &inheritance.protection;
        let work = match protection.method {
            Method::Label => desk.prepare_label_only(target, label)?,
            Method::ByGrade => desk.prepare_labelled(target, label)?,
        };
        let work = desk.respect_label_in_clear(work)?;
        let work = desk.mark_work(work, &protection.marks)?;
        let ticket = desk.ticket_for(&work, protection.contact)?;
        let Some(ticket) = ticket else {
            return desk.protect_prepared(work, None, protection).map_err(|e| e.at(target));
        };
        desk.encrypt(work, ticket, protection, Standing::first).map_err(|e| e.at(target))
    }

    /// The same for text that is nowhere in clear yet: into a bare envelope.
    ///
    /// # Errors
    /// As [`Session::protect_stream`].
    pub fn derive_stream(
        &self,
        name: &str,
        input: &mut dyn Read,
        output: &mut dyn Write,
        origins: &[Origin],
        inheritance: &Inheritance,
    ) -> Result<Protected> {
        let label = self.0.inherited_label(origins, inheritance)?;
        self.seal_pipe(name, input, output, label, &inheritance.protection)
    }

    /// What the sources hand down, as a header line.
    ///
    /// # Errors
    /// As [`Self::derive`].
    pub fn inherited(&self, origins: &[Origin]) -> Result<String> {
        Ok(self.0.inherited_label(origins, &Inheritance::default())?.header_line())
    }
}

impl Document {
    /// 抜粋. The document's text, together with the label that whatever it goes into must have ([`Session::derive`]).
    ///
    /// # Errors
    /// [`Code::Denied`] when its restrictions forbid to copy it out (複製, 転記, 再利用); [`Code::Unsupported`] when it has no
    /// text that can be read.
    pub fn excerpt(&self) -> Result<Excerpt> {
        let desk = self.desk();
        self.stay_licensed()?;
        self.may_copy()?;
        for verb in [Verb::Transcribe, Verb::Reuse] {
            desk.may_hand_on(&self.current_label(), verb).map_err(|e| e.at(self.path()))?;
        }
        let (mut text, mut whole) = (String::new(), true);
        let name = self.file_name().to_owned();
        let read = kakuzuke_formats::text(&Content(self), Some(&name), &mut |passage| {
            if text.len() + passage.text.len() > LONGEST {
                whole = false;
                return ControlFlow::Break(());
            }
            text.push_str(&passage.text);
            text.push('\n');
            ControlFlow::Continue(())
        });
        let summary = read.map_err(|e| Error::of(e.code()).at(self.path()).caused_by(e))?;
        if text.is_empty() {
            return Err(Error::new(Code::Unsupported, messages::NO_TEXT).at(self.path()));
        }
        let is_whole = whole && summary.gaps.is_empty();
        let origin = Origin { label: self.current_label(), hash: self.label_hash() };
        Ok(Excerpt { text, origin, is_whole })
    }
}

/// A document's content as parsers read it: only what they ask for is decrypted.
struct Content<'d>(&'d Document);

impl Source for Content<'_> {
    fn size(&self) -> std::io::Result<u64> {
        Ok(self.0.size())
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> std::io::Result<usize> {
        self.0.read_at(offset, buf).map_err(std::io::Error::other)
    }
}

impl Desk {
    /// Whether something may be made from a document, by what its label says of it now.
    fn may_hand_on(&self, label: &Label, verb: Verb) -> Result<()> {
        let decider = label.decided().responsible().subject == self.info.subject;
        match label.restrictions().effective(self.now()?).mode(verb) {
            None => Ok(()),
            Some(Mode::NeedsPermission) if decider => Ok(()),
            Some(mode) => Err(Error::new(Code::Denied, messages::not_handed_on(verb, mode))),
        }
    }

    fn inherited_label(&self, origins: &[Origin], inheritance: &Inheritance) -> Result<Label> {
        let inherited = Inherited::of_all(origins.iter().map(|origin| (&origin.label, origin.hash)));
        let inherited = inherited.ok_or_else(|| Error::new(Code::Usage, messages::NO_SOURCE_LABEL))?;
        // The sources' 機密性 is joined to the lowest there is.
        let grading = Grading {
            grade: format!("C1I{}A{}", inheritance.integrity, inheritance.availability),
            restrictions: inheritance.restrictions.clone(),
            post: inheritance.protection.grading.post.clone(),
        };
        self.read_inherited(&grading, &inherited, self.now()?)
    }

    /// The ticket a document's grade asks for.
    pub(crate) fn ticket_for(&self, work: &Work, contact: Contact) -> Result<Option<OpenTicket>> {
        match (work.mechanism, contact) {
            (Mechanism::Clear, _) => Ok(None),
            (Mechanism::Encrypt, Contact::Offline) => self.spend_ticket(&work.label).map(Some),
            (Mechanism::Encrypt, Contact::Online) => {
                self.fresh_tickets(1)?.pop().map(Some).ok_or_else(|| Error::of(Code::NoTicket))
            }
        }
    }
}
