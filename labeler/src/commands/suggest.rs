//! 提案. What the content of documents asks for, told with its reasons; and asked about before protecting.

use std::collections::BTreeMap;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;

use kakuzuke::code::{Code, Text};
use kakuzuke::{Batch, Error, Grading, Outcome, Result, Session, Suggested, Summary};

use super::{Desk, value};
use crate::args;
use crate::output::Said;

/// `suggest PATH…`; works without a profile.
pub fn suggest(desk: &Desk, args: &args::Suggest) -> Result<Said> {
    let session = desk.session().ok();
    let summary = kakuzuke::suggest(session.as_ref(), &args.paths, &Batch { threads: args.jobs })?;
    said_of(&summary)
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

/// Whether somebody sits there who can be asked.
pub fn can_ask(desk: &Desk) -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal() && !desk.output.json
}

/// Shows what is suggested for each file and asks once about all of them; files of one grading together.
pub fn ask(desk: &Desk, session: &Session, args: &args::Protect) -> Result<Vec<(Grading, Vec<PathBuf>)>> {
    let summary = kakuzuke::suggest(Some(session), &args.paths, &Batch { threads: args.jobs })?;
    let mut groups: BTreeMap<(String, Vec<String>), Vec<PathBuf>> = BTreeMap::new();
    for item in &summary.items {
        match item {
            Outcome::Done(suggested) => {
                for line in lines(suggested) {
                    desk.output.note(&line.ja, &line.en);
                }
                if let Some(word) = suggested.suggestion.out_of_scope.first() {
                    return Err(Error::new(Code::LabelInvalid, outside(word)).at(&suggested.path));
                }
                let mut grading = suggested.grading();
                grading.restrictions.extend(args.grading.restrictions.iter().cloned());
                groups.entry((grading.grade, grading.restrictions)).or_default().push(suggested.path.clone());
            }
            Outcome::Skipped(_) => {}
            Outcome::Failed(failure) => desk.output.warn(failure),
        }
    }
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    desk.output.note(
        "この格付・取扱制限でよければ「はい」と入力してください（違うときは --grade で指定）。",
        "Type yes to protect with these grades and restrictions (else give --grade).",
    );
    confirm()?;
    let post = &args.grading.post;
    let graded = groups
        .into_iter()
        .map(|((grade, restrictions), paths)| (Grading { grade, restrictions, post: post.clone() }, paths));
    Ok(graded.collect())
}

fn outside(word: &str) -> Text {
    Text::new(
        format!("「{word}」はこのシステムの対象外です。所管の規程に従ってください。"),
        format!("{word} is outside this system. Follow the rules made for it."),
    )
}

fn confirm() -> Result<()> {
    let _unflushed = io::stderr().flush();
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).map_err(|e| Error::of(Code::Io).caused_by(e))?;
    match answer.trim() {
        "はい" | "yes" => Ok(()),
        _ => Err(Error::new(
            Code::Usage,
            Text::fixed(
                "保護していません。格付を --grade で指定してください。",
                "Nothing was protected. Give the grade with --grade.",
            ),
        )),
    }
}
