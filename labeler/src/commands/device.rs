//! 端末. Enrolment, what is at hand offline, and how this device stands.

use kakuzuke::code::{Code, Text};
use kakuzuke::{EnrolmentCode, Error, Health, Result, SessionOptions};
use serde_json::json;

use super::{Desk, value};
use crate::args::{Enrol, Sync};
use crate::output::Said;

const BAD_CODE: Text = Text::fixed(
    "登録コードが正しくありません。管理者から受け取ったコードをそのまま貼り付けてください。",
    "This is no enrolment code. Paste the code as the administrator gave it.",
);

/// `enrol CODE`
pub fn enrol(desk: &Desk, args: &Enrol) -> Result<Said> {
    let code: EnrolmentCode = args.code.trim().parse().map_err(|_| Error::new(Code::Usage, BAD_CODE))?;
    let device = args.device.clone().unwrap_or_else(host_name);
    let enrolled = kakuzuke::enrol(&code, &desk.folder()?, &device, &SessionOptions::default())?;
    let profile = &enrolled.profile;
    let said = Said::new(value(&enrolled)?).line(
        format!("登録しました：{}（{}）　機関：{}", profile.name, profile.subject, profile.organization.ja),
        format!("Enrolled: {} ({}), {}", profile.name, profile.subject, profile.organization.en),
    );
    Ok(if enrolled.pending {
        said.line(
            "管理者でない職員の承認後に使えます（labeler requests）。",
            "It can be used once an officer who is no administrator has approved it (labeler requests).",
        )
        .ending(Code::ApprovalPending)
    } else {
        said
    })
}

/// The name people know this device by, from the system.
fn host_name() -> String {
    std::fs::read_to_string("/etc/hostname")
        .ok()
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .or_else(|| std::env::var("COMPUTERNAME").ok())
        .unwrap_or_else(|| "device".to_owned())
}

/// `sync`
pub fn sync(desk: &Desk, args: &Sync) -> Result<Said> {
    let session = desk.session()?;
    let pending = session.send_pending()?;
    let stock = if args.tickets > 0 { session.fill_tickets(args.tickets)? } else { session.tickets()? };
    let mut said = Said::new(json!({ "pending": value(&pending)?, "tickets": value(&stock)? })).line(
        format!(
            "登録を送信：{} 件、未送信：{} 件。手元のチケット：{} 枚",
            pending.registered, pending.waiting, stock.unspent
        ),
        format!(
            "Sent {} registrations, {} waiting. {} tickets at hand",
            pending.registered, pending.waiting, stock.unspent
        ),
    );
    for failure in &pending.refused {
        said = said.failure(failure);
    }
    Ok(if pending.refused.is_empty() { said } else { said.ending(Code::Partial) })
}

/// `doctor`
pub fn doctor(desk: &Desk) -> Result<Said> {
    let findings = kakuzuke::doctor(&desk.folder()?);
    let worst = findings.iter().map(|f| f.health).max().unwrap_or(Health::Good);
    let mut said = Said::new(value(&findings)?);
    for finding in &findings {
        let (ja, en) = match finding.health {
            Health::Good => ("良", "ok  "),
            Health::Warning => ("注意", "note"),
            Health::Bad => ("不良", "BAD "),
        };
        said = said.line(
            format!("{ja}　{}：{}", finding.name, finding.text.ja),
            format!("{en}  {}: {}", finding.name, finding.text.en),
        );
    }
    Ok(if worst == Health::Bad { said.ending(Code::Profile) } else { said })
}
