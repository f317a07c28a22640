//! Extensions: what is weaker than the base is refused, and the row is named.

use super::super::{EnforcedBy, Taxonomy, TaxonomyError, Verb};

const HEAD: &str = r#"
id = "jp-some"
version = "1"
base = { id = "jp-h30", version = "1" }
name = { ja = "某省", en = "Some ministry" }
"#;

fn extend(rows: &str) -> Result<Taxonomy, TaxonomyError> {
    Taxonomy::jp_h30().extend(&format!("{HEAD}{rows}"))
}

/// The rows found weaker.
fn weaker(rows: &str) -> Vec<String> {
    match extend(rows) {
        Err(TaxonomyError::Weaker(found)) => {
            assert!(found.iter().all(|w| !w.text.ja.is_empty() && w.text.en.contains(&w.row)), "{found:?}");
            found.into_iter().map(|w| w.row).collect()
        }
        other => panic!("{rows}: {other:?}"),
    }
}

#[test]
fn the_built_in_taxonomies_load() {
    assert_eq!(Taxonomy::jp_h30().reference().id.as_str(), "jp-h30");
    assert_eq!(Taxonomy::jp_local().base(), Some(Taxonomy::jp_h30().reference()));
    assert!(Taxonomy::built_in("jp-local").is_some() && Taxonomy::built_in("jp-none").is_none());
    assert_ne!(Taxonomy::jp_h30().digest(), Taxonomy::jp_local().digest());
}

#[test]
fn an_extension_may_add_and_tighten() {
    let same = extend("").unwrap();
    assert_eq!(same.rows().count(), Taxonomy::jp_h30().rows().count());
    let stricter = extend("[[restrictions]]\nverb = \"print\"\nenforced-by = \"server\"\n").unwrap();
    assert_eq!(stricter.row(Verb::Print).unwrap().enforced_by, EnforcedBy::Server);
    assert!(extend("[defaults]\ngrade = \"C3I2A2\"\n").is_ok());
}

#[test]
fn what_is_weaker_is_refused_and_named() {
    for (rows, named) in [
        ("[[restrictions]]\nverb = \"copy\"\ndrop = true\n", "restrictions copy"),
        ("[[restrictions]]\nverb = \"copy\"\nmodes = [\"needs-permission\"]\n", "restrictions copy"),
        ("[[restrictions]]\nverb = \"distribute\"\nenforced-by = \"people\"\n", "restrictions distribute"),
        ("[[restrictions]]\nverb = \"print\"\nparameters = [\"from\"]\n", "restrictions print"),
        ("[[restrictions]]\nverb = \"audience\"\naxis = \"availability\"\n", "restrictions audience"),
        ("[defaults]\ngrade = \"C1I1A1\"\n", "defaults grade"),
        ("[defaults.restrictions]\n3 = [\"複製要許可\", \"暗号化必須\"]\n", "defaults restrictions 3"),
        ("[marking]\naxes = [\"confidentiality\", \"integrity\"]\n", "marking axes"),
        ("[marking.watermarks]\n3 = \"\"\n", "marking watermarks 3"),
    ] {
        assert_eq!(weaker(rows), [named], "{rows}");
    }
    let suite = Taxonomy::jp_h30().extend(&HEAD.replace("name", "key-suite = \"kz1\"\nname"));
    assert!(matches!(suite, Err(TaxonomyError::Weaker(w)) if w[0].row == "key-suite"));
}

#[test]
fn every_weaker_row_is_named_at_once() {
    let rows = "[defaults]\ngrade = \"C1I1A1\"\n[[restrictions]]\nverb = \"copy\"\nenforced-by = \"people\"\n\
                [[restrictions]]\nverb = \"delete\"\nenforced-by = \"people\"\n";
    assert_eq!(weaker(rows), ["restrictions copy", "restrictions delete", "defaults grade"]);
    let text = extend(rows).unwrap_err().text();
    assert!(
        text.ja.contains("restrictions copy") && text.ja.contains("1.2(1)") && text.en.contains("restrictions delete")
    );
}

#[test]
fn levels_of_their_own_stand_for_all_of_the_standard() {
    let level = |printed: &str, to: u8| {
        format!(
            "[[levels]]\naxis = \"confidentiality\"\nprinted = \"{printed}\"\nmaps-to = {to}\n\
             definition = {{ ja = \"甲\", en = \"A\" }}\n"
        )
    };
    assert!(extend(&[level("甲", 3), level("乙", 2), level("丙", 1)].concat()).is_ok());
    assert_eq!(weaker(&[level("乙", 2), level("丙", 1)].concat()), ["levels 機密性３"]);
    let lowered = [level("甲", 3), level("機密性３", 2), level("丙", 1)].concat();
    assert_eq!(weaker(&lowered), ["levels 機密性３"]);
}

#[test]
fn files_that_are_no_taxonomy_are_refused() {
    let row = |result: Result<Taxonomy, TaxonomyError>| match result {
        Err(TaxonomyError::Row { row, .. }) => row,
        other => panic!("{other:?}"),
    };
    assert!(matches!(extend("extra = 1\n"), Err(TaxonomyError::Syntax(_))));
    assert!(matches!(extend("[[restrictions]]\nverb = \"whisper\"\n"), Err(TaxonomyError::Syntax(_))));
    let other_base = HEAD.replace("\"jp-h30\"", "\"jp-h99\"");
    assert!(matches!(Taxonomy::jp_h30().extend(&other_base), Err(TaxonomyError::Base(base)) if base == "jp-h99 1"));
    assert!(matches!(Taxonomy::parse(HEAD), Err(TaxonomyError::Base(_))));
    assert!(matches!(Taxonomy::jp_h30().extend(&HEAD.replace("base", "#")), Err(TaxonomyError::Row { .. })));
    let own = |forms: &str, denies: &str| {
        format!(
            "[[own]]\nid = \"x\"\naxis = \"confidentiality\"\nforms = [{forms}]\n\
             meaning = {{ ja = \"甲\", en = \"A\" }}\ndenies = [{denies}]\n"
        )
    };
    assert!(extend(&own("\"会議後回収\"", "\"export\"")).is_ok());
    assert_eq!(row(extend(&own("\"複製禁止\"", ""))), "forms 複製禁止");
    assert_eq!(row(extend(&own("", ""))), "own x");
    assert_eq!(row(extend(&own("\"会議後回収\"", "\"fly\""))), "own x");
    assert_eq!(row(extend(&own("\"会議後回収\"", "").repeat(2))), "own x");
    assert_eq!(row(Taxonomy::jp_h30().extend(&HEAD.replace("jp-some", "JP some"))), "id");
}

#[test]
fn clauses_have_words_and_places_in_later_editions() {
    let base = Taxonomy::jp_h30();
    assert!(base.clauses().count() > 50);
    let note = base.clause_note("6.1.5(1)(a)(ア)");
    assert_eq!(note.id, "6.1.5(1)(a)(ア)");
    assert!(!note.text.ja.is_empty());
    let r5 = base.editions().iter().find(|e| e.id == "r5").unwrap();
    assert_eq!(r5.section_of("6.1.5(1)(a)").as_deref(), Some("7.1.5"));
    assert_eq!(r5.section_of("3.1.1(3)(b)").as_deref(), Some("3.1.1"));
    assert_eq!(r5.section_of("5.2.1(1)"), None);
}

#[test]
fn every_kind_of_organisation_has_its_criteria() {
    use crate::protocol::OrganisationKind as Kind;
    for kind in [
        Kind::GovernmentAgency,
        Kind::IncorporatedAdministrativeAgency,
        Kind::ListedDesignatedCorporation,
        Kind::OtherDesignatedCorporation,
    ] {
        assert!(Taxonomy::jp_h30().organisation(kind).unwrap().criteria.ja.contains("情報公開法第５条各号"));
    }
}

#[test]
fn an_agency_shows_more_and_in_its_own_form() {
    let draft = super::draft("C2I2A1", &["複製禁止"]);
    let shown = |rows: &str| {
        let taxonomy = extend(rows).unwrap();
        let label = super::super::LabelDraft { taxonomy: taxonomy.reference().clone(), ..draft.clone() };
        label.finish(&taxonomy).unwrap().shown(&taxonomy)
    };
    let own = shown("[marking]\nform = \"level\"\n[marking.watermarks]\n2 = \"{格付} 複写厳禁\"\n");
    assert_eq!(own.line, "機密性２・完全性２・可用性１　複製禁止");
    assert_eq!(own.watermark.as_deref(), Some("機密性２ 複写厳禁"));
    for rows in [
        "[marking]\naxes = [\"integrity\", \"availability\"]\n",
        "[marking]\naxes = [\"confidentiality\", \"confidentiality\", \"integrity\", \"availability\"]\n",
        "[marking.watermarks]\n4 = \"四\"\n",
        "[marking.watermarks]\n2 = \"a\\nb\"\n",
        "[marking]\ncolour = \"red\"\n",
    ] {
        assert!(extend(rows).is_err(), "{rows}");
    }
}
