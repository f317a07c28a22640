//! With a screen: what a person is asked on the way, the purpose of an opening and the place of a new document.

use std::fs;
use std::time::Instant;

use kakuzuke_tests::agency::Agency;
use serde_json::{Value, json};

use super::seen::{LATE, Seen, keep};
use crate::{names, sample};

const WORDS: &str = "１　要求の概要";

/// The purposes in the server's log.
fn purposes(agency: &Agency) -> Vec<String> {
    let log = fs::read_to_string(agency.server_dir().join("log.jsonl")).unwrap();
    let entries = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let texts = entries.filter_map(|entry| serde_json::from_str::<Value>(entry["text"].as_str()?).ok());
    texts.filter_map(|text| Some(text["purpose"].as_str()?.to_owned())).collect()
}

impl Seen {
    /// Types into the field that has the keys, until it holds just this: a key may come before its window listens.
    #[track_caller]
    fn type_until_there(&self, window: &str, text: &str) {
        let until = Instant::now() + LATE;
        loop {
            let _listens = self.xdotool(&["windowfocus", window]);
            let _typed = self.xdotool(&["key", "ctrl+a"]).and_then(|_| self.xdotool(&["type", "--delay", "40", text]));
            let _copied = self.xdotool(&["key", "ctrl+a", "ctrl+c"]);
            if self.copied() == text {
                return;
            }
            assert!(Instant::now() < until, "never typed: {text}, but {:?}", self.copied());
        }
    }
}

#[test]
fn a_purpose_is_asked_for_on_the_screen_and_recorded() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let suzuki = agency.officer("suzuki", "鈴木");
    let picture = agency.place("pictures").join("purpose.png");
    for (language, title, purpose) in
        [("ja", "格付：利用目的", "照会への回答"), ("en-US", "Kakuzuke: purpose", "Answer to an inquiry")]
    {
        let Some(mut seen) = Seen::open(&suzuki, language) else { return };
        let path = sample(&agency.place(language), "docx");
        sato.protect(&path, "C3I1A1", &[]).good();
        // Left, nothing opens.
        seen.send("open", json!([path]));
        let dialog = seen.await_window(title);
        seen.until(&dialog, &picture, 300, |[r, g, b]| r < 80 && g < 80 && b < 80);
        keep(&picture, &format!("purpose-{language}.png"));
        seen.press_until_gone(&dialog, "Escape");
        assert_eq!(seen.answer(), json!(true));
        assert!(!seen.office.text("text").contains(WORDS), "{language}: nothing but the cover");
        assert!(seen.office.text("said").contains("3.1.1(2)"), "{language}: {}", seen.office.text("said"));
        assert!(!purposes(&agency).iter().any(|one| one == purpose));
        seen.office.ask("close", json!([]));
        // Answered with nothing, neither.
        seen.send("open", json!([path]));
        let dialog = seen.await_window(title);
        seen.press_until_gone(&dialog, "Return");
        assert_eq!(seen.answer(), json!(true));
        assert!(!seen.office.text("text").contains(WORDS), "{language}: no purpose is none");
        seen.office.ask("close", json!([]));
        seen.send("open", json!([path]));
        let dialog = seen.await_window(title);
        seen.type_until_there(&dialog, purpose);
        seen.press_until_gone(&dialog, "Return");
        assert_eq!(seen.answer(), json!(true));
        assert!(seen.office.text("text").contains(WORDS), "{language}: {}", seen.office.text("said"));
        assert!(purposes(&agency).iter().any(|one| one == purpose), "{language}: {:?}", purposes(&agency));
    }
}

#[test]
fn the_place_of_a_new_document_is_asked_for_on_the_screen() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    for (language, grading, saving) in
        [("ja", "格付と保護", "名前を付けて保存"), ("en-US", "Grade and protect", "Save")]
    {
        let Some(mut seen) = Seen::open(&sato, language) else { return };
        let path = agency.place(language).join("新規.docx");
        seen.office.ask("new", json!(["swriter"]));
        seen.office.ask("write", json!(["鍵番号は四七一二"]));
        for leaves in [true, false] {
            seen.send("dispatch", json!(["jp.kakuzuke.office:protect"]));
            let dialog = seen.await_window(grading);
            seen.press_until_gone(&dialog, "Return");
            let dialog = seen.await_window(saving);
            if leaves {
                seen.press_until_gone(&dialog, "Escape");
            } else {
                seen.type_until_there(&dialog, path.to_str().unwrap());
                seen.press_until_gone(&dialog, "Return");
            }
            seen.answer();
            assert!(!leaves || names(&agency.place(language)).is_empty(), "{language}: nothing is written");
        }
        assert_eq!(
            seen.office.ask("await_protected", json!([])),
            json!(true),
            "{language}: {}",
            seen.office.text("said")
        );
        sato.labeler(["verify", path.to_str().unwrap()]).good();
        assert_eq!(names(&agency.place(language)), ["新規.docx"], "{language}");
    }
}
