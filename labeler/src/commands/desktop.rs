//! デスクトップ. Tells the desktop (freedesktop.org) what our files are and what opens them; takes it back; and is what the desktop then
//! calls, where there is no terminal to say anything on.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use kakuzuke::code::{Code, Text};
use kakuzuke::{Error, Result};
use serde_json::json;

use super::Desk;
use crate::args::{Desktop, Share, Thumbnail};
use crate::output::Said;

/// What stands for our command in the files below.
const COMMAND: &str = "@LABELER@";
/// File below the share folder, and what is in it.
const FILES: [(&str, &str); 6] = [
    ("mime/packages/kakuzuke-envelope.xml", include_str!("../../desktop/kakuzuke-envelope.xml")),
    (
        "icons/hicolor/scalable/mimetypes/application-vnd.kakuzuke.envelope.svg",
        include_str!("../../desktop/application-vnd.kakuzuke.envelope.svg"),
    ),
    ("applications/kakuzuke-open.desktop", include_str!("../../desktop/kakuzuke-open.desktop")),
    ("applications/kakuzuke-show.desktop", include_str!("../../desktop/kakuzuke-show.desktop")),
    ("applications/kakuzuke-request.desktop", include_str!("../../desktop/kakuzuke-request.desktop")),
    ("thumbnailers/kakuzuke.thumbnailer", include_str!("../../desktop/kakuzuke.thumbnailer")),
];
const SECTION: &str = "[Default Applications]";
const TYPE: &str = "application/vnd.kakuzuke.envelope";
const DEFAULT: &str = "application/vnd.kakuzuke.envelope=kakuzuke-open.desktop";
const NO_HOME: Text = Text::fixed(
    "HOME が設定されていないため、登録する場所が分かりません。--share で指定してください。",
    "HOME is not set: say where with --share.",
);
const NO_DIALOG: Text = Text::fixed(
    "理由を尋ねるための zenity または kdialog がありません。labeler request で申請してください。",
    "There is neither zenity nor kdialog to ask for a reason with. Use labeler request.",
);
const NO_REASON: Text =
    Text::fixed("理由が入力されなかったため、申請しませんでした。", "No reason was given: nothing was asked for.");

/// `desktop …`
pub fn desktop(desk: &Desk, command: Desktop) -> Result<Said> {
    match command {
        Desktop::Install(share) => install(desk, &Place::of(share)?),
        Desktop::Uninstall(share) => uninstall(desk, &Place::of(share)?),
        Desktop::Open { path } => open(desk, &path),
        Desktop::Show { path } => show(desk, &path),
        Desktop::Request { path } => request(desk, &path),
    }
}

/// `thumbnail FILE -o OUT`
pub fn thumbnail(args: &Thumbnail) -> Result<Said> {
    let picture = kakuzuke::thumbnail(&args.path, args.size)?;
    fs::write(&args.output, picture).map_err(|e| Error::io(&args.output, e))?;
    Ok(Said::new(json!({ "path": args.output })))
}

/// Where the desktop looks, and how it calls us.
struct Place {
    share: PathBuf,
    defaults: PathBuf,
    command: String,
    /// Whether its indexes are refreshed here; a package's are by its own triggers.
    refresh: bool,
}

impl Place {
    fn of(args: Share) -> Result<Self> {
        if let Some(share) = args.share {
            let defaults = share.join("applications/mimeapps.list");
            return Ok(Self { share, defaults, command: "labeler".to_owned(), refresh: false });
        }
        let program = std::env::current_exe().map_err(|e| Error::io(Path::new("labeler"), e))?;
        let command = quoted(&program)?;
        if args.system {
            let share = PathBuf::from("/usr/local/share");
            let defaults = share.join("applications/mimeapps.list");
            return Ok(Self { share, defaults, command, refresh: true });
        }
        let share = folder("XDG_DATA_HOME", ".local/share")?;
        let defaults = folder("XDG_CONFIG_HOME", ".config")?.join("mimeapps.list");
        Ok(Self { share, defaults, command, refresh: true })
    }
}

/// A folder of the XDG base directory specification: absolute, or it is as if it were not set.
fn folder(variable: &str, beneath: &str) -> Result<PathBuf> {
    let named = std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || std::env::home_dir().filter(|home| home.is_absolute()).map(|home| home.join(beneath));
    named.or_else(home).ok_or_else(|| Error::new(Code::Usage, NO_HOME))
}

/// A path as a word of an Exec key. What would need more than quotes there is refused.
fn quoted(path: &Path) -> Result<String> {
    let plain = |c: char| c.is_alphanumeric() || "/._-+@:, ".contains(c);
    match path.to_str() {
        Some(text) if text.chars().all(plain) && text.contains(' ') => Ok(format!("\"{text}\"")),
        Some(text) if text.chars().all(plain) => Ok(text.to_owned()),
        _ => Err(Error::of(Code::Unsupported).at(path)),
    }
}

fn install(desk: &Desk, place: &Place) -> Result<Said> {
    for (name, content) in FILES {
        let path = place.share.join(name);
        write(&path, &content.replace(COMMAND, &place.command))?;
    }
    let before = read(&place.defaults)?;
    if let Some(after) = with_default(&before) {
        write(&place.defaults, &after)?;
    }
    refresh(desk, place);
    let share = place.share.display();
    Ok(Said::new(json!({ "share": place.share }))
        .line(format!("デスクトップ環境に登録しました：{share}"), format!("Registered with the desktop: {share}")))
}

fn uninstall(desk: &Desk, place: &Place) -> Result<Said> {
    for (name, _) in FILES {
        remove(&place.share.join(name))?;
    }
    let before = read(&place.defaults)?;
    match without_default(&before) {
        Some(after) if after.is_empty() => remove(&place.defaults)?,
        Some(after) => write(&place.defaults, &after)?,
        None => {}
    }
    refresh(desk, place);
    let share = place.share.display();
    Ok(Said::new(json!({ "share": place.share }))
        .line(format!("登録を取り消しました：{share}"), format!("No longer registered: {share}")))
}

/// The list with our program as the default for our type; none when somebody has chosen one already.
fn with_default(list: &str) -> Option<String> {
    let chosen = |line: &str| line.split_once('=').is_some_and(|(kind, _)| kind.trim() == TYPE);
    let mut lines: Vec<&str> = list.lines().collect();
    let section = lines.iter().position(|line| line.trim() == SECTION);
    let Some(section) = section else {
        let gap = if list.is_empty() || list.ends_with('\n') { "" } else { "\n" };
        return Some(format!("{list}{gap}{SECTION}\n{DEFAULT}\n"));
    };
    let mut inside = lines.iter().skip(section + 1).take_while(|line| !line.trim_start().starts_with('['));
    if inside.any(|line| chosen(line)) {
        return None;
    }
    lines.insert(section + 1, DEFAULT);
    Some(lines.join("\n") + "\n")
}

/// The list without our line, empty when nothing else is in it; none when it is not there.
fn without_default(list: &str) -> Option<String> {
    if !list.lines().any(|line| line.trim() == DEFAULT) {
        return None;
    }
    let rest: Vec<&str> = list.lines().filter(|line| line.trim() != DEFAULT).collect();
    let empty = rest.iter().all(|line| line.trim().is_empty() || line.trim() == SECTION);
    Some(if empty { String::new() } else { rest.join("\n") + "\n" })
}

fn read(path: &Path) -> Result<String> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        other => other.map_err(|e| Error::io(path, e)),
    }
}

fn write(path: &Path, content: &str) -> Result<()> {
    let parent = path.parent().unwrap_or(path);
    fs::create_dir_all(parent).map_err(|e| Error::io(parent, e))?;
    // Whole or not at all: another program may be reading it.
    let mut draft = path.as_os_str().to_owned();
    draft.push(".new");
    fs::write(&draft, content).map_err(|e| Error::io(path, e))?;
    fs::rename(&draft, path).map_err(|e| Error::io(path, e))
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io(path, error)),
        _ => Ok(()),
    }
}

/// Refreshes what the desktop reads in place of the files. A tool that is missing means a desktop that reads the files.
fn refresh(desk: &Desk, place: &Place) {
    if !place.refresh {
        return;
    }
    let tools: [(&str, &[&str], &str); 3] = [
        ("update-mime-database", &[], "mime"),
        ("update-desktop-database", &["-q"], "applications"),
        ("gtk-update-icon-cache", &["-q", "-t", "-f"], "icons/hicolor"),
    ];
    for (tool, options, beneath) in tools {
        let done = Command::new(tool).args(options).arg(place.share.join(beneath)).output();
        if !done.is_ok_and(|output| output.status.success()) && tool == "update-mime-database" {
            desk.output.note(
                "update-mime-database を実行できませんでした。shared-mime-info を入れてから、もう一度登録してください。",
                "update-mime-database could not be run: install shared-mime-info and register again.",
            );
        }
    }
}

/// `desktop open FILE`: edits it; what went wrong is shown.
fn open(desk: &Desk, path: &Path) -> Result<Said> {
    let output = ourselves(desk, [OsStr::new("edit"), path.as_os_str()])?;
    tell_failure(&output);
    Ok(ended(&output))
}

/// `desktop show FILE`
fn show(desk: &Desk, path: &Path) -> Result<Said> {
    let output = ourselves(desk, [OsStr::new("show"), path.as_os_str()])?;
    if output.status.success() {
        tell(Manner::Information, &String::from_utf8_lossy(&output.stdout));
    }
    tell_failure(&output);
    Ok(ended(&output))
}

/// `desktop request FILE`
fn request(desk: &Desk, path: &Path) -> Result<Said> {
    let question = desk.output.locale.pick("閲覧を申請する理由を入力してください。", "Why do you need to read it?");
    let reason = ask(question).ok_or_else(|| Error::new(Code::Unsupported, NO_DIALOG).at(path))?;
    if reason.trim().is_empty() {
        return Err(Error::new(Code::Usage, NO_REASON).at(path));
    }
    let reason = format!("--reason={}", reason.trim());
    let words = [OsStr::new("request"), OsStr::new("--kind=view"), OsStr::new(&reason), path.as_os_str()];
    let output = ourselves(desk, words)?;
    if output.status.success() {
        tell(Manner::Information, &String::from_utf8_lossy(&output.stdout));
    }
    tell_failure(&output);
    Ok(ended(&output))
}

/// Runs this program with other arguments, in the same profile.
fn ourselves<'a>(desk: &Desk, words: impl IntoIterator<Item = &'a OsStr>) -> Result<Output> {
    let program = std::env::current_exe().map_err(|e| Error::io(Path::new("labeler"), e))?;
    let mut command = Command::new(&program);
    command.args(words).arg(desk.output.locale.pick("--lang=ja", "--lang=en"));
    if let Some(profile) = &desk.profile {
        command.arg("--profile").arg(profile);
    }
    command.output().map_err(|e| Error::io(&program, e))
}

/// The same words on standard output and the same end, for whoever has a terminal after all.
fn ended(output: &Output) -> Said {
    let text = String::from_utf8_lossy(if output.status.success() { &output.stdout } else { &output.stderr });
    let said = Said::nothing().line(text.trim_end(), text.trim_end());
    let code = output.status.code().unwrap_or(1);
    let found = Code::ALL.iter().copied().find(|known| code != 0 && i32::from(known.exit_code()) == code);
    match (code, found) {
        (0, _) => said,
        (_, Some(code)) => said.ending(code),
        (_, None) => said.ending(Code::Internal),
    }
}

#[derive(Clone, Copy)]
enum Manner {
    Information,
    Refusal,
}

fn tell_failure(output: &Output) {
    if !output.status.success() {
        tell(Manner::Refusal, &String::from_utf8_lossy(&output.stderr));
    }
}

/// Shows words in a window, with whichever program there is for it.
fn tell(manner: Manner, words: &str) {
    let words = words.trim();
    let text = format!("--text={words}");
    let (zenity, kdialog) = match manner {
        Manner::Information => ("--info", "--msgbox"),
        Manner::Refusal => ("--error", "--error"),
    };
    let ways: [(&str, Vec<&str>); 3] = [
        ("zenity", vec![zenity, "--no-markup", "--title=格付 Kakuzuke", &text]),
        ("kdialog", vec!["--title", "格付 Kakuzuke", kdialog, words]),
        ("xmessage", vec!["-center", words]),
    ];
    let _none_is_there = ways.iter().any(|(program, args)| Command::new(program).args(args).output().is_ok());
}

/// Asks for a line of text; none when there is no program to ask with, empty when nothing was given.
fn ask(question: &str) -> Option<String> {
    let text = format!("--text={question}");
    let ways: [(&str, Vec<&str>); 2] = [
        ("zenity", vec!["--entry", "--title=格付 Kakuzuke", &text]),
        ("kdialog", vec!["--title", "格付 Kakuzuke", "--inputbox", question]),
    ];
    let asked = ways.iter().find_map(|(program, args)| Command::new(program).args(args).output().ok())?;
    Some(String::from_utf8_lossy(&asked.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::{DEFAULT, SECTION, with_default, without_default};

    #[test]
    fn the_list_of_defaults_gets_our_line_once_and_loses_nothing_else() {
        let others = format!("[Added Associations]\na/b=c.desktop\n{SECTION}\nx/y=z.desktop\n");
        for list in ["", "[Added Associations]\na/b=c.desktop", others.as_str()] {
            let after = with_default(list).unwrap_or_default();
            assert!(after.contains(DEFAULT) && list.lines().all(|line| after.contains(line)), "{after}");
            assert_eq!(with_default(&after), None, "once");
            let back = without_default(&after).unwrap_or_default();
            assert!(
                !back.contains(DEFAULT) && list.lines().filter(|l| *l != SECTION).all(|l| back.contains(l)),
                "{back}"
            );
        }
        assert_eq!(without_default(&others), None);
        let chosen = format!("{SECTION}\napplication/vnd.kakuzuke.envelope=other.desktop\n");
        assert_eq!(with_default(&chosen), None, "what somebody chose stays");
    }
}
