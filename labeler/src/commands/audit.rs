//! 監査. Whether the log holds together: from the key server, or from an exported file, offline.

use std::path::Path;

use kakuzuke::code::{Code, Text};
use kakuzuke::{Error, LogReport, Result};

use super::{Desk, value};
use crate::output::Said;

const NO_KEY: Text = Text::fixed(
    "検証鍵が要ります（--key）。鍵は機関の説明書（/v1/authority）にあります。",
    "The verifier key is needed (--key); the authority's description (/v1/authority) has it.",
);

/// `audit verify [FILE --key KEY]`
pub fn verify(desk: &Desk, file: Option<&Path>, key: Option<&str>) -> Result<Said> {
    let report = match (file, key) {
        (None, _) => desk.session()?.verify_log()?,
        (Some(file), Some(key)) => kakuzuke::verify_log_file(file, key)?,
        // Without a profile there is nothing to hold the file against.
        (Some(file), None) => match desk.session() {
            Ok(session) => kakuzuke::verify_log_file(file, &session.log_key())?,
            Err(_) => return Err(Error::new(Code::Usage, NO_KEY)),
        },
    };
    tell(&report)
}

/// `audit export -o FILE`
pub fn export(desk: &Desk, output: &Path) -> Result<Said> {
    let entries = desk.session()?.export_log(output)?;
    let (path, value) = (output.display(), serde_json::json!({ "path": output, "entries": entries }));
    Ok(Said::new(value).line(format!("{path}：{entries} 件を出力しました。"), format!("{path}: {entries} entries.")))
}

fn tell(report: &LogReport) -> Result<Said> {
    let said = Said::new(value(report)?).line(
        format!("監査ログは正しく連なっています：{} 件（{}）", report.size, report.origin),
        format!("The audit log holds together: {} entries ({})", report.size, report.origin),
    );
    let said = said.line(
        format!("　根　{}　計算し直した記録：{} 件", report.root, report.entries_checked),
        format!("  root {}, entries computed anew: {}", report.root, report.entries_checked),
    );
    Ok(match report.consistent_with {
        Some(size) => said.line(
            format!("　前回確認した {size} 件を含みます。"),
            format!("  It extends the {size} entries seen before."),
        ),
        None => said,
    })
}
