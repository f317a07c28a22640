//! Lines as agencies write them, what they mean, and their bytes: `vectors.toml`, one fact a vector.

use serde::Deserialize;

use super::super::{GradeLine, GradeLineError, Label, RestrictionError, Restrictions, Taxonomy};
use super::{draft, reference};
use crate::cbor;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    line: Vec<Line>,
    label: Vec<LabelVector>,
    shown: Vec<ShownVector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    text: String,
    #[serde(default)]
    taxonomy: Option<String>,
    /// `機2 完- 可1`.
    #[serde(default)]
    grades: String,
    /// As printed, in the order of printing.
    #[serde(default)]
    restrictions: Vec<String>,
    #[serde(default)]
    error: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LabelVector {
    grades: String,
    restrictions: Vec<String>,
    /// The restrictions in CBOR.
    cbor: String,
}

/// What pages and paper show.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ShownVector {
    #[serde(default)]
    taxonomy: Option<String>,
    #[serde(default)]
    own_level: Option<String>,
    grades: String,
    restrictions: Vec<String>,
    line: String,
    #[serde(default)]
    watermark: Option<String>,
    paper: String,
}

fn vectors() -> Vectors {
    toml::from_str(include_str!("vectors.toml")).unwrap()
}

fn kind(error: &GradeLineError) -> &'static str {
    match error {
        GradeLineError::TooLong => "too-long",
        GradeLineError::Contradiction(_) => "contradiction",
        GradeLineError::NoSuchLevel(_) => "no-such-level",
        GradeLineError::OutOfScope(_) => "out-of-scope",
        GradeLineError::Restriction(RestrictionError::Several(_)) => "several",
        GradeLineError::Restriction(RestrictionError::Period) => "period",
        GradeLineError::Restriction(_) => "unreadable",
    }
}

fn shown(line: &GradeLine) -> String {
    let level = |number: Option<u8>| number.map_or("-".to_owned(), |n| n.to_string());
    format!(
        "C{}I{}A{}",
        level(line.confidentiality.map(Into::into)),
        level(line.integrity.map(Into::into)),
        level(line.availability.map(Into::into))
    )
}

#[test]
fn lines_mean_what_their_vectors_say() {
    for vector in vectors().line {
        let taxonomy = Taxonomy::built_in(vector.taxonomy.as_deref().unwrap_or("jp-h30")).unwrap();
        let text = &vector.text;
        match (GradeLine::parse(text, taxonomy, reference()), vector.error) {
            (Ok(line), None) => {
                assert_eq!(shown(&line), vector.grades, "{text}");
                let printed: Vec<String> = line.restrictions.iter().map(ToString::to_string).collect();
                assert_eq!(printed, vector.restrictions, "{text}");
            }
            (Err(error), Some(expected)) => {
                assert_eq!(kind(&error), expected, "{text}");
                assert!(!error.text().ja.is_empty() && !error.text().en.is_empty());
            }
            (found, expected) => panic!("{text}: {found:?}, expected {expected:?}"),
        }
    }
}

#[test]
fn restrictions_have_the_bytes_their_vectors_say() {
    for vector in vectors().label {
        let texts: Vec<&str> = vector.restrictions.iter().map(String::as_str).collect();
        let label = draft(&vector.grades, &texts).finish(Taxonomy::jp_h30()).unwrap();
        let bytes = cbor::encode(label.restrictions());
        assert_eq!(data_encoding::HEXLOWER.encode(&bytes), vector.cbor, "{texts:?}");
        assert_eq!(&cbor::decode_strict::<Restrictions>(&bytes).unwrap(), label.restrictions());
    }
}

#[test]
fn bytes_that_are_no_normal_form_are_refused() {
    // Twice the same, a weaker behind a stronger, a mode that does not go with the verb, an unknown key, an unknown verb.
    for hex in
        ["82a200000100a200000100", "82a200000100a200000101", "81a200000102", "81a3000001001863f5", "81a200182a0100"]
    {
        let bytes = data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap();
        assert!(cbor::decode_strict::<Restrictions>(&bytes).is_err(), "{hex}");
    }
    assert!(cbor::decode_strict::<Label>(&[0xa0]).is_err());
}

#[test]
fn pages_and_paper_show_what_the_vectors_say() {
    for vector in vectors().shown {
        let taxonomy = vector.taxonomy.as_deref().map_or_else(Taxonomy::jp_h30, |id| Taxonomy::built_in(id).unwrap());
        let restrictions: Vec<&str> = vector.restrictions.iter().map(String::as_str).collect();
        let mut draft = draft(&vector.grades, &restrictions);
        draft.taxonomy = taxonomy.reference().clone();
        draft.own_level = vector.own_level.as_deref().map(super::name);
        let label = draft.finish(taxonomy).unwrap();
        let shown = label.shown(taxonomy);
        assert_eq!((&shown.line, &shown.watermark), (&vector.line, &vector.watermark));
        assert_eq!(label.paper_marking(), vector.paper);
        // What is shown is read back as the same.
        let read = GradeLine::parse(&shown.line, taxonomy, reference()).unwrap();
        assert_eq!((read.grades(), &read.restrictions), (Some(label.grades()), label.restrictions()), "{}", shown.line);
    }
}
