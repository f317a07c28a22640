//! 送信. Each document is decided on for each addressee; whoever it goes to may open this copy of it, and nobody else
//! (3.1.1(5)(b), (6)(b)).

use std::collections::BTreeMap;

use kakuzuke_core::address::MailAddress;
use kakuzuke_core::audit::EntryKind;
use kakuzuke_core::code::Code;
use kakuzuke_core::protocol::{Departure, Route, SendRequest};

use super::{Draft, Item, MOST, bind_all, enter, merged, refuse, row_of};
use crate::app::App;
use crate::auth::Principal;
use crate::decide::{Action, Facts, Granted};
use crate::refusal::Refusal;
use crate::registers::{self, Reach};
use crate::store::{AddresseeRow, DestinationRow, Given, Reader, StoreError, SubjectRow, Verified};

/// An addressee as the registers know them.
struct Known {
    address: MailAddress,
    reach: Reach,
    subject: Option<(Verified<SubjectRow>, u64)>,
}

/// 送信の許可.
///
/// # Errors
/// [`Refusal`] with clause and addressee when one document may not go to one of them, after an entry: then none goes.
pub fn send(app: &App, who: &Principal, request: &SendRequest) -> Result<Departure, Refusal> {
    if request.to.is_empty() || request.to.len() > MOST {
        return Err(Refusal::of(Code::LimitExceeded));
    }
    let items = bind_all(app, who, &request.items, &request.purpose)?;
    items.iter().try_for_each(|item| item.demand_sealed(app))?;
    let addressees = app.store.read(|reader| look_up(app, reader, &request.to))?;
    let mut granted = Vec::new();
    for item in &items {
        for (known, people) in groups(&addressees) {
            granted.extend(decide(app, who, item, &known, &people)?);
        }
    }
    let mut row = row_of(app, who, Route::Mail, request.request, &request.purpose);
    row.until = request.until;
    row.documents = items.iter().filter_map(Item::departed).collect();
    row.given = addressees.iter().map(given).collect();
    let standing = items.iter().filter_map(Item::stands).collect();
    let expected = expected(&addressees);
    let draft = Draft { row, kind: EntryKind::Sent, policies: merged(granted), note: None, standing };
    enter(app, who, draft, move |reader| unchanged(reader, &expected))
}

fn look_up(app: &App, reader: &Reader<'_>, to: &[MailAddress]) -> Result<Vec<Known>, StoreError> {
    let mut addressees: Vec<&MailAddress> = to.iter().collect();
    addressees.sort();
    addressees.dedup();
    let now = app.now();
    let known = |address: &MailAddress| {
        let reach = registers::reach(reader, address.domain(), now)?;
        let subject = registers::subject_of(reader, address.as_str(), now)?;
        Ok(Known { address: address.clone(), reach, subject })
    };
    addressees.into_iter().map(known).collect()
}

/// Addressees about whom the same is known, so that each is decided on once.
fn groups(addressees: &[Known]) -> Vec<(Reach, Vec<&Known>)> {
    let mut groups: BTreeMap<(&str, bool), Vec<&Known>> = BTreeMap::new();
    for known in addressees {
        groups.entry((known.address.domain(), known.subject.is_some())).or_default().push(known);
    }
    groups.into_values().filter_map(|group| Some((group.first()?.reach, group))).collect()
}

fn decide(app: &App, who: &Principal, item: &Item, reach: &Reach, group: &[&Known]) -> Result<Vec<Granted>, Refusal> {
    let people: Vec<&SubjectRow> =
        group.iter().filter_map(|known| known.subject.as_ref()).map(|(subject, _)| &**subject).collect();
    let (outside, revoked) = (item.has_outsider(app, &people), item.has_revoked(&people));
    let mut granted = Vec::new();
    for facts in item.facts(app, who, Action::Send) {
        let facts = Facts {
            destination: reach.place,
            destination_level: reach.level,
            internet: reach.internet,
            addressee_unknown: people.len() < group.len(),
            // Whoever is nobody we know is in no audience.
            addressee_outside: outside || people.len() < group.len() && item.is_bounded(app),
            addressee_revoked: revoked,
            ..facts
        };
        match app.engine.decide(Action::Send, &facts) {
            Ok(yes) => granted.push(yes),
            Err(denial) => {
                let about: Vec<String> = group.iter().map(|known| known.address.to_string()).collect();
                return refuse(app, who, EntryKind::SendDenied, Some(item), &denial, &about);
            }
        }
    }
    Ok(granted)
}

impl Item {
    /// Whether a label of it names who may read.
    fn is_bounded(&self, app: &App) -> bool {
        let now = app.now();
        self.labels().any(|label| !label.audiences(now).is_empty())
    }
}

fn given(known: &Known) -> Given {
    let subject = known.subject.as_ref().map(|(subject, _)| subject.id.clone());
    Given { address: known.address.to_string(), subject, stopped: None }
}

type Expected = Vec<(String, Option<u64>, String, Option<u64>)>;

fn expected(addressees: &[Known]) -> Expected {
    let rows = |known: &Known| {
        let person = known.subject.as_ref().map(|(_, entry)| *entry);
        (known.address.domain().to_owned(), known.reach.entry, known.address.to_string(), person)
    };
    addressees.iter().map(rows).collect()
}

/// The registers still say what was decided on.
fn unchanged(reader: &Reader<'_>, expected: &Expected) -> Result<bool, StoreError> {
    for (domain, reach, address, person) in expected {
        let destination = reader.get::<DestinationRow>(domain.as_bytes())?.map(|row| row.entry());
        let addressee = reader.get::<AddresseeRow>(address.as_bytes())?.map(|row| row.entry());
        if destination != *reach || person.is_some() && addressee != *person {
            return Ok(false);
        }
    }
    Ok(true)
}
