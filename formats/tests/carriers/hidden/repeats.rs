//! Workbooks: what hidden rows, columns and sheets hold stands in other places too, and goes from there with them.

use kakuzuke_formats::{Category, Wanted};

use super::furniture::{cleaned, found, goes, holds};
use super::office::{book, sheet};

const ONE: &str = "<sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"r1\"/></sheets>";
const COLUMNS: &str = "<cols><col min=\"2\" max=\"2\" hidden=\"1\"/></cols>";
const RELATIONS: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";
const TYPE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";

/// A sheet whose column B is hidden, with what follows its cells.
fn hidden_column(behind: &str) -> String {
    sheet(&format!(
        "{COLUMNS}<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"B1\"><v>2</v></c></row></sheetData>{behind}"
    ))
}

/// The relationships of the first sheet.
fn relations(links: &[(&str, &str)]) -> String {
    let one = |(n, (kind, target)): (usize, &(&str, &str))| {
        let mode = if target.contains("://") { " TargetMode=\"External\"" } else { "" };
        format!("<Relationship Id=\"r{}\" Type=\"{TYPE}{kind}\" Target=\"{target}\"{mode}/>", n + 1)
    };
    format!("{RELATIONS}{}</Relationships>", links.iter().enumerate().map(one).collect::<String>())
}

/// A workbook of this one sheet, with what its sheet leads to.
fn workbook(rows: &str, links: &[(&str, &str)], parts: &[(&str, &str)]) -> Vec<u8> {
    let relations = relations(links);
    let own = [("xl/worksheets/sheet1.xml", rows), ("xl/worksheets/_rels/sheet1.xml.rels", relations.as_str())];
    book(ONE, &[("worksheet", "worksheets/sheet1.xml")], &[&own[..], parts].concat())
}

/// The secret goes with the hidden cells, and not without them.
fn goes_with_cells(file: &[u8]) -> Vec<u8> {
    assert!(holds(&cleaned(file, "表.xlsx", &Wanted::usual()), "SECRET"), "only on request");
    let out = goes(file, "表.xlsx", Category::HiddenCells, "SECRET");
    assert!(holds(&out, "<v>1</v>"));
    assert!(found(&out, "表.xlsx").is_clean(), "{:#?}", found(&out, "表.xlsx"));
    out
}

#[test]
fn headings_of_hidden_columns_go_from_tables() {
    let table = |columns: &str, more: &str| {
        format!(
            "<table xmlns=\"http://schemas.openxmlformats.org/x\" id=\"1\" name=\"T\" displayName=\"T\" ref=\"{columns}\"><autoFilter ref=\"{columns}\">{more}</autoFilter><tableColumns count=\"2\"><tableColumn id=\"1\" name=\"SEEN\"/><tableColumn id=\"2\" name=\"SECRET\"/></tableColumns></table>"
        )
    };
    let rows = hidden_column(
        "<tableParts count=\"1\"><tablePart r:id=\"r1\" xmlns:r=\"http://schemas.openxmlformats.org/r\"/></tableParts>",
    );
    let links = [("table", "../tables/table1.xml")];
    let out = goes_with_cells(&workbook(&rows, &links, &[("xl/tables/table1.xml", &table("A1:B9", ""))]));
    assert!(!holds(&out, "tableParts") && !holds(&out, "xl/tables/table1.xml"));
    // Beside the hidden column it stays, without what it was filtered by.
    let filter = "<filterColumn colId=\"0\"><filters><filter val=\"FILTERED\"/></filters></filterColumn>";
    let beside = workbook(&rows, &links, &[("xl/tables/table1.xml", &table("C1:D9", filter))]);
    let out = goes(&beside, "表.xlsx", Category::HiddenCells, "FILTERED");
    assert!(holds(&out, "tableParts") && holds(&out, "tableColumn"));
    // A heading in a hidden row.
    let row = sheet(
        "<sheetData><row r=\"1\" hidden=\"1\"><c r=\"A1\"><v>7</v></c></row><row r=\"2\"><c r=\"A2\"><v>1</v></c></row></sheetData><tableParts><tablePart r:id=\"r1\" xmlns:r=\"http://schemas.openxmlformats.org/r\"/></tableParts>",
    );
    goes_with_cells(&workbook(&row, &links, &[("xl/tables/table1.xml", &table("A1:B9", ""))]));
}

#[test]
fn filters_links_rules_and_comments_of_hidden_cells_go() {
    let behind = [
        "<autoFilter ref=\"A1:B9\"><filterColumn colId=\"1\"><filters><filter val=\"SECRET\"/></filters></filterColumn></autoFilter>",
        "<conditionalFormatting sqref=\"B1:B9\"><cfRule type=\"containsText\" text=\"SECRET\"/></conditionalFormatting>",
        "<dataValidations count=\"1\"><dataValidation sqref=\"B1 B3:B4\"><formula1>\"SECRET\"</formula1></dataValidation></dataValidations>",
        "<hyperlinks><hyperlink ref=\"B1\" location=\"A!A1\" display=\"SECRET\"/></hyperlinks>",
        "<extLst><ext uri=\"{x}\"><x14:dataValidations xmlns:x14=\"http://schemas.openxmlformats.org/x14\" xmlns:xm=\"http://schemas.openxmlformats.org/xm\"><x14:dataValidation><x14:formula1><xm:f>\"SECRET\"</xm:f></x14:formula1><xm:sqref>B1:B9</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>",
    ];
    for behind in behind {
        let out = goes_with_cells(&workbook(&hidden_column(behind), &[], &[]));
        let list = ["<dataValidations", "<hyperlinks", "<ext "].into_iter().find(|list| holds(&out, list));
        assert_eq!(list, None, "no list without content");
    }
    // What seen cells have of it stays.
    let seen = "<conditionalFormatting sqref=\"A1:B9\"><cfRule type=\"containsText\" text=\"SEEN\"/></conditionalFormatting><dataValidations count=\"1\"><dataValidation sqref=\"A1:B4\"><formula1>\"SEEN\"</formula1></dataValidation></dataValidations><hyperlinks><hyperlink ref=\"A1\" location=\"A!A1\"/></hyperlinks>";
    let out =
        cleaned(&workbook(&hidden_column(seen), &[], &[]), "表.xlsx", &Wanted::usual().with(Category::HiddenCells));
    assert!(["cfRule", "formula1", "hyperlink "].into_iter().all(|left| holds(&out, left)));
    let linked = hidden_column(
        "<hyperlinks><hyperlink ref=\"B1\" r:id=\"r1\" xmlns:r=\"http://schemas.openxmlformats.org/r\"/></hyperlinks>",
    );
    goes_with_cells(&workbook(&linked, &[("hyperlink", "https://example.go.jp/SECRET")], &[]));
    let comments = "<comments xmlns=\"http://schemas.openxmlformats.org/x\"><authors><author/></authors><commentList><comment ref=\"B1\" authorId=\"0\"><text><t>SECRET</t></text></comment><comment ref=\"A1\" authorId=\"0\"><text><t>SEEN</t></text></comment></commentList></comments>";
    let file = workbook(&hidden_column(""), &[("comments", "../comments1.xml")], &[("xl/comments1.xml", comments)]);
    let wanted = Wanted::usual().without(Category::Comments).with(Category::HiddenCells);
    let out = cleaned(&file, "表.xlsx", &wanted);
    assert!(holds(&out, "SEEN") && !holds(&out, "SECRET"), "comments that are kept: not those on hidden cells");
}

/// A workbook with a chart of these formulas.
fn charted(rows: &str, sheets: &str, formula: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let chart = format!(
        "<c:chartSpace xmlns:c=\"http://schemas.openxmlformats.org/c\"><c:chart><c:ser><c:cat><c:strRef><c:f>{formula}</c:f><c:strCache><c:ptCount val=\"1\"/><c:pt idx=\"0\"><c:v>SECRET</c:v></c:pt></c:strCache></c:strRef></c:cat><c:val><c:numRef><c:f>A!$A$1:$A$2</c:f><c:numCache><c:pt idx=\"0\"><c:v>DRAWN</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser></c:chart></c:chartSpace>"
    );
    let drawing = "<xdr:wsDr xmlns:xdr=\"http://schemas.openxmlformats.org/x\"><c:chart xmlns:c=\"http://schemas.openxmlformats.org/c\" xmlns:r=\"http://schemas.openxmlformats.org/r\" r:id=\"r1\"/></xdr:wsDr>";
    let (first, second) =
        (relations(&[("drawing", "../drawings/drawing1.xml")]), relations(&[("chart", "../charts/chart1.xml")]));
    let own = [
        ("xl/worksheets/sheet1.xml", rows),
        ("xl/worksheets/_rels/sheet1.xml.rels", first.as_str()),
        ("xl/drawings/drawing1.xml", drawing),
        ("xl/drawings/_rels/drawing1.xml.rels", second.as_str()),
        ("xl/charts/chart1.xml", chart.as_str()),
    ];
    let links = [("worksheet", "worksheets/sheet1.xml"), ("worksheet", "worksheets/sheet2.xml")];
    book(sheets, if more.is_empty() { &links[..1] } else { &links }, &[&own[..], more].concat())
}

#[test]
fn charts_keep_no_values_of_hidden_cells() {
    let rows = hidden_column("<drawing r:id=\"r1\" xmlns:r=\"http://schemas.openxmlformats.org/r\"/>");
    let out = goes_with_cells(&charted(&rows, ONE, "A!$A$1:$B$1", &[]));
    assert!(holds(&out, "DRAWN") && !holds(&out, "strCache"));
    // Of a sheet that goes the chart is the only place left: it is told, before and after.
    let two = "<sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"r1\"/><sheet name=\"表 2\" sheetId=\"2\" state=\"hidden\" r:id=\"r2\"/></sheets>";
    let secret = sheet("<sheetData><row r=\"1\"><c r=\"A1\"><v>9</v></c></row></sheetData>");
    let rows = sheet(
        "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData><drawing r:id=\"r1\" xmlns:r=\"http://schemas.openxmlformats.org/r\"/>",
    );
    let file = charted(&rows, two, "'表 2'!$A$1", &[("xl/worksheets/sheet2.xml", &secret)]);
    assert!(found(&file, "表.xlsx").counts().contains_key(&Category::CachedData));
    let out = cleaned(&file, "表.xlsx", &Wanted::usual().with(Category::HiddenSheets));
    let report = found(&out, "表.xlsx");
    assert!(report.counts().contains_key(&Category::CachedData), "{report:#?}");
    assert!(!report.counts().contains_key(&Category::HiddenSheets) && holds(&out, "DRAWN"));
}

#[test]
fn what_refers_to_a_sheet_that_goes_goes() {
    let sheets = "<sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"r1\"/><sheet name=\"SECRET\" sheetId=\"2\" state=\"hidden\" r:id=\"r2\"/></sheets><definedNames><definedName name=\"list\">SECRET!$A$1:$A$9</definedName><definedName name=\"own\">A!$A$1</definedName></definedNames>";
    let rows = sheet(
        "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData><dataValidations count=\"2\"><dataValidation sqref=\"A1\"><formula1>'SECRET'!$A$1:$A$9</formula1></dataValidation><dataValidation sqref=\"A2\"><formula1>A!$A$1</formula1></dataValidation></dataValidations><hyperlinks><hyperlink ref=\"A1\" location=\"'SECRET'!A1\"/></hyperlinks>",
    );
    let secret = sheet("<sheetData><row r=\"1\"><c r=\"A1\"><v>9</v></c></row></sheetData>");
    let links = [("worksheet", "worksheets/sheet1.xml"), ("worksheet", "worksheets/sheet2.xml")];
    let file = book(sheets, &links, &[("xl/worksheets/sheet1.xml", &rows), ("xl/worksheets/sheet2.xml", &secret)]);
    let out = goes(&file, "表.xlsx", Category::HiddenSheets, "SECRET");
    assert!(holds(&out, "A!$A$1</definedName>") && holds(&out, "A!$A$1</formula1>") && !holds(&out, "<hyperlinks"));
}

#[test]
fn columns_hidden_by_default_and_many_of_them_are_hidden() {
    let data =
        "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"ZZ1\" t=\"str\"><v>SECRET</v></c></row></sheetData>";
    let narrow =
        format!("<sheetFormatPr defaultColWidth=\"0\"/><cols><col min=\"1\" max=\"1\" width=\"9\"/></cols>{data}");
    let many: String = (2..400).map(|n| format!("<col min=\"{0}\" max=\"{0}\" hidden=\"1\"/>", 2 * n)).collect();
    let many = format!("<cols>{many}<col min=\"701\" max=\"703\" hidden=\"1\"/></cols>{data}");
    for rows in [narrow, many] {
        goes_with_cells(&workbook(&sheet(&rows), &[], &[]));
    }
}

#[test]
fn names_that_no_menu_shows_go_with_the_cells_that_none_shows() {
    let sheets = |name: &str| {
        format!("{ONE}<definedNames><definedName name=\"{name}\" hidden=\"1\">\"SECRET\"</definedName></definedNames>")
    };
    let rows = sheet("<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData>");
    let links = [("worksheet", "worksheets/sheet1.xml")];
    goes_with_cells(&book(&sheets("x"), &links, &[("xl/worksheets/sheet1.xml", &rows)]));
    // What filters call their range is no secret.
    let usual = book(&sheets("_xlnm._FilterDatabase"), &links, &[("xl/worksheets/sheet1.xml", &rows)]);
    assert!(found(&usual, "表.xlsx").is_clean());
}
