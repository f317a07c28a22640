//! Documents that others made: all are inspected, and what can be sanitised opens and has nothing removable left.

use kakuzuke_formats::{Category, Kind, State, Wanted, detect, inspect, sanitise, text};

use crate::furniture::corpus;

fn everything() -> Wanted {
    Category::ALL.iter().fold(Wanted::nothing(), |wanted, category| wanted.with(*category))
}

fn words(file: &[u8], name: Option<&str>) -> usize {
    let mut count = 0;
    let read = text(&file.to_vec(), name, &mut |passage| {
        count += usize::from(passage.spot.part.is_in_sight()) * passage.text.chars().count();
        std::ops::ControlFlow::Continue(())
    });
    read.map_or(0, |_| count)
}

#[test]
fn real_documents_are_inspected_and_sanitised() {
    let Some(paths) = corpus() else { return };
    let (mut done, mut refused, mut left, mut thinner) = (0, Vec::new(), Vec::new(), Vec::new());
    for path in &paths {
        let file = std::fs::read(path).unwrap();
        let name = path.file_name().and_then(|n| n.to_str());
        let state = detect(&file, name).unwrap();
        inspect(&file, name).unwrap();
        if state.state != State::Open {
            continue;
        }
        let mut out = Vec::new();
        match sanitise(&file, name, &everything(), &mut out) {
            Ok(_) => {
                done += 1;
                let after = detect(&out, name).unwrap();
                // Behind a script or a remark a page or XML is a text; without it it is known.
                let uncovered = state.kind == Kind::Text && matches!(after.kind, Kind::Html | Kind::Xml);
                assert!(after == state || uncovered && after.state == State::Open, "{path:?}: {after:?}");
                let report = inspect(&out, name).unwrap();
                let rest: Vec<_> = report
                    .findings
                    .iter()
                    .filter(|f| f.category.fate() != kakuzuke_formats::Fate::Reported)
                    // What older formats keep is said, with what to do.
                    .filter(|f| !f.what.en.contains("convert it to a newer one"))
                    .map(|f| (f.category, f.what.en.to_string()))
                    .collect();
                if !rest.is_empty() {
                    left.push(format!("{path:?}: {rest:?}"));
                }
                if words(&out, name) < words(&file, name) * 8 / 10 {
                    thinner.push(format!("{path:?}: {} of {}", words(&out, name), words(&file, name)));
                }
            }
            Err(e) => refused.push(format!("{path:?}: {e}")),
        }
    }
    eprintln!("{done} sanitised, {} refused, {} with something left", refused.len(), left.len());
    for line in refused.iter().map(|l| format!("refused {l}")).chain(left.iter().map(|l| format!("left {l}"))) {
        eprintln!("{line}");
    }
    for line in &thinner {
        eprintln!("thinner {line}");
    }
    assert!(done > refused.len() * 10, "too many refused");
    assert!(left.len() * 50 < done, "hidden data are left");
}
