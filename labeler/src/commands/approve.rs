//! 申請と許可.

use std::time::{SystemTime, UNIX_EPOCH};

use kakuzuke::code::Code;
use kakuzuke::{
    Application, ApprovalDecision, ApprovalKind, ApprovalRecord, ApprovalState, Error, Grading, Result, Right, Rights,
    Timestamp, Verdict,
};

use super::{Desk, value};
use crate::args::{Approve, Kind, Reject, Request};
use crate::output::Said;

/// `request --kind KIND [FILE]`
pub fn request(desk: &Desk, args: Request) -> Result<Said> {
    let session = desk.session()?;
    let proposed = args.grade.map(|grade| Grading { grade, restrictions: args.restrictions, post: None });
    let record = session.request(&Application {
        kind: kind(args.kind),
        path: args.path,
        rights: rights(args.kind),
        reason: args.reason,
        until: args.days.map(days_from_now).transpose()?,
        proposed,
    })?;
    let waiting = record.waiting_for.join("、");
    Ok(Said::new(value(&record)?).line(
        format!("申請 {} 番を受け付けました。承認待ち：{waiting}", record.number),
        format!("Application {} received. Waiting for: {waiting}", record.number),
    ))
}

/// `requests`
pub fn requests(desk: &Desk) -> Result<Said> {
    let records = desk.session()?.requests()?;
    let mut said = Said::new(value(&records)?);
    for record in &records {
        said = said.line(line(record, state_ja), line(record, state_en));
    }
    Ok(if records.is_empty() { said.line("申請はありません。", "No applications.") } else { said })
}

fn line(record: &ApprovalRecord, state: fn(ApprovalState) -> &'static str) -> String {
    let about = record.title.as_deref().or(record.summary.as_deref()).unwrap_or("—");
    let kind = serde_json::to_value(record.request.kind).ok();
    let kind = kind.as_ref().and_then(|k| k.as_str()).unwrap_or_default();
    format!(
        "{}\t{}\t{kind}\t{about}\t{}\t{}",
        record.number,
        state(record.state),
        record.applicant,
        record.request.reason
    )
}

const fn state_ja(state: ApprovalState) -> &'static str {
    match state {
        ApprovalState::Pending => "承認待ち",
        ApprovalState::Approved => "許可",
        ApprovalState::Rejected => "不許可",
        ApprovalState::Expired => "期限切れ",
    }
}

const fn state_en(state: ApprovalState) -> &'static str {
    match state {
        ApprovalState::Pending => "pending",
        ApprovalState::Approved => "approved",
        ApprovalState::Rejected => "rejected",
        ApprovalState::Expired => "expired",
    }
}

/// `approve NUMBER`
pub fn approve(desk: &Desk, args: Approve) -> Result<Said> {
    let until = args.days.map(days_from_now).transpose()?;
    decide(
        desk,
        args.number,
        ApprovalDecision { verdict: Verdict::Approve, reason: args.reason, post: args.post, until },
    )
}

/// `reject NUMBER`
pub fn reject(desk: &Desk, args: Reject) -> Result<Said> {
    let decision = ApprovalDecision { verdict: Verdict::Reject, reason: args.reason, post: None, until: None };
    decide(desk, args.number, decision)
}

fn decide(desk: &Desk, number: u64, decision: ApprovalDecision) -> Result<Said> {
    let record = desk.session()?.decide(number, &decision)?;
    Ok(Said::new(value(&record)?).line(
        format!("申請 {} 番：{}", record.number, state_ja(record.state)),
        format!("Application {}: {}", record.number, state_en(record.state)),
    ))
}

const fn kind(kind: Kind) -> ApprovalKind {
    match kind {
        Kind::View => ApprovalKind::View,
        Kind::Copy => ApprovalKind::Copy,
        Kind::Print => ApprovalKind::Print,
        Kind::Export => ApprovalKind::Export,
        Kind::Edit => ApprovalKind::Edit,
        Kind::Provide => ApprovalKind::Provide,
        Kind::TakeOut => ApprovalKind::TakeOut,
        Kind::Relabel => ApprovalKind::Relabel,
        Kind::Destroy => ApprovalKind::Destroy,
        Kind::Exception => ApprovalKind::Exception,
    }
}

/// The rights an application of this kind is about.
const fn rights(kind: Kind) -> Rights {
    match kind {
        Kind::View | Kind::TakeOut => Rights::VIEW,
        Kind::Copy => Rights::VIEW.with(Right::Copy),
        Kind::Print => Rights::VIEW.with(Right::Print),
        Kind::Export => Rights::VIEW.with(Right::Export),
        Kind::Edit => Rights::VIEW.with(Right::Edit),
        Kind::Provide => Rights::VIEW.with(Right::Provide),
        Kind::Relabel => Rights::NONE.with(Right::Relabel),
        Kind::Destroy | Kind::Exception => Rights::NONE,
    }
}

/// The time so many days from now, by this device's clock; the server checks it against its own.
pub(super) fn days_from_now(days: u16) -> Result<Timestamp> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|_| Error::of(Code::ClockSkew))?;
    let seconds = i64::try_from(now.as_secs()).map_err(|_| Error::of(Code::ClockSkew))?;
    Ok(Timestamp::from_unix(seconds.saturating_add(i64::from(days) * 86_400)))
}
