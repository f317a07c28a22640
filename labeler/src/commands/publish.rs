//! 点検と公表. What is hidden in documents, and copies without it.

use kakuzuke::code::Code;
use kakuzuke::{Inspected, Overwrite, Publishing, Result};

use super::{Desk, value};
use crate::args::{Cleaning, Inspect, Publish};
use crate::output::Said;

/// `inspect PATH…`; works without a profile. Ends with [`Code::HiddenData`] when something was found.
pub fn inspect(args: &Inspect) -> Result<Said> {
    let mut all = Said::nothing();
    for path in &args.paths {
        let inspected = kakuzuke::inspect(path)?;
        let said = tell(Said::new(value(&inspected)?), &inspected);
        all = all.and(if inspected.is_clean() { said } else { said.ending(Code::HiddenData) });
    }
    Ok(all)
}

fn tell(said: Said, inspected: &Inspected) -> Said {
    let path = inspected.path.display();
    if inspected.is_clean() {
        return said.line(format!("{path}：隠れた情報はありません"), format!("{path}: nothing hidden"));
    }
    let mut said = said.line(format!("{path}"), format!("{path}"));
    for count in &inspected.counts {
        let (ja, en) = match count.fate {
            "removed" => ("公表時に除去", "removed on publication"),
            "on-request" => ("指定すれば除去", "removed on request"),
            _ => ("報告のみ", "only reported"),
        };
        said = said.line(
            format!("　{}（{}）　{} 件　{ja}", count.name.ja, count.category, count.count),
            format!("  {} ({}): {}, {en}", count.name.en, count.category, count.count),
        );
        for found in inspected.findings.iter().filter(|f| f.category == count.category).take(5) {
            said = said.line(
                format!("　　{}：{}", found.spot.ja, found.what.ja),
                format!("    {}: {}", found.spot.en, found.what.en),
            );
        }
    }
    said
}

/// `publish FILE -o OUT`
pub fn publish(desk: &Desk, args: &Publish) -> Result<Said> {
    let session = desk.session()?;
    let mut publishing = publishing(&args.cleaning);
    publishing.overwrite = if args.force { Overwrite::Replace } else { Overwrite::Refuse };
    let published = session.publish(&args.path, &args.output, &publishing)?;
    let mut said = Said::new(value(&published)?).line(
        format!("公表用の写しを作りました：{}", args.output.display()),
        format!("Copy for publication: {}", args.output.display()),
    );
    for count in &published.found.counts {
        if published.remains.counts.iter().any(|c| c.category == count.category) {
            continue;
        }
        said = said.line(
            format!("　除去　{} {} 件", count.name.ja, count.count),
            format!("  removed   {}: {}", count.name.en, count.count),
        );
    }
    for accepted in &published.accepted {
        said = said.line(
            format!("　認めた　{}：{}", accepted.name.ja, accepted.reason),
            format!("  accepted  {}: {}", accepted.name.en, accepted.reason),
        );
    }
    Ok(said)
}

/// What an officer said is to become of hidden data.
pub(super) fn publishing(cleaning: &Cleaning) -> Publishing {
    Publishing {
        accepted: cleaning.accept.iter().cloned().collect(),
        removed: cleaning.remove.clone(),
        overwrite: Overwrite::Refuse,
    }
}
