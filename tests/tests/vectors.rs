//! The vectors: they are as their generator makes them, and our reader finds in each what it says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::collections::BTreeSet;
use std::fs;

use kakuzuke_core::crypto::{fast, pure};
use kakuzuke_core::envelope::{
    EvidenceError, GrantError, HeadError, LayoutError, MetadataError, PayloadError, RevisionError, TrailerError,
};
use kakuzuke_tests::envelope::vector::{self, Outcome, Vector};
use kakuzuke_tests::envelope::{catalogue, reading};
use kakuzuke_tests::programs::repository;

/// `KAKUZUKE_WRITE_VECTORS=1 cargo test -p kakuzuke-tests --test vectors` writes them anew.
#[test]
fn the_vectors_are_as_their_generator_makes_them() {
    let folder = vector::folder();
    let mut wanted = BTreeSet::new();
    let write = std::env::var_os("KAKUZUKE_WRITE_VECTORS").is_some();
    for made in catalogue::all() {
        let json = (format!("{}.json", made.name), made.vector.to_json().into_bytes());
        for (name, bytes) in made.files.into_iter().chain([json]) {
            let path = folder.join(&name);
            if write {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(&path, &bytes).unwrap();
            }
            assert!(fs::read(&path).unwrap() == bytes, "{name} is not as its generator makes it");
            wanted.insert(path);
        }
    }
    for folder in [folder.clone(), folder.join("anchors")] {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let known = wanted.contains(&path) || path.is_dir();
            assert!(known, "{} has no generator", path.display());
        }
    }
}

#[test]
fn our_reader_finds_in_every_vector_what_it_says() {
    let folder = vector::folder();
    let mut wrong = Vec::new();
    for name in vector::names(&folder) {
        let vector = Vector::load(&folder, &name);
        for provider in [pure(), fast()] {
            let found = reading::read(provider, &folder, &vector);
            if found != vector.outcome {
                wrong.push(format!("{name} ({}): {found:?} instead of {:?}", provider.name(), vector.outcome));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The clauses of the specification, in order.
fn clauses() -> BTreeSet<String> {
    let text = fs::read_to_string(repository().join("docs/envelope.md")).unwrap();
    let defined = |line: &str| {
        let rest = line.strip_prefix("- [")?;
        rest.split_once(']').map(|(clause, _)| clause.to_owned())
    };
    text.lines().filter_map(defined).collect()
}

#[test]
fn every_clause_has_a_vector_or_a_test_that_names_it() {
    let folder = vector::folder();
    let names = vector::names(&folder);
    let mut covered: BTreeSet<String> = names.iter().flat_map(|name| Vector::load(&folder, name).clauses).collect();
    let tests = repository().join("tests/tests/envelope");
    for entry in fs::read_dir(tests).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        for name in text.lines().filter_map(|line| line.trim_start().strip_prefix("fn env_")) {
            let numbers = name.split('_').map_while(|part| part.parse::<u8>().ok());
            covered.extend(numbers.map(|n| format!("ENV-{n:02}")));
        }
    }
    let clauses = clauses();
    assert!(clauses.len() > 50, "the specification has clauses");
    // What a server must not store is tested where the server is.
    let elsewhere = BTreeSet::from(["ENV-35".to_owned()]);
    let missing: Vec<_> = clauses.difference(&covered).filter(|c| !elsewhere.contains(*c)).collect();
    assert!(missing.is_empty(), "without vector or test: {missing:?}");
    let unknown: Vec<_> = covered.difference(&clauses).collect();
    assert!(unknown.is_empty(), "not in the specification: {unknown:?}");
}

/// Refusals a file can't cause: a caller, a key or a source does, or a file of a size that is not kept here.
const NOT_IN_VECTORS: &[&str] = &[
    "head-no-room",
    "signing-failed",
    "revision-mechanism",
    "payload-too-long",
    "blocks-dont-meet",
    "trailer-too-long",
    "core-signing-failed",
    "grant-other-key",
    "grant-public-key",
    "evidence-kind",
    "evidence-signing-failed",
    "range",
];

#[test]
fn every_refusal_of_a_reader_has_a_vector_and_stands_in_the_specification() {
    let folder = vector::folder();
    let mut shown = BTreeSet::new();
    for name in vector::names(&folder) {
        if let Outcome::Refused(refusal) = Vector::load(&folder, &name).outcome {
            shown.insert(refusal);
        }
    }
    let missing: Vec<_> =
        refusals().into_iter().filter(|(id, _)| !shown.contains(*id) && !NOT_IN_VECTORS.contains(id)).collect();
    assert!(missing.is_empty(), "without vector: {missing:?}");
    let text = fs::read_to_string(repository().join("docs/envelope.md")).unwrap();
    for (id, code) in refusals() {
        let row = format!("| `{id}` | `{code}` |");
        assert!(text.contains(&row), "section 10 lacks {row}");
    }
}

/// Every refusal with its outward code.
fn refusals() -> Vec<(&'static str, &'static str)> {
    macro_rules! of {
        ($($error:ident),*) => { vec![$($error::ALL.iter().map(|e| (e.id(), e.code().slug())).collect::<Vec<_>>()),*] };
    }
    let groups = of!(
        HeadError,
        RevisionError,
        LayoutError,
        TrailerError,
        GrantError,
        MetadataError,
        EvidenceError,
        PayloadError
    );
    groups.concat()
}
