//! 媒体での持出し, and the media themselves.

use std::path::Path;

use kakuzuke::code::{Code, Text};
use kakuzuke::{Carrying, Departure, Error, Medium, MediumRecord, MediumState, RegisterChange, Result, Route};

use super::{Desk, approve, protect, recall, send, value, zone};
use crate::args::{Media, Takeout};
use crate::output::Said;

/// `takeout FILE… --media ID`, `takeout --return NUMBER`, `takeout --list`, `takeout --overdue`
pub fn takeout(desk: &Desk, args: Takeout) -> Result<Said> {
    if args.list || args.overdue {
        return list(desk, args.overdue);
    }
    if let Some(number) = args.back {
        let departure = desk.session()?.take_back(number, args.at.as_deref())?;
        return Ok(Said::new(value(&departure)?).line(
            format!("台帳 {number} 番の返却を記録しました。媒体に残っていないことを確かめました。"),
            format!("Ledger {number}: returned. Nothing of it is left on the medium."),
        ));
    }
    let (Some(medium), Some(purpose)) = (args.medium, args.purpose) else { return Err(Error::of(Code::Usage)) };
    let carrying = Carrying {
        medium,
        at: args.at,
        until: approve::days_from_now(args.days)?,
        purpose,
        organisation: args.organisation,
        accepted: args.accept,
    };
    let taken = desk.session()?.take_out(&args.paths, &carrying)?;
    let mut said = Said::new(value(&taken)?);
    for file in &taken.files {
        said = said.line(file.display().to_string(), file.display().to_string());
    }
    said = send::accepted(said, &taken.accepted);
    said = notes(said, &taken.notes);
    Ok(said.line(
        format!("媒体に書き、読み返して確かめました（台帳 {} 番、期限 {}）。", taken.ledger, taken.until.japan_text()),
        format!("Written and read back (ledger {}, to be back by {}).", taken.ledger, taken.until.japan_text()),
    ))
}

fn notes(said: Said, notes: &[Text]) -> Said {
    notes.iter().fold(said, |said, note| said.line(format!("　{}", note.ja), format!("  {}", note.en)))
}

fn list(desk: &Desk, overdue: bool) -> Result<Said> {
    let all = desk.session()?.still_out()?;
    let out = |departure: &Departure| departure.route == Route::Medium;
    let shown: Vec<Departure> =
        all.into_iter().filter(|departure| out(departure) && (!overdue || departure.overdue)).collect();
    let mut said = Said::new(value(&shown)?);
    for departure in &shown {
        let medium = departure.medium.as_deref().unwrap_or_default();
        let until = departure.until.map(|until| until.japan_text()).unwrap_or_default();
        let (ja, en) = if departure.overdue { ("　期限切れ", " OVERDUE") } else { ("", "") };
        let (number, by, count) = (departure.number, &departure.by, departure.documents.len());
        said = said.line(
            format!("{number}\t{medium}\t{by}\t{count} 件\t期限 {until}{ja}\t{}", departure.purpose),
            format!("{number}\t{medium}\t{by}\t{count} documents\tuntil {until}{en}\t{}", departure.purpose),
        );
    }
    Ok(if shown.is_empty() {
        said.line("該当する持出しはありません。", "Nothing of the kind is out.")
    } else {
        said
    })
}

/// `media list`, `media add ID …`, `media mark ID --at DIR`, `media return ID`, `media lost ID`
pub fn media(desk: &Desk, command: Media) -> Result<Said> {
    match command {
        Media::List => media_list(desk),
        Media::Add { id, what, keeper, from, reason } => {
            let keeper = protect::subject(&keeper)?;
            let medium = Medium { id, what, keeper, organisation: from };
            zone::applied(&desk.session()?.propose_register(RegisterChange::Medium(medium), &reason)?)
        }
        Media::Mark { id, at } => mark(desk, &id, &at),
        Media::Return { id, reason } => {
            let record = desk.session()?.return_medium(&id, &reason)?;
            Ok(Said::new(value(&record)?)
                .line(format!("媒体 {id} の返却を記録しました。"), format!("Medium {id}: returned.")))
        }
        Media::Lost { id, reason, report } => {
            let found = desk.session()?.lose_medium(&id, &reason)?;
            recall::tell(desk, found, &reason, report.as_deref())
        }
    }
}

fn mark(desk: &Desk, id: &str, at: &Path) -> Result<Said> {
    let found = desk.session()?.mark_medium(id, at)?;
    let said = Said::new(serde_json::json!({ "medium": id, "at": at, "notes": value(&found)? }));
    Ok(notes(said, &found).line(format!("媒体 {id} に印を付けました。"), format!("Medium {id} is marked.")))
}

fn media_list(desk: &Desk) -> Result<Said> {
    let media = desk.session()?.registers()?.media;
    let mut said = Said::new(value(&media)?);
    for MediumRecord { medium, state, marked, out } in &media {
        let (ja, en) = match state {
            MediumState::Active if *marked => ("使用中", "in use"),
            MediumState::Active => ("印なし", "not marked"),
            MediumState::Returned => ("返却", "returned"),
            MediumState::Lost => ("紛失", "LOST"),
        };
        let from = medium.organisation.as_deref().unwrap_or("支給");
        let (id, what, keeper) = (&medium.id, &medium.what, &medium.keeper);
        said = said.line(
            format!("{id}\t{what}\t{keeper}\t{from}\t{ja}\t持出し中 {}", out.len()),
            format!("{id}\t{what}\t{keeper}\t{from}\t{en}\tout {}", out.len()),
        );
    }
    Ok(if media.is_empty() {
        said.line("登録された媒体はありません。", "No media are registered.")
    } else {
        said
    })
}
