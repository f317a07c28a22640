//! 送信. A mail that carries protected documents and nothing else: the right to provide is decided and logged with the
//! addressees before the mail is written (3.1.1(5)(b)), and every attachment shows its cover to whoever gets it.

use std::path::{Path, PathBuf};

use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::licence::{Right, Rights};
use mail_builder::MessageBuilder;
use mail_builder::headers::address::Address;

use crate::error::{Error, Result};
use crate::files::{Original, write_whole};
use crate::messages;
use crate::options::{Opening, Overwrite};
use crate::session::Session;

/// Bytes of all attachments at most: what mail carries.
const LARGEST: u64 = 64 << 20;
/// Addressees at most.
const ADDRESSEES: usize = 100;

/// 送信. To whom and why.
#[derive(Debug, Clone, Default)]
pub struct Sending {
    /// Addresses.
    pub to: Vec<String>,
    /// 利用目的; it stands in the log with the addresses.
    pub purpose: String,
    /// Why what is hidden in the documents may go along (3.1.1(5)(d)); nothing hidden may if it is not said.
    pub accepted: Option<String>,
    /// Subject of the mail; what the documents are called stays unsaid unless it is said here.
    pub subject: Option<String>,
}

/// What was sent.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Sent {
    /// Where the mail lies.
    pub mail: PathBuf,
    /// Each document: as it is attached, and the log entry that permits it.
    pub attached: Vec<Attached>,
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
    /// Index of the entry in the log.
    pub audit_index: u64,
}

impl Session {
    /// Writes a mail with protected documents to `out`, not yet sent, for the mail program to send.
    ///
    /// # Errors
    /// [`Code::Denied`] with clause and remedy when one of them may not be provided, [`Code::NotProtected`] when one is not
    /// protected: then no mail is written.
    pub fn send(&self, paths: &[PathBuf], sending: &Sending, out: &Path) -> Result<Sent> {
        let to = addresses(&sending.to)?;
        if out.symlink_metadata().is_ok() {
            return Err(Error::new(Code::Conflict, messages::NAME_TAKEN).at(out));
        }
        let reason = sending.accepted.as_deref().map(|reason| format!("、隠れた情報：{}", reason.trim()));
        let reason = reason.unwrap_or_default();
        let purpose = format!("{}（送信先：{}{reason}）", sending.purpose.trim(), to.join(", "));
        let mut parts = Vec::new();
        let mut attached = Vec::new();
        let mut whole = 0_u64;
        for path in paths {
            let opening =
                Opening { purpose: purpose.clone(), wanted: Rights::VIEW.with(Right::Provide), ..Opening::default() };
            let document = self.open_document(path, &opening)?;
            self.refuse_hidden(&document, path, sending.accepted.as_deref())?;
            let covered = Covered::of(self, path)?;
            let name = name_of(&covered, path);
            let content = covered.read(&mut whole)?;
            attached.push(Attached {
                path: path.clone(),
                name: name.clone(),
                header: document.label().header,
                audit_index: document.audit_index(),
            });
            parts.push((name, content));
        }
        let mail = compose(&to, sending, &attached, parts).map_err(|e| Error::io(out, e))?;
        write_whole(out, Overwrite::Refuse, |file| file.write_all(&mail))?;
        Ok(Sent { mail: out.to_owned(), attached })
    }
}

/// A protected file with a cover: itself, or one made for a bare envelope.
enum Covered<'a> {
    Itself(&'a Path),
    Made { folder: tempfile::TempDir, name: String },
}

impl<'a> Covered<'a> {
    fn of(session: &Session, path: &'a Path) -> Result<Self> {
        let folder = tempfile::tempdir().map_err(|e| Error::io(path, e))?;
        let made = folder.path().join("cover.pdf");
        match session.cover(path, Some(&made)) {
            Ok(_) => {
                let bare = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                Ok(Self::Made { folder, name: format!("{bare}.pdf") })
            }
            Err(error) if error.code() == Code::Unsupported => Ok(Self::Itself(path)),
            Err(error) => Err(error),
        }
    }

    fn read(&self, whole: &mut u64) -> Result<Vec<u8>> {
        let made = match self {
            Self::Itself(path) => path.to_path_buf(),
            Self::Made { folder, .. } => folder.path().join("cover.pdf"),
        };
        let original = Original::read(&made)?;
        *whole = whole.saturating_add(original.size());
        if *whole > LARGEST {
            return Err(Error::new(Code::LimitExceeded, messages::MAIL_TOO_LARGE).at(&made));
        }
        std::fs::read(&made).map_err(|e| Error::io(&made, e))
    }
}

fn name_of(covered: &Covered<'_>, path: &Path) -> String {
    match covered {
        Covered::Itself(_) => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        Covered::Made { name, .. } => name.clone(),
    }
}

/// Addresses as they may stand in a mail and in the log: one `@`, no space, nothing that begins another header or address.
fn addresses(written: &[String]) -> Result<Vec<String>> {
    let fits = |address: &str| {
        let (local, domain) = address.split_once('@').unwrap_or_default();
        let plain = |c: char| !c.is_whitespace() && !c.is_control() && !",;:<>()[]\"\\@".contains(c);
        let whole = !local.is_empty() && domain.contains('.') && address.len() <= 254;
        whole && local.chars().chain(domain.chars()).all(plain)
    };
    let wrong = |address: &str| {
        let text = Text::new(
            format!("宛先のメールアドレスではありません：{address}"),
            format!("Not a mail address: {address}"),
        );
        Error::new(Code::Usage, text)
    };
    let trimmed: Vec<String> = written.iter().map(|address| address.trim().to_owned()).collect();
    if let Some(address) = trimmed.iter().find(|address| !fits(address)) {
        return Err(wrong(address));
    }
    if trimmed.is_empty() || trimmed.len() > ADDRESSEES {
        return Err(wrong(""));
    }
    Ok(trimmed)
}

fn compose(
    to: &[String],
    sending: &Sending,
    attached: &[Attached],
    parts: Vec<(String, Vec<u8>)>,
) -> std::io::Result<Vec<u8>> {
    let usual = "保護された文書の送付 / Protected documents";
    let list = |printed: &dyn Fn(&Attached) -> String| attached.iter().map(printed).collect::<Vec<_>>().join("\r\n");
    let body = format!(
        "保護された文書をお送りします。\r\n{}\r\n\r\n開くには「格付」（Kakuzuke）が登録された端末で、labeler open を実行してください。\r\n許可された方だけが開けます。心当たりのない場合は、開かずに送信元へお知らせください。\r\n\r\n\
         These documents are protected. Open them with Kakuzuke (labeler open) on an enrolled device; only those permitted can.\r\n\
         If you did not expect them, tell the sender and leave them closed.\r\n",
        list(&|document| format!("・{}　{}", document.name, document.header)),
    );
    let recipients = to.iter().map(|address| Address::new_address(None::<&str>, address.as_str())).collect();
    let mut mail = MessageBuilder::new()
        .to(Address::new_list(recipients))
        .subject(sending.subject.as_deref().unwrap_or(usual))
        // The mail program opens it as a draft of whoever is at it.
        .header("X-Unsent", mail_builder::headers::raw::Raw::new("1"))
        .text_body(body);
    for (name, content) in parts {
        let kind = if name.to_lowercase().ends_with(".pdf") { "application/pdf" } else { "application/octet-stream" };
        mail = mail.attachment(kind, name, content);
    }
    mail.write_to_vec()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn an_address_is_one_and_nothing_more() {
        let one = |address: &str| addresses(&[address.to_owned()]);
        assert_eq!(one(" sato@agency.example ").unwrap(), ["sato@agency.example"]);
        for wrong in ["", "sato", "a@b", "a@b.c,d@e.f", "a@b.c\r\nBcc: d@e.f", "佐藤 a@b.c", "<a@b.c>", "a@@b.c"] {
            assert!(one(wrong).is_err(), "{wrong}");
        }
        assert!(addresses(&[]).is_err());
    }
}
