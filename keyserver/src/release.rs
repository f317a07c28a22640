//! 鍵の提供. The release path: identify, bind, decide, record, release. Each verb takes by value what only the one
//! before it can make, so a key that leaves without a decision or without a durable entry is one that does not compile.
//!
//! ```compile_fail
//! use kakuzuke_keyserver::release::{Bound, release};
//! # fn without_entry(app: &kakuzuke_keyserver::app::App, bound: Bound, granted: kakuzuke_keyserver::release::Allowed) {
//! let licence = release(app, bound, granted, ()); // no Recorded: expected `Recorded`, found `()`
//! # }
//! ```
//! ```compile_fail
//! // Nobody but the writer of the store makes a Recorded.
//! let recorded = kakuzuke_keyserver::store::Recorded { index: 0 };
//! ```
//! ```compile_fail
//! // Nobody but the engine makes a Granted.
//! let granted = kakuzuke_keyserver::decide::Granted { action: kakuzuke_keyserver::decide::Action::View, policies: vec![] };
//! ```

use kakuzuke_core::audit::{EntryKind, Outcome};
use kakuzuke_core::cbor;
use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::cose::Domain;
use kakuzuke_core::crypto::{KemPublicKey, hpke};
use kakuzuke_core::envelope::{DocumentSecret, Grant, KeyShare, LabelSection, PayloadSuite, UnverifiedHead};
use kakuzuke_core::id::{Digest, RequestId};
use kakuzuke_core::label::{EnforcedBy, Restriction};
use kakuzuke_core::licence::{Licence, Obligations, Right, Rights};
use kakuzuke_core::protocol::{Answer, Bytes, LicenceItem, LicenceRequest, Problem};
use kakuzuke_core::time::Timestamp;

use crate::app::App;
use crate::auth::Principal;
use crate::batch::each;
use crate::case::Case;
use crate::decide::{Action, Denial, Facts, Granted};
use crate::random::generator;
use crate::refusal::Refusal;
use crate::registration;
use crate::store::{DocumentRow, LineageRow, Opening, Recorded, StoreError, Tx};

/// Documents in one request.
pub const BATCH: usize = 256;
/// The same request id within this many seconds of the last time is the same opening: it lasts as long as it is renewed.
const SAME_OPENING_SECONDS: i64 = 600;
/// Longest purpose, in bytes.
const PURPOSE: usize = 4_000;

const NO_GRANT: Text =
    Text::fixed("この文書は、この機関の鍵では開けません。", "The document has no grant this authority can open.");

/// A request bound to the document it is about: registration found, the head it came with one of this document's,
/// current label at hand.
pub struct Bound {
    case: Case,
    grants: Vec<Grant>,
    item: LicenceItem,
    purpose: String,
    who: Principal,
}

/// What was granted, on which policies. Every right in it was decided on.
pub struct Allowed {
    rights: Rights,
    offline: bool,
    policies: Vec<String>,
}

/// Answers a batch: each document by itself, all entries in one write.
///
/// # Errors
/// [`Refusal`] when the request as a whole can't be served.
pub fn licences(app: &App, who: &Principal, request: &LicenceRequest) -> Result<Vec<Answer<Bytes>>, Refusal> {
    if request.items.is_empty() || request.items.len() > BATCH || request.purpose.len() > PURPOSE {
        return Err(Refusal::of(Code::LimitExceeded));
    }
    let steps = each(request.items.iter().collect(), |item| {
        let bound = bind(app, who, item, &request.purpose)?;
        Ok(match decide(app, &bound) {
            Ok(allowed) => Step::Release(Box::new(bound), allowed),
            Err(denial) => Step::Deny(Box::new(bound), denial),
        })
    });
    let recorded = record(app, who, &steps)?;
    let answers = each(steps.into_iter().zip(recorded).collect(), |(step, recorded)| match (step, recorded) {
        (Ok(Step::Release(bound, allowed)), Some(recorded)) => release(app, *bound, allowed, recorded),
        // Whoever is no more than an addressee learns nothing of a document that was not, or is no longer, provided.
        (Ok(Step::Deny(bound, _)), Some(_)) if who.subject().roles.is_recipient() && !bound.case.is_provided() => {
            Err(Refusal::of(Code::NotAvailable))
        }
        (Ok(Step::Deny(_, denial)), Some(_)) => Err(Refusal::denied(&denial, app.taxonomy)),
        (Err(refusal), _) => Err(refusal),
        (Ok(_), None) => Err(Refusal::of(Code::Conflict)),
    });
    let answers = answers.into_iter().map(|answer| answer.map_err(|refusal| problem(refusal, who)));
    Ok(answers.map(|answer| answer.map_or_else(Answer::Err, Answer::Ok)).collect())
}

fn problem(refusal: Refusal, who: &Principal) -> Box<Problem> {
    refusal.reference(who.request()).0
}

enum Step {
    Release(Box<Bound>, Allowed),
    Deny(Box<Bound>, Denial),
}

/// Binds a request to what the server knows of the document. A document nobody has registered yet is registered by
/// its own proofs; whoever knows no more than an id gets the uniform answer.
fn bind(app: &App, who: &Principal, item: &LicenceItem, purpose: &str) -> Result<Bound, Refusal> {
    let head = UnverifiedHead::parse(app.provider, item.head.as_slice()).map_err(|e| Refusal::of(e.code()))?;
    let id = head.claims().document();
    let mut case = app.store.read(|reader| Case::find(app, reader, who, &id))?;
    if case.is_none() {
        let verified = head.clone().verify(app.provider, &app.anchors, app.now());
        let verified = verified.map_err(|_| Refusal::of(Code::NotAvailable))?;
        registration::register_presented(app, who, &verified, item)?;
        case = app.store.read(|reader| Case::find(app, reader, who, &id))?;
    }
    let case = case.filter(|case| is_registered(app, case, &head)).ok_or_else(|| Refusal::of(Code::NotAvailable))?;
    let grants = head.into_grants();
    Ok(Bound { case, grants, item: item.clone(), purpose: purpose.trim().to_owned(), who: who.clone() })
}

/// Whether a head carries, byte for byte, a label section this server has registered for the document: its signature
/// was verified then, and the author's certificate may have ended since. Nothing of it is used but its grants.
pub(crate) fn is_registered(app: &App, case: &Case, head: &UnverifiedHead) -> bool {
    let shown = head.label().as_bytes();
    shown == case.document.label_section.as_slice()
        || case.document.earlier.contains(&Digest::from_bytes(app.provider.sha256(shown)))
}

/// Decides on every right asked for; soft rights that are permitted besides are granted along.
fn decide(app: &App, bound: &Bound) -> Result<Allowed, Denial> {
    let facts = bound.case.facts(app, &bound.who, Action::View);
    // An opening asked for again is the one that was counted, also when it was the last.
    let openings_left = facts.openings_left + i64::from(is_again(bound, app.now()));
    let facts = Facts { purpose: !bound.purpose.is_empty(), openings_left, ..facts };
    let ask = |action| app.engine.decide(action, &bound.case.facts_for(app, &facts, action));
    let mut policies: Vec<String> = Vec::new();
    let mut note = |granted: &Granted| policies.extend_from_slice(granted.policies());
    note(&ask(Action::View)?);
    let mut rights = Rights::VIEW;
    for right in bound.item.wanted.iter().filter(|right| *right != Right::View) {
        note(&ask(Action::of(right))?);
        rights = rights.with(right);
    }
    for right in [Right::Print, Right::Copy, Right::Edit] {
        if !rights.allows(right) && ask(Action::of(right)).is_ok() {
            rights = rights.with(right);
        }
    }
    let offline = bound.item.offline_seconds > 0;
    if offline {
        note(&ask(Action::Lease)?);
    }
    policies.sort();
    policies.dedup();
    Ok(Allowed { rights, offline, policies })
}

/// Records every decision before anybody learns of it. None where the document's state changed in between.
fn record(app: &App, who: &Principal, steps: &[Result<Step, Refusal>]) -> Result<Vec<Option<Recorded>>, Refusal> {
    let now = app.now();
    let mut acts = Vec::new();
    for step in steps {
        acts.push(match step {
            Ok(Step::Release(bound, allowed)) => Some(released(app, bound, allowed, now)),
            Ok(Step::Deny(bound, denial)) => Some(denied(bound, denial, now)),
            Err(refusal) => Some(not_bound(who, refusal, now)),
        });
    }
    let written = app.store.write(move |tx| -> Result<Vec<bool>, StoreError> {
        acts.into_iter().map(|act| act.map_or(Ok(false), |act| act(tx))).collect()
    })?;
    // A job appends one entry for each act that was done, in order.
    let mut recorded = written.recorded.into_iter();
    Ok(written.value.into_iter().map(|done| if done { recorded.next() } else { None }).collect())
}

type Act = Box<dyn FnOnce(&mut Tx<'_>) -> Result<bool, StoreError> + Send>;

fn released(app: &App, bound: &Bound, allowed: &Allowed, now: Timestamp) -> Act {
    let row = &bound.case.document;
    let mut entry =
        bound.who.entry(now, EntryKind::Released, Outcome::Done).document(row.document).label(row.label_hash);
    entry = entry.root(row.root);
    let text = &mut entry.text;
    (text.wanted, text.granted) = (Some(bound.item.wanted), Some(allowed.rights));
    (text.policies, text.purpose) = (allowed.policies.clone(), Some(bound.purpose.clone()).filter(|p| !p.is_empty()));
    text.approvals = bound.case.approvals.iter().map(|approval| approval.id).collect();
    text.until = lease_end(app, bound, allowed, now);
    let lease = text.until;
    let entry = entry.finish(&mut generator());
    let (document, lineage) = (row.document, row.lineage);
    let (document_entry, lineage_entry) = (bound.case.document.entry(), bound.case.lineage.entry());
    let counted = counted_opening(bound, now);
    Box::new(move |tx| {
        // What was decided on must still be what holds: otherwise this act is not done.
        let found = tx.reader().get::<DocumentRow>(document.as_bytes())?.filter(|row| row.entry() == document_entry);
        let line = tx.reader().get::<LineageRow>(lineage.as_bytes())?.filter(|row| row.entry() == lineage_entry);
        let (Some(found), Some(line)) = (found, line) else { return Ok(false) };
        let entry = tx.append(entry)?;
        if let Some(opening) = counted {
            let mut found = found.into_row();
            found.openings.retain(|known| known.subject != opening.subject);
            found.openings.push(opening);
            tx.put(&found, entry)?;
        }
        if lease > line.last_lease {
            let mut line = line.into_row();
            line.last_lease = lease;
            tx.put(&line, entry)?;
        }
        Ok(true)
    })
}

fn denied(bound: &Bound, denial: &Denial, now: Timestamp) -> Act {
    let row = &bound.case.document;
    let entry = bound.who.entry(now, EntryKind::ReleaseDenied, Outcome::Denied);
    let mut entry = entry.document(row.document).label(row.label_hash).root(row.root);
    let text = &mut entry.text;
    (text.wanted, text.decided) = (Some(bound.item.wanted), Some(denial.action.slug().to_owned()));
    (text.policies, text.clauses) = (denial.policies(), denial.clauses());
    append(entry.finish(&mut generator()))
}

fn not_bound(who: &Principal, refusal: &Refusal, now: Timestamp) -> Act {
    let mut entry = who.entry(now, EntryKind::ReleaseDenied, Outcome::Denied);
    entry.text.decided = Some(refusal.0.code.slug().to_owned());
    append(entry.finish(&mut generator()))
}

fn append(entry: crate::store::NewEntry) -> Act {
    Box::new(move |tx| tx.append(entry).map(|_| true))
}

/// The opening this counts as, where openings are counted: a new one, or the last one asked for again, which goes on from now.
fn counted_opening(bound: &Bound, now: Timestamp) -> Option<Opening> {
    let (row, who) = (&bound.case.document, &bound.who);
    bound.case.label().openings(now)?;
    let known = row.openings.iter().find(|opening| opening.subject == who.subject().id);
    let one_more = u32::from(!is_again(bound, now));
    Some(Opening {
        subject: who.subject().id.clone(),
        count: known.map_or(0, |known| known.count).saturating_add(one_more),
        last: bound.item.request,
        device: who.device().id,
        at: now,
    })
}

/// Whether this is the reader's last opening asked for again.
fn is_again(bound: &Bound, now: Timestamp) -> bool {
    let reader = &bound.who.subject().id;
    bound.case.document.openings.iter().any(|known| known.subject == *reader && same_opening(known, bound, now))
}

fn same_opening(known: &Opening, bound: &Bound, now: Timestamp) -> bool {
    let recent = now.since(known.at) <= SAME_OPENING_SECONDS;
    recent && known.last == bound.item.request && known.device == bound.who.device().id
}

fn lease_end(app: &App, bound: &Bound, allowed: &Allowed, now: Timestamp) -> Option<Timestamp> {
    let seconds = bound.item.offline_seconds.min(app.config.lease_seconds);
    (allowed.offline && seconds > 0).then(|| now.plus(i64::from(seconds)))
}

/// Releases the key: to the device that asked, for the document that was bound, as far as it was granted, under the
/// entry that records it.
///
/// # Errors
/// [`Refusal`] when there is no key to release: none of the grants is ours, or the secret has been erased.
pub fn release(app: &App, bound: Bound, allowed: Allowed, recorded: Recorded) -> Result<Bytes, Refusal> {
    let (row, who) = (&bound.case.document, &bound.who);
    let unfit = recorded.kind() != EntryKind::Released
        || recorded.outcome() != Outcome::Done
        || recorded.document() != Some(row.document);
    if unfit {
        return Err(Refusal::of(Code::Internal));
    }
    let now = app.now();
    let sealed = seal_key(app, &bound)?;
    let title = match &bound.case.lineage.title {
        Some(title) => Some(app.keyring.open_title(&row.lineage, title)?),
        None => None,
    };
    let licence = Licence {
        authority: app.authority,
        document: row.document,
        lineage: row.lineage,
        label_hash: row.label_hash,
        label_section: row.label_section.clone(),
        root: row.root,
        subject: who.subject().id.clone(),
        device: who.device().id,
        request: bound.item.request,
        rights: allowed.rights,
        obligations: obligations(app, &bound, now),
        valid_from: now,
        valid_until: now.plus(i64::from(app.config.licence_seconds)),
        offline_until: lease_end(app, &bound, &allowed, now),
        audit_index: recorded.index(),
        suite: who.device().suite,
        enc: sealed.enc,
        ct: sealed.ct,
        share: sealed.share,
        shares: sealed.shares,
        title,
    };
    Ok(app.licences.sign(Domain::LICENCE, &licence)?)
}

struct SealedShare {
    enc: Bytes,
    ct: Bytes,
    share: u8,
    shares: u8,
}

/// This authority's share of the document key, opened from its grant and sealed to the device.
fn seal_key(app: &App, bound: &Bound) -> Result<SealedShare, Refusal> {
    let row = &bound.case.document;
    if bound.case.section.payload_suite() == PayloadSuite::Clear {
        return Ok(SealedShare { enc: Bytes::default(), ct: Bytes::default(), share: 1, shares: 1 });
    }
    let sealed = row.secret.as_ref().ok_or_else(|| Refusal::of(Code::NotAvailable))?;
    let secret = app.keyring.open_secret(&row.document, sealed)?;
    let share = open_grant(app, &bound.grants, &bound.case.section, &secret)?;
    let device = bound.who.device();
    let key = KemPublicKey::new(device.suite, device.kem_key.as_slice()).map_err(|_| Refusal::of(Code::Internal))?;
    let info = licence_info(app, bound, row, bound.item.request);
    let sealed = hpke::seal(app.provider, &key, &info, &[], share.secret().expose(), &mut generator());
    let sealed = sealed.map_err(|_| Refusal::of(Code::Internal))?;
    let (index, count) = (share.share().index(), share.share().count());
    Ok(SealedShare { enc: Bytes(sealed.enc), ct: Bytes(sealed.ct), share: index, shares: count })
}

fn licence_info(app: &App, bound: &Bound, row: &DocumentRow, request: RequestId) -> Vec<u8> {
    let device = bound.who.device().id;
    cbor::encode(&("kakuzuke/v1/licence", app.authority, row.document, row.label_hash, device, request))
}

/// Opens this authority's grant with the document's secret. A grant is authenticated by what it opens to.
pub(crate) fn open_grant(
    app: &App,
    grants: &[Grant],
    section: &LabelSection,
    secret: &DocumentSecret,
) -> Result<KeyShare, Refusal> {
    let ours = grants.iter().filter(|grant| grant.authority() == app.authority);
    for grant in ours {
        let Some(kek) = app.keyring.kek(grant.key()) else { continue };
        let wrapped = grant.open_outer(app.provider, kek.private(), section);
        if let Some(share) = wrapped.ok().and_then(|wrapped| wrapped.unwrap_key(app.provider, secret).ok()) {
            return Ok(share);
        }
    }
    Err(Refusal::new(Code::Damaged, NO_GRANT))
}

fn obligations(app: &App, bound: &Bound, now: Timestamp) -> Obligations {
    let label = bound.case.label();
    let subject = bound.who.subject();
    let watermark = label
        .grades()
        .requires_confidentiality()
        .then(|| format!("{} {} {}", subject.name, subject.unit, now.japan_text()));
    let counted = label.openings(now).map(|_| {
        let left = bound.case.openings_left(subject, now) - i64::from(!is_again(bound, now));
        u32::try_from(left.max(0)).unwrap_or(0)
    });
    let by_people = |restriction: &&Restriction| app.taxonomy.enforced_by(restriction) == EnforcedBy::People;
    let kept_by_people = label.effective(now).iter().filter(by_people).map(ToString::to_string).collect();
    Obligations { watermark, openings_left: counted, kept_by_people }
}
