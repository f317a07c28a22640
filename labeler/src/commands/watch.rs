//! 見張り. Labels and protects as documents are saved, until it is stopped.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kakuzuke::{FolderRules, Result, WatchEvent, Watching};
use serde_json::json;

use super::{Desk, value};
use crate::args::Watch;
use crate::output::{Output, Said};
use crate::platform::ENDING;

/// `watch FOLDER --rules FILE`, until it is told to end (SIGTERM, Ctrl-C): then what is under way is finished first.
pub fn watch(desk: &Desk, args: &Watch) -> Result<Said> {
    let rules = FolderRules::read(&args.rules)?;
    let session = desk.session()?;
    let output = desk.output;
    let ended = Arc::new(AtomicBool::new(false));
    for signal in ENDING {
        // Where a signal can't be waited for, it ends the process as it always does.
        let _as_always = signal_hook::flag::register(signal, Arc::clone(&ended));
    }
    let goes_on = || !ended.load(Ordering::Relaxed);
    let watching = Watching { round: args.round.map(Duration::from_secs) };
    session.watch(&args.folder, &rules, watching, &goes_on, &mut |event| tell(output, event))?;
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
        WatchEvent::Held(failure) => {
            output.event(&json!({ "event": "held", "failure": value(failure).unwrap_or_default() }), "", "");
            output.warn(failure);
            output.note(
                "待っているファイルはすべて、あとでやり直します。",
                "Everything that waits is tried again later.",
            );
        }
        other => state(output, other),
    }
}

/// How it is with the watcher itself.
fn state(output: Output, event: &WatchEvent) {
    let (name, ja, en) = match event {
        WatchEvent::GoesOn => ("goes-on", "再開しました。", "It goes on again."),
        WatchEvent::Deaf => (
            "deaf",
            "フォルダが多すぎて、変更の通知を受けられないものがあります。全体を繰り返し見直します（通知の上限：/proc/sys/fs/inotify/max_user_watches）。",
            "There are more folders than the system tells of. All of it is gone through again and again (limit: /proc/sys/fs/inotify/max_user_watches).",
        ),
        WatchEvent::FolderGone => (
            "folder-gone",
            "見張っているフォルダがなくなりました。戻るのを待ちます。",
            "The folder that is watched is gone. It is waited for.",
        ),
        WatchEvent::FolderBack => ("folder-back", "フォルダが戻りました。", "The folder is there again."),
        _ => ("ended", "見張りを終わります。", "No longer watching."),
    };
    output.event(&json!({ "event": name }), ja, en);
}
