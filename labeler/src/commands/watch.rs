//! 見張り. Labels and protects as documents are saved, until it is stopped.

use kakuzuke::{FolderRules, Result, WatchEvent};
use serde_json::json;

use super::{Desk, value};
use crate::args::Watch;
use crate::output::{Output, Said};

/// `watch FOLDER --rules FILE`; ends with the process.
pub fn watch(desk: &Desk, args: &Watch) -> Result<Said> {
    let rules = FolderRules::read(&args.rules)?;
    let session = desk.session()?;
    let output = desk.output;
    session.watch(&args.folder, &rules, &|| true, &mut |event| tell(output, event))?;
    Ok(Said::nothing())
}

fn tell(output: Output, event: &WatchEvent) {
    match event {
        WatchEvent::Watching(files) => output.event(
            &json!({ "event": "watching", "files": files }),
            &format!("見張っています（{files} 件を確認します）。終了は Ctrl-C です。"),
            &format!("Watching ({files} files to look at). Ctrl-C ends it."),
        ),
        WatchEvent::Done(done) => output.event(
            &json!({ "event": "done", "protected": value(done).unwrap_or_default() }),
            &format!("{}：{}", done.path.display(), done.label.header),
            &format!("{}: {} {}", done.path.display(), done.label.grade, done.label.restrictions.join("・")),
        ),
        WatchEvent::Waits(suggested) => {
            let (path, grading) = (suggested.path.display(), suggested.grading());
            let restrictions = grading.restrictions.join("・");
            output.event(
                &json!({ "event": "waits", "suggested": value(suggested).unwrap_or_default() }),
                &format!("{path}：決定待ち（提案　{} {restrictions}）", grading.grade),
                &format!("{path}: waits for a decision (suggested: {} {restrictions})", grading.grade),
            );
        }
        WatchEvent::Failed(failure) => {
            output.event(&json!({ "event": "failed", "failure": value(failure).unwrap_or_default() }), "", "");
            output.warn(failure);
        }
        WatchEvent::LostEnvelope(path) => output.event(
            &json!({ "event": "lost-envelope", "path": path.display().to_string() }),
            &format!("{}：表紙が別のソフトで保存され、中身が失われています。控えから戻してください。", path.display()),
            &format!(
                "{}: the cover was saved by another program and its content is gone. Restore it from a copy.",
                path.display()
            ),
        ),
    }
}
