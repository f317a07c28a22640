//! What the doors of the library give back: values for people and for `--json`, nothing that can act.

use std::path::PathBuf;

use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::id::{AuthorityId, DeviceId, DocumentId, LabelHash, LineageId, SubjectId};
use kakuzuke_core::protocol::{ClauseNote, DocumentFinding, Remedy};
use kakuzuke_core::time::Timestamp;
use serde::Serialize;

use crate::error::Error;
use crate::labels::LabelView;
use crate::marking::MarkState;

/// Who this profile is, and whose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ProfileInfo {
    /// Its folder.
    pub folder: PathBuf,
    /// The authority: SHA-256 of its root.
    pub authority: AuthorityId,
    /// 機関名, as its newest description says.
    pub organization: Text,
    /// `host:port` of its key servers.
    pub addresses: Vec<String>,
    /// Whose profile it is.
    pub subject: SubjectId,
    /// 氏名, from the certificate.
    pub name: String,
    /// 所属, from the certificate.
    pub unit: Option<String>,
    /// The device.
    pub device: DeviceId,
    /// What the officer calls it.
    pub device_name: String,
    /// Whether the authority has too few officers to approve changes by two.
    pub single_operator: bool,
}

/// 端末登録の結果.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Enrolled {
    /// The new profile.
    pub profile: ProfileInfo,
    /// True when an officer has yet to approve it.
    pub pending: bool,
}

/// The form a protected document took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// A file of its own kind and name with a cover page and the envelope inside.
    Carrier,
    /// The bare envelope, `name.ext.kkz`.
    Envelope,
    /// 機密性1・完全性1: the native file with the signed label in its metadata; the content is not covered.
    NativeLabel,
    /// 機密性1・完全性2: the native file with the signed label in its metadata where there is room for one, and the
    /// signature over its bytes in `name.ext.kkzsig` beside it.
    Detached,
}

/// Whether the key server knows of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RegistrationState {
    /// It does; its receipt stands in the file where there is room.
    Registered,
    /// It will be told at the next contact.
    Pending,
    /// It need not: the document stays in clear, there is no key to release.
    NotNeeded,
}

/// 保護の結果.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Protected {
    /// The file as it was named.
    pub original: PathBuf,
    /// The file as it is now.
    pub path: PathBuf,
    /// Its form.
    pub form: Form,
    /// Its id.
    pub document: DocumentId,
    /// The id of all its versions.
    pub lineage: LineageId,
    /// 格付・取扱制限.
    pub label: LabelView,
    /// Bytes of content.
    pub bytes: u64,
    /// Whether the author's signature covers the content; otherwise 改ざん検知なし.
    pub tamper_evident: bool,
    /// Why the label lies beside the document and not in it, where it was to be in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_inside: Option<Text>,
    /// Whether the key server knows of it.
    pub registration: RegistrationState,
    /// What became of the marking on its pages.
    pub marks: MarkState,
}

/// Registrations that waited for contact.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PendingReport {
    /// Registered now.
    pub registered: usize,
    /// Still waiting.
    pub waiting: usize,
    /// Refused for good, and why.
    pub refused: Vec<Failure>,
}

/// Tickets at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct TicketStock {
    /// Not yet spent.
    pub unspent: usize,
    /// The first of them can be used no longer than this.
    pub seal_until: Option<Timestamp>,
}

/// A lease at hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct LeaseInfo {
    /// For which document.
    pub document: DocumentId,
    /// 件名.
    pub title: Option<String>,
    /// オフライン利用期限.
    pub offline_until: Timestamp,
}

/// What is signed in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Coverage {
    /// Label and content.
    LabelAndContent,
    /// The label; the content is encrypted, altering it is found when it is opened, but not by whom it was made.
    LabelOnly,
    /// The label stands in the metadata of a native file; the content is not covered.
    LabelUnbound,
}

/// Whether a signature was found good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignatureState {
    /// Good, by a signer of a known authority.
    Valid,
    /// Nobody here knows the authority: the label is a claim.
    UnknownAuthority,
    /// Not good.
    Invalid,
}

/// 表示. What a file says of itself; needs no key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Shown {
    /// The file.
    pub path: PathBuf,
    /// Its form.
    pub form: Form,
    /// 格付・取扱制限.
    pub label: LabelView,
    /// Whether the label's signature is good.
    pub signature: SignatureState,
    /// Who signed the label.
    pub signer: Option<SignerView>,
    /// What is signed.
    pub coverage: Coverage,
    /// Bytes of the file.
    pub bytes: u64,
}

/// A signer whose certificate leads to a known authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SignerView {
    /// 氏名, or the name of the service.
    pub name: String,
    /// The person, if it is one.
    pub subject: Option<SubjectId>,
    /// The authority that vouches for it.
    pub authority: AuthorityId,
    /// Thumbprint of the key.
    pub device: DeviceId,
    /// When the signer's certificate ended, if it has: that the label was signed before is then the word of the
    /// signer, of the key server that opens it, or of a receipt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<Timestamp>,
}

/// 検証. What was found when a file was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Verification {
    /// What the file says of itself; the signature of its label is good.
    pub shown: Shown,
    /// The author's signature over the content is good, and every byte is as it was signed.
    pub content: ContentState,
    /// What receipts in the file say of its registration.
    pub receipts: Vec<ReceiptView>,
    /// What a person should know besides.
    pub notes: Vec<Text>,
}

/// How far the content was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContentState {
    /// Signed by the author, every byte checked.
    Intact,
    /// The author's signature does not cover it: 改ざん検知なし.
    NotCovered,
}

/// A receipt of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ReceiptView {
    /// Index of the entry.
    pub index: u64,
    /// Size of the log the receipt was made at.
    pub log_size: u64,
    /// When, as the authority says.
    pub at: Timestamp,
    /// Whether a witness has signed it too; otherwise the time is asserted by the authority only.
    pub witnessed: bool,
}

/// 見直しの結果.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Relabelled {
    /// The file as it is now.
    pub path: PathBuf,
    /// The document.
    pub document: DocumentId,
    /// The new label.
    pub label: LabelView,
    /// Its hash; none when the document was sealed anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label_hash: Option<LabelHash>,
    /// True when the mechanism changed, and with it the document's id: content was sealed anew, or opened.
    pub resealed: bool,
    /// What became of the marking on its pages.
    pub marks: MarkState,
}

/// A change of state at the key server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Changed {
    /// Online copies stop at the latest then.
    pub online_until: Timestamp,
    /// Outstanding offline leases end at the latest then; none if absent.
    pub offline_until: Option<Timestamp>,
    /// What a person should know.
    pub findings: Vec<DocumentFinding>,
}

/// 復号鍵の消去の結果.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Destroyed {
    /// The change.
    pub change: Changed,
    /// Where the 鍵消去証明書 lies.
    pub certificate: PathBuf,
    /// The versions whose keys were erased.
    pub documents: Vec<DocumentId>,
    /// What it does not reach.
    pub not_reached: Vec<String>,
    /// Index of the log entry.
    pub log_index: u64,
}

/// What went wrong with one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Failure {
    /// The file.
    pub path: PathBuf,
    /// The outward code.
    pub code: Code,
    /// What happened and what to do.
    pub text: Text,
    /// The clauses it rests on.
    pub clauses: Vec<ClauseNote>,
    /// What would change it.
    pub remedies: Vec<Remedy>,
    /// 受付番号.
    pub reference: Option<String>,
}

impl Failure {
    /// Of an error that happened to `path`.
    #[must_use]
    pub fn new(path: PathBuf, error: &Error) -> Self {
        Self {
            path,
            code: error.code(),
            text: error.text().clone(),
            clauses: error.clauses().to_vec(),
            remedies: error.remedies().to_vec(),
            reference: error.reference().map(ToOwned::to_owned),
        }
    }
}

/// How it went with one of many files.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome<T> {
    /// Done.
    Done(T),
    /// Nothing was to be done: protected already, or nothing to protect.
    Skipped(Failure),
    /// Failed; the file is as it was.
    Failed(Failure),
}

/// How it went with many files.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Summary<T> {
    /// Files done.
    pub done: usize,
    /// Files skipped.
    pub skipped: usize,
    /// Files failed.
    pub failed: usize,
    /// Each file, in the order of the folders.
    pub items: Vec<Outcome<T>>,
}

impl<T> Summary<T> {
    pub(crate) fn of(items: Vec<Outcome<T>>) -> Self {
        let count = |wanted: fn(&Outcome<T>) -> bool| items.iter().filter(|o| wanted(o)).count();
        Self {
            done: count(|o| matches!(o, Outcome::Done(_))),
            skipped: count(|o| matches!(o, Outcome::Skipped(_))),
            failed: count(|o| matches!(o, Outcome::Failed(_))),
            items,
        }
    }

    /// [`Code::Partial`] if any file failed.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        (self.failed > 0).then_some(Code::Partial)
    }
}

/// How far a batch has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Files found.
    pub total: usize,
    /// Files done, skipped or failed so far.
    pub finished: usize,
    /// Bytes of the files finished.
    pub bytes: u64,
    /// The file just finished.
    pub path: PathBuf,
}

/// 監査ログの検証の結果.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct LogReport {
    /// Origin line of the log.
    pub origin: String,
    /// Entries.
    pub size: u64,
    /// Root of the tree, hexadecimal.
    pub root: String,
    /// Entries whose hash was computed anew; the others were proved by consistency only.
    pub entries_checked: u64,
    /// Whether it extends the log this profile has seen before.
    pub consistent_with: Option<u64>,
}

/// 編集の結果.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Edited {
    /// Versions that were saved, each a document of its own.
    pub versions: Vec<DocumentId>,
    /// What could not become a version, or was saved under another name: protected beside the file.
    pub beside: Vec<SavedEdit>,
    /// The file.
    pub path: PathBuf,
}

/// Edited content, protected at the end of its edit or after a crash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SavedEdit {
    /// The protected file that holds it.
    pub path: PathBuf,
    /// The file it was edited from; the same when it became its newest version.
    pub edited: PathBuf,
    /// The document it is now.
    pub document: DocumentId,
    /// Why it did not become a version, if it should have.
    pub reason: Option<Failure>,
}

impl SavedEdit {
    /// What became of it and what to do, for people.
    #[must_use]
    pub fn text(&self) -> Text {
        crate::messages::saved_edit(self)
    }
}

/// What happens while a document is edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditEvent {
    /// The working copy is there and the program runs. Printing and copying are not enforced in it.
    Started(PathBuf),
    /// A save was protected as a new version.
    Saved(DocumentId),
    /// A save could not be protected; the working copy stays until it can.
    SaveFailed(Failure),
    /// The program has ended, but an office suite's lock lies in this folder: it may still be open there.
    Locked(PathBuf),
    /// Edited content was protected beside the document.
    SavedBeside(SavedEdit),
    /// The working copy is gone.
    Closed,
}

/// What came of edits that had ended badly.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Rescue {
    /// Working copies removed.
    pub removed: usize,
    /// What they held that was not protected yet, and is now.
    pub saved: Vec<SavedEdit>,
    /// Copies that stay, in clear, because what they hold could not be protected.
    pub unsaved: Vec<Failure>,
}

/// How one thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Health {
    /// As it should be.
    Good,
    /// Works, but a person should know.
    Warning,
    /// Does not work.
    Bad,
}

/// 点検の結果, one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Finding {
    /// Stable name: `profile`, `permissions`, `keys`, `clock`, `server`, `tickets`, `pending`, `leases`, `drafts`.
    pub name: &'static str,
    /// How it stands.
    pub health: Health,
    /// In words, with what to do.
    pub text: Text,
}
