//! 送信. A mail that carries what may be sent, protected for its addressees: every document looked through and decided on for
//! every addressee, entered in the ledger, and only then the mail is written (3.1.1(5)(b)(d), (6)(b)).

use std::path::{Path, PathBuf};

use kakuzuke_core::address::MailAddress;
use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::licence::{Right, Rights};
use kakuzuke_core::protocol::{Departure, SendRequest, paths};
use kakuzuke_core::time::Timestamp;

use super::accepting::Accepting;
use super::{Acceptance, AcceptedIn, Content, Ready, Readying, accepted_in, mail, new_request, one_line, read_bounded};
use crate::error::{Error, Result};
use crate::files::write_whole;
use crate::messages;
use crate::options::{Grading, Overwrite};
use crate::session::Session;

/// Bytes of all attachments at most: what mail carries.
const LARGEST: u64 = 64 << 20;
/// Addressees at most.
const ADDRESSEES: usize = 100;
/// Documents at most.
const DOCUMENTS: usize = 64;

/// 送信. To whom and why.
#[derive(Debug, Clone, Default)]
pub struct Sending {
    /// Addresses.
    pub to: Vec<String>,
    /// 利用目的; it stands in the log with the addresses.
    pub purpose: String,
    /// Why what is hidden in the documents may go along (3.1.1(5)(d)); nothing hidden may if it is not said.
    pub accepted: Vec<Acceptance>,
    /// Subject of the mail; what the documents are called stays unsaid unless it is said here.
    pub subject: Option<String>,
    /// The grade of documents that have none; without it they are refused.
    pub grading: Option<Grading>,
    /// The addressees may open them until then.
    pub until: Option<Timestamp>,
}

/// What was sent.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Sent {
    /// Where the mail lies.
    pub mail: PathBuf,
    /// 台帳番号.
    pub ledger: u64,
    /// Each document: as it is attached, and the log entry that permits it.
    pub attached: Vec<Attached>,
    /// What was hidden in them and goes along, and why.
    pub accepted: Vec<AcceptedIn>,
    /// What somebody should know before it is sent.
    pub notes: Vec<Text>,
}

/// A document of a mail.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Attached {
    /// The file.
    pub path: PathBuf,
    /// Its name in the mail.
    pub name: String,
    /// 格付・取扱制限 as printed.
    pub header: String,
    /// Whether it goes in clear: 機密性1情報.
    pub clear: bool,
    /// Index of the entry in the log.
    pub audit_index: u64,
}

impl Session {
    /// Writes a mail to `out`, not yet sent, for the mail program to send. What is not protected and is not 機密性1 is sealed on the
    /// way; the original stays as it is.
    ///
    /// # Errors
    /// [`Code::Denied`] with clause, addressee and remedy when one document may not go to one of them, [`Code::HiddenData`] when
    /// something is hidden in one, [`Code::NotProtected`] when one has no grade: then no mail is written.
    pub fn send(&self, paths: &[PathBuf], sending: &Sending, out: &Path) -> Result<Sent> {
        let to = addresses(&sending.to)?;
        let purpose = one_line(&sending.purpose)?;
        let subject = sending.subject.as_deref().map(one_line).transpose()?;
        if out.symlink_metadata().is_ok() {
            return Err(Error::new(Code::Conflict, messages::NAME_TAKEN).at(out));
        }
        if paths.is_empty() || paths.len() > DOCUMENTS {
            return Err(Error::new(Code::LimitExceeded, messages::MAIL_TOO_LARGE));
        }
        let list = to.iter().map(MailAddress::as_str).collect::<Vec<_>>().join(", ");
        let how = Readying {
            purpose: format!("{purpose}（送信先：{list}）"),
            accepting: Accepting::new(&sending.accepted, paths)?,
            wanted: Rights::VIEW.with(Right::Provide),
            grading: sending.grading.as_ref(),
            place: out,
            sealing: true,
        };
        let ready: Vec<Ready> = paths.iter().map(|path| self.ready(path, &how)).collect::<Result<_>>()?;
        let parts = self.parts(&ready)?;
        // What was read for the mail is what was looked through.
        ready.iter().try_for_each(Ready::check_unchanged)?;
        let departure = self.ask_to_send(&ready, to, sending, purpose)?;
        let attached = attached(&ready, &departure)?;
        let mail = mail::compose(&departure, subject, &attached, parts).map_err(|e| Error::io(out, e))?;
        write_whole(out, Overwrite::Refuse, |file| file.write_all(&mail))?;
        let notes = ready.iter().filter_map(|ready| ready.note.clone()).collect();
        Ok(Sent { mail: out.to_owned(), ledger: departure.number, attached, accepted: accepted_in(&ready), notes })
    }

    fn ask_to_send(
        &self,
        ready: &[Ready],
        to: Vec<MailAddress>,
        sending: &Sending,
        purpose: &str,
    ) -> Result<Departure> {
        let request = SendRequest {
            items: ready.iter().map(|ready| ready.leaving.clone()).collect(),
            to,
            purpose: purpose.to_owned(),
            until: sending.until,
            request: new_request()?,
        };
        let path = format!("{}/{}", paths::DEPARTURES, paths::SEND);
        self.0.server.post(self.0.caller(), &path, &request)
    }

    /// What is attached, read before anything is asked: what can't be carried is told first.
    fn parts(&self, ready: &[Ready]) -> Result<Vec<(String, Vec<u8>)>> {
        let (mut parts, mut left) = (Vec::new(), LARGEST);
        for one in ready {
            let (name, bytes) = self.part(one, left)?;
            left = left.saturating_sub(bytes.len() as u64);
            parts.push((name.clone(), bytes));
            if let Some(signature) = &one.signature {
                let bytes = read_bounded(signature, left, messages::MAIL_TOO_LARGE)?;
                left = left.saturating_sub(bytes.len() as u64);
                parts.push((format!("{name}.{}", crate::protect::SIGNATURE), bytes));
            }
        }
        Ok(parts)
    }

    /// One attachment; a bare envelope in a PDF with a cover page.
    fn part(&self, ready: &Ready, left: u64) -> Result<(String, Vec<u8>)> {
        let bare = ready.leaving.head.is_some() && matches!(ready.content, Content::File(_));
        if bare {
            let folder = tempfile::tempdir().map_err(|e| Error::io(&ready.path, e))?;
            let made = folder.path().join("cover.pdf");
            match self.cover(&ready.path, Some(&made)) {
                Ok(_) => return Ok((covered_name(&ready.name), read_bounded(&made, left, messages::MAIL_TOO_LARGE)?)),
                Err(error) if error.code() == Code::Unsupported => {}
                Err(error) => return Err(error),
            }
        }
        Ok((ready.name.clone(), read_bounded(ready.content.path(), left, messages::MAIL_TOO_LARGE)?))
    }
}

/// `name.ext.kkz` shows as `name.ext.pdf`.
fn covered_name(name: &str) -> String {
    let ending = format!(".{}", crate::protect::ENVELOPE);
    format!("{}.pdf", name.strip_suffix(&ending).unwrap_or(name))
}

/// Each document with the entry that permits it.
fn attached(ready: &[Ready], departure: &Departure) -> Result<Vec<Attached>> {
    if departure.documents.len() != ready.len() {
        return Err(Error::of(Code::Unready));
    }
    let each = ready.iter().zip(&departure.documents).map(|(ready, permitted)| Attached {
        path: ready.path.clone(),
        name: if ready.leaving.head.is_some() { covered_name_of(ready) } else { ready.name.clone() },
        header: ready.header.clone(),
        clear: permitted.clear,
        audit_index: permitted.entry,
    });
    Ok(each.collect())
}

fn covered_name_of(ready: &Ready) -> String {
    let bare = ready.name.ends_with(&format!(".{}", crate::protect::ENVELOPE));
    if bare { covered_name(&ready.name) } else { ready.name.clone() }
}

/// Addresses, each one and nothing more, once.
fn addresses(written: &[String]) -> Result<Vec<MailAddress>> {
    let mut to = Vec::new();
    for text in written {
        let address: MailAddress = text.parse().map_err(|e: kakuzuke_core::address::AddressError| {
            let why = e.text();
            let shown: String = text.chars().filter(|c| !c.is_control()).collect();
            Error::new(Code::Usage, Text::new(format!("{}：{shown}", why.ja), format!("{} {shown}", why.en)))
        })?;
        if !to.contains(&address) {
            to.push(address);
        }
    }
    if to.is_empty() || to.len() > ADDRESSEES {
        return Err(Error::new(Code::Usage, messages::NO_ADDRESSEES));
    }
    Ok(to)
}
