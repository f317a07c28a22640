//! With a screen: the dialogs for label and passphrase, "save changes?" on closing, and what desktops remember of documents.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use kakuzuke_tests::agency::{Agency, Officer, exit};
use kakuzuke_tests::programs::have;
use kakuzuke_tests::screen::Screen;

use serde_json::{Value, json};

use super::Office;
use super::plaintext::{Marks, Watch};
use crate::sample;

const WRITTEN: &str = "備蓄倉庫の鍵番号は四七一二";
pub(super) const LATE: Duration = Duration::from_secs(60);

/// A screen that nobody sees, and an office on it.
pub(super) struct Seen {
    pub(super) office: Office,
    screen: Screen,
}

impl Seen {
    pub(super) fn open(officer: &Officer, language: &str) -> Option<Self> {
        if !["Xvfb", "xdotool", "xclip", "import"].iter().all(|tool| have(tool)) {
            return None;
        }
        let mut office = Office::open(officer, language)?;
        office.quit();
        let screen = Screen::open(office.folder.path().join("home"), (1200, 900));
        office.environment.push(("DISPLAY", screen.display().to_owned()));
        office.environment.push(("SAL_USE_VCLPLUGIN", "gen".to_owned()));
        let mut seen = Self { office, screen };
        seen.office.start(&["--norestore"]);
        Some(seen)
    }

    pub(super) fn xdotool(&self, args: &[&str]) -> Option<String> {
        let ran = Command::new("xdotool").args(args).env("DISPLAY", self.screen.display()).output().unwrap();
        ran.status.success().then(|| String::from_utf8_lossy(&ran.stdout).trim().to_owned())
    }

    /// The window with this title, as soon as it is there, with the keys going to it.
    #[track_caller]
    pub(super) fn await_window(&self, title: &str) -> String {
        let until = Instant::now() + LATE;
        loop {
            let found = self.xdotool(&["search", "--onlyvisible", "--name", title]).unwrap_or_default();
            if let Some(window) = found.lines().last().filter(|window| !window.is_empty())
                && self.xdotool(&["windowfocus", "--sync", window]).is_some()
            {
                return window.to_owned();
            }
            assert!(Instant::now() < until, "no window {title}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Presses a key until the window is gone.
    #[track_caller]
    pub(super) fn press_until_gone(&self, window: &str, key: &str) {
        let until = Instant::now() + LATE;
        while self.xdotool(&["getwindowname", window]).is_some() {
            let _gone_meanwhile = self.xdotool(&["windowfocus", window]);
            let _gone_meanwhile = self.xdotool(&["key", key]);
            assert!(Instant::now() < until, "the window stays");
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// Looks at a window until there are as many dots as this of a colour.
    #[track_caller]
    pub(super) fn until(&self, window: &str, path: &Path, many: usize, is_it: impl Fn([u8; 3]) -> bool) {
        let until = Instant::now() + LATE;
        while self
            .picture(window, path)
            .chunks_exact(3)
            .filter(|dot| matches!(dot, [r, g, b] if is_it([*r, *g, *b])))
            .count()
            < many
        {
            assert!(Instant::now() < until, "never seen: {}", path.display());
        }
    }

    /// A picture of a window: its colours, red green blue a dot.
    fn picture(&self, window: &str, path: &Path) -> Vec<u8> {
        let mut import = Command::new("import");
        import.args(["-window", window]).arg(path).env("DISPLAY", self.screen.display());
        assert!(import.status().unwrap().success());
        let mut dots = Command::new("convert");
        let dots = dots.arg(path).args(["-depth", "8", "rgb:-"]).output().unwrap();
        assert!(dots.status.success());
        dots.stdout
    }

    /// The text in the clipboard.
    pub(super) fn copied(&self) -> String {
        self.taken("clipboard")
    }

    /// The text that is marked somewhere, as the middle button pastes it.
    pub(super) fn marked(&self) -> String {
        self.taken("primary")
    }

    fn taken(&self, board: &str) -> String {
        let mut xclip = Command::new("xclip");
        xclip.args(["-selection", board, "-o"]).env("DISPLAY", self.screen.display());
        String::from_utf8_lossy(&xclip.output().unwrap().stdout).into_owned()
    }

    pub(super) fn send(&mut self, command: &str, given: Value) {
        self.office.running.as_mut().unwrap().send(command, given).unwrap();
    }

    pub(super) fn answer(&mut self) -> Value {
        self.office.running.as_mut().unwrap().answer().unwrap()
    }
}

pub(super) fn keep(picture: &Path, name: &str) {
    if let Some(folder) = std::env::var_os("KAKUZUKE_PICTURES") {
        fs::copy(picture, Path::new(&folder).join(name)).unwrap();
    }
}

#[test]
fn the_officer_decides_in_a_dialog_and_the_bar_shows_the_label() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let Some(mut seen) = Seen::open(&sato, "ja") else { return };
    let place = agency.place("文書");
    let path = place.join("新規.docx");
    seen.office.ask("new", json!(["swriter"]));
    seen.office.ask("write", json!([format!("入札公告前につき取扱注意。予定価格。\n{WRITTEN}")]));
    let protect = json!(["jp.kakuzuke.office:protect", {"Path": path}]);
    // Left, nothing happens.
    seen.send("dispatch", protect.clone());
    let dialog = seen.await_window("格付と保護");
    let picture = agency.place("pictures").join("dialog.png");
    // Words on it, black on bright.
    seen.until(&dialog, &picture, 3_000, |[r, g, b]| r < 80 && g < 80 && b < 80);
    keep(&picture, "dialog.png");
    seen.press_until_gone(&dialog, "Escape");
    seen.answer();
    assert!(!path.exists() && seen.office.ask("modified", json!([])) == json!(true));
    seen.send("dispatch", protect);
    let dialog = seen.await_window("格付と保護");
    seen.press_until_gone(&dialog, "Return");
    seen.answer();
    assert_eq!(seen.office.ask("await_protected", json!([])), json!(true), "{}", seen.office.text("said"));
    sato.labeler(["verify", path.to_str().unwrap()]).good();
    // The bar lies across the window in the office's colour for information.
    seen.until("root", &picture, 10_000, |[r, g, b]| b > 200 && b > r.saturating_add(20) && g > r);
    keep(&picture, "bar.png");
}

#[test]
fn a_passphrase_is_asked_for_on_the_screen_and_lies_nowhere() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let mori = Officer { profile: agency.place("home").join("profile"), subject: "mori".to_owned() };
    let code = agency.code("mori", &["--name", "森", "--role", "officer", "--unit", "総務課"]);
    let passphrase = "Hanami-Kasumigaseki-99";
    let enrolled = mori.command().args(["enrol", &code]).env("KAKUZUKE_PASSPHRASE", passphrase).output().unwrap();
    assert!(enrolled.status.code().is_some_and(|code| code == exit::APPROVAL_PENDING), "{enrolled:?}");
    sato.approve_all();
    let Some(mut seen) = Seen::open(&mori, "en-US") else { return };
    let path = sample(&agency.place("文書"), "docx");
    sato.protect(&path, "C2I1A1", &[]).good();
    let marks = Marks::of(passphrase, passphrase.repeat(8).as_bytes());
    let watch = Watch::begin(&seen.office, &agency.place("文書"), &marks);
    for (typed, opens) in [("", false), ("wrong", false), (passphrase, true)] {
        seen.send("open", json!([path]));
        let dialog = seen.await_window("Kakuzuke: passphrase");
        if typed.is_empty() {
            seen.press_until_gone(&dialog, "Escape");
        } else {
            seen.xdotool(&["type", typed]).unwrap();
            seen.press_until_gone(&dialog, "Return");
        }
        assert_eq!(seen.answer(), json!(true));
        assert_eq!(seen.office.text("text").contains("１　要求の概要"), opens, "{typed}: {}", seen.office.text("said"));
        seen.office.ask("close", json!([]));
    }
    let found = watch.end();
    assert!(found.disk.is_empty() && found.memory.is_empty(), "{found:?}");
}

#[test]
fn saving_while_closing_makes_the_next_version_and_closes_or_stays_open() {
    let mut agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let Some(mut seen) = Seen::open(&sato, "en-US") else { return };
    let path = sample(&agency.place("文書"), "docx");
    sato.protect(&path, "C2I1A1", &[]).good();
    let before = fs::read(&path).unwrap();
    seen.office.show(&path);
    seen.office.ask("write", json!([WRITTEN]));
    agency.kill();
    let close = |seen: &mut Seen| {
        seen.send("dispatch", json!([".uno:CloseDoc"]));
        let asked = seen.await_window("Save Document");
        seen.press_until_gone(&asked, "Return");
        seen.answer();
    };
    close(&mut seen);
    assert_eq!(seen.office.ask("modified", json!([])), json!(true), "it stays open");
    assert!(seen.office.text("said").contains("Not saved"), "{}", seen.office.text("said"));
    assert!(fs::read(&path).unwrap() == before, "the file is as it was");
    agency.start();
    close(&mut seen);
    assert_eq!(seen.office.ask("await_windows", json!([0])), json!(true), "it is closed");
    assert!(fs::read(&path).unwrap() != before, "the next version");
    sato.labeler(["verify", path.to_str().unwrap()]).good();
    seen.office.show(&path);
    assert!(seen.office.text("text").contains(WRITTEN), "nothing is lost");
}

#[test]
fn a_desktop_remembers_neither_content_nor_picture() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let Some(mut seen) = Seen::open(&sato, "ja") else { return };
    let place = agency.place("文書");
    let path = sample(&place, "docx");
    let marks = Marks::of("１　要求の概要", &fs::read(&path).unwrap());
    // In clear the office remembers it with a picture of its first page.
    seen.office.show(&path);
    seen.office.ask("write", json!([WRITTEN]));
    seen.office.ask("store", json!([]));
    seen.office.ask("close", json!([]));
    let list =
        "/org.openoffice.Office.Histories/Histories/org.openoffice.Office.Histories:HistoryInfo['PickList']/ItemList";
    assert_eq!(seen.office.ask("pictures", json!([list])), json!(1), "there is something to forget");
    seen.office.show(&path);
    let given = json!({"Grade": "C2I1A1"});
    seen.office.ask("dispatch", json!(["jp.kakuzuke.office:protect", given]));
    assert_eq!(seen.office.ask("await_protected", json!([])), json!(true), "{}", seen.office.text("said"));
    let watch = Watch::begin(&seen.office, &place, &marks);
    seen.office.ask("write", json!([WRITTEN]));
    seen.office.ask("dispatch", json!([".uno:Save"]));
    seen.office.ask("close", json!([]));
    assert_eq!(seen.office.ask("pictures", json!([list])), json!(0));
    seen.office.quit();
    let found = watch.end();
    assert!(found.disk.is_empty(), "{:?}", found.disk);
    let profile = seen.office.folder.path();
    let history = fs::read_to_string(profile.join("profile/user/registrymodifications.xcu")).unwrap();
    assert!(!history.contains("iVBORw0KGgo"), "no picture among the recent documents");
    for remembers in ["home/.cache/thumbnails", "home/.thumbnails"] {
        assert!(!profile.join(remembers).exists(), "{remembers}");
    }
}
