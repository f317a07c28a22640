//! 提供の取消し. What was sent by mistake, by what is at hand: the mail, the document, the address, the medium, the number
//! (2.2.4(2)).

use std::path::{Path, PathBuf};

use kakuzuke_core::address::MailAddress;
use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::protocol::{RecallReport, RecallRequest, RecallScope, paths};

use super::{mail, read_bounded};
use crate::error::{Error, Result};
use crate::messages;
use crate::session::Session;

/// Bytes of a mail's head that are looked at.
const HEAD: usize = 256 * 1024;
/// Bytes of a mail at most.
const MAIL: u64 = 512 << 20;

/// What is called back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecallFrom {
    /// The mail as it was written (.eml), or a document.
    File(PathBuf),
    /// 台帳番号.
    Number(u64),
    /// A medium.
    Medium(String),
    /// Everything that went to the addressee.
    Addressee,
}

/// 提供の取消し.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recall {
    /// What.
    pub from: RecallFrom,
    /// Only from this addressee.
    pub recipient: Option<String>,
    /// 利用停止 of the documents besides.
    pub suspend: bool,
    /// 経緯.
    pub reason: String,
}

/// What came of it.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Recalled {
    /// What the server did and found.
    pub report: RecallReport,
    /// What somebody should know besides.
    pub notes: Vec<Text>,
}

impl Session {
    /// Stops those it went to, and says what they had opened. The same again changes nothing.
    ///
    /// # Errors
    /// [`Code::Denied`] when it is not this officer's to call back, [`Code::NotAvailable`] when nothing of the kind left.
    pub fn recall(&self, recall: &Recall) -> Result<Recalled> {
        let recipient = recall.recipient.as_deref().map(str::parse::<MailAddress>).transpose();
        let recipient = recipient.map_err(|e| Error::new(Code::Usage, e.text()))?;
        let mut scope = RecallScope { recipient, ..RecallScope::default() };
        let mut head = None;
        match &recall.from {
            RecallFrom::Number(number) => scope.number = Some(*number),
            RecallFrom::Medium(medium) => scope.medium = Some(medium.clone()),
            RecallFrom::Addressee if scope.recipient.is_some() => {}
            RecallFrom::Addressee => return Err(Error::of(Code::Usage)),
            RecallFrom::File(path) => match self.0.find_protected(path) {
                Ok(found) => scope.document = Some(found.head.section().document()),
                Err(error) if error.code() == Code::NotProtected => {
                    let read = read_mail(path)?;
                    scope.number = Some(read.number);
                    head = Some(read);
                }
                Err(error) => return Err(error),
            },
        }
        let request = RecallRequest { scope, suspend: recall.suspend, reason: recall.reason.clone() };
        let report: RecallReport = self.0.server.post(self.0.caller(), paths::RECALLS, &request)?;
        let differences = head.map_or_else(Vec::new, |head| head.differences(&report));
        let mut recalled = Recalled::new(report);
        recalled.notes.extend(differences);
        Ok(recalled)
    }
}

impl Recalled {
    /// With what the report leaves out.
    #[must_use]
    pub fn new(report: RecallReport) -> Self {
        let left_out = [(report.passed_over, passed_over as fn(u64) -> Text), (report.more_openings, more_openings)];
        let notes = left_out.into_iter().filter(|(count, _)| *count > 0).map(|(count, text)| text(count)).collect();
        Self { report, notes }
    }
}

fn passed_over(count: u64) -> Text {
    Text::new(
        format!(
            "ほかの職員による {count} 件は取り消していません。取り消せるのは、持ち出した本人、その文書の作成者・決定者、持ち出した者の課室の\
             課室情報セキュリティ責任者、統括情報セキュリティ責任者及び情報システムセキュリティ責任者です。いずれかの人に、同じ指定での取消しを\
             直ちに依頼してください。"
        ),
        format!(
            "{count} more of other officers were not called back: that is for whoever let them out, for the author or decider of \
             a document in them, for the 課室情報セキュリティ責任者 of that section, and for the 統括 and the \
             情報システムセキュリティ責任者. Ask one of them at once to call the same back."
        ),
    )
}

fn more_openings(count: u64) -> Text {
    Text::new(
        format!("開封の記録は、ほかに {count} 件あります。監査者に監査ログの確認を依頼してください。"),
        format!("{count} more openings are not listed here. Ask the auditor for them: the log has them."),
    )
}

/// What a mail says of itself: it is asked about, never believed.
struct MailHead {
    number: u64,
    addresses: Vec<MailAddress>,
}

impl MailHead {
    /// Addresses the mail names and the ledger does not: somebody wrote into it.
    fn differences(&self, report: &RecallReport) -> Vec<Text> {
        let known = |address: &MailAddress| {
            report.departures.iter().flat_map(|d| &d.recipients).any(|recipient| recipient.address == *address)
        };
        let strangers: Vec<&str> =
            self.addresses.iter().filter(|address| !known(address)).map(MailAddress::as_str).collect();
        if strangers.is_empty() {
            return Vec::new();
        }
        let list = strangers.join("、");
        vec![Text::new(
            format!(
                "メールには、台帳にない宛先があります：{list}。作成後に書き換えられています（保護された文書は開けません）。"
            ),
            format!(
                "The mail names addressees the ledger does not: {list}. It was changed after it was written; what is protected does not open for them."
            ),
        )]
    }
}

fn read_mail(path: &Path) -> Result<MailHead> {
    let mut bytes = read_bounded(path, MAIL, messages::MAIL_TOO_LARGE)?;
    bytes.truncate(HEAD);
    parse(&String::from_utf8_lossy(&bytes))
        .ok_or_else(|| Error::new(Code::NotProtected, messages::NOT_OUR_MAIL).at(path))
}

/// The number and the addresses in the head of a mail (RFC 5322 2.2); none without a number, or with two.
fn parse(text: &str) -> Option<MailHead> {
    let mut fields: Vec<String> = Vec::new();
    for line in text.lines().take_while(|line| !line.is_empty()) {
        match fields.last_mut().filter(|_| line.starts_with([' ', '\t'])) {
            Some(last) => last.push_str(line),
            None => fields.push(line.to_owned()),
        }
    }
    let of = |wanted: &'static str| {
        let named = move |field: &&String| {
            field.split_once(':').is_some_and(|(name, _)| name.trim_end().eq_ignore_ascii_case(wanted))
        };
        fields.iter().filter(named).filter_map(|field| Some(field.split_once(':')?.1.trim()))
    };
    let mut numbers = of(mail::LEDGER);
    let number = numbers.next()?.parse().ok()?;
    if numbers.next().is_some() {
        return None;
    }
    let lists = ["To", "Cc", "Bcc"].into_iter().flat_map(of);
    let written = lists.flat_map(|list| list.split([',', ';']).map(ToOwned::to_owned).collect::<Vec<_>>());
    let address = |text: String| {
        let inner = text.rsplit_once('<').map_or(text.as_str(), |(_, rest)| rest.trim_end().trim_end_matches('>'));
        inner.parse().ok()
    };
    Some(MailHead { number, addresses: written.filter_map(address).collect() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_mail_names_one_entry_of_the_ledger() {
        let read =
            parse("To: <a@b.example>,\r\n c@d.example\r\nX-Kakuzuke-Ledger: 12\r\n\r\nX-Kakuzuke-Ledger: 13\r\n")
                .unwrap();
        assert_eq!(read.number, 12);
        let addresses: Vec<&str> = read.addresses.iter().map(MailAddress::as_str).collect();
        assert_eq!(addresses, ["a@b.example", "c@d.example"]);
        assert!(parse("To: a@b.example\r\n\r\nX-Kakuzuke-Ledger: 12").is_none());
        assert!(parse("X-Kakuzuke-Ledger: 1\nx-kakuzuke-ledger: 2\n\n").is_none());
        assert!(parse("X-Kakuzuke-Ledger: -1\n\n").is_none());
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in any::<String>(), folded in "(X-Kakuzuke-Ledger|To|Cc|B):[ -~\r\n\t]{0,200}") {
            let _either = parse(&text);
            let _either = parse(&format!("{folded}\n{text}"));
        }
    }
}
