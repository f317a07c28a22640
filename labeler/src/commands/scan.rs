//! 走査. A whole share at a glance, as a table, a list or a report.

use std::time::Duration;

use kakuzuke::{
    Clock, Depth, Doubt, FolderRules, Named, Overwrite, Result, ScanProgress, ScanState, Scanning, Session, Share,
    SystemClock, Tally, scan_place, scanned, write_whole,
};
use serde_json::json;

use super::{Desk, value};
use crate::args::Scan;
use crate::output::{Locale, Progress, Said, table};
use crate::report;

/// Folders shown on a terminal.
const FOLDERS: usize = 10;
/// Files shown there for each doubt.
const NAMED: usize = 5;

/// `scan PATH…`; works without a profile, then signatures are not judged.
pub fn scan(desk: &Desk, args: &Scan) -> Result<Said> {
    let folder = desk.folder()?;
    let session = Session::open(&folder).ok();
    let depth = if args.labels_only { Depth::Labels } else { Depth::Content };
    let results = args.results.clone().map_or_else(|| scan_place(&folder, &args.paths, depth), Ok)?;
    let scanning = Scanning {
        threads: args.jobs,
        secrets: args.secrets.clone(),
        rules: args.rules.as_deref().map(FolderRules::read).transpose()?,
        depth,
        mapping: args.mapping.clone(),
        patience: Some(Duration::from_secs(args.patience)),
        again: args.again,
    };
    let progress = Progress::new();
    let show = |step: &ScanProgress| progress.show_scan(step);
    let tally = kakuzuke::scan(session.as_ref(), &args.paths, &scanning, &results, &show)?;
    drop(progress);
    let locale = desk.output.locale;
    if let Some(path) = &args.html {
        let page = report::page(&tally, SystemClock.now(), locale);
        write_whole(path, Overwrite::Replace, |out| out.write_all(page.as_bytes()))?;
    }
    if let Some(path) = &args.csv {
        let files = scanned(&results)?;
        write_whole(path, Overwrite::Replace, |out| report::list(files, locale, out))?;
    }
    let mut whole = value(&tally)?;
    if let serde_json::Value::Object(map) = &mut whole {
        map.insert("results".to_owned(), json!(results));
    }
    let said = tell(Said::new(whole), &tally);
    Ok([&args.html, &args.csv].into_iter().flatten().fold(said, |said, path| {
        said.line(format!("出力しました：{}", path.display()), format!("Written: {}", path.display()))
    }))
}

fn tell(said: Said, tally: &Tally) -> Said {
    let said = said.line(
        format!("ファイル {} 件（うち前回から変わらないもの {} 件）", tally.files, tally.unchanged),
        format!("{} files ({} unchanged since the last scan)", tally.files, tally.unchanged),
    );
    let said = both(said, |locale| states(tally, locale));
    let said = both(said, |locale| folders(tally, locale));
    doubts(said, tally)
}

/// The same table in either language.
fn both(said: Said, rows: impl Fn(Locale) -> Vec<Vec<String>>) -> Said {
    let (ja, en) = (table::lines(&rows(Locale::Japanese)), table::lines(&rows(Locale::English)));
    ja.into_iter().zip(en).fold(said, |said, (ja, en)| said.line(ja, en))
}

fn states(tally: &Tally, locale: Locale) -> Vec<Vec<String>> {
    use ScanState as S;
    let mut rows = Vec::new();
    for state in [S::Protected, S::Labelled, S::Declared, S::Unlabelled, S::Locked, S::LostEnvelope, S::Unread] {
        let count = tally.states.get(&state).copied().unwrap_or(0);
        if count > 0 || matches!(state, S::Protected | S::Labelled | S::Unlabelled) {
            rows.push(vec![report::state(state, locale).to_owned(), count.to_string()]);
        }
    }
    rows.extend(tally.grades.iter().rev().map(|(grade, count)| vec![format!("  {grade}"), count.to_string()]));
    let others = [
        (tally.labelled_inside, "書庫・メールの中の格付済み", "labelled in archives and mails"),
        (tally.protected_inside, "書庫・メールの中の保護済み", "protected in archives and mails"),
        (tally.unjudged, "内容を判断できないもの", "content not (wholly) judged"),
        (tally.ignored, "対象外の指定", "left out by ignore files"),
    ];
    for (count, ja, en) in others.into_iter().filter(|(count, ..)| *count > 0) {
        rows.push(vec![locale.pick(ja, en).to_owned(), count.to_string()]);
    }
    rows
}

/// Those folders with most to do.
fn folders(tally: &Tally, locale: Locale) -> Vec<Vec<String>> {
    let head = match locale {
        Locale::Japanese => ["フォルダ", "件数", "未格付", "要機密", "格付が低い", "機密性３", "期限切れ"],
        Locale::English => ["folder", "files", "no label", "confidential", "too low", "C3 astray", "overdue"],
    };
    let weight = |share: &Share| (share.exposed + share.too_low + share.misplaced, share.doubted, share.files);
    let mut shares: Vec<(&String, &Share)> = tally.folders.iter().filter(|(_, share)| share.doubted > 0).collect();
    shares.sort_by_key(|(name, share)| (name.is_empty(), std::cmp::Reverse(weight(share)), (*name).clone()));
    if shares.is_empty() {
        return Vec::new();
    }
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for (name, share) in shares.into_iter().take(FOLDERS) {
        let name = if name.is_empty() { locale.pick("ほか", "others").to_owned() } else { name.clone() };
        let counts = [share.files, share.unlabelled, share.exposed, share.too_low, share.misplaced, share.due];
        rows.push(std::iter::once(name).chain(counts.map(|count| count.to_string())).collect());
    }
    rows
}

fn doubts(mut said: Said, tally: &Tally) -> Said {
    for doubt in Doubt::ALL {
        let Some(doubted) = tally.doubts.get(doubt) else { continue };
        let (name, remedy) = (doubt.name(), doubt.remedy());
        said = said.line(
            format!("● {}　{} 件　{}", name.ja, doubted.files, remedy.ja),
            format!("* {}: {}. {}", name.en, doubted.files, remedy.en),
        );
        for named in doubted.named.iter().take(NAMED) {
            said = said.line(line(named, Locale::Japanese), line(named, Locale::English));
        }
    }
    said
}

fn line(named: &Named, locale: Locale) -> String {
    let path: String = named.path.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    let mut about = Vec::new();
    if !named.suggested.is_empty() && named.suggested != named.grade {
        let grade = if named.grade.is_empty() { String::new() } else { format!("{} → ", named.grade) };
        about.push(format!("{grade}{} {}", locale.pick("提案", "suggested"), named.suggested));
    }
    about.extend(named.found.iter().map(|(name, count)| format!("{} {count}", locale.of(name))));
    about.extend(named.why.iter().map(|why| locale.of(why).to_owned()));
    let about = about.join(locale.pick("、", ", "));
    if about.is_empty() { format!("    {path}") } else { format!("    {path}  {about}") }
}
