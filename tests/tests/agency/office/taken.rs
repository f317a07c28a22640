//! With a screen: ways by which content goes to other windows and programs past every command, where it may not be copied.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use kakuzuke_tests::agency::{Agency, Officer};
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

#[test]
fn marked_cells_are_let_go_where_the_mouse_would_take_hold_of_them() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let suzuki = agency.officer("suzuki", "鈴木");
    let Some(mut seen) = Seen::open(&suzuki, "ja") else { return };
    for may in [false, true] {
        let path = sample(&agency.place(if may { "自由" } else { "制限" }), "xlsx");
        sato.protect(&path, "C2I1A1", if may { &[] } else { &["複製禁止"] }).good();
        seen.office.show(&path);
        seen.await_window(&path.file_name().unwrap().to_string_lossy());
        // A whole sheet would go by its tab.
        assert_eq!(seen.office.ask("has_tabs", json!([])), json!(may));
        let until = Instant::now() + LATE;
        loop {
            seen.office.ask("mark", json!(["A1:A3"]));
            assert_eq!(seen.office.ask("marks_several", json!([])), json!(true));
            let spot = seen.office.ask("spot", json!(["A1"]));
            let held = press(&mut seen, &spot);
            // Whoever holds what is marked could drag it; let go, a click marks the one cell below it.
            let let_go = seen.office.ask("marks_several", json!([])) == json!(false);
            if let Some(held) = held
                && held == may
                && let_go
            {
                break;
            }
            assert!(Instant::now() < until, "{held:?} {let_go} where copying is permitted: {may}");
        }
        if !may {
            tabs_stay_for_others(&mut seen, &sato, &path);
        }
        seen.office.ask("close", json!([]));
    }
}

/// The tabs that were taken away in this window are there in the version that is saved from it.
fn tabs_stay_for_others(seen: &mut Seen, sato: &Officer, path: &Path) {
    seen.office.ask("write", json!(["次の版"]));
    seen.office.ask("dispatch", json!([".uno:Save"]));
    assert_eq!(seen.office.ask("modified", json!([])), json!(false), "{}", seen.office.text("said"));
    assert_eq!(seen.office.ask("has_tabs", json!([])), json!(false), "after saving as before");
    let plain = path.with_file_name("plain.xlsx");
    sato.labeler(["open", path.to_str().unwrap(), "-o", plain.to_str().unwrap()]).good();
    let book = Command::new("unzip").arg("-p").arg(&plain).arg("xl/workbook.xml").output().unwrap().stdout;
    let book = String::from_utf8_lossy(&book);
    assert!(
        book.contains("<sheet ") && !book.contains("showSheetTabs=\"false\"") && !book.contains("showSheetTabs=\"0\""),
        "{book}"
    );
}

/// Presses the mouse on a cell and lets go again: whether the marked cells were held meanwhile.
fn press(seen: &mut Seen, spot: &Value) -> Option<bool> {
    let (x, y) = (spot.get(0)?.as_i64()?.to_string(), spot.get(1)?.as_i64()?.to_string());
    seen.xdotool(&["mousemove", &x, &y, "mousedown", "1", "sleep", "0.3"])?;
    let held = seen.office.ask("marks_several", json!([])) == json!(true);
    seen.xdotool(&["mouseup", "1", "sleep", "0.3"])?;
    Some(held)
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
