//! The clause table says the truth: modules, policies and tests that it names exist, and no policy's clause is missing.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::fs;
use std::path::Path;

use kakuzuke_core::label::Taxonomy;
use kakuzuke_keyserver::decide::Engine;
use kakuzuke_tests::programs::repository;

/// All Rust sources beneath the repository's own folders, in one text.
fn sources() -> String {
    fn read(folder: &Path, text: &mut String) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                read(&path, text);
            } else if path.extension().is_some_and(|e| e == "rs") {
                text.push_str(&fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut text = String::new();
    for folder in ["core/src", "formats/src", "keyserver/src", "sdk/src", "tests/tests"] {
        read(&repository().join(folder), &mut text);
    }
    text
}

#[test]
fn what_the_clause_table_names_is_there() {
    let table = fs::read_to_string(repository().join("docs/clauses.md")).unwrap();
    let engine = Engine::built_in().unwrap();
    let policies: Vec<(String, String)> = engine.policies().collect();
    let sources = sources();
    let (mut clauses, mut named) = (String::new(), Vec::new());
    for row in table.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| clause")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [clause, _, module, policy, test] = cells.as_slice() else { panic!("five columns: {row}") };
        clauses.push_str(clause);
        clauses.push('\n');
        for path in module.split('`').skip(1).step_by(2) {
            assert!(repository().join(path).exists(), "{clause}: no module {path}");
        }
        for id in policy.split('`').skip(1).step_by(2) {
            assert!(policies.iter().any(|(known, _)| known == id), "{clause}: no policy {id}");
            named.push(id.to_owned());
        }
        for name in test.split('`').skip(1).step_by(2) {
            assert!(sources.contains(&format!("fn {name}(")), "{clause}: no test {name}");
        }
        // What a denial can name must have its words.
        let first = clause.split(", ").next().unwrap();
        let known = Taxonomy::jp_h30().clauses().any(|(id, _)| id == first);
        assert!(known || policy.is_empty(), "{first} is not a clause of the taxonomy");
    }
    let rows: Vec<&str> = clauses.lines().flat_map(|line| line.split(", ")).collect();
    for (id, _) in Taxonomy::jp_h30().clauses() {
        assert!(rows.iter().any(|row| id.starts_with(row) || row.starts_with(id)), "{id} has no row");
    }
    for (id, clause) in &policies {
        assert!(clauses.contains(clause.as_str()), "{id}: {clause} is not in the table");
        assert!(named.contains(id), "{id} is not in the table");
    }
}
