//! 持出し. Onto a registered medium that shows its own mark, decided on as outside the zone (3.1.1(4)(e), (6)(a), 8.1.1(3)(k)).

use kakuzuke_core::audit::EntryKind;
use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::protocol::{Departure, Route, TakeOutRequest};

use super::{Draft, Item, bind_all, enter, merged, refuse, row_of};
use crate::app::App;
use crate::auth::Principal;
use crate::decide::{Action, Facts};
use crate::media;
use crate::refusal::Refusal;
use crate::store::MediumRow;

/// Out at most this long: one year.
const LONGEST_SECONDS: i64 = 366 * 86_400;

const UNTIL: Text = Text::fixed(
    "持出しの期限は、今より後、１年以内としてください（--until）。",
    "Say until when it is out: after now, within a year (--until).",
);

/// 媒体での持出しの許可.
///
/// # Errors
/// [`Refusal`] with its clause when one document may not leave on this medium, after an entry: then none does.
pub fn take_out(app: &App, who: &Principal, request: &TakeOutRequest) -> Result<Departure, Refusal> {
    let now = app.now();
    if request.until <= now || request.until > now.plus(LONGEST_SECONDS) {
        return Err(Refusal::new(Code::Usage, UNTIL));
    }
    let items = bind_all(app, who, &request.items, &request.purpose)?;
    items.iter().try_for_each(|item| item.demand_sealed(app))?;
    let medium = app.store.read(|reader| media::shown(app, reader, who, request))?;
    let to_others = request.organisation.as_ref().is_some_and(|name| !name.trim().is_empty());
    let mut granted = Vec::new();
    for item in &items {
        for facts in item.facts_of_carrying(app, who, to_others) {
            // Wherever a medium is carried, it is not the zone.
            let facts = Facts { inside: false, ..medium.facts(facts) };
            match app.engine.decide(Action::Carry, &facts) {
                Ok(yes) => granted.push(yes),
                Err(denial) => {
                    let about = [request.medium.chars().filter(|c| !c.is_control()).take(40).collect()];
                    return refuse(app, who, EntryKind::TakeOutDenied, Some(item), &denial, &about);
                }
            }
        }
    }
    let mut row = row_of(app, who, Route::Medium, request.request, &request.purpose);
    row.until = Some(request.until);
    row.medium = Some(request.medium.clone());
    row.documents = items.iter().filter_map(Item::departed).collect();
    let standing = items.iter().filter_map(Item::stands).collect();
    let note = request.organisation.as_ref().map(|name| format!("運搬先：{}", name.trim()));
    let (key, entry) = (request.medium.as_bytes().to_vec(), medium.entry);
    let draft = Draft { row, kind: EntryKind::TakenOut, policies: merged(granted), note, standing };
    enter(app, who, draft, move |reader| Ok(reader.get::<MediumRow>(&key)?.map(|row| row.entry()) == entry))
}
