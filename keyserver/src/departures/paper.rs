//! 印刷. Numbered prints, each for somebody: the number says later whose the paper was (1.1(2)(b), 3.1.1(7)(c)).

use kakuzuke_core::audit::EntryKind;
use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::protocol::{CopyState, Departure, PrintRequest, Route};

use super::{Draft, Item, MOST, bind_all, enter, merged, refuse, row_of};
use crate::app::App;
use crate::auth::Principal;
use crate::decide::Action;
use crate::directory::plain;
use crate::refusal::Refusal;
use crate::store::Printed;

/// Longest name of a holder, in characters.
const HOLDER: usize = 40;

const HOLDERS: Text = Text::fixed(
    "部数は 1 から 100 まで、配付先の名前は 40 字までです。",
    "From 1 to 100 copies, each for somebody named in at most 40 characters.",
);

/// 印刷の許可.
///
/// # Errors
/// [`Refusal`] with its clause when it may not be printed, after an entry.
pub fn print(app: &App, who: &Principal, request: &PrintRequest) -> Result<Departure, Refusal> {
    let named =
        |holder: &String| !holder.trim().is_empty() && holder.chars().count() <= HOLDER && plain(holder) == *holder;
    if request.holders.is_empty() || request.holders.len() > MOST || !request.holders.iter().all(named) {
        return Err(Refusal::new(Code::Usage, HOLDERS));
    }
    let items = bind_all(app, who, std::slice::from_ref(&request.item), &request.purpose)?;
    let mut granted = Vec::new();
    for item in &items {
        for facts in item.facts(app, who, Action::Print) {
            match app.engine.decide(Action::Print, &facts) {
                Ok(yes) => granted.push(yes),
                Err(denial) => return refuse(app, who, EntryKind::PrintDenied, Some(item), &denial, &[]),
            }
        }
    }
    let mut row = row_of(app, who, Route::Paper, request.request, &request.purpose);
    row.documents = items.iter().filter_map(Item::departed).collect();
    let copy = |(number, holder): (u16, &String)| Printed {
        number,
        holder: holder.trim().to_owned(),
        state: CopyState::Out,
        since: None,
    };
    row.copies = (1..).zip(&request.holders).map(copy).collect();
    let standing = items.iter().filter_map(Item::stands).collect();
    let draft = Draft { row, kind: EntryKind::Printed, policies: merged(granted), note: None, standing };
    enter(app, who, draft, |_| Ok(true))
}
