//! 決定. Suggestions become labels: by a table that was filled in, or on the screen. Nothing is decided by itself.

use std::io::{self, IsTerminal};
use std::num::NonZeroUsize;
use std::path::PathBuf;

use kakuzuke::code::{Code, Text};
use kakuzuke::{
    Batch, Decision, Error, Failure, Method, Outcome, Protection, Result, Session, Suggested, Summary, Table, TableRow,
};
use serde_json::{Value, json};

use super::protect::{readers, said_of};
use super::suggest::open_questions;
use super::{Desk, value};
use crate::args::{Apply, Confirm, Handling};
use crate::output::{Progress, Said};
use crate::table::{self, Ending, Rows};

/// `apply TABLE [FOLDER]`
pub fn apply(desk: &Desk, args: &Apply) -> Result<Said> {
    let session = desk.session()?;
    let rows = Table::read(&args.table, &args.folder, args.handling.post.as_deref())?;
    let (mut decisions, mut wrong) = (Vec::new(), Vec::new());
    let (mut undecided, mut declined) = (0usize, 0usize);
    for row in rows {
        match row {
            TableRow::Decided(decision) => decisions.push(decision),
            TableRow::Sure(decision) if args.accept_sure => decisions.push(decision),
            TableRow::Sure(_) | TableRow::Undecided => undecided += 1,
            TableRow::Declined => declined += 1,
            TableRow::Wrong(failure) => wrong.push(failure),
        }
    }
    refuse_twice(&mut decisions, &mut wrong);
    let summary = settle(desk, &session, &decisions, &protection(&args.handling)?, args.handling.jobs)?;
    told(&summary, (undecided, declined), &wrong)
}

/// A document that stands in two rows is not decided.
fn refuse_twice(decisions: &mut Vec<Decision>, wrong: &mut Vec<Failure>) {
    let mut paths: Vec<PathBuf> = decisions.iter().map(|decision| decision.path.clone()).collect();
    paths.sort();
    let same = |pair: &[PathBuf]| match pair {
        [one, other] if one == other => Some(one.clone()),
        _ => None,
    };
    let mut twice: Vec<PathBuf> = paths.windows(2).filter_map(same).collect();
    twice.dedup();
    decisions.retain(|decision| !twice.contains(&decision.path));
    let text = Text::fixed("表に二度あります。一行にしてください。", "It stands in the table twice. Keep one row.");
    wrong.extend(twice.into_iter().map(|path| Failure::new(path, &Error::new(Code::Usage, text.clone()))));
}

/// `confirm [FOLDER]`
pub fn confirm(desk: &Desk, args: &Confirm) -> Result<Said> {
    if !can_ask(desk) {
        return Err(Error::new(Code::Usage, NO_TERMINAL));
    }
    let session = desk.session()?;
    let paths = if args.unlabelled { vec![args.folder.clone()] } else { session.waiting(&args.folder)? };
    if paths.is_empty() {
        return Ok(Said::nothing().line("決定を待つ文書はありません。", "No document waits for a decision."));
    }
    let suggested = suggested(&session, &paths, args.handling.jobs, desk)?;
    let none = Vec::new();
    let more = (&none, args.handling.post.as_deref());
    on_screen(desk, &session, suggested, more, (&protection(&args.handling)?, args.handling.jobs))
}

/// What a script is told.
pub const NO_TERMINAL: Text = Text::fixed(
    "端末がありません。labeler suggest --table で表を作り、labeler apply で反映してください。",
    "No terminal here. Write a table with labeler suggest --table, and carry it out with labeler apply.",
);

/// Whether somebody sits there who can be asked.
pub fn can_ask(desk: &Desk) -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal() && !desk.output.json
}

/// What is to be decided of files and folders.
pub fn suggested(
    session: &Session,
    paths: &[PathBuf],
    jobs: Option<NonZeroUsize>,
    desk: &Desk,
) -> Result<Vec<Suggested>> {
    let summary = kakuzuke::suggest(Some(session), paths, &Batch { threads: jobs })?;
    for item in &summary.items {
        if let Outcome::Failed(failure) = item {
            desk.output.warn(failure);
        }
    }
    Ok(open_questions(&summary).cloned().collect())
}

/// Puts suggestions before the officer and carries out what is decided. `more`: restrictions that come with each, and the
/// post in which it is decided.
pub fn on_screen(
    desk: &Desk,
    session: &Session,
    suggested: Vec<Suggested>,
    (restrictions, post): (&Vec<String>, Option<&str>),
    (protection, jobs): (&Protection, Option<NonZeroUsize>),
) -> Result<Said> {
    if suggested.is_empty() {
        return Ok(Said::nothing().line("決定を待つ文書はありません。", "No document waits for a decision."));
    }
    let rows = Rows::new(suggested, restrictions);
    let rows = match table::decide(rows, desk.output.locale).map_err(|e| Error::of(Code::Io).caused_by(e))? {
        Ending::Decided(rows) => rows,
        Ending::Left => {
            let text = Text::fixed("何も変更していません。", "Nothing was changed.");
            return Err(Error::new(Code::Usage, text));
        }
    };
    let decisions = rows.decisions(post);
    let counts = (rows.undecided(), rows.declined());
    told(&settle(desk, session, &decisions, protection, jobs)?, counts, &[])
}

fn protection(args: &Handling) -> Result<Protection> {
    Ok(Protection {
        method: if args.label_only { Method::Label } else { Method::ByGrade },
        readers: readers(&args.readers)?,
        marks: args.marking.marks(),
        ..Protection::default()
    })
}

fn settle(
    desk: &Desk,
    session: &Session,
    decisions: &[Decision],
    protection: &Protection,
    jobs: Option<NonZeroUsize>,
) -> Result<Summary<kakuzuke::Protected>> {
    let mut gradings: Vec<_> = decisions.iter().map(|decision| &decision.grading).collect();
    gradings.sort_by_key(|grading| (&grading.grade, &grading.restrictions));
    gradings.dedup();
    gradings.into_iter().for_each(|grading| desk.doubt(session, grading));
    let bar = Progress::new();
    session.settle(decisions, protection, &Batch { threads: jobs }, &|p| bar.show(p))
}

/// What was done, what was left, and what could not be done.
fn told(
    summary: &Summary<kakuzuke::Protected>,
    (undecided, declined): (usize, usize),
    wrong: &[Failure],
) -> Result<Said> {
    let mut all = json!({ "undecided": undecided, "declined": declined, "wrong": value(&wrong)? });
    if let (Value::Object(all), Value::Object(done)) = (&mut all, value(summary)?) {
        all.extend(done);
    }
    let mut said = said_of(summary, false)?.with_value(all);
    for failure in wrong {
        said = said.failure(failure);
    }
    said = said.line(
        format!("未決定：{undecided} 件、見送り：{declined} 件、読めない行：{} 件", wrong.len()),
        format!("Undecided {undecided}, declined {declined}, rows that can't be carried out {}", wrong.len()),
    );
    Ok(if wrong.is_empty() { said } else { said.ending(Code::Partial) })
}
