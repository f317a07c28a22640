//! 送信. A mail with protected documents, for the mail program to send.

use kakuzuke::{Result, Sending};

use super::{Desk, value};
use crate::args::Send;
use crate::output::Said;

/// `send FILE… --mail-to ADDRESS -o MAIL.eml`
pub fn send(desk: &Desk, args: &Send) -> Result<Said> {
    let sending = Sending {
        to: args.to.clone(),
        purpose: args.purpose.clone(),
        accepted: args.accept.clone(),
        subject: args.subject.clone(),
    };
    let sent = desk.session()?.send(&args.paths, &sending, &args.output)?;
    let mut said = Said::new(value(&sent)?);
    for document in &sent.attached {
        said = said.line(
            format!("{}　{}（ログ {}）", document.name, document.header, document.audit_index),
            format!("{}: {} (log entry {})", document.name, document.header, document.audit_index),
        );
    }
    Ok(said.line(
        format!("メールの下書きを作成しました：{}", sent.mail.display()),
        format!("The mail is written, not yet sent: {}", sent.mail.display()),
    ))
}
