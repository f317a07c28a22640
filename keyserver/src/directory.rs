//! 登録簿. Subjects and devices: how they come in by one-time codes, and who has to agree.

use kakuzuke_core::audit::{EntryKind, EntryText, Outcome};
use kakuzuke_core::cbor;
use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::cose::{Domain, UnverifiedSign1};
use kakuzuke_core::crypto::{KemPublicKey, PublicKey};
use kakuzuke_core::id::{ApprovalId, CertHash, DeviceId, Digest, SubjectId};
use kakuzuke_core::protocol::{
    ApprovalKind, Bytes, EnrolmentCode, EnrolmentProof, EnrolmentRequest, EnrolmentResponse,
};
use kakuzuke_core::time::Timestamp;
use kakuzuke_core::trust::Identity;

use crate::app::App;
use crate::approvals;
use crate::audit::Entry;
use crate::ca::DEVICE_SECONDS;
use crate::random::{bytes, generator};
use crate::refusal::Refusal;
use crate::store::{
    ApprovalRow, Change, DeviceRow, EnrolmentRow, Link, PostKind, Reader, RoleSet, Standing, StoreError, SubjectRow,
    Tx, Verified,
};

/// A code is dead after 24 hours.
const CODE_SECONDS: i64 = 86_400;
/// A change that nobody approved within 30 days is dead.
const CHANGE_SECONDS: i64 = 30 * 86_400;
/// Longest name of a device, in characters.
const DEVICE_NAME: usize = 64;

/// A person to be entered.
#[derive(Debug, Clone)]
pub struct Enrolee {
    /// Id.
    pub subject: SubjectId,
    /// 氏名.
    pub name: String,
    /// Roles.
    pub roles: RoleSet,
    /// 所属.
    pub unit: String,
    /// 官職.
    pub posts: Vec<String>,
    /// End of the contract or appointment.
    pub until: Option<Timestamp>,
}

const BAD_CODE: Text = Text::fixed(
    "登録コードが正しくないか、使用済み又は期限切れです。管理者に新しいコードを依頼してください。",
    "The enrolment code is wrong, used or expired. Ask the administrator for a new one.",
);

/// Whether no officer besides administrators has ever been able to approve. Once one has, it stays so: an administrator
/// who revokes every officer does not thereby become the one who lets people in.
///
/// # Errors
/// When rows can't be read.
pub fn is_single_operator(reader: &Reader<'_>) -> Result<bool, StoreError> {
    for subject in reader.list::<SubjectRow>()? {
        if subject.roles.officer && !subject.roles.administrator {
            let devices = reader.find::<DeviceRow>(Link::Subject, subject.id.as_str().as_bytes())?;
            if devices.iter().any(|device| matches!(device.standing, Standing::Active | Standing::Suspended)) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// Makes a one-time code for a person. The server keeps only its hash.
///
/// # Errors
/// When it can't be recorded, or `address` is none.
pub fn make_code(app: &App, enrolee: &Enrolee, address: &str) -> Result<EnrolmentCode, Refusal> {
    let secret = bytes::<16>();
    let code = EnrolmentCode::new(address, &app.authority, secret).map_err(|_| Refusal::of(Code::Usage))?;
    let now = app.now();
    let row = EnrolmentRow {
        code: Digest::from_bytes(app.provider.sha256(&secret)),
        subject: SubjectRow {
            id: enrolee.subject.clone(),
            name: enrolee.name.clone(),
            roles: enrolee.roles,
            unit: enrolee.unit.clone(),
            posts: enrolee.posts.clone(),
            until: enrolee.until,
            standing: Standing::Active,
        },
        until: now.plus(CODE_SECONDS),
    };
    let text = EntryText { about: Some(enrolee.subject.clone()), until: Some(row.until), ..EntryText::default() };
    let entry = Entry::new(now, EntryKind::EnrolmentCodeMade, Outcome::Done).text(text).finish(&mut generator());
    app.store.write(move |tx| -> Result<(), StoreError> {
        let entry = tx.append(entry)?;
        tx.put(&row, entry)
    })?;
    Ok(code)
}

/// 端末登録. Proof of the code and of both keys against a certificate.
///
/// # Errors
/// [`Refusal`] in the same words for every way a code can be wrong.
pub fn enrol(app: &App, request: &EnrolmentRequest) -> Result<EnrolmentResponse, Refusal> {
    let refused = || Refusal::new(Code::Unauthenticated, BAD_CODE).server_time(app.now());
    let code = Digest::from_bytes(app.provider.sha256(request.secret.as_slice()));
    let proof = proven(app, request, code).ok_or_else(refused)?;
    let now = app.now();
    let row = app.store.read(|reader| reader.get::<EnrolmentRow>(code.as_bytes()))?;
    let row = row.filter(|row| now < row.until).ok_or_else(refused)?;
    let device = device_of(app, &row.subject, &proof, now)?;
    let (id, subject) = (device.id, row.subject.id.clone());
    let certificate = device.certificate.clone();
    let written = app.store.write(move |tx| admit(tx, code, device, now))?;
    let pending = written.value.ok_or_else(refused)?;
    let authority = app.store.read(|reader| app.description(reader))?;
    let root = Bytes::from(app.root.as_ref());
    Ok(EnrolmentResponse { certificate, root, device: id, subject, authority, pending, server_time: app.now() })
}

/// The proof, if it is one of the code and of the keys it names.
fn proven(app: &App, request: &EnrolmentRequest, code: Digest) -> Option<EnrolmentProof> {
    let signed = UnverifiedSign1::parse(request.proof.as_slice(), Domain::ENROLMENT).ok()?;
    let claimed: EnrolmentProof = cbor::decode_strict(signed.unverified_payload()).ok()?;
    let key = PublicKey::from_spki_der(claimed.signing_key.as_slice()).ok()?;
    let payload = signed.verify_with_key(app.provider, &key).ok()?;
    let proof: EnrolmentProof = cbor::decode_strict(payload).ok()?;
    KemPublicKey::new(proof.kem_suite, proof.kem_key.as_slice()).ok()?;
    let fits = proof.code == code && proof.authority == app.authority && proof.kem_suite >= app.config.suite;
    fits.then_some(proof)
}

fn device_of(app: &App, subject: &SubjectRow, proof: &EnrolmentProof, now: Timestamp) -> Result<DeviceRow, Refusal> {
    let spki = proof.signing_key.as_slice();
    let identity = Identity::Person(subject.id.clone());
    let issued = app.ca.issue_device(spki, &identity, &subject.name, Some(&subject.unit), bytes(), now);
    let certificate = issued.map_err(|_| Refusal::of(Code::Usage))?;
    Ok(DeviceRow {
        id: DeviceId::from_bytes(app.provider.sha256(spki)),
        subject: subject.id.clone(),
        name: proof.device_name.chars().filter(|c| !c.is_control()).take(DEVICE_NAME).collect(),
        certificate_hash: CertHash::from_bytes(app.provider.sha256(&certificate)),
        certificate: Bytes(certificate.to_vec()),
        suite: proof.kem_suite,
        kem_key: proof.kem_key.clone(),
        standing: Standing::Active,
        signing_key: proof.signing_key.clone(),
        until: now.plus(DEVICE_SECONDS),
    })
}

/// Takes the code and enters subject and device; whether an officer has yet to approve. None when the code is gone.
fn admit(tx: &mut Tx<'_>, code: Digest, mut device: DeviceRow, now: Timestamp) -> Result<Option<bool>, StoreError> {
    let Some(row) = tx.reader().get::<EnrolmentRow>(code.as_bytes())? else { return Ok(None) };
    let subject = row.into_row().subject;
    let known = tx.reader().get::<SubjectRow>(subject.id.as_str().as_bytes())?;
    let pending = !is_single_operator(&tx.reader())?;
    if pending {
        device.standing = Standing::Pending;
    }
    let outcome = if pending { Outcome::Pending } else { Outcome::Done };
    let text = EntryText {
        about: Some(subject.id.clone()),
        about_device: Some(device.id),
        note: Some(device.name.clone()),
        ..EntryText::default()
    };
    let entry = Entry::new(now, EntryKind::Enrolled, outcome).text(text).finish(&mut generator());
    let entry = tx.append(entry)?;
    tx.delete::<EnrolmentRow>(code.as_bytes())?;
    // A subject that is active stays as approved: a new code brings a device, not other roles.
    let known = known.filter(|known| known.standing == Standing::Active).map(Verified::into_row);
    let entered = known.is_none().then(|| subject.clone());
    if let Some(subject) = entered.as_ref().filter(|_| !pending) {
        tx.put(subject, entry)?;
    }
    let subject = known.unwrap_or(subject);
    tx.put(&device, entry)?;
    if pending {
        // The person goes into the directory with the approval, as they stand in what is approved: until then nothing
        // rests on what nobody has agreed to.
        let change = Change {
            subject: entered,
            device: Some(device.id),
            summary: summary(&subject, &device),
            ..Change::default()
        };
        let number = tx.next_number(approvals::COUNTER)?;
        let row = ApprovalRow {
            number,
            id: ApprovalId::from_bytes(bytes()),
            applicant: subject.id.clone(),
            kind: approvals::kind_name(ApprovalKind::Directory),
            document: None,
            lineage: None,
            rights: kakuzuke_core::licence::Rights::NONE,
            reason: "端末の登録".to_owned(),
            until: now.plus(CHANGE_SECONDS),
            proposed: None,
            change: Some(change),
            posts: vec![approvals::post(PostKind::Officer, "")],
            decisions: Vec::new(),
            asked: now,
        };
        tx.put(&row, entry)?;
    }
    Ok(Some(pending))
}

/// What is approved, in one line: everything that will stand in the directory, and nothing that only looks like it.
fn summary(subject: &SubjectRow, device: &DeviceRow) -> String {
    let RoleSet { officer, administrator, auditor, .. } = subject.roles;
    let recipient = subject.roles.is_recipient();
    let roles = [(officer, "職員"), (administrator, "管理者"), (auditor, "監査者"), (recipient, "提供先")];
    let roles = roles.into_iter().filter(|(held, _)| *held).map(|(_, name)| name.to_owned());
    let words: Vec<String> = roles.chain(subject.posts.iter().map(|post| plain(post))).collect();
    let (name, unit, device) = (plain(&subject.name), plain(&subject.unit), plain(&device.name));
    format!("{name}（{}、{unit}・{}）の端末「{device}」", subject.id, words.join("・"))
}

/// A text without what is not seen, or turns what follows around.
pub(crate) fn plain(text: &str) -> String {
    let unseen = |c: char| {
        c.is_control()
            || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    text.chars().map(|c| if unseen(c) { '\u{fffd}' } else { c }).collect()
}
