//! 走査. A whole share at a glance, as a table, a list or a report.

use kakuzuke::{
    Clock, Doubt, Overwrite, Result, ScanProgress, ScanState, Scanning, Session, SystemClock, Tally, scan_place,
    scanned, write_whole,
};
use serde_json::json;

use super::{Desk, value};
use crate::args::Scan;
use crate::output::{Progress, Said};
use crate::report;

/// `scan PATH…`; works without a profile, then signatures are not judged.
pub fn scan(desk: &Desk, args: &Scan) -> Result<Said> {
    let folder = desk.folder()?;
    let session = Session::open(&folder).ok();
    let results = args.results.clone().map_or_else(|| scan_place(&folder, &args.paths), Ok)?;
    let scanning = Scanning { threads: args.jobs, secrets: args.secrets.clone(), again: args.again };
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
    let state = |state: ScanState| tally.states.get(&state).copied().unwrap_or(0);
    let mut said = said
        .line(
            format!("ファイル　　{:>9} 件（うち前回から変わらないもの {} 件）", tally.files, tally.unchanged),
            format!("files          {:>9} ({} unchanged since the last scan)", tally.files, tally.unchanged),
        )
        .line(
            format!("保護済み　　{:>9} 件", state(ScanState::Protected)),
            format!("protected      {:>9}", state(ScanState::Protected)),
        )
        .line(
            format!("明示のみ　　{:>9} 件", state(ScanState::Labelled)),
            format!("labelled only  {:>9}", state(ScanState::Labelled)),
        )
        .line(
            format!("未格付　　　{:>9} 件", state(ScanState::Unlabelled)),
            format!("not labelled   {:>9}", state(ScanState::Unlabelled)),
        );
    for (grade, count) in tally.grades.iter().rev() {
        said = said.line(format!("　{grade}　　{count:>9} 件"), format!("  {grade}       {count:>9}"));
    }
    for doubt in Doubt::ALL {
        let Some(doubted) = tally.doubts.get(doubt) else { continue };
        let (name, remedy) = (doubt.name(), doubt.remedy());
        said = said.line(
            format!("● {}　{} 件　{}", name.ja, doubted.files, remedy.ja),
            format!("* {}: {}. {}", name.en, doubted.files, remedy.en),
        );
        for path in doubted.named.iter().take(5) {
            said = said.line(format!("　　{path}"), format!("    {path}"));
        }
    }
    said
}
