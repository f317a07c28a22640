//! 台帳の登録. Destinations, whose an address is, media: they feed decisions on what leaves, so each change is applied for
//! and takes effect only when somebody else whose it is has agreed (2.1.1(8)(a), 6.1.2).

use kakuzuke_core::address;
use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::id::{ApprovalId, SubjectId};
use kakuzuke_core::licence::Rights;
use kakuzuke_core::protocol::{
    Addressee, ApprovalKind, ApprovalRequest, Destination, DestinationKind, Medium, RegisterChange, RegisterDecision,
    Registers,
};
use kakuzuke_core::time::Timestamp;

use crate::app::App;
use crate::approvals::{kind_name, post};
use crate::auth::Principal;
use crate::decide::Place;
use crate::directory::plain;
use crate::random::bytes;
use crate::refusal::Refusal;
use crate::store::{
    AddresseeRow, ApprovalRow, Change, DestinationClass, DestinationRow, MediumRow, PostKind, Reader, RegisterRow,
    Standing, StoreError, SubjectRow, Verified,
};

/// A destination has to be reviewed within this time: one year.
pub const REVIEW_SECONDS: i64 = 366 * 86_400;
/// A proposal that nobody approved within 30 days is dead.
const PROPOSAL_SECONDS: i64 = 30 * 86_400;
/// Longest name of an organisation or a medium, in characters.
const NAME: usize = 100;

const UNUSABLE: Text = Text::fixed(
    "登録の内容が正しくありません。送付先にはドメイン、組織名、機密性（1～3）、１年以内の見直し期日、媒体には管理番号、種類、登録済みの管理者が必要です。",
    "The entry can't be used: a destination needs a domain, an organisation, a grade of 1 to 3 and a review within a year; a medium an id, what it is, and a keeper who is registered.",
);
const NO_SUBJECT: Text = Text::fixed(
    "その識別子の人は登録されていません。先に登録してください（kakuzuke-keyserver enrol --role recipient）。",
    "Nobody of this id is registered. Enrol them first (kakuzuke-keyserver enrol --role recipient).",
);
const MEDIUM_KNOWN: Text =
    Text::fixed("その管理番号の媒体は登録済みです。", "A medium of this id is registered already.");

/// What is known of where an address leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// Where.
    pub place: Place,
    /// 機密性 that may go there.
    pub level: u8,
    /// Over the internet.
    pub internet: bool,
    /// Entry the row rests on; none when there is no row.
    pub entry: Option<u64>,
}

/// Where a domain leads, as far as it was decided on and the decision is not overdue for review.
///
/// # Errors
/// [`StoreError::Altered`] when the row is not as it was written.
pub fn reach(reader: &Reader<'_>, domain: &str, now: Timestamp) -> Result<Reach, StoreError> {
    let row = reader.get::<DestinationRow>(domain.as_bytes())?;
    let entry = row.as_ref().map(Verified::entry);
    let known = row.filter(|row| row.standing == Standing::Active && now < row.review);
    let Some(row) = known else { return Ok(Reach { place: Place::Unknown, level: 0, internet: true, entry }) };
    let place = match row.class {
        DestinationClass::Own => Place::Own,
        DestinationClass::Outside => Place::Outside,
        DestinationClass::Terms => Place::Terms,
    };
    Ok(Reach { place, level: row.highest, internet: row.internet, entry })
}

/// Whose an address is: somebody who is active and whose contract has not ended. With the entry the row rests on.
///
/// # Errors
/// [`StoreError::Altered`] when a row is not as it was written.
pub fn subject_of(
    reader: &Reader<'_>,
    address: &str,
    now: Timestamp,
) -> Result<Option<(Verified<SubjectRow>, u64)>, StoreError> {
    let row = reader.get::<AddresseeRow>(address.as_bytes())?;
    let Some(row) = row.filter(|row| row.standing == Standing::Active) else { return Ok(None) };
    let subject = reader.get::<SubjectRow>(row.subject.as_str().as_bytes())?;
    let acts = |subject: &Verified<SubjectRow>| {
        subject.standing == Standing::Active && subject.until.is_none_or(|until| now < until)
    };
    Ok(subject.filter(acts).map(|subject| (subject, row.entry())))
}

/// The application for a change.
///
/// # Errors
/// [`Refusal`] when it says nothing usable, or is not of the kind it says it is.
pub fn proposal(app: &App, who: &Principal, asked: &ApprovalRequest) -> Result<ApprovalRow, Refusal> {
    let roles = who.subject().roles;
    if !(roles.officer || roles.administrator) {
        return Err(Refusal::of(Code::Denied));
    }
    let now = app.now();
    let change = asked.register.clone().ok_or_else(|| Refusal::new(Code::Usage, UNUSABLE))?;
    let register = app.store.read(|reader| usable(reader, change, now))?;
    let (kind, posts) = match &register {
        RegisterRow::Destination(_) => (ApprovalKind::Destination, PostKind::Destination),
        RegisterRow::Addressee(_) => (ApprovalKind::Addressee, PostKind::Officer),
        RegisterRow::Medium(_) => (ApprovalKind::Medium, PostKind::Officer),
    };
    if kind != asked.kind {
        return Err(Refusal::new(Code::Usage, UNUSABLE));
    }
    Ok(ApprovalRow {
        number: 0,
        id: ApprovalId::from_bytes(bytes()),
        applicant: who.subject().id.clone(),
        kind: kind_name(kind),
        document: None,
        lineage: None,
        rights: Rights::NONE,
        reason: asked.reason.clone(),
        until: now.plus(PROPOSAL_SECONDS),
        proposed: None,
        change: Some(Change { summary: summary(&register), register: Some(register), ..Change::default() }),
        posts: vec![post(posts, "")],
        decisions: Vec::new(),
        asked: now,
    })
}

fn usable(reader: &Reader<'_>, change: RegisterChange, now: Timestamp) -> Result<RegisterRow, Refusal> {
    let unusable = || Refusal::new(Code::Usage, UNUSABLE);
    match change {
        RegisterChange::Destination(asked) => destination(asked, now).map(RegisterRow::Destination),
        RegisterChange::DestinationEnd(domain) => {
            let row = reader.get::<DestinationRow>(domain.as_bytes())?.ok_or_else(unusable)?.into_row();
            Ok(RegisterRow::Destination(DestinationRow { standing: Standing::Ended, ..row }))
        }
        RegisterChange::Addressee(Addressee { address, subject }) => {
            known(reader, &subject)?;
            let address = address.as_str().to_owned();
            Ok(RegisterRow::Addressee(AddresseeRow { address, subject, standing: Standing::Active }))
        }
        RegisterChange::AddresseeEnd(address) => {
            let row = reader.get::<AddresseeRow>(address.as_str().as_bytes())?.ok_or_else(unusable)?.into_row();
            Ok(RegisterRow::Addressee(AddresseeRow { standing: Standing::Ended, ..row }))
        }
        RegisterChange::Medium(asked) => medium(reader, asked).map(RegisterRow::Medium),
    }
}

fn known(reader: &Reader<'_>, subject: &SubjectId) -> Result<(), Refusal> {
    match reader.get::<SubjectRow>(subject.as_str().as_bytes())? {
        Some(row) if row.standing == Standing::Active => Ok(()),
        _ => Err(Refusal::new(Code::Usage, NO_SUBJECT)),
    }
}

fn is_name(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= NAME && plain(text) == text
}

fn destination(asked: Destination, now: Timestamp) -> Result<DestinationRow, Refusal> {
    let domain = address::domain(&asked.domain).ok_or_else(|| Refusal::new(Code::Usage, UNUSABLE))?;
    let fits = is_name(&asked.organisation)
        && (1..=3).contains(&asked.highest)
        && now < asked.review
        && asked.review <= now.plus(REVIEW_SECONDS);
    if !fits {
        return Err(Refusal::new(Code::Usage, UNUSABLE));
    }
    let class = match asked.kind {
        DestinationKind::Own => DestinationClass::Own,
        DestinationKind::Outside => DestinationClass::Outside,
        DestinationKind::Terms => DestinationClass::Terms,
    };
    let Destination { organisation, highest, internet, review, .. } = asked;
    Ok(DestinationRow {
        domain,
        class,
        organisation,
        highest,
        internet,
        review,
        standing: Standing::Active,
        decided: None,
    })
}

fn medium(reader: &Reader<'_>, asked: Medium) -> Result<MediumRow, Refusal> {
    let id = asked.id.trim();
    // It stands in paths and on labels: letters, digits and hyphens.
    let plain_id = !id.is_empty() && id.len() <= 40 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !plain_id || !is_name(&asked.what) || asked.organisation.as_ref().is_some_and(|name| !is_name(name)) {
        return Err(Refusal::new(Code::Usage, UNUSABLE));
    }
    known(reader, &asked.keeper)?;
    if reader.get::<MediumRow>(id.as_bytes())?.is_some() {
        return Err(Refusal::new(Code::Conflict, MEDIUM_KNOWN));
    }
    Ok(MediumRow {
        id: id.to_owned(),
        what: asked.what,
        keeper: asked.keeper,
        organisation: asked.organisation,
        standing: Standing::Active,
        nonce: None,
        volume: None,
    })
}

/// What is approved, in one line.
fn summary(register: &RegisterRow) -> String {
    match register {
        RegisterRow::Destination(row) if row.standing == Standing::Ended => {
            format!("送付先「{}」の廃止 / destination ended", row.domain)
        }
        RegisterRow::Destination(row) => {
            let class = match row.class {
                DestinationClass::Own => "自機関",
                DestinationClass::Outside => "機関の外",
                DestinationClass::Terms => "約款による外部サービス",
            };
            let route = if row.internet { "インターネット経由" } else { "専用回線" };
            format!("送付先「{}」＝{}（{class}、{route}）、機密性{}まで", row.domain, row.organisation, row.highest)
        }
        RegisterRow::Addressee(row) if row.standing == Standing::Ended => {
            format!("宛先「{}」の登録の廃止 / addressee ended", row.address)
        }
        RegisterRow::Addressee(row) => format!("宛先「{}」＝{}", row.address, row.subject),
        RegisterRow::Medium(row) => {
            let from = row.organisation.as_ref().map_or_else(|| "支給".to_owned(), |name| format!("{name}から受領"));
            format!("媒体「{}」（{}、{from}）、管理者 {}", row.id, row.what, row.keeper)
        }
    }
}

/// The key by which the log names what was changed.
#[must_use]
pub fn key(register: &RegisterRow) -> &str {
    match register {
        RegisterRow::Destination(row) => &row.domain,
        RegisterRow::Addressee(row) => &row.address,
        RegisterRow::Medium(row) => &row.id,
    }
}

/// The registers in force, for those inside.
///
/// # Errors
/// When rows can't be read; whoever is only an addressee is refused.
pub fn list(app: &App, who: &Principal) -> Result<Registers, Refusal> {
    if who.subject().roles.is_recipient() {
        return Err(Refusal::of(Code::NotAvailable));
    }
    app.store.read(|reader| -> Result<Registers, Refusal> {
        let destinations = reader.list::<DestinationRow>()?.into_iter().filter(|row| row.standing == Standing::Active);
        let addressees = reader.list::<AddresseeRow>()?.into_iter().filter(|row| row.standing == Standing::Active);
        let addressee = |row: Verified<AddresseeRow>| {
            Some(Addressee { address: row.address.parse().ok()?, subject: row.subject.clone() })
        };
        let media = reader.list::<MediumRow>()?;
        let media: Result<Vec<_>, StoreError> = media.iter().map(|row| crate::media::record(reader, row)).collect();
        Ok(Registers {
            destinations: destinations.map(|row| shown(row.into_row())).collect(),
            addressees: addressees.filter_map(addressee).collect(),
            media: media?,
        })
    })
}

fn shown(row: DestinationRow) -> Destination {
    Destination {
        domain: row.domain,
        kind: match row.class {
            DestinationClass::Own => DestinationKind::Own,
            DestinationClass::Outside => DestinationKind::Outside,
            DestinationClass::Terms => DestinationKind::Terms,
        },
        organisation: row.organisation,
        highest: row.highest,
        internet: row.internet,
        review: row.review,
        decided: row.decided.map(|decided| RegisterDecision { by: decided.by, post: decided.post, at: decided.at }),
    }
}
