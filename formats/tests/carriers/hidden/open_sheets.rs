//! OpenDocument spreadsheets: every way to hide a cell, and every place that keeps its value. Forms as LibreOffice writes them.

use kakuzuke_formats::{Category, Wanted};

use super::furniture::{cleaned, found, goes, holds};
use super::open_document::{SPACES, document};

const SEEN: &str = "<table:table-row><table:table-cell/><table:table-cell office:value-type=\"string\"><text:p>SEEN</text:p></table:table-cell></table:table-row>";
const SECRET: &str = "<table:table-cell office:value-type=\"string\"><text:p>SECRET</text:p></table:table-cell>";

fn row(attributes: &str, cells: &str) -> String {
    format!("<table:table-row {attributes}>{cells}</table:table-row>")
}

fn book(styles: &str, rows: &str, behind: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let body = format!("<table:table table:name=\"A\">{rows}{SEEN}</table:table>{behind}");
    document("spreadsheet", styles, &body, parts)
}

#[test]
fn cells_that_are_hidden_in_any_way_go() {
    let hidden = "table:visibility=\"collapse\"";
    let thin = "<style:style style:name=\"R\" style:family=\"table-row\"><style:table-row-properties style:row-height=\"0cm\"/></style:style><style:style style:name=\"C\" style:family=\"table-column\"><style:table-column-properties style:column-width=\"0.001cm\"/></style:style>";
    let group =
        |inside: &str| format!("<table:table-row-group table:display=\"false\">{inside}</table:table-row-group>");
    let cases = [
        row(hidden, SECRET),
        row("table:visibility=\"filter\"", SECRET),
        row("table:style-name=\"R\"", SECRET),
        group(&row("", SECRET)),
        group(&format!("<table:table-row-group>{}</table:table-row-group>", row("", SECRET))),
        format!("<table:table-column table:style-name=\"C\"/><table:table-column/>{}", row("", SECRET)),
        format!(
            "<table:table-column-group table:display=\"false\"><table:table-column/></table:table-column-group>{}",
            row("", SECRET)
        ),
        // Words without a type, a shape, a merged cell.
        row(hidden, "<table:table-cell><text:p>SECRET</text:p></table:table-cell>"),
        row(hidden, "<table:table-cell><draw:rect><text:p>SECRET</text:p></draw:rect></table:table-cell>"),
        row("", &format!("<table:table-cell/>{}", SECRET.replace("table-cell", "covered-table-cell"))),
    ];
    for rows in cases {
        let file = book(thin, &rows, "", &[]);
        assert!(holds(&cleaned(&file, "表.ods", &Wanted::usual()), "SECRET"), "not unless asked for");
        let out = goes(&file, "表.ods", Category::HiddenCells, "SECRET");
        assert!(holds(&out, "SEEN") && found(&out, "表.ods").is_clean(), "{rows} {:#?}", found(&out, "表.ods"));
    }
    // What stands behind a closed group is seen.
    let after = format!("{}{}", group(&row("", "<table:table-cell/>")), row("", SECRET));
    assert!(found(&book(thin, &after, "", &[]), "表.ods").is_clean());
}

#[test]
fn nothing_repeats_the_values_of_cells_that_went() {
    let hidden = row("table:visibility=\"filter\"", SECRET);
    let filter = "<table:database-ranges><table:database-range><table:filter><table:filter-and><table:filter-condition table:value=\"SECRET\" table:operator=\"!=\"/></table:filter-and></table:filter></table:database-range></table:database-ranges>";
    let names = "<table:named-expressions><table:named-expression table:name=\"n\" table:expression=\"of:=&quot;SECRET&quot;\"/></table:named-expressions>";
    let formula = row(
        "",
        "<table:table-cell table:formula=\"of:=[.A1]&amp;&quot;SECRET&quot;\" office:value-type=\"string\"><text:p>value</text:p></table:table-cell>",
    );
    for (rows, behind) in
        [(String::new(), filter), (hidden.clone(), filter), (hidden.clone(), names), (hidden.clone() + &formula, "")]
    {
        let out = goes(&book("", &rows, behind, &[]), "表.ods", Category::HiddenCells, "SECRET");
        assert!(found(&out, "表.ods").is_clean(), "{behind}");
        assert!(holds(&out, "value") || !rows.contains("value"));
    }
    // A formula stays a formula where nothing is hidden.
    assert!(holds(
        &cleaned(&book("", &formula, "", &[]), "表.ods", &Wanted::usual().with(Category::HiddenCells)),
        "of:="
    ));
}

#[test]
fn a_chart_repeats_nothing_of_cells_that_went() {
    let chart = format!(
        "<office:document-content {SPACES}><office:body><office:chart><table:table table:name=\"local-table\"><table:table-row>{SECRET}<table:table-cell office:value-type=\"float\" office:value=\"987654\"><text:p>987654</text:p></table:table-cell>{}</table:table-row></table:table></office:chart></office:body></office:document-content>",
        SECRET.replace("SECRET", "SHOWN"),
    );
    let float = "<table:table-cell office:value-type=\"float\" office:value=\"987654\"><text:p>987,654</text:p></table:table-cell>";
    let frame = "<table:shapes><draw:frame><draw:object xlink:href=\"./ch\"/><draw:image xlink:href=\"./ObjectReplacements/ch\"/></draw:frame></table:shapes>";
    let rows = frame.to_owned() + &row("table:visibility=\"collapse\"", &format!("{SECRET}{float}"));
    let plain = book("", &rows, "", &[("ch/content.xml", &chart), ("ObjectReplacements/ch", "VCLMTF SECRET")]);
    let file = super::open_document::with_media(&plain, "ch/", "application/vnd.oasis.opendocument.chart");
    let out = goes(&file, "表.ods", Category::HiddenCells, "SECRET");
    assert!(holds(&out, "SHOWN") && !holds(&out, "987654") && !holds(&out, "ObjectReplacements"));
    assert!(found(&out, "表.ods").is_clean(), "{:#?}", found(&out, "表.ods"));
}

#[test]
fn scenarios_and_copies_of_other_files_go() {
    let sheet = |name: &str, inside: &str| {
        format!("<table:table table:name=\"{name}\">{inside}{}</table:table>", row("", SECRET))
    };
    let scenario = sheet("s", "<table:scenario table:is-active=\"false\"/>");
    let copy = sheet("'file:///x.ods'#$A", "<table:table-source xlink:href=\"file:///x.ods\"/>");
    let link = "<table:dde-links><table:dde-link><table:table><table:table-row><table:table-cell office:value-type=\"string\" office:string-value=\"SECRET\"/></table:table-row></table:table></table:dde-link></table:dde-links>";
    for (behind, category) in
        [(scenario.as_str(), Category::HiddenSheets), (&copy, Category::Links), (link, Category::Links)]
    {
        let out = goes(&book("", "", behind, &[]), "表.ods", category, "SECRET");
        assert!(holds(&out, "SEEN") && found(&out, "表.ods").is_clean(), "{behind}");
    }
    let formula = row(
        "",
        "<table:table-cell table:formula=\"of:=['file:///home/SECRET.ods'#$A.A1]\" office:value-type=\"float\" office:value=\"5\"><text:p>5</text:p></table:table-cell>",
    );
    let out = goes(&book("", &formula, "", &[]), "表.ods", Category::Links, "SECRET");
    assert!(holds(&out, "office:value=\"5\""));
}

#[test]
fn validations_that_nobody_has_go_and_the_others_stay() {
    let validations = |name: &str| {
        format!(
            "<table:content-validations><table:content-validation table:name=\"{name}\"><table:help-message table:display=\"true\"><text:p>SECRET</text:p></table:help-message></table:content-validation></table:content-validations>"
        )
    };
    let uses = row("", "<table:table-cell table:content-validation-name=\"v\"/>");
    goes(&book("", &uses, &validations("w"), &[]), "表.ods", Category::Leftovers, "SECRET");
    let used = book("", &uses, &validations("v"), &[]);
    assert!(found(&used, "表.ods").is_clean(), "{:#?}", found(&used, "表.ods"));
    let mute = book("", &uses, &validations("v").replace("\"true\"", "\"false\""), &[]);
    goes(&mute, "表.ods", Category::HiddenText, "SECRET");
}

#[test]
fn the_name_of_a_hidden_sheet_goes_with_it() {
    let style = "<style:style style:name=\"H\" style:family=\"table\"><style:table-properties table:display=\"false\"/></style:style>";
    let sheet = format!("<table:table table:name=\"SECRET\" table:style-name=\"H\">{}</table:table>", row("", SECRET));
    let settings = format!(
        "<office:document-settings {SPACES}><office:settings><config:config-item-set config:name=\"a\"><config:config-item-map-named config:name=\"Tables\"><config:config-item-map-entry config:name=\"SECRET\"><config:config-item config:name=\"x\" config:type=\"int\">1</config:config-item></config:config-item-map-entry></config:config-item-map-named></config:config-item-set></office:settings></office:document-settings>"
    );
    goes(&book(style, "", &sheet, &[("settings.xml", &settings)]), "表.ods", Category::HiddenSheets, "SECRET");
}
