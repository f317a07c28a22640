//! 指摘の一覧. What is the matter, with what to do about it and the files that matter most.

use kakuzuke::{Doubt, Doubted, Named, Tally};

use super::chart::{below, escaped, grouped, path};
use crate::output::Locale;

/// Files shown at once for what is grave; all others are folded away.
const SHOWN: usize = 3;
/// Files shown at all for each doubt.
const LISTED: usize = 100;

/// The lists, the gravest first.
pub fn lists(tally: &Tally, locale: Locale) -> String {
    let found = Doubt::ALL.iter().filter_map(|doubt| Some((*doubt, tally.doubts.get(doubt)?)));
    let lists: String = found.map(|(doubt, doubted)| list(doubt, doubted, (tally, locale))).collect();
    if lists.is_empty() {
        format!("<p class=\"note\">{}</p>", locale.pick("ありません。", "Nothing."))
    } else {
        lists
    }
}

/// Whether it is for whoever answers for the share to see to at once.
const fn is_grave(doubt: Doubt) -> bool {
    matches!(
        doubt,
        Doubt::SecretInClear
            | Doubt::OutOfScope
            | Doubt::TooLow
            | Doubt::Exposed
            | Doubt::Misplaced
            | Doubt::Forged
            | Doubt::LostEnvelope
    )
}

fn list(doubt: Doubt, doubted: &Doubted, (tally, locale): (&Tally, Locale)) -> String {
    let (name, remedy) = (doubt.name(), doubt.remedy());
    let mut html = format!(
        "<article class=\"{}\"><h3>{} <b>{}</b></h3><p class=\"note\">{}</p>",
        if is_grave(doubt) { "grave" } else { "plain" },
        locale.of(&name),
        grouped(doubted.files),
        locale.of(&remedy),
    );
    let most = if is_grave(doubt) { SHOWN } else { 0 };
    let (shown, rest) = doubted.named.split_at(most.min(doubted.named.len()));
    let rest = rest.get(..LISTED.min(rest.len())).unwrap_or_default();
    html.push_str(&files(shown, tally, locale));
    if !rest.is_empty() {
        let more = doubted.files.saturating_sub(u64::try_from(shown.len()).unwrap_or(0));
        let (ja, en) = match shown.len() {
            0 => (format!("{} 件を見る", grouped(more)), format!("See the {}", grouped(more))),
            _ => (format!("ほか {} 件", grouped(more)), format!("{} more", grouped(more))),
        };
        html.push_str(&format!("<details><summary>{}</summary>{}", locale.pick(&ja, &en), files(rest, tally, locale)));
        if more > u64::try_from(rest.len()).unwrap_or(0) {
            let all = locale.pick("全件は一覧（--csv）にあります。", "All of them are in the list (--csv).");
            html.push_str(&format!("<p class=\"note\">{all}</p>"));
        }
        html.push_str("</details>");
    }
    html.push_str("</article>");
    html
}

fn files(named: &[Named], tally: &Tally, locale: Locale) -> String {
    let items: String = named.iter().map(|named| item(named, tally, locale)).collect();
    if items.is_empty() { items } else { format!("<ul class=\"files\">{items}</ul>") }
}

/// A file: where it lies, what it is graded, what is suggested and why.
fn item(named: &Named, tally: &Tally, locale: Locale) -> String {
    let mut about = Vec::new();
    let suggested = match (named.grade.as_str(), named.suggested.as_str()) {
        ("", "") => String::new(),
        (grade, suggested) if suggested.is_empty() || suggested == grade => grade.to_owned(),
        ("", suggested) => format!("{} {suggested}", locale.pick("提案", "suggested")),
        (grade, suggested) => format!("{grade} → {} {suggested}", locale.pick("提案", "suggested")),
    };
    if !suggested.is_empty() {
        let sure = if named.confidence > 0 { format!("（{} %）", named.confidence) } else { String::new() };
        about.push(format!("{}{sure}", escaped(&suggested)));
    }
    about.extend(named.found.iter().map(|(name, count)| format!("{} {}", escaped(locale.of(name)), grouped(*count))));
    about.extend(named.why.iter().map(|why| escaped(locale.of(why))));
    let about = if about.is_empty() { String::new() } else { format!("<span>{}</span>", about.join("　")) };
    format!("<li>{}{about}</li>", path(below(&named.path, &tally.roots)))
}
