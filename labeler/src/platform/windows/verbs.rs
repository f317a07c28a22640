//! エクスプローラー. Its menu for this user, and what the menu's items do in the window that opens for them.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use kakuzuke::code::Code;
use kakuzuke::{Error, Marks, Method, Pictures, Protection, Result, Show, Signatures};
use serde_json::json;

use super::registry;
use crate::args::shell::Verb;
use crate::args::{Edit, Kind, Request, Shell};
use crate::commands::{Desk, approve, decide, edit};
use crate::output::Said;

/// What `.kkz` and the menu look like.
const ICON: &[u8] = include_bytes!("../../../assets/kakuzuke.ico");

/// `shell install`, `uninstall`, `status`, and what the menu calls.
pub fn shell(desk: &Desk, command: Shell) -> Result<Said> {
    let failed = |e: io::Error| Error::of(Code::Io).caused_by(e);
    match command {
        Shell::Install => install().map_err(failed),
        Shell::Uninstall => uninstall().map_err(failed),
        Shell::Status => status().map_err(failed),
        Shell::Run { verb, path } => {
            let outcome = run(desk, verb, path);
            Ok(shown_until_read(desk, outcome))
        }
    }
}

fn install() -> io::Result<Said> {
    let icon = icon_place()?;
    if let Some(folder) = icon.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(&icon, ICON)?;
    let entries = registry::entries(&std::env::current_exe()?, &icon);
    registry::write(&entries)?;
    kakuzuke_windows::shell::tell_of_kinds();
    Ok(Said::new(json!({ "installed": true, "entries": entries.len() })).line(
        "エクスプローラーのメニューに「格付 Kakuzuke」（格付・保護・開く・申請）を入れ、.kkz を関連付けました。",
        "Explorer's menu now has 格付 Kakuzuke (label, protect, open, ask), and .kkz opens with it.",
    ))
}

fn uninstall() -> io::Result<Said> {
    registry::remove()?;
    let _never_there = std::fs::remove_file(icon_place()?);
    kakuzuke_windows::shell::tell_of_kinds();
    Ok(Said::new(json!({ "installed": false }))
        .line("メニューと関連付けを外しました。", "The menu and the association are gone."))
}

fn status() -> io::Result<Said> {
    let entries = registry::entries(&std::env::current_exe()?, &icon_place()?);
    let missing = registry::missing(&entries)?;
    let said = Said::new(json!({ "installed": missing == 0, "entries": entries.len(), "missing": missing }));
    Ok(match missing {
        0 => said.line("メニューと関連付けは入っています。", "The menu and the association are there."),
        _ => said.line(
            format!("{missing} 件の登録がありません。labeler shell install で入れてください。"),
            format!("{missing} entries are missing. Put them there with labeler shell install."),
        ),
    })
}

fn icon_place() -> io::Result<PathBuf> {
    let data = std::env::var_os("LOCALAPPDATA").filter(|value| !value.is_empty()).ok_or(io::ErrorKind::NotFound)?;
    Ok(Path::new(&data).join("Kakuzuke").join("kakuzuke.ico"))
}

fn run(desk: &Desk, verb: Verb, path: PathBuf) -> Result<Said> {
    match verb {
        Verb::Label => suggest(desk, path, Method::Label),
        Verb::Protect => suggest(desk, path, Method::ByGrade),
        Verb::Open => edit::edit(desk, Edit { path, purpose: ask(desk, "利用目的", "Purpose")?, program: Vec::new() }),
        Verb::Request => {
            let kind = ask(
                desk,
                "申請の種類（view／edit／print／export／relabel）",
                "Kind (view, edit, print, export, relabel)",
            )?;
            let kind = <Kind as clap::ValueEnum>::from_str(kind.trim(), true).map_err(|_| Error::of(Code::Usage))?;
            let reason = ask(desk, "理由", "Reason")?;
            let request = Request { kind, path: Some(path), reason, days: None, grade: None, restrictions: Vec::new() };
            approve::request(desk, request)
        }
    }
}

/// The suggestion for one file or folder in the table, to be taken, changed or declined.
fn suggest(desk: &Desk, path: PathBuf, method: Method) -> Result<Said> {
    if !decide::can_ask(desk) {
        return Err(Error::new(Code::Usage, decide::NO_TERMINAL).at(&path));
    }
    let session = desk.session()?;
    let marks = Marks { show: Show::Label, signatures: Signatures::Keep, pictures: Pictures::Keep };
    let how = Protection { method, marks, ..Protection::default() };
    let suggested = decide::suggested(&session, &[path], None, desk)?;
    decide::on_screen(desk, &session, suggested, (&Vec::new(), None), (&how, None))
}

fn ask(desk: &Desk, ja: &str, en: &str) -> Result<String> {
    let failed = |e: io::Error| Error::of(Code::Io).caused_by(e);
    let mut err = io::stderr().lock();
    write!(err, "{}: ", desk.output.locale.pick(ja, en)).and_then(|()| err.flush()).map_err(failed)?;
    drop(err);
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).map_err(failed)?;
    Ok(line.trim().to_owned())
}

/// The window closes with the program: what was said stays until somebody has read it.
fn shown_until_read(desk: &Desk, outcome: Result<Said>) -> Said {
    let code = match &outcome {
        Ok(said) => said.code(),
        Err(error) => Some(error.code()),
    };
    let _exit_code = desk.output.finish(outcome);
    if io::stdin().is_terminal() {
        desk.output.note("Enter キーで閉じます。", "Press Enter to close.");
        let _read = io::stdin().lock().read_line(&mut String::new());
    }
    let said = Said::nothing();
    match code {
        Some(code) => said.ending(code),
        None => said,
    }
}
