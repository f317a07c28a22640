//! 要管理対策区域.

use kakuzuke::{ApprovalRecord, Result, Zone, ZoneChange};

use super::{Desk, approve, value};
use crate::args::{ZoneSet, Zones};
use crate::output::Said;

/// `zone list`, `zone set NAME …`, `zone remove NAME`
pub fn zone(desk: &Desk, command: Zones) -> Result<Said> {
    match command {
        Zones::List => list(desk),
        Zones::Set(args) => set(desk, args),
        Zones::Remove { name, reason } => applied(&desk.session()?.propose_zone(ZoneChange::Remove(name), &reason)?),
    }
}

fn list(desk: &Desk) -> Result<Said> {
    let zones = desk.session()?.zones()?;
    let mut said = Said::new(value(&zones)?);
    for zone in &zones {
        let Zone { name, networks, except, place, review } = zone;
        let (networks, review) = (networks.join(" "), review.japan_text());
        let (ja, en) = match except.as_slice() {
            [] => (String::new(), String::new()),
            except => (format!("（除く {}）", except.join(" ")), format!(" except {}", except.join(" "))),
        };
        said = said.line(
            format!("{name}\t{networks}{ja}\t{place}\t見直し期日 {review}"),
            format!("{name}\t{networks}{en}\t{place}\treview by {review}"),
        );
    }
    Ok(if zones.is_empty() {
        said.line("区域はありません。すべて区域外です。", "No zones: everything is outside.")
    } else {
        said
    })
}

fn set(desk: &Desk, args: ZoneSet) -> Result<Said> {
    let review = approve::days_from_now(args.review_days)?;
    let zone = Zone { name: args.name, networks: args.networks, except: args.except, place: args.place, review };
    applied(&desk.session()?.propose_zone(ZoneChange::Set(zone), &args.reason)?)
}

pub(super) fn applied(record: &ApprovalRecord) -> Result<Said> {
    let waiting = record.waiting_for.join("、");
    Ok(Said::new(value(record)?).line(
        format!("申請 {} 番を受け付けました。承認待ち：{waiting}", record.number),
        format!("Application {} received. Waiting for: {waiting}", record.number),
    ))
}
