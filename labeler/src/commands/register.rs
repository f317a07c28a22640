//! 送付先と宛先.

use kakuzuke::code::Code;
use kakuzuke::{Addressee, Destination, Error, MailAddress, RegisterChange, Result};

use super::{Desk, approve, protect, value, zone};
use crate::args::{Addressees, DestinationKind, Destinations};
use crate::output::Said;

/// `destination list`, `destination set DOMAIN …`, `destination remove DOMAIN`
pub fn destinations(desk: &Desk, command: Destinations) -> Result<Said> {
    let (change, reason) = match command {
        Destinations::List => return destination_list(desk),
        Destinations::Set { domain, kind, organisation, highest, dedicated, review_days, reason } => {
            let destination = Destination {
                domain,
                kind: kind_of(kind),
                organisation,
                highest,
                internet: !dedicated,
                review: approve::days_from_now(review_days)?,
                decided: None,
            };
            (RegisterChange::Destination(destination), reason)
        }
        Destinations::Remove { domain, reason } => (RegisterChange::DestinationEnd(domain), reason),
    };
    zone::applied(&desk.session()?.propose_register(change, &reason)?)
}

const fn kind_of(kind: DestinationKind) -> kakuzuke::DestinationKind {
    match kind {
        DestinationKind::Own => kakuzuke::DestinationKind::Own,
        DestinationKind::Outside => kakuzuke::DestinationKind::Outside,
        DestinationKind::Terms => kakuzuke::DestinationKind::Terms,
    }
}

fn destination_list(desk: &Desk) -> Result<Said> {
    let destinations = desk.session()?.registers()?.destinations;
    let mut said = Said::new(value(&destinations)?);
    for found in &destinations {
        let (ja, en) = match found.kind {
            kakuzuke::DestinationKind::Own => ("自機関", "own"),
            kakuzuke::DestinationKind::Outside => ("機関の外", "outside"),
            kakuzuke::DestinationKind::Terms => ("約款による外部サービス", "public terms"),
        };
        let by =
            found.decided.as_ref().map(|d| format!("{} {} {}", d.post, d.by, d.at.japan_text())).unwrap_or_default();
        let (domain, whose, highest, review) =
            (&found.domain, &found.organisation, found.highest, found.review.japan_text());
        said = said.line(
            format!("{domain}\t{whose}\t{ja}\t機密性{highest}まで\t決定 {by}\t見直し期日 {review}"),
            format!("{domain}\t{whose}\t{en}\tup to confidentiality {highest}\tdecided by {by}\treview by {review}"),
        );
    }
    Ok(if destinations.is_empty() {
        said.line("送付先は決定されていません。", "No destination was decided on.")
    } else {
        said
    })
}

/// `addressee list`, `addressee set ADDRESS SUBJECT`, `addressee remove ADDRESS`
pub fn addressees(desk: &Desk, command: Addressees) -> Result<Said> {
    let (change, reason) = match command {
        Addressees::List => return addressee_list(desk),
        Addressees::Set { address, subject, reason } => {
            let addressee = Addressee { address: address_of(&address)?, subject: protect::subject(&subject)? };
            (RegisterChange::Addressee(addressee), reason)
        }
        Addressees::Remove { address, reason } => (RegisterChange::AddresseeEnd(address_of(&address)?), reason),
    };
    zone::applied(&desk.session()?.propose_register(change, &reason)?)
}

fn address_of(text: &str) -> Result<MailAddress> {
    text.parse().map_err(|e: kakuzuke::AddressError| Error::new(Code::Usage, e.text()))
}

fn addressee_list(desk: &Desk) -> Result<Said> {
    let addressees = desk.session()?.registers()?.addressees;
    let mut said = Said::new(value(&addressees)?);
    for found in &addressees {
        let line = format!("{}\t{}", found.address, found.subject);
        said = said.line(line.clone(), line);
    }
    Ok(if addressees.is_empty() {
        said.line("宛先は登録されていません。", "No addresses are registered.")
    } else {
        said
    })
}
