//! 提供の取消し.

use std::path::Path;

use kakuzuke::code::{Code, Text};
use kakuzuke::{Error, RecallFrom, RecallReport, Recalled, Result, Right};

use super::{Desk, value};
use crate::args::Recall;
use crate::output::Said;

/// `recall FILE`, `recall --number N`, `recall --media ID`, `recall --recipient ADDRESS`. Ends with [`Code::Partial`] when
/// something of it is others' to call back.
pub fn recall(desk: &Desk, args: Recall) -> Result<Said> {
    let from = match (args.path, args.number, args.medium) {
        (Some(path), None, None) => RecallFrom::File(path),
        (None, Some(number), None) => RecallFrom::Number(number),
        (None, None, Some(medium)) => RecallFrom::Medium(medium),
        (None, None, None) if args.recipient.is_some() => RecallFrom::Addressee,
        _ => return Err(Error::of(Code::Usage)),
    };
    let what = kakuzuke::Recall { from, recipient: args.recipient, suspend: args.suspend, reason: args.reason.clone() };
    let recalled = desk.session()?.recall(&what)?;
    say(desk, &recalled, &args.reason, args.report.as_deref())
}

/// What a lost medium came to.
pub(super) fn tell(desk: &Desk, report: RecallReport, reason: &str, path: Option<&Path>) -> Result<Said> {
    say(desk, &Recalled::new(report), reason, path)
}

fn say(desk: &Desk, recalled: &Recalled, reason: &str, path: Option<&Path>) -> Result<Said> {
    let report = &recalled.report;
    let mut said = Said::new(value(recalled)?);
    for departure in &report.departures {
        for recipient in &departure.recipients {
            let Some(stopped) = recipient.stopped else { continue };
            said = said.line(
                format!("{}：取り消しました（{}、台帳 {}）", recipient.address, stopped.japan_text(), departure.number),
                format!("{}: stopped ({}, ledger {})", recipient.address, stopped.japan_text(), departure.number),
            );
        }
    }
    for document in &report.suspended {
        said = said.line(format!("文書 {document}：利用停止"), format!("document {document}: suspended"));
    }
    for opened in &report.openings {
        let export = opened.rights.allows(Right::Export);
        let (ja, en) = if export { ("、平文での出力を許可", ", could write it in clear") } else { ("", "") };
        said = said.line(
            format!("　開封：{} {}{ja}（ログ {}）", opened.at.japan_text(), opened.subject, opened.entry),
            format!("  opened: {} {}{en} (log entry {})", opened.at.japan_text(), opened.subject, opened.entry),
        );
    }
    if report.openings.is_empty() {
        said = said.line("　開封の記録はありません。", "  No opening is recorded.");
    }
    let list = |said: Said, texts: &[Text], ja: &str, en: &str| {
        texts.iter().fold(said, |said, text| said.line(format!("　{ja}{}", text.ja), format!("  {en}{}", text.en)))
    };
    said = list(said, &report.not_reached, "及ばない範囲：", "not reached: ");
    said = list(said, &recalled.notes, "", "");
    if let Some(path) = path {
        desk.session()?.write_recall_report(recalled, reason, path)?;
        said = said.line(format!("報告書の案：{}", path.display()), format!("Draft of the report: {}", path.display()));
    }
    Ok(if report.passed_over > 0 { said.ending(Code::Partial) } else { said })
}
