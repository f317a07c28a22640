//! 事案. One subject and one document as the server knows them now: from them come the facts of a decision.

use std::collections::BTreeSet;

use kakuzuke_core::envelope::{LabelSection, UnverifiedLabel};
use kakuzuke_core::id::{DocumentId, SubjectId};
use kakuzuke_core::label::{Label, Mode, Name, Taxonomy, Verb, is_lowering};
use kakuzuke_core::licence::Right;
use kakuzuke_core::protocol::{ApprovalKind, ApprovalState, OrganisationKind};
use kakuzuke_core::time::Timestamp;

use crate::app::App;
use crate::approvals;
use crate::auth::Principal;
use crate::decide::{Action, Facts, Limit};
use crate::store::{
    ApprovalRow, DepartureRow, DocumentRow, LineageRow, Link, PostKind, Reader, Standing, StoreError, SubjectRow,
    Verified,
};

/// A document as the server knows it.
#[derive(Debug, Clone)]
pub struct Case {
    /// The version.
    pub document: Verified<DocumentRow>,
    /// Its line.
    pub lineage: Verified<LineageRow>,
    /// Its current label section.
    pub section: LabelSection,
    /// 許可 on file for this subject.
    pub approvals: Vec<Verified<ApprovalRow>>,
    /// Whether this subject has taken over the 官職 of a decider who is gone.
    successor: bool,
    /// Whether this very document was provided to this subject.
    provided: bool,
}

impl Case {
    /// Looks a document up; none when it is not registered.
    ///
    /// # Errors
    /// [`StoreError::Altered`] when a row is not as it was written: then nothing is decided.
    pub fn find(app: &App, reader: &Reader<'_>, who: &Principal, id: &DocumentId) -> Result<Option<Self>, StoreError> {
        let Some(document) = reader.get::<DocumentRow>(id.as_bytes())? else { return Ok(None) };
        let lineage = reader.get::<LineageRow>(document.lineage.as_bytes())?;
        let lineage = lineage.ok_or(StoreError::Altered("lineage"))?;
        let label = UnverifiedLabel::parse(app.provider, document.label_section.as_slice());
        let label = label.map_err(|_| StoreError::Altered("document"))?;
        let now = app.now();
        let section = label.claims().clone();
        let on_file = reader.find::<ApprovalRow>(Link::Lineage, document.lineage.as_bytes())?;
        let approvals = on_file
            .into_iter()
            .filter(|row| row.applicant == who.subject().id && row.state(now) == ApprovalState::Approved)
            .filter(|row| approvals::suffices(app, row, section.label()))
            .collect();
        let successor = is_successor(app, reader, who.subject(), &document)?;
        // A right that was revoked is not given by an earlier sending.
        let revoked = lineage.revoked.contains(&who.subject().id);
        let provided = !revoked && is_provided(reader, id, &who.subject().id, now)?;
        Ok(Some(Self { section, document, lineage, approvals, successor, provided }))
    }

    /// Whether this very document was provided to this subject, and nobody has taken it back.
    #[must_use]
    pub const fn is_provided(&self) -> bool {
        self.provided
    }

    /// The label decided on: the current one, never the file's.
    #[must_use]
    pub const fn label(&self) -> &Label {
        self.section.label()
    }

    /// The facts of an action.
    #[must_use]
    pub fn facts(&self, app: &App, who: &Principal, action: Action) -> Facts {
        let now = app.now();
        let (subject, label) = (who.subject(), self.label());
        Facts {
            author: self.document.author == subject.id || self.lineage.author == subject.id,
            decider: self.document.decider == subject.id,
            successor: self.successor,
            named_reader: self.lineage.readers.contains(&subject.id),
            unit_reader: self.lineage.units.contains(&subject.unit),
            provided: self.provided,
            revoked_reader: self.lineage.revoked.contains(&subject.id),
            in_audience: label.audiences(now).iter().all(|audience| belongs(subject, audience)),
            suspended: self.lineage.standing == Standing::Suspended,
            ended: self.lineage.standing == Standing::Ended,
            unknown_restriction: label.blocks_export_unknown(),
            rewrite_forbidden: label.mode(Verb::Rewrite, now) == Some(Mode::Forbidden),
            delete_forbidden: label.mode(Verb::Delete, now) == Some(Mode::Forbidden),
            retained: !label.retention_is_over(now),
            approvals: self.approvals.iter().map(|row| row.kind.clone()).collect::<BTreeSet<_>>(),
            confidentiality: label.grades().c.level(),
            lasting: label.grades().requires_integrity() || label.grades().requires_availability(),
            restricted: restricted(app.taxonomy, label, action, now),
            take_out: label.zones_not_left(now).into_iter().map(|(_, mode)| mode).min().into(),
            counted: label.openings(now).is_some(),
            openings_left: self.openings_left(subject, now),
            ..subject_facts(app, who)
        }
    }

    /// The facts of another action on the same: only what a restriction says of it differs.
    #[must_use]
    pub fn facts_for(&self, app: &App, known: &Facts, action: Action) -> Facts {
        // Whoever opens a document to seal it under another label may lower it: the server sees no more of it.
        let lowering = action == Action::Relabel;
        Facts { restricted: restricted(app.taxonomy, self.label(), action, app.now()), lowering, ..known.clone() }
    }

    /// The facts of giving it another label. A 許可 for one label is none for another.
    #[must_use]
    pub fn relabel_facts(&self, app: &App, who: &Principal, to: &Label) -> Facts {
        let mut facts = self.facts(app, who, Action::Relabel);
        facts.lowering = is_lowering(self.label(), to);
        let relabel = approvals::kind_name(ApprovalKind::Relabel);
        let line = to.header_line();
        let fits = |row: &Verified<ApprovalRow>| row.proposed.as_ref().is_none_or(|proposed| *proposed == line);
        if !self.approvals.iter().any(|row| row.kind == relabel && fits(row)) {
            facts.approvals.remove(&relabel);
        }
        facts
    }

    /// The decider, with their post, who stays when this subject changes the label or makes a new version; none when
    /// the subject decides in their own right and takes over.
    #[must_use]
    pub fn decider_after(&self, who: &Principal) -> Option<(SubjectId, String)> {
        let takes_over = self.successor || self.document.decider == who.subject().id;
        (!takes_over).then(|| (self.document.decider.clone(), self.document.decider_post.clone()))
    }

    /// Openings left to a reader; 0 when they are not counted.
    #[must_use]
    pub fn openings_left(&self, subject: &SubjectRow, now: Timestamp) -> i64 {
        let allowed = self.label().openings(now).map_or(0, |n| i64::from(n.get()));
        let used = self.document.openings.iter().find(|o| o.subject == subject.id).map_or(0, |o| i64::from(o.count));
        allowed - used
    }
}

/// 後任. Whoever holds the decider's 官職 in the same 課室 once the decider may not act any more. What a label says of
/// the decider's post is the decider's word; the directory must have had them in it.
fn is_successor(
    app: &App,
    reader: &Reader<'_>,
    subject: &SubjectRow,
    document: &DocumentRow,
) -> Result<bool, StoreError> {
    let Some(row) = reader.get::<SubjectRow>(document.decider.as_str().as_bytes())? else { return Ok(false) };
    let gone = row.standing != Standing::Active || row.until.is_some_and(|until| app.now() >= until);
    let holds = |subject: &SubjectRow| subject.posts.contains(&document.decider_post);
    Ok(gone && row.unit == subject.unit && holds(&row) && holds(subject))
}

/// 提供. Whether a document was provided to a subject, and nobody has taken it back.
///
/// # Errors
/// [`StoreError::Altered`] when a row is not as it was written.
pub fn is_provided(
    reader: &Reader<'_>,
    document: &DocumentId,
    subject: &SubjectId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let found = reader.find::<DepartureRow>(Link::Provided, &DepartureRow::provided_to(document, subject))?;
    Ok(found.iter().any(|departure| departure.provides(document, subject, now)))
}

/// What is known of the subject alone.
#[must_use]
pub fn subject_facts(app: &App, who: &Principal) -> Facts {
    let subject = who.subject();
    Facts {
        officer: subject.roles.officer,
        administrator: subject.roles.administrator,
        auditor: subject.roles.auditor,
        contract_ended: subject.until.is_some_and(|until| app.now() >= until),
        recipient: subject.roles.is_recipient(),
        responsible: subject.posts.iter().any(|post| post.ends_with("責任者")),
        system_officer: holds(subject, PostKind::System.name()),
        chief_officer: holds(subject, CHIEF),
        incorporated: app.config.organisation != OrganisationKind::GovernmentAgency,
        in_audience: true,
        inside: who.inside(),
        ..Facts::default()
    }
}

/// 最高情報セキュリティ責任者を助け、統括する者 (2.1.1(2)).
const CHIEF: &str = "統括情報セキュリティ責任者";

fn holds(subject: &SubjectRow, post: &str) -> bool {
    subject.posts.iter().any(|held| held == post)
}

/// 課室情報セキュリティ責任者 of a 課室. A 課室 without a name is nobody's.
#[must_use]
pub fn is_section_officer(subject: &SubjectRow, unit: &str) -> bool {
    !unit.is_empty() && subject.unit == unit && holds(subject, PostKind::Section.name())
}

/// Whether a subject is one of those a ○○限り names: by name, 課室, 官職 or id.
pub(crate) fn belongs(subject: &SubjectRow, audience: &[Name]) -> bool {
    audience.iter().map(Name::as_str).any(|name| {
        name == subject.name
            || name == subject.unit
            || name == subject.id.as_str()
            || subject.posts.iter().any(|p| p == name)
    })
}

/// How a label restricts an action. Sending is providing.
pub(crate) fn restricted(taxonomy: &Taxonomy, label: &Label, action: Action, now: Timestamp) -> Limit {
    let action = if action == Action::Send { Action::Provide } else { action };
    let right = Right::ALL.iter().find(|right| Action::of(**right) == action);
    right.and_then(|right| taxonomy.restricts(label, *right, now)).into()
}
