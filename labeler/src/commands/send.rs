//! 送信. A mail for the mail program to send.

use kakuzuke::{AcceptedIn, Grading, Result, Sending};

use super::{Desk, approve, value};
use crate::args::Send;
use crate::output::Said;

/// `send FILE… --to ADDRESS… -o MAIL.eml`
pub fn send(desk: &Desk, args: &Send) -> Result<Said> {
    let grading = args.grade.clone();
    let sending = Sending {
        to: args.to.clone(),
        purpose: args.purpose.clone(),
        accepted: args.accept.clone(),
        subject: args.subject.clone(),
        grading: grading.map(|grade| Grading { grade, restrictions: args.restrictions.clone(), post: None }),
        until: args.days.map(approve::days_from_now).transpose()?,
    };
    let sent = desk.session()?.send(&args.paths, &sending, &args.output)?;
    let mut said = Said::new(value(&sent)?);
    for document in &sent.attached {
        let (ja, en) = if document.clear { ("平文", "in clear") } else { ("保護", "protected") };
        said = said.line(
            format!("{}　{}（{ja}、ログ {}）", document.name, document.header, document.audit_index),
            format!("{}: {} ({en}, log entry {})", document.name, document.header, document.audit_index),
        );
    }
    said = accepted(said, &sent.accepted);
    for note in &sent.notes {
        said = said.line(format!("　{}", note.ja), format!("  {}", note.en));
    }
    Ok(said.line(
        format!("メールの下書きを作成しました（台帳 {} 番）：{}", sent.ledger, sent.mail.display()),
        format!("The mail is written, not yet sent (ledger {}): {}", sent.ledger, sent.mail.display()),
    ))
}

/// What was hidden and goes along, document by document.
pub(super) fn accepted(said: Said, all: &[AcceptedIn]) -> Said {
    let each = all.iter().flat_map(|one| one.accepted.iter().map(|accepted| (one.path.display(), accepted)));
    each.fold(said, |said, (path, accepted)| {
        let (name, count, reason) = (&accepted.name, accepted.count, &accepted.reason);
        said.line(
            format!("　認めた　{path}：{} {count} 件（{reason}）", name.ja),
            format!("  accepted  {path}: {} {count} ({reason})", name.en),
        )
    })
}
