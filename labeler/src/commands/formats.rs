//! 形式. What can be done with which kind of file, as the plugins themselves say it.

use kakuzuke::code::Text;
use kakuzuke::{Ability, Can, Kind, Result, can};
use serde_json::{Value, json};

use crate::args::Formats;
use crate::output::Said;

/// Kinds that can do the same, and what.
struct Row {
    kinds: Vec<Kind>,
    cells: Vec<Can>,
}

/// `formats`
pub fn formats(args: &Formats) -> Result<Said> {
    let rows = rows();
    if args.markdown {
        let table = markdown(&rows);
        return Ok(
            Said::new(json!({ "markdown": table })).line(table.trim_end().to_owned(), table.trim_end().to_owned())
        );
    }
    let mut said = Said::new(Value::Array(Kind::ALL.iter().map(|kind| of_kind(*kind)).collect()));
    for row in &rows {
        let names = |text: fn(Text) -> String| row.kinds.iter().map(|kind| text(kind.name())).collect::<Vec<_>>();
        let extensions = extensions(row);
        said = said.line(
            format!("{extensions}（{}）", names(|text| text.ja.into_owned()).join("、")),
            format!("{extensions} ({})", names(|text| text.en.into_owned()).join(", ")),
        );
        for (ability, cell) in Ability::ALL.iter().zip(&row.cells) {
            let (sign, why) = (sign(cell), why(cell));
            let name = ability.name();
            let because = |words: &str| if words.is_empty() { String::new() } else { format!(" {words}") };
            said = said.line(
                format!("　{sign} {}{}", name.ja, because(&why.ja)),
                format!("  {sign} {}{}", name.en, because(&why.en)),
            );
        }
    }
    Ok(said)
}

fn rows() -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for kind in Kind::ALL {
        let cells: Vec<Can> = Ability::ALL.iter().map(|ability| can(*kind, *ability)).collect();
        match rows.iter_mut().find(|row| row.cells == cells) {
            Some(row) => row.kinds.push(*kind),
            None => rows.push(Row { kinds: vec![*kind], cells }),
        }
    }
    rows
}

fn of_kind(kind: Kind) -> Value {
    let cells = Ability::ALL.iter().map(|ability| {
        let cell = can(kind, *ability);
        let answer = match &cell {
            Can::Yes => "yes",
            Can::Partly(_) => "partly",
            Can::No(_) => "no",
        };
        let why = why(&cell);
        let words = (!why.en.is_empty()).then(|| json!({ "ja": why.ja, "en": why.en }));
        (ability.slug().to_owned(), json!({ "can": answer, "why": words }))
    });
    let name = kind.name();
    json!({
        "kind": kind.extension(),
        "media-type": kind.media_type(),
        "name": { "ja": name.ja, "en": name.en },
        "abilities": Value::Object(cells.collect()),
    })
}

const fn sign(cell: &Can) -> &'static str {
    match cell {
        Can::Yes => "○",
        Can::Partly(_) => "△",
        Can::No(_) => "×",
    }
}

fn why(cell: &Can) -> Text {
    match cell {
        Can::Yes => Text::fixed("", ""),
        Can::Partly(why) | Can::No(why) => why.clone(),
    }
}

/// The kinds of a row; what has no kind of its own is written out.
fn extensions(row: &Row) -> String {
    let name = |kind: &Kind| match kind {
        Kind::Opaque => "その他／other".to_owned(),
        Kind::Compound => "その他のOLE／other OLE".to_owned(),
        Kind::Text => "txt csv tsv md".to_owned(),
        other => other.extension().to_owned(),
    };
    row.kinds.iter().map(name).collect::<Vec<_>>().join(" ")
}

/// The table of the documentation: one row for kinds that can do the same, the reasons below.
fn markdown(rows: &[Row]) -> String {
    let heads = Ability::ALL.iter().map(|ability| format!("{}<br>{}", ability.name().ja, ability.name().en));
    let mut table = format!(
        "| 形式／kinds | {} |\n|---|{}\n",
        heads.collect::<Vec<_>>().join(" | "),
        ":-:|".repeat(Ability::ALL.len())
    );
    let mut reasons: Vec<Text> = Vec::new();
    for row in rows {
        let mut line = format!("| {} |", extensions(row));
        for cell in &row.cells {
            let words = why(cell);
            let note = if words.en.is_empty() {
                String::new()
            } else {
                let at = reasons.iter().position(|known| *known == words).unwrap_or_else(|| {
                    reasons.push(words);
                    reasons.len() - 1
                });
                format!(" {}", at + 1)
            };
            line.push_str(&format!(" {}{note} |", sign(cell)));
        }
        table.push_str(&line);
        table.push('\n');
    }
    table.push('\n');
    for (number, reason) in (1..).zip(&reasons) {
        table.push_str(&format!("{number}. {} {}\n", reason.ja, reason.en));
    }
    table
}
