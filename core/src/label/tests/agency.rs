//! The agency's file that docs/labels.md shows is one that works.

use super::super::{Confidentiality, GradeLine, Restriction, Taxonomy};
use super::reference;

const DOCUMENT: &str = include_str!("../../../../docs/labels.md");

fn example() -> Taxonomy {
    let file = DOCUMENT.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    Taxonomy::jp_h30().extend(file).unwrap()
}

#[test]
fn the_example_of_the_documentation_loads() {
    let taxonomy = example();
    assert_eq!(taxonomy.reference().id.as_str(), "example-shou");
    let line =
        GradeLine::parse("機密性２情報・完全性１情報・可用性１情報　会議後回収", &taxonomy, reference()).unwrap();
    assert!(matches!(line.restrictions.iter().next(), Some(Restriction::Agency(_))));
    assert!(!taxonomy.default_restrictions(Confidentiality::Two).is_empty());
}

#[test]
fn the_documentation_names_every_restriction() {
    for row in Taxonomy::jp_h30().rows() {
        let slug = format!("`{}`", row.verb.slug());
        assert!(DOCUMENT.contains(&slug), "{slug} is missing");
    }
}
