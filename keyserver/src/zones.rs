//! 要管理対策区域. The table of what counts as inside: a listed network, of an enrolled device, and no part of it that is
//! reached from outside. It belongs to the 統括 and 区域情報セキュリティ責任者: nobody changes it without one of them (3.2.1).

use std::net::IpAddr;

use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::id::ApprovalId;
use kakuzuke_core::licence::Rights;
use kakuzuke_core::protocol::{ApprovalKind, ApprovalRequest, Zone, ZoneChange};
use kakuzuke_core::time::Timestamp;

use crate::app::App;
use crate::approvals::{kind_name, post};
use crate::auth::Principal;
use crate::random::bytes;
use crate::refusal::Refusal;
use crate::store::{ApprovalRow, Change, PostKind, Reader, Standing, StoreError, ZoneRow};

/// This machine alone: the zone of the embedded default.
pub const LOOPBACK: [&str; 2] = ["127.0.0.0/8", "::1/128"];
/// Name of the zone an authority begins with.
pub const FIRST: &str = "設立時の区域";
/// A zone has to be reviewed within this time: one year.
pub const REVIEW_SECONDS: i64 = 366 * 86_400;
/// A proposal that nobody approved within 30 days is dead.
const PROPOSAL_SECONDS: i64 = 30 * 86_400;
/// Networks of a zone, and characters of its name and place.
const MOST: usize = 200;

const UNUSABLE: Text = Text::fixed(
    "区域の内容が正しくありません。名称、場所、「アドレス/プレフィックス」の形のネットワーク、１年以内の見直し期日が必要です。",
    "The zone can't be used: it needs a name, a place, networks as address/prefix, and a review within a year.",
);

/// Whether an address lies in a zone in force, and not in a part excepted from it. Unknown is outside.
///
/// # Errors
/// [`StoreError::Altered`] when a zone is not as it was written.
pub fn is_inside(reader: &Reader<'_>, address: IpAddr) -> Result<bool, StoreError> {
    let contain = |networks: &[String]| networks.iter().filter_map(|n| Network::parse(n)).any(|n| n.contains(address));
    let zones = reader.list::<ZoneRow>()?;
    let mut active = zones.iter().filter(|zone| zone.standing == Standing::Active);
    // A part excepted anywhere is outside, whatever another zone says.
    let excepted = zones.iter().any(|zone| zone.standing == Standing::Active && contain(&zone.except));
    Ok(!excepted && active.any(|zone| contain(&zone.networks)))
}

/// The zone an authority is founded with.
///
/// # Errors
/// When a network can't be read.
pub fn first(networks: &[String], now: Timestamp) -> Result<ZoneRow, Refusal> {
    let zone = Zone {
        name: FIRST.to_owned(),
        networks: networks.to_vec(),
        except: Vec::new(),
        place: FIRST.to_owned(),
        review: now.plus(REVIEW_SECONDS),
    };
    usable(zone, now)
}

fn usable(zone: Zone, now: Timestamp) -> Result<ZoneRow, Refusal> {
    let short =
        |text: &str| !text.trim().is_empty() && text.chars().count() <= MOST && !text.chars().any(char::is_control);
    let read = |networks: &[String]| networks.len() <= MOST && networks.iter().all(|n| Network::parse(n).is_some());
    let fits = short(&zone.name)
        && short(&zone.place)
        && !zone.networks.is_empty()
        && read(&zone.networks)
        && read(&zone.except)
        && now < zone.review
        && zone.review <= now.plus(REVIEW_SECONDS);
    if !fits {
        return Err(Refusal::new(Code::Usage, UNUSABLE));
    }
    let Zone { name, networks, except, place, review } = zone;
    Ok(ZoneRow { name: name.trim().to_owned(), networks, except, place, review, standing: Standing::Active })
}

/// The zones in force, for whoever is enrolled.
///
/// # Errors
/// When rows can't be read.
pub fn list(app: &App) -> Result<Vec<Zone>, Refusal> {
    let zones = app.store.read(|reader| reader.list::<ZoneRow>())?;
    let active = zones.into_iter().filter(|zone| zone.standing == Standing::Active);
    Ok(active
        .map(|zone| {
            let ZoneRow { name, networks, except, place, review, .. } = zone.into_row();
            Zone { name, networks, except, place, review }
        })
        .collect())
}

/// The application for a change: of an administrator or an officer, decided by neither of whom applied.
///
/// # Errors
/// [`Refusal`] when it says nothing usable, or of a zone there is none of.
pub fn proposal(app: &App, who: &Principal, asked: &ApprovalRequest) -> Result<ApprovalRow, Refusal> {
    let now = app.now();
    let roles = who.subject().roles;
    if !(roles.officer || roles.administrator) {
        return Err(Refusal::of(Code::Denied));
    }
    let zone = match asked.zone.clone().ok_or_else(|| Refusal::new(Code::Usage, UNUSABLE))? {
        ZoneChange::Set(zone) => usable(zone, now)?,
        ZoneChange::Remove(name) => {
            let known = app.store.read(|reader| reader.get::<ZoneRow>(name.as_bytes()))?;
            let known = known.filter(|zone| zone.standing == Standing::Active);
            let known = known.ok_or_else(|| Refusal::new(Code::Usage, UNUSABLE))?;
            ZoneRow { standing: Standing::Ended, ..known.into_row() }
        }
    };
    Ok(ApprovalRow {
        number: 0,
        id: ApprovalId::from_bytes(bytes()),
        applicant: who.subject().id.clone(),
        kind: kind_name(ApprovalKind::Zone),
        document: None,
        lineage: None,
        rights: Rights::NONE,
        reason: asked.reason.clone(),
        until: now.plus(PROPOSAL_SECONDS),
        proposed: None,
        change: Some(Change { summary: summary(&zone), zone: Some(zone), ..Change::default() }),
        posts: vec![post(PostKind::Zone, "")],
        decisions: Vec::new(),
        asked: now,
    })
}

fn summary(zone: &ZoneRow) -> String {
    if zone.standing == Standing::Ended {
        return format!("区域「{}」の廃止 / zone ended", zone.name);
    }
    let except = if zone.except.is_empty() { String::new() } else { format!("（除く {}）", zone.except.join(" ")) };
    format!("区域「{}」＝{}{except}、{}", zone.name, zone.networks.join(" "), zone.place)
}

/// A network: address and prefix length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    bits: u128,
    prefix: u32,
    v6: bool,
}

impl Network {
    /// Reads `address/prefix`, IPv4 or IPv6.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        let (bits, v6) = to_bits(address.parse().ok()?);
        let prefix: u32 = prefix.parse().ok().filter(|number: &u32| number.to_string() == prefix)?;
        let width = if v6 { 128 } else { 32 };
        (prefix <= width).then_some(Self { bits, prefix, v6 })
    }

    /// Whether it contains an address. An IPv4 address mapped into IPv6 counts as IPv4.
    #[must_use]
    pub fn contains(&self, address: std::net::IpAddr) -> bool {
        let (bits, v6) = to_bits(address.to_canonical());
        let width = if v6 { 128 } else { 32 };
        v6 == self.v6 && (self.prefix == 0 || (bits ^ self.bits) >> (width - self.prefix) == 0)
    }
}

fn to_bits(address: std::net::IpAddr) -> (u128, bool) {
    match address {
        std::net::IpAddr::V4(v4) => (u128::from(u32::from(v4)), false),
        std::net::IpAddr::V6(v6) => (u128::from(v6), true),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test may panic")]
    use super::Network;

    #[test]
    fn networks_contain_what_they_say_and_nothing_else() {
        let office = Network::parse("10.1.0.0/16").unwrap();
        assert!(office.contains("10.1.255.3".parse().unwrap()));
        assert!(office.contains("::ffff:10.1.0.9".parse().unwrap()));
        assert!(!office.contains("10.2.0.1".parse().unwrap()));
        assert!(!office.contains("::1".parse().unwrap()));
        assert!(Network::parse("fd00::/8").unwrap().contains("fd12::1".parse().unwrap()));
        assert!(Network::parse("0.0.0.0/33").is_none());
        assert!(Network::parse("nonsense").is_none());
        assert!(Network::parse("10.0.0.0/+8").is_none() && Network::parse("10.0.0.0/0000008").is_none());
    }
}
