//! 報告書の頁. A share on one page, for a section head: how much is graded, where what is not graded lies, what to do.
//! One file, no script, nothing fetched; every name on it is somebody else's text and is escaped.

use std::fmt::Write;

use kakuzuke::{Doubt, Doubted, ScanState, Share, Tally, Timestamp};

use super::chart::{Bar, bars, escaped, grouped};
use crate::output::Locale;

const STYLE: &str = include_str!("style.css");
/// Folders and kinds shown, those with most to do first.
const ROWS: usize = 40;
const GREY: &str = "#8a8f98";
const BLUE: &str = "#4a6fa5";

/// The page, as HTML.
pub fn page(tally: &Tally, now: Timestamp, locale: Locale) -> String {
    let say = |ja: &'static str, en: &'static str| locale.pick(ja, en);
    let title = say("格付の状況", "State of grading");
    let roots: Vec<String> = tally.roots.iter().map(|root| escaped(root)).collect();
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <title>{title}</title><style>{STYLE}</style></head><body><h1>{title}</h1>\
         <p class=\"under\">{}</p><p class=\"under\">{}</p>",
        say("ja", "en"),
        roots.join("<br>"),
        now.japan_text(),
    );
    html.push_str(&tiles(tally, locale));
    section(&mut html, say("格付", "Grades"), &bars(say("格付", "Grades"), &grades(tally, locale)));
    let doubts = doubts(tally, locale);
    section(&mut html, say("指摘", "What to do"), &doubts);
    let ages = say("更新からの年数（赤は未格付）", "Years since last written (red: not labelled)");
    section(&mut html, ages, &bars(ages, &years(tally, locale)));
    let folders = tally.folders.iter().map(|(folder, share)| (folder.clone(), *share)).collect();
    section(&mut html, say("フォルダ", "Folders"), &shares(folders, say("フォルダ", "folder"), locale));
    let kind = |kind: &String| if kind.is_empty() { say("不明", "unknown").to_owned() } else { kind.clone() };
    let kinds = tally.kinds.iter().map(|(name, share)| (kind(name), *share)).collect();
    section(&mut html, say("種類", "Kinds"), &shares(kinds, say("種類", "kind"), locale));
    html.push_str("</body></html>\n");
    html
}

fn section(html: &mut String, title: &str, content: &str) {
    // Writing to a String can't fail.
    let _infallible = write!(html, "<h2>{title}</h2>{content}");
}

fn tiles(tally: &Tally, locale: Locale) -> String {
    let state = |state: ScanState| tally.states.get(&state).copied().unwrap_or(0);
    let labelled = state(ScanState::Protected) + state(ScanState::Labelled);
    let percent = labelled.saturating_mul(100).checked_div(tally.files).unwrap_or(0);
    let secret = tally.grades.iter().filter(|(grade, _)| grade.starts_with("C3")).map(|(_, count)| count).sum::<u64>();
    let tile = |alarm: bool, value: String, ja: &str, en: &str| {
        let class = if alarm { "tile alarm" } else { "tile" };
        format!("<div class=\"{class}\"><b>{value}</b><span>{}</span></div>", locale.pick(ja, en))
    };
    let unlabelled = state(ScanState::Unlabelled);
    [
        "<div class=\"tiles\">".to_owned(),
        tile(false, grouped(tally.files), "ファイル", "files"),
        tile(false, format!("{percent} %"), "格付済み", "labelled"),
        tile(unlabelled > 0, grouped(unlabelled), "未格付", "not labelled"),
        tile(false, grouped(secret), "機密性３", "confidentiality 3"),
        tile(tally.doubted > 0, grouped(tally.doubted), "指摘のあるファイル", "files with something to do"),
        "</div>".to_owned(),
    ]
    .concat()
}

fn grades(tally: &Tally, locale: Locale) -> Vec<Bar> {
    let mut all: Vec<Bar> = tally.grades.iter().rev().map(|(grade, count)| grade_bar(grade, *count)).collect();
    let others = [
        (ScanState::Unlabelled, "未格付", "not labelled"),
        (ScanState::Locked, "パスワード付き", "password-protected"),
        (ScanState::LostEnvelope, "中身を失った表紙", "cover without envelope"),
        (ScanState::Unread, "読み取れない", "could not be read"),
    ];
    for (state, ja, en) in others {
        let count = tally.states.get(&state).copied().unwrap_or(0);
        if count > 0 {
            all.push(Bar { name: locale.pick(ja, en).to_owned(), count, marked: 0, colour: GREY });
        }
    }
    all
}

fn grade_bar(grade: &str, count: u64) -> Bar {
    let (colour, printed) = match grade.get(..2) {
        Some("C3") => ("#7b1e3a", "機密性３"),
        Some("C2") => ("#b8742a", "機密性２"),
        Some("C1") => ("#3f7d58", "機密性１"),
        _ => (GREY, ""),
    };
    Bar { name: format!("{printed} {grade}").trim().to_owned(), count, marked: 0, colour }
}

fn years(tally: &Tally, locale: Locale) -> Vec<Bar> {
    let name = |years: u8| match (years, locale) {
        (0, Locale::Japanese) => "１年未満".to_owned(),
        (0, Locale::English) => "under 1".to_owned(),
        (10, Locale::Japanese) => "10年以上".to_owned(),
        (10, Locale::English) => "10 and more".to_owned(),
        (years, Locale::Japanese) => format!("{years}年"),
        (years, Locale::English) => years.to_string(),
    };
    let bar = |(years, share): (&u8, &Share)| Bar {
        name: name(*years),
        count: share.files,
        marked: share.unlabelled,
        colour: BLUE,
    };
    tally.ages.iter().map(bar).collect()
}

fn doubts(tally: &Tally, locale: Locale) -> String {
    let found: Vec<(Doubt, &Doubted)> =
        Doubt::ALL.iter().filter_map(|doubt| Some((*doubt, tally.doubts.get(doubt)?))).collect();
    if found.is_empty() {
        return format!("<p class=\"note\">{}</p>", locale.pick("ありません。", "Nothing."));
    }
    found.into_iter().map(|(doubt, doubted)| doubt_list(doubt, doubted, locale)).collect()
}

fn doubt_list(doubt: Doubt, doubted: &Doubted, locale: Locale) -> String {
    let (name, remedy) = (doubt.name(), doubt.remedy());
    let mut html = format!(
        "<details><summary>{}　<b>{}</b></summary><p class=\"note\">{}</p><ul>",
        locale.of(&name),
        grouped(doubted.files),
        locale.of(&remedy),
    );
    for path in &doubted.named {
        html.push_str(&format!("<li>{}</li>", escaped(path)));
    }
    let more = doubted.files.saturating_sub(u64::try_from(doubted.named.len()).unwrap_or(0));
    if more > 0 {
        let more = grouped(more);
        let (ja, en) = (format!("ほか {more} 件（一覧は --csv）"), format!("and {more} more (all of them: --csv)"));
        html.push_str(&format!("<li class=\"note\">{}</li>", locale.pick(&ja, &en)));
    }
    html.push_str("</ul></details>");
    html
}

fn shares(mut rows: Vec<(String, Share)>, of: &str, locale: Locale) -> String {
    rows.sort_by_key(|(name, share)| (std::cmp::Reverse((share.doubted, share.files)), name.clone()));
    let more = rows.len().saturating_sub(ROWS);
    let mut html = format!(
        "<table><tr><th>{of}</th><th class=\"n\">{}</th><th class=\"n\">{}</th><th class=\"n\">{}</th></tr>",
        locale.pick("ファイル", "files"),
        locale.pick("未格付", "not labelled"),
        locale.pick("指摘", "to do"),
    );
    for (name, share) in rows.into_iter().take(ROWS) {
        let alarm = |count: u64| if count > 0 { " alarm" } else { "" };
        html.push_str(&format!(
            "<tr><td class=\"path\">{}</td><td class=\"n\">{}</td><td class=\"n{}\">{}</td><td class=\"n{}\">{}</td></tr>",
            escaped(&name),
            grouped(share.files),
            alarm(share.unlabelled),
            grouped(share.unlabelled),
            alarm(share.doubted),
            grouped(share.doubted),
        ));
    }
    html.push_str("</table>");
    if more > 0 {
        let (ja, en) = (format!("ほか {more} 行"), format!("{more} more rows"));
        html.push_str(&format!("<p class=\"note\">{}</p>", locale.pick(&ja, &en)));
    }
    html
}
