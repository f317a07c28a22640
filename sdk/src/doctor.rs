//! 点検. How this device stands: what works, what a person should know, what does not work and what to do.

use std::path::Path;

use kakuzuke_core::code::Text;
use kakuzuke_core::protocol::{SignedAuthority, paths};

use crate::profile::{Folder, protected_by_user};
use crate::reports::{Finding, Health};
use crate::session::{Session, SessionOptions};
use crate::transport::Method;

/// Checks a profile and what it needs.
#[must_use]
pub fn doctor(folder: &Path) -> Vec<Finding> {
    let mut findings = Vec::new();
    let session = match Session::open_with(folder, &SessionOptions::default()) {
        Ok(session) => session,
        Err(error) => {
            findings.push(Finding { name: "profile", health: Health::Bad, text: error.text().clone() });
            return findings;
        }
    };
    let info = session.profile();
    findings.push(good(
        "profile",
        format!("{}（{}）　{}", info.name, info.subject, info.organization.ja),
        format!("{} ({}), {}", info.name, info.subject, info.organization.en),
    ));
    findings.push(keys(folder));
    findings.push(server(&session));
    findings.push(clock(&session));
    findings.extend(stock(&session));
    findings
}

fn good(name: &'static str, ja: String, en: String) -> Finding {
    Finding { name, health: Health::Good, text: Text::new(ja, en) }
}

fn keys(folder: &Path) -> Finding {
    let protected = Folder::open(folder).is_ok_and(|folder| protected_by_user(&folder));
    if protected {
        good("keys", "鍵はパスフレーズで保護されています。".into(), "The keys lie under a passphrase.".into())
    } else {
        let text = Text::fixed(
            "鍵はパスフレーズで保護されていません。この端末のファイルを読める者は鍵も読めます。",
            "The keys are not under a passphrase: whoever reads this device's files can read them.",
        );
        Finding { name: "keys", health: Health::Warning, text }
    }
}

fn server(session: &Session) -> Finding {
    let desk = &session.0;
    let asked: crate::error::Result<SignedAuthority> = desk.server.ask(Method::Get, paths::AUTHORITY, None);
    let kept = asked.and_then(|answer| {
        desk.profile.keep_description(desk.provider, answer.description.as_slice(), desk.clock.now())
    });
    match kept {
        Ok(()) if desk.profile.description().single_operator => Finding {
            name: "server",
            health: Health::Warning,
            text: Text::fixed(
                "鍵サーバに接続できました。承認する職員がまだいません（single-operator）。",
                "The key server answers. There is no officer yet to approve changes (single-operator).",
            ),
        },
        Ok(()) => good("server", "鍵サーバに接続できました。".into(), "The key server answers.".into()),
        Err(error) => Finding { name: "server", health: Health::Bad, text: error.text().clone() },
    }
}

fn clock(session: &Session) -> Finding {
    match session.0.now() {
        Ok(_) => good("clock", "時計は正常です。".into(), "The clock is all right.".into()),
        Err(error) => Finding { name: "clock", health: Health::Bad, text: error.text().clone() },
    }
}

fn stock(session: &Session) -> Vec<Finding> {
    let mut findings = Vec::new();
    let tickets = session.tickets().map_or(0, |stock| stock.unspent);
    findings.push(good(
        "tickets",
        format!("オフライン用のチケット：{tickets} 枚（labeler sync で補充）"),
        format!("Tickets for offline protecting: {tickets} (labeler sync fetches more)"),
    ));
    let leases = session.leases().map_or(0, |leases| leases.len());
    findings.push(good("leases", format!("有効な貸出し：{leases} 件"), format!("Leases: {leases}")));
    let pending = session.0.profile.folder().inner("pending").and_then(|folder| folder.names(".json"));
    let pending = pending.map_or(0, |names| names.len());
    let text = Text::new(
        format!("鍵サーバに未登録の文書：{pending} 件（labeler sync で送信）"),
        format!("Documents not yet registered: {pending} (labeler sync sends them)"),
    );
    let health = if pending == 0 { Health::Good } else { Health::Warning };
    findings.push(Finding { name: "pending", health, text });
    findings.extend(drafts(session));
    findings
}

fn drafts(session: &Session) -> Vec<Finding> {
    let finding = |health, text| Finding { name: "drafts", health, text };
    let rescue = match session.rescue_edits() {
        Ok(rescue) => rescue,
        Err(error) => return vec![finding(Health::Bad, error.text().clone())],
    };
    let mut findings = Vec::new();
    if rescue.removed > 0 {
        let text = Text::new(
            format!("異常終了した編集の写しを {} 件片付けました。", rescue.removed),
            format!("Working copies of edits that ended badly, removed: {}.", rescue.removed),
        );
        findings.push(finding(Health::Warning, text));
    }
    findings.extend(rescue.saved.iter().map(|saved| finding(Health::Warning, saved.text())));
    findings.extend(rescue.unsaved.iter().map(|failure| finding(Health::Bad, failure.text.clone())));
    findings
}
