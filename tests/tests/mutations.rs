//! Good bytes, changed in many ways, are thrown at everything that reads bytes from outside.
//!
//! A bounded number, the same every time; `KAKUZUKE_MUTATIONS=n` throws n for each target instead. `fuzz/` goes on.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::panic::catch_unwind;

use kakuzuke_tests::envelope::seeded::Seeded;
use kakuzuke_tests::envelope::vector::hex;
use kakuzuke_tests::fuzzing::{TARGETS, Target, mutate::mutate};
use kakuzuke_tests::programs::repository;

/// Throws the seeds and `count` changes of them.
fn attack(target: &Target, count: usize) {
    let seeds = (target.seeds)();
    for seed in &seeds {
        (target.run)(seed);
    }
    (target.run)(&[]);
    let mut rng = Seeded::new(target.name);
    for number in 0..count {
        let Some(seed) = seeds.get(number % seeds.len().max(1)) else { break };
        let other = &seeds[(number * 7 + 1) % seeds.len()];
        let bytes = mutate(seed, other, &mut rng);
        if let Err(panic) = catch_unwind(|| (target.run)(&bytes)) {
            let shown = hex(&bytes[..bytes.len().min(4096)]);
            eprintln!("{} on change {number} ({} bytes): {shown}", target.name, bytes.len());
            std::panic::resume_unwind(panic);
        }
    }
}

fn count(usually: usize) -> usize {
    std::env::var("KAKUZUKE_MUTATIONS").map_or(usually, |n| n.parse().expect("a number"))
}

macro_rules! targets {
    ($($name:ident: $count:literal,)*) => {
        $(#[test]
        fn $name() {
            let target = TARGETS.iter().find(|target| target.name == stringify!($name)).expect("a target");
            attack(target, count($count));
        })*

        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

targets! {
    head: 4000,
    label: 6000,
    cose: 6000,
    core: 6000,
    opener: 3000,
    opener_clear: 3000,
    trailer: 3000,
    metadata: 3000,
    detached: 2000,
    certificate: 3000,
    taxonomy: 1000,
    marking: 6000,
    classify: 2000,
    restriction: 6000,
    checkpoint: 3000,
    receipt: 3000,
    document: 700,
    carrier: 700,
    text: 3000,
    sanitise: 300,
    mark: 300,
    publication: 3000,
    stored_label: 300,
    burn: 400,
    picture: 3000,
    compound: 1500,
    properties: 1500,
    markup: 3000,
    foreign: 2000,
    mapping: 3000,
}

#[test]
fn every_target_is_attacked() {
    let all: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
    assert_eq!(all, NAMES);
    let folder = repository().join("fuzz");
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    for name in NAMES {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "fuzz/ lacks {name}");
        let handed = std::fs::read_to_string(folder.join(format!("fuzz_targets/{name}.rs"))).unwrap();
        assert!(handed.contains(&format!("run(\"{name}\"")), "fuzz/ hands another target to {name}");
    }
}
