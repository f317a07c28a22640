//! With a screen: ways by which content goes to other windows and programs past every command, where it may not be copied.

use std::time::Instant;

use kakuzuke_tests::agency::Agency;
use serde_json::{Value, json};

use super::Office;
use super::seen::{LATE, Seen};
use crate::sample;

#[test]
fn what_is_marked_or_copied_reaches_no_other_program() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let suzuki = agency.officer("suzuki", "鈴木");
    let Some(mut seen) = Seen::open(&suzuki, "ja") else { return };
    for (ending, words) in [("docx", "１　要求の概要"), ("xlsx", "地域基盤庁　会計課")] {
        let [free, bound] = ["自由", "制限"].map(|name| sample(&agency.place(&format!("{name}{ending}")), ending));
        sato.protect(&free, "C2I1A1", &[]).good();
        sato.protect(&bound, "C2I1A1", &["複製禁止"]).good();
        for (path, may) in [(&bound, false), (&free, true)] {
            seen.office.show(path);
            seen.await_window(&path.file_name().unwrap().to_string_lossy());
            let until = Instant::now() + LATE;
            loop {
                seen.office.ask("dispatch", json!([".uno:SelectAll"]));
                let marked = seen.marked();
                assert!(may || !marked.contains(words), "{ending}: {marked}");
                if marked.contains(if may { words } else { "複製（コピー）はできません。" }) {
                    break;
                }
                assert!(Instant::now() < until, "{ending}: {marked:?} is marked");
            }
            seen.office.ask("close", json!([]));
        }
    }
}

/// Drags from a cell of one window to another window, in steps as a hand does.
fn drag(seen: &Seen, from: &Value, to: (i64, i64)) {
    let (x, y) = (from[0].as_i64().unwrap(), from[1].as_i64().unwrap());
    let mut steps: Vec<String> =
        ["mousemove", &x.to_string(), &y.to_string(), "mousedown", "1"].map(String::from).into();
    for step in 1..=20 {
        let at = |from: i64, to: i64| (from + (to - from) * step / 20).to_string();
        steps.extend(["sleep".to_owned(), "0.06".to_owned(), "mousemove".to_owned(), at(x, to.0), at(y, to.1)]);
    }
    steps.extend(["sleep", "0.5", "mouseup", "1"].map(String::from));
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    seen.xdotool(&steps).unwrap();
}

#[test]
fn cells_are_not_dragged_into_another_window() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let suzuki = agency.officer("suzuki", "鈴木");
    let Some(mut seen) = Seen::open(&suzuki, "ja") else { return };
    let [free, bound] = ["自由.ods", "制限.ods"].map(|name| agency.place("文書").join(name));
    seen.office.ask("new", json!(["scalc"]));
    seen.office.ask("write", json!(["引きずる言葉"]));
    for path in [&free, &bound] {
        seen.office.ask("store_to", json!([path, {"FilterName": "calc8"}]));
    }
    seen.office.ask("close", json!([]));
    sato.protect(&free, "C2I1A1", &[]).good();
    sato.protect(&bound, "C2I1A1", &["複製禁止"]).good();
    seen.office.ask("new", json!(["scalc"]));
    seen.office.ask("place", json!([600, 600, 850]));
    let target = seen.office.text("title");
    // The way itself works.
    for (path, may) in [(&free, true), (&bound, false)] {
        seen.office.show(path);
        seen.office.ask("place", json!([0, 600, 850]));
        let name = seen.office.text("title");
        let until = Instant::now() + LATE;
        for attempt in 0.. {
            seen.office.ask("use", json!([name]));
            seen.office.ask("mark", json!(["A1:A3"]));
            seen.await_window(&name);
            let from = seen.office.ask("spot", json!(["A1"]));
            if !from.is_null() {
                drag(&seen, &from, (900, 500 + attempt % 5 * 20));
            }
            seen.office.ask("use", json!([target]));
            let came = seen.office.text("text").contains("引きずる言葉");
            assert!(may || !came, "dragged");
            if came || (!may && attempt >= 3) {
                break;
            }
            assert!(Instant::now() < until, "never dragged");
        }
        seen.office.ask("mark", json!(["A1:Z200"]));
        seen.office.ask("dispatch", json!([".uno:ClearContents"]));
        seen.office.ask("use", json!([name]));
        seen.office.ask("close", json!([]));
    }
}

#[test]
fn slides_lie_in_no_pane_to_be_dragged_out_of() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let suzuki = agency.officer("suzuki", "鈴木");
    let Some(mut office) = Office::open(&suzuki, "ja") else { return };
    for ending in ["pptx", "pdf"] {
        let [free, bound] = ["自由", "制限"].map(|name| sample(&agency.place(&format!("{name}{ending}")), ending));
        sato.protect(&free, "C2I1A1", &[]).good();
        sato.protect(&bound, "C2I1A1", &["複製禁止"]).good();
        office.show(&free);
        assert_eq!(office.ask("await_slides", json!([true])), json!(true), "{ending}");
        office.ask("close", json!([]));
        office.show(&bound);
        assert_eq!(office.ask("await_slides", json!([false])), json!(true), "{ending}");
        for command in [".uno:LeftPaneImpress", ".uno:LeftPaneDraw", ".uno:DiaMode"] {
            assert_ne!(office.ask("enabled", json!([command])), json!(true), "{ending}: {command}");
        }
        office.ask("close", json!([]));
    }
}
