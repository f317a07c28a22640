//! Word: what fields, styles and formatting hide.

use kakuzuke_formats::Category;

use super::furniture::{cleaned, found, goes, holds};
use super::office::{W, text, word};

fn run(inner: &str) -> String {
    format!("<w:r>{inner}</w:r>")
}

fn mark(kind: &str, inner: &str) -> String {
    run(&format!("<w:fldChar w:fldCharType=\"{kind}\">{inner}</w:fldChar>"))
}

/// A field whose code stands in these pieces, a run each.
fn field(data: &str, pieces: &[&str]) -> String {
    let codes: String = pieces.iter().map(|piece| run(&format!("<w:instrText>{piece}</w:instrText>"))).collect();
    let shown = run("<w:t>SEEN</w:t>");
    format!("<w:p>{}{codes}{}{shown}{}</w:p>", mark("begin", data), mark("separate", ""), mark("end", ""))
}

#[test]
fn fields_hide_nothing_in_their_codes() {
    let simple =
        |code: &str| format!("<w:p><w:fldSimple w:instr=\"{code}\"><w:r><w:t>SEEN</w:t></w:r></w:fldSimple></w:p>");
    let cases = [
        (Category::PrivateData, field("", &[" ADDIN ZOTERO {SECRET} "])),
        (Category::PrivateData, simple(" ADDIN SECRET ")),
        (Category::PrivateData, field("<w:fldData>SECRET</w:fldData>", &[" PAGE "])),
        (Category::HiddenText, field("", &[" SE", "T name \"SECRET\" "])),
        (Category::HiddenText, simple(" SET name &quot;SECRET&quot; ")),
        (Category::Links, simple(" INCLUDETEXT SECRET.docx ")),
        (Category::Links, field("", &[" INCLUDE", "PICTURE &quot;SECRET.png&quot; "])),
        (Category::Links, field("", &[" HYPER", "LINK &quot;C:", "\\\\SECRET.docx&quot; "])),
    ];
    for (category, body) in cases {
        let file = word(&body, &[], &[]);
        let out = goes(&file, "文書.docx", category, "SECRET");
        assert!(holds(&out, "SEEN") && found(&out, "文書.docx").is_clean(), "{body}");
    }
    // A field within one, and words outside of all, stay.
    let page = format!(
        "<w:p>{}{}{}</w:p>",
        field("", &[" PAGE "]),
        field("", &[" HYPERLINK &quot;https://example.go.jp&quot; "]),
        text("x")
    );
    assert!(found(&word(&page, &[], &[]), "文書.docx").is_clean());
}

#[test]
fn styles_hide_by_what_they_are_based_on() {
    let style = |id: &str, base: &str, inner: &str| {
        format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:basedOn w:val=\"{base}\"/><w:rPr>{inner}</w:rPr></w:style>"
        )
    };
    let hidden = style("a", "b", "")
        + &style("b", "c", "")
        + &style("c", "", "<w:vanish/>")
        + &style("d", "a", "<w:vanish w:val=\"0\"/>");
    let file = |styles: &str, body: &str| {
        let part = format!("<w:styles {W}>{styles}</w:styles>");
        word(&format!("{}{body}", text("SEEN")), &[("styles", "styles.xml")], &[("word/styles.xml", &part)])
    };
    let paragraph =
        |style: &str| format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t>SECRET</w:t></w:r></w:p>");
    let out = goes(&file(&hidden, &paragraph("a")), "文書.docx", Category::HiddenText, "SECRET");
    assert!(holds(&out, "SEEN") && found(&out, "文書.docx").is_clean());
    assert!(found(&file(&hidden, &paragraph("d")), "文書.docx").is_clean());
    // Of all text, or of a table: told.
    let all = "<w:docDefaults><w:rPrDefault><w:rPr><w:vanish/></w:rPr></w:rPrDefault></w:docDefaults>";
    assert!(found(&file(all, ""), "文書.docx").counts().contains_key(&Category::HiddenText));
    let table = "<w:tbl><w:tblPr><w:tblStyle w:val=\"a\"/></w:tblPr><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>";
    assert!(found(&file(&hidden, table), "文書.docx").counts().contains_key(&Category::HiddenText));
    let row = "<w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc><w:p><w:r><w:t>SECRET</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>";
    goes(&file("", row), "文書.docx", Category::HiddenText, "SECRET");
}

#[test]
fn words_that_only_the_older_version_of_a_drawing_has_are_told() {
    let drawing = |newer: &str, older: &str| {
        let body = format!(
            "<w:p><w:r><mc:AlternateContent xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\">\
             <mc:Choice Requires=\"wps\"><w:drawing>{newer}</w:drawing></mc:Choice>\
             <mc:Fallback><w:pict>{older}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
        );
        found(&word(&body, &[], &[]), "文書.docx")
    };
    let words = |words: &str| format!("<w:txbxContent>{}</w:txbxContent>", text(words));
    let path = |words: &str| format!("<v:textpath xmlns:v=\"urn:schemas-microsoft-com:vml\" string=\"{words}\"/>");
    assert!(drawing(&words("組織図　令和８年度"), &words("組織図 令和８年度")).is_clean());
    assert!(drawing(&words("組織図"), "").is_clean(), "an older version without words says nothing");
    assert!(drawing(&words("見本の文字"), &path("見本の文字")).is_clean());
    assert!(drawing(&words("組織図の見本"), &words("組織図の見本").repeat(2)).is_clean(), "older ones repeat words");
    for older in [words("組織図　次長は田中"), path("次長は田中"), words("丙")] {
        let report = drawing(&words("組織図"), &older);
        assert_eq!(report.counts().into_keys().collect::<Vec<_>>(), [Category::Unseen], "{older}");
    }
    // One in the other.
    let inner = |older: &str| {
        format!(
            "<mc:AlternateContent xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\"><mc:Choice \
             Requires=\"wps\">{}</mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent>",
            words("内側の図"),
            words(older)
        )
    };
    assert!(drawing(&inner("内側の図"), &words("内側の図")).is_clean());
    assert!(!drawing(&inner("内側の図と秘密"), &words("内側の図")).is_clean());
}

#[test]
fn text_in_the_colour_of_its_ground_is_told() {
    use Category::{Covered, Unseen};
    let formatted = |formatting: &str| format!("<w:r><w:rPr>{formatting}</w:rPr><w:t>x</w:t></w:r>");
    let black = "<w:color w:val=\"000000\"/>";
    let cases = [
        ("<w:color w:val=\"FDFDFD\"/>".to_owned(), Some(Unseen)),
        ("<w:color w:val=\"BFBFBF\"/>".to_owned(), None),
        (format!("{black}<w:highlight w:val=\"black\"/>"), Some(Covered)),
        ("<w:highlight w:val=\"black\"/>".to_owned(), Some(Covered)),
        ("<w:color w:val=\"FFFFFF\"/><w:highlight w:val=\"black\"/>".to_owned(), None),
        (format!("{black}<w:shd w:val=\"clear\" w:fill=\"000000\"/>"), Some(Covered)),
        (format!("{black}<w:shd w:val=\"solid\" w:color=\"010101\" w:fill=\"auto\"/>"), Some(Covered)),
        // Programs write white by themselves on a dark shading.
        ("<w:shd w:val=\"clear\" w:fill=\"000000\"/>".to_owned(), None),
        ("<w:rPrChange><w:rPr><w:color w:val=\"FFFFFF\"/></w:rPr></w:rPrChange>".to_owned(), Some(Category::Changes)),
    ];
    for (formatting, category) in cases {
        let report = found(&word(&format!("<w:p>{}</w:p>", formatted(&formatting)), &[], &[]), "文書.docx");
        assert_eq!(report.counts().into_keys().next(), category, "{formatting}");
    }
    let white = formatted("<w:color w:val=\"FFFFFF\"/>");
    let shaded = |fill: &str| format!("<w:p><w:pPr><w:shd w:val=\"clear\" w:fill=\"{fill}\"/></w:pPr>{white}</w:p>");
    assert!(found(&word(&shaded("000080"), &[], &[]), "文書.docx").is_clean());
    assert!(!found(&word(&shaded("FFFFFF"), &[], &[]), "文書.docx").is_clean());
    let cell = |fill: &str| {
        format!(
            "<w:tbl><w:tr><w:tc><w:tcPr><w:shd w:val=\"clear\" w:fill=\"{fill}\"/></w:tcPr><w:p>{white}</w:p></w:tc></w:tr></w:tbl>"
        )
    };
    assert!(found(&word(&cell("000080"), &[], &[]), "文書.docx").is_clean());
    assert!(!found(&word(&cell("FEFEFE"), &[], &[]), "文書.docx").is_clean());
    // By style.
    let styles = format!(
        "<w:styles {W}><w:style w:type=\"character\" w:styleId=\"a\"><w:rPr><w:color w:val=\"FFFFFF\"/></w:rPr></w:style></w:styles>"
    );
    let styled = format!("<w:p>{}</w:p>", formatted("<w:rStyle w:val=\"a\"/>"));
    let file = word(&styled, &[("styles", "styles.xml")], &[("word/styles.xml", &styles)]);
    assert!(found(&file, "文書.docx").counts().contains_key(&Unseen));
    // A run without words says nothing.
    let empty = word("<w:p><w:r><w:rPr><w:color w:val=\"FFFFFF\"/></w:rPr><w:t> </w:t></w:r></w:p>", &[], &[]);
    assert!(found(&empty, "文書.docx").is_clean());
}

#[test]
fn what_a_chart_does_not_draw_goes() {
    let chart = "<c:chartSpace xmlns:c=\"http://schemas.openxmlformats.org/c\" xmlns:c15=\"http://schemas.openxmlformats.org/c15\"><c:chart><c:ser><c:v>SEEN</c:v></c:ser><c:extLst><c:ext uri=\"{02D57815-91ED-43cb-92C2-25804820EDAC}\"><c15:filteredBarSeries><c15:ser><c:v>SECRET</c:v></c15:ser></c15:filteredBarSeries></c:ext></c:extLst></c:chart></c:chartSpace>";
    let body = "<w:p><w:r><w:drawing><c:chart xmlns:c=\"http://schemas.openxmlformats.org/c\" r:id=\"r1\"/></w:drawing></w:r></w:p>";
    let file = word(body, &[("chart", "charts/chart1.xml")], &[("word/charts/chart1.xml", chart)]);
    let out = goes(&file, "文書.docx", Category::HiddenText, "SECRET");
    assert!(holds(&out, "SEEN") && found(&out, "文書.docx").is_clean());
    assert!(!holds(&cleaned(&file, "文書.docx", &kakuzuke_formats::Wanted::usual()), "SECRET"));
}
