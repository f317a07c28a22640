//! 登録. The key server is told of a sealed document before anybody can see the file; without contact, at the next one.

use kakuzuke_core::code::Code;
use kakuzuke_core::protocol::{Answer, Bytes, Readers, Registration, RegistrationReceipt, RegistrationRequest, paths};

use crate::error::{Error, Result};
use crate::reports::{Failure, PendingReport};
use crate::session::{Desk, Session};

const FOLDER: &str = "pending";
/// Registrations in one request.
const BATCH: usize = 64;

impl Desk {
    /// Registers documents; one answer each, in order.
    pub(crate) fn register(&self, items: Vec<Registration>) -> Result<Vec<Result<RegistrationReceipt>>> {
        let request = RegistrationRequest { items };
        let answers: Vec<Answer<RegistrationReceipt>> = self.server.post(self.caller(), paths::DOCUMENTS, &request)?;
        if answers.len() != request.items.len() {
            return Err(Error::of(Code::Unready));
        }
        Ok(answers
            .into_iter()
            .map(|answer| match answer {
                Answer::Ok(receipt) => Ok(receipt),
                Answer::Err(problem) => Err(Error::from(*problem)),
            })
            .collect())
    }

    /// Keeps a registration until there is contact. Durable when this returns.
    pub(crate) fn keep_registration(&self, document: &str, registration: &Registration) -> Result<()> {
        self.profile.folder().inner(FOLDER)?.write_json(&format!("{document}.json"), registration)
    }

    /// Forgets one whose document never came to be.
    pub(crate) fn drop_registration(&self, document: &str) -> Result<()> {
        self.profile.folder().inner(FOLDER)?.remove(&format!("{document}.json"))
    }
}

/// What a sealed document tells the server.
pub(crate) fn registration(
    head: &[u8],
    core: Option<&[u8]>,
    title: Option<&str>,
    readers: Option<&Readers>,
) -> Registration {
    Registration {
        head: Bytes::from(head),
        core: core.map(Bytes::from),
        title: title.map(ToOwned::to_owned),
        readers: readers.cloned(),
        labelled_before: None,
    }
}

impl Session {
    /// Sends the registrations that waited for contact.
    ///
    /// # Errors
    /// When the profile can't be read. A server that can't be reached is no error: they go on waiting.
    pub fn send_pending(&self) -> Result<PendingReport> {
        let desk = &self.0;
        let folder = desk.profile.folder().inner(FOLDER)?;
        let names = folder.names(".json")?;
        let mut report = PendingReport::default();
        for batch in names.chunks(BATCH) {
            let items: Vec<Registration> = batch.iter().map(|name| folder.read_json(name)).collect::<Result<_>>()?;
            let answers = match desk.register(items) {
                Ok(answers) => answers,
                Err(error) if error.code() == Code::Unreachable => {
                    report.waiting = names.len() - report.registered - report.refused.len();
                    break;
                }
                Err(error) => return Err(error),
            };
            for (name, answer) in batch.iter().zip(answers) {
                match answer {
                    Ok(_) => {
                        folder.remove(name)?;
                        report.registered += 1;
                    }
                    // It stays: the administrator may be able to help, and the file is worth nothing without it.
                    Err(error) => report.refused.push(Failure::new(folder.file(name), &error)),
                }
            }
        }
        Ok(report)
    }
}
