//! 提案. What the content of documents asks for, told with its reasons; or written into a table to decide in.

use std::path::Path;

use kakuzuke::code::Text;
use kakuzuke::{Batch, Outcome, Overwrite, Result, Suggested, Summary, Table, write_whole};
use serde_json::json;

use super::marking::one_folder;
use super::{Desk, value};
use crate::args;
use crate::output::{Locale, Said};

/// `suggest PATH…`; works without a profile.
pub fn suggest(desk: &Desk, args: &args::Suggest) -> Result<Said> {
    let session = desk.session().ok();
    let folder = args.table.as_ref().map(|_| one_folder(&args.paths)).transpose()?;
    let mapping = kakuzuke::mapping(session.as_ref(), args.mapping.as_deref())?;
    let batch = Batch { threads: args.jobs };
    let summary = kakuzuke::suggest_mapped(session.as_ref(), mapping.as_ref(), &args.paths, &batch)?;
    match (&args.table, folder) {
        (Some(table), Some(folder)) => write_table(desk, &summary, folder, table),
        _ => said_of(&summary),
    }
}

/// The suggestions as a table, to decide in. What carries a label that is high enough is decided already.
fn write_table(desk: &Desk, summary: &Summary<Suggested>, folder: &Path, table: &Path) -> Result<Said> {
    let rows: Vec<Suggested> = open_questions(summary).cloned().collect();
    let english = desk.output.locale == Locale::English;
    let (text, left) = Table::write(folder, &rows, english);
    write_whole(table, Overwrite::Refuse, |out| out.write_all(text.as_bytes()))?;
    let (written, settled) = (rows.len() - left.len(), summary.done - rows.len());
    let mut said = Said::new(json!({ "table": table, "rows": written, "labelled": settled, "failed": summary.failed }));
    for row in left {
        let shown = row.path.display();
        said =
            said.line(format!("{shown}：名前を表に書けません。"), format!("{shown}: the name can't stand in a table."));
    }
    for item in &summary.items {
        if let Outcome::Failed(failure) = item {
            said = said.failure(failure);
        }
    }
    let (at, below) = (table.display(), folder.display());
    said = said.line(
        format!("{written} 件の提案を {at} に書き出しました（格付済み {settled} 件を除く）。「決定」の欄に「はい」か「いいえ」を記入し、保存してから："),
        format!("{written} suggestions written to {at} ({settled} labelled already). Write yes or no into the decision column, save it, then:"),
    );
    said = said.line(format!("　labeler apply {at} {below}"), format!("  labeler apply {at} {below}"));
    Ok(match summary.code() {
        Some(code) => said.ending(code),
        None => said,
    })
}

/// Suggestions that somebody has to decide on: without a label, or with one that says less than the content asks for.
pub fn open_questions(summary: &Summary<Suggested>) -> impl Iterator<Item = &Suggested> {
    summary.items.iter().filter_map(|item| match item {
        Outcome::Done(suggested) if suggested.is_open() => Some(suggested),
        _ => None,
    })
}

fn said_of(summary: &Summary<Suggested>) -> Result<Said> {
    let mut said = Said::new(value(summary)?);
    for item in &summary.items {
        said = match item {
            Outcome::Done(suggested) => tell(said, suggested),
            Outcome::Skipped(_) => said,
            Outcome::Failed(failure) => said.failure(failure),
        };
    }
    Ok(match summary.code() {
        Some(code) => said.ending(code),
        None => said,
    })
}

/// Line by line: the grade, what it rests on, why not higher and not lower, what could not be read.
fn tell(mut said: Said, suggested: &Suggested) -> Said {
    for line in lines(suggested) {
        said = said.line(line.ja, line.en);
    }
    said
}

/// What is suggested for a document, as people read it.
fn lines(suggested: &Suggested) -> Vec<Text> {
    let it = &suggested.suggestion;
    let path = suggested.path.display();
    let restrictions = it.restrictions_printed().join("・");
    let (ja, en) = if it.is_whole {
        ("", "")
    } else {
        ("　※判断できない部分があります", "  (parts cannot be judged)")
    };
    let head = format!("{} {restrictions}", it.grade_line());
    let mut lines = vec![Text::new(format!("{path}：{}{ja}", head.trim()), format!("{path}: {}{en}", head.trim()))];
    let mut add = |ja: String, en: String| lines.push(Text::new(ja, en));
    for mark in &it.markings {
        add(
            format!("　表示　「{}」（{}、{}％）", mark.written, mark.place.ja, mark.confidence),
            format!("  marked   \"{}\" ({}, {}%)", mark.written, mark.place.en, mark.confidence),
        );
    }
    for label in &suggested.other_labels {
        let line = super::look::other_label(label);
        add(format!("　他の方式　{}", line.ja), format!("  other    {}", line.en));
    }
    for seen in &it.found {
        add(
            format!("　検出　{} {} 件（{}％）", seen.name.ja, seen.total, seen.confidence),
            format!("  found    {}: {} ({}%)", seen.name.en, seen.total, seen.confidence),
        );
        for finding in &seen.evidence {
            let place = finding.spot.name();
            add(
                format!("　　　　　{}：{}", place.ja, finding.snippet),
                format!("             {}: {}", place.en, finding.snippet),
            );
        }
    }
    for why in &it.why_not_lower {
        add(format!("　下げない理由　{}", why.ja), format!("  not lower   {}", why.en));
    }
    for why in &it.why_not_higher {
        add(format!("　上げない理由　{}", why.ja), format!("  not higher  {}", why.en));
    }
    for unread in &it.unread {
        add(
            format!("　読めない箇所　{}：{}", unread.place.ja, unread.why.ja),
            format!("  not read    {}: {}", unread.place.en, unread.why.en),
        );
    }
    for word in &it.out_of_scope {
        add(
            format!("　「{word}」の表示があります。このシステムの対象外です。所管の規程に従ってください。"),
            format!("  marked {word}: outside this system. Follow the rules made for it."),
        );
    }
    lines
}
