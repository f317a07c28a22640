//! Tests of the label room: reading and printing, inheritance, extensions, what each restriction does.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod agency;
mod effects;
mod extension;
mod generate;
mod joining;
mod reading;
mod review;
mod vectors;

use super::{Decided, Decider, Grades, Label, LabelDraft, Name, Restriction, Restrictions, Taxonomy};
use crate::id::SubjectId;
use crate::time::Timestamp;

/// 23 November 2026, the day from which dates without a year are read.
fn reference() -> Timestamp {
    Timestamp::from_japan_date(2026, 11, 23).unwrap()
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn grades(code: &str) -> Grades {
    code.parse().unwrap()
}

fn restriction(text: &str) -> Restriction {
    Restriction::parse(text, Taxonomy::jp_h30(), reference()).unwrap()
}

fn restrictions(texts: &[&str]) -> Restrictions {
    texts.iter().map(|text| restriction(text)).collect()
}

fn draft(code: &str, texts: &[&str]) -> LabelDraft {
    let decider =
        Decider {
            subject: "soumu.taro".parse::<SubjectId>().unwrap(), name: name("総務太郎"), post: name("総務課長")
        };
    let taxonomy = Taxonomy::jp_h30().reference().clone();
    let mut draft = LabelDraft::new(grades(code), taxonomy, Decided::ByPerson(decider), reference());
    draft.restrictions = restrictions(texts);
    draft
}

fn label(code: &str, texts: &[&str]) -> Label {
    draft(code, texts).finish(Taxonomy::jp_h30()).unwrap()
}
