//! 印刷. Numbered prints, and what became of them.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use kakuzuke::code::{Code, Text};
use kakuzuke::{Cancel, CopyState, Departure, Error, Result, Route, Settlement};

use super::{Desk, value};
use crate::args::{Copies, Print, Prints};
use crate::output::Said;
use crate::platform::ENDING;

const HOLDERS: Text =
    Text::fixed("配付先（--for）は部数だけ指定してください。", "Name as many holders (--for) as there are copies.");

/// `print FILE --copies N -o OUT.pdf`
pub fn print(desk: &Desk, args: &Print) -> Result<Said> {
    let session = desk.session()?;
    let holders = if args.holders.is_empty() {
        vec![session.profile().name.clone(); usize::from(args.copies)]
    } else {
        args.holders.clone()
    };
    // As many as were named, where no other number was.
    if !args.holders.is_empty() && args.copies != 1 && holders.len() != usize::from(args.copies) {
        return Err(Error::new(Code::Usage, HOLDERS));
    }
    let print = kakuzuke::Print { holders, purpose: args.purpose.clone() };
    // The program that makes the pages is in a group of its own, which Ctrl-C does not reach: it is ended with this one.
    let ended = Arc::new(AtomicBool::new(false));
    for signal in ENDING {
        let _as_always = signal_hook::flag::register(signal, Arc::clone(&ended));
    }
    let printed = Cancel::by(ended).during(|| session.print(&args.path, &print, &args.output))?;
    let mut said = Said::new(value(&printed)?);
    for file in &printed.files {
        said = said.line(file.display().to_string(), file.display().to_string());
    }
    for note in &printed.notes {
        said = said.line(format!("　{}", note.ja), format!("  {}", note.en));
    }
    Ok(said.line(
        format!(
            "台帳 {} 番に記録しました。回収・細断したら labeler prints collect、shred で記録してください。",
            printed.ledger
        ),
        format!("Ledger {}. Note what is collected or shredded with labeler prints collect, shred.", printed.ledger),
    ))
}

/// `prints list`, `prints collect NUMBER COPY…`, `prints shred NUMBER COPY…`
pub fn prints(desk: &Desk, command: Prints) -> Result<Said> {
    match command {
        Prints::List => list(desk),
        Prints::Collect(Copies { number, copies }) => settle(desk, number, &Settlement::Collected(copies)),
        Prints::Shred(Copies { number, copies }) => settle(desk, number, &Settlement::Shredded(copies)),
    }
}

fn settle(desk: &Desk, number: u64, settlement: &Settlement) -> Result<Said> {
    let departure = desk.session()?.settle_prints(number, settlement)?;
    Ok(lines(Said::new(value(&departure)?), &departure))
}

fn list(desk: &Desk) -> Result<Said> {
    let prints: Vec<Departure> =
        desk.session()?.departures()?.into_iter().filter(|departure| departure.route == Route::Paper).collect();
    let said = prints.iter().fold(Said::new(value(&prints)?), lines);
    Ok(if prints.is_empty() { said.line("印刷物はありません。", "Nothing was printed.") } else { said })
}

fn lines(mut said: Said, departure: &Departure) -> Said {
    let title = departure.documents.first().and_then(|document| document.title.as_deref()).unwrap_or("—");
    for copy in &departure.copies {
        let (ja, en) = match copy.state {
            CopyState::Out => ("配付中", "out"),
            CopyState::Collected => ("回収", "collected"),
            CopyState::Shredded => ("細断", "shredded"),
        };
        let (number, at, holder) = (departure.number, departure.at.japan_text(), &copy.holder);
        said = said.line(
            format!("{number}\t第{}号\t{holder}\t{ja}\t{at}\t{title}", copy.number),
            format!("{number}\tcopy {}\t{holder}\t{en}\t{at}\t{title}", copy.number),
        );
    }
    said
}
