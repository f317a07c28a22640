//! OpenDocument: fields and forms that keep what nobody sees, and what is hidden by how it looks. Forms as LibreOffice writes them.

use kakuzuke_formats::{Category, Wanted};

use super::furniture::{cleaned, found, goes, holds};
use super::open_document::{SPACES, document};

fn text(styles: &str, body: &str) -> Vec<u8> {
    document("text", styles, body, &[])
}

#[test]
fn values_of_fields_and_forms_that_nobody_sees_go() {
    let decl = |name: &str| {
        format!(
            "<text:user-field-decls><text:user-field-decl office:value-type=\"string\" office:string-value=\"SECRET\" text:name=\"{name}\"/></text:user-field-decls>"
        )
    };
    let form = |inside: &str| format!("<office:forms><form:form>{inside}</form:form></office:forms>");
    let cases = [
        (Category::CustomData, format!("{}<text:p>SEEN</text:p>", decl("unused"))),
        (Category::HiddenText, "<text:p>SEEN<text:variable-set text:name=\"v\" text:display=\"none\" text:formula=\"ooow:SECRET\" office:string-value=\"SECRET\"/></text:p>".to_owned()),
        (Category::HiddenText, "<text:p><text:conditional-text text:condition=\"ooow:1==1\" text:string-value-if-true=\"SEEN\" text:string-value-if-false=\"SECRET\">SEEN</text:conditional-text></text:p>".to_owned()),
        (Category::HiddenText, "<text:p><text:hidden-text text:condition=\"ooow:1==1\" text:is-hidden=\"true\">SECRET</text:hidden-text>SEEN</text:p>".to_owned()),
        (Category::HiddenText, "<text:p><text:hidden-text text:condition=\"ooow:1==2\" text:string-value=\"SECRET\">SEEN</text:hidden-text></text:p>".to_owned()),
        (Category::HiddenText, "<text:section text:condition=\"ooow:1==1\" text:display=\"condition\" text:is-hidden=\"true\"><text:p>SECRET</text:p></text:section><text:p>SEEN</text:p>".to_owned()),
        (Category::Links, "<text:p><text:database-display text:database-name=\"SECRET\" text:table-name=\"SECRET\">SEEN</text:database-display></text:p>".to_owned()),
        (Category::Controls, form("<form:hidden form:name=\"h\" form:value=\"SECRET\"/>") + "<text:p>SEEN</text:p>"),
        (Category::Controls, form("<form:text form:id=\"c1\" form:current-value=\"SECRET\"/>") + "<text:p>SEEN</text:p>"),
        (Category::CustomData, form("<form:text form:id=\"c2\"><form:properties><form:property form:property-name=\"Tag\" office:string-value=\"SECRET\"/></form:properties></form:text>") + "<text:p>SEEN<draw:control draw:control=\"c2\"/></text:p>"),
        (Category::CustomData, form("<form:text form:id=\"c3\" form:title=\"SECRET\"/>") + "<text:p>SEEN<draw:control draw:control=\"c3\"/></text:p>"),
        (Category::HiddenText, "<text:p>SEEN<text:alphabetical-index-mark text:string-value=\"SECRET\"/></text:p>".to_owned()),
        (Category::Links, form("<form:connection-resource xlink:href=\"file:///SECRET.odb\"/>") + "<text:p>SEEN</text:p>"),
        (Category::Links, "<text:p>SEEN<draw:frame><draw:object-ole xlink:href=\"file:///SECRET\"/></draw:frame></text:p>".to_owned()),
        (Category::Links, "<text:alphabetical-index-auto-mark-file xlink:href=\"C:\\Users\\SECRET.sdi\"/><text:p>SEEN</text:p>".to_owned()),
    ];
    for (category, body) in cases {
        let out = goes(&text("", &body), "文書.odt", category, "SECRET");
        assert!(holds(&out, "SEEN") && found(&out, "文書.odt").is_clean(), "{body} {:#?}", found(&out, "文書.odt"));
    }
    // What is shown stays.
    let shown = format!(
        "{}{}<text:p><text:user-field-get text:name=\"used\">SEEN</text:user-field-get><draw:control draw:control=\"c\"/></text:p>",
        decl("used"),
        form(
            "<form:text form:id=\"c\" form:current-value=\"SEEN\"><form:properties><form:property form:property-name=\"DefaultControl\" office:string-value=\"x\"/></form:properties></form:text>"
        )
    );
    assert!(found(&text("", &shown), "文書.odt").is_clean(), "{:#?}", found(&text("", &shown), "文書.odt"));
}

fn style(name: &str, family: &str, parent: &str, properties: &str) -> String {
    let parent = if parent.is_empty() { String::new() } else { format!("style:parent-style-name=\"{parent}\"") };
    format!("<style:style style:name=\"{name}\" style:family=\"{family}\" {parent}>{properties}</style:style>")
}

#[test]
fn text_hidden_by_a_style_that_its_style_is_based_on_goes() {
    let base = style("B", "text", "", "<style:text-properties text:display=\"none\"/>");
    let child = style("C", "text", "B", "<style:text-properties fo:color=\"#0000ff\"/>");
    let shown = style("D", "text", "B", "<style:text-properties text:display=\"true\"/>");
    let common = format!(
        "<office:document-styles {SPACES}><office:styles>{base}</office:styles><office:automatic-styles>{}</office:automatic-styles></office:document-styles>",
        style("D", "text", "", "<style:text-properties text:display=\"none\"/>")
    );
    let body = "<text:p><text:span text:style-name=\"C\">SECRET</text:span><text:span text:style-name=\"D\">SEEN</text:span></text:p>";
    let file = document("text", &format!("{child}{shown}"), body, &[("styles.xml", &common)]);
    let out = goes(&file, "文書.odt", Category::HiddenText, "SECRET");
    // A style of the same name that holds only in headers is another one.
    assert!(holds(&out, "SEEN") && found(&out, "文書.odt").is_clean(), "{:#?}", found(&out, "文書.odt"));
}

#[test]
fn words_in_the_colour_of_what_they_stand_on_are_told() {
    let ink = |colour: &str, more: &str| {
        style("T", "text", "", &format!("<style:text-properties fo:color=\"{colour}\" {more}/>"))
    };
    let span = "<text:p><text:span text:style-name=\"T\">x漢</text:span></text:p>";
    let cell = |inside: &str| {
        format!(
            "<table:table><table:table-row><table:table-cell table:style-name=\"K\">{inside}</table:table-cell></table:table-row></table:table>"
        )
    };
    let black = style("K", "table-cell", "", "<style:table-cell-properties fo:background-color=\"#000000\"/>");
    let size = |attribute: &str| style("T", "text", "", &format!("<style:text-properties {attribute}/>"));
    let unseen = [
        (ink("#ffffff", ""), span.to_owned()),
        (ink("#FEFEFE", ""), span.to_owned()),
        (ink("#000000", "fo:background-color=\"#000000\""), span.to_owned()),
        (ink("#c00000", "fo:background-color=\"#C00000\""), span.to_owned()),
        (ink("#000000", "") + &black, cell(span)),
        // No ground of its own, so the paper.
        (ink("#ffffff", ""), cell(span)),
        (
            style("P", "paragraph", "", "<style:text-properties fo:color=\"#ffffff\"/>"),
            "<text:p text:style-name=\"P\">x</text:p>".to_owned(),
        ),
        (
            style(
                "P",
                "paragraph",
                "",
                "<style:paragraph-properties fo:background-color=\"#000000\"/><style:text-properties fo:color=\"#000000\"/>",
            ),
            "<text:p text:style-name=\"P\">x</text:p>".to_owned(),
        ),
        (
            style("B", "text", "", "<style:text-properties fo:color=\"#ffffff\"/>") + &style("T", "text", "B", ""),
            span.to_owned(),
        ),
        (size("fo:font-size=\"1pt\" style:font-size-asian=\"1pt\""), span.to_owned()),
        (size("fo:font-size=\"10pt\" style:text-position=\"super 1%\""), span.to_owned()),
        (ink("#000000", "loext:opacity=\"0%\""), span.to_owned()),
    ];
    for (styles, body) in unseen {
        let report = found(&text(&styles, &body), "文書.odt");
        assert_eq!(report.counts().into_keys().collect::<Vec<_>>(), [Category::Unseen], "{styles} {body}");
    }
    let seen = [
        (ink("#ffffff", "") + &black, cell(span)),
        (ink("#ffffff", "fo:background-color=\"#000080\""), span.to_owned()),
        (ink("#d9d9d9", ""), span.to_owned()),
        (size("style:use-window-font-color=\"true\" loext:opacity=\"0%\""), span.to_owned()),
        // Only in what has other colours, and in shapes, behind which there may be anything.
        (
            style("P", "paragraph", "", "<style:text-properties fo:color=\"#ffffff\"/>") + &ink("#000000", ""),
            span.replace("<text:p>", "<text:p text:style-name=\"P\">"),
        ),
        (
            ink("#ffffff", ""),
            format!("<text:p><draw:frame><draw:text-box>{span}</draw:text-box></draw:frame></text:p>"),
        ),
    ];
    for (styles, body) in seen {
        let report = found(&text(&styles, &body), "文書.odt");
        assert!(report.is_clean(), "{styles} {body} {report:#?}");
    }
    // White cells of a sheet, also by the style of their column.
    let white = style("W", "table-cell", "", "<style:text-properties fo:color=\"#ffffff\"/>");
    let sheet = |column: &str, cell: &str| {
        document(
            "spreadsheet",
            &white,
            &format!(
                "<table:table table:name=\"A\"><table:table-column {column}/><table:table-row><table:table-cell {cell} office:value-type=\"string\"><text:p>x</text:p></table:table-cell></table:table-row></table:table>"
            ),
            &[],
        )
    };
    for (column, cell) in [("", "table:style-name=\"W\""), ("table:default-cell-style-name=\"W\"", "")] {
        assert!(found(&sheet(column, cell), "表.ods").counts().contains_key(&Category::Unseen), "{column} {cell}");
    }
    assert!(found(&sheet("", ""), "表.ods").is_clean());
}

#[test]
fn shapes_that_are_not_drawn_go_and_those_beside_the_page_are_told() {
    let styles = format!(
        "<office:document-styles {SPACES}><office:automatic-styles><style:page-layout style:name=\"L\"><style:page-layout-properties fo:page-width=\"28cm\" fo:page-height=\"21cm\"/></style:page-layout></office:automatic-styles><office:master-styles><draw:layer-set><draw:layer draw:name=\"layout\"/><draw:layer draw:name=\"off\" draw:display=\"none\"/></draw:layer-set><style:master-page style:name=\"M\" style:page-layout-name=\"L\"/></office:master-styles></office:document-styles>"
    );
    let page = |attributes: &str| {
        let shape = format!(
            "<draw:rect {attributes}><text:p>SECRET</text:p></draw:rect><draw:rect svg:x=\"1cm\" svg:y=\"1cm\" svg:width=\"4cm\" svg:height=\"2cm\"><text:p>SEEN</text:p></draw:rect>"
        );
        document(
            "drawing",
            "",
            &format!("<draw:page draw:master-page-name=\"M\">{shape}</draw:page>"),
            &[("styles.xml", &styles)],
        )
    };
    for (attributes, category) in
        [("drawooo:display=\"none\"", Category::HiddenText), ("draw:layer=\"off\"", Category::HiddenLayers)]
    {
        let out = goes(&page(attributes), "図.odg", category, "SECRET");
        assert!(holds(&out, "SEEN") && found(&out, "図.odg").is_clean(), "{attributes} {:#?}", found(&out, "図.odg"));
    }
    assert!(holds(&cleaned(&page("draw:layer=\"off\""), "図.odg", &Wanted::usual()), "SECRET"));
    for (attributes, category) in [
        ("drawooo:display=\"printer\"", Category::HiddenText),
        ("svg:x=\"60cm\" svg:y=\"5cm\" svg:width=\"4cm\" svg:height=\"2cm\"", Category::Unseen),
        (
            "svg:width=\"4cm\" svg:height=\"2cm\" draw:transform=\"rotate (0.52) translate (69.768cm 10.134cm)\"",
            Category::Unseen,
        ),
    ] {
        let report = found(&page(attributes), "図.odg");
        assert_eq!(report.counts().into_keys().collect::<Vec<_>>(), [category], "{attributes}");
    }
    // As older programs kept it: a bit for each layer.
    let settings = |bits: &str| {
        format!(
            "<office:document-settings {SPACES}><office:settings><config:config-item-set config:name=\"a\"><config:config-item config:name=\"VisibleLayers\" config:type=\"base64Binary\">{bits}</config:config-item></config:config-item-set></office:settings></office:document-settings>"
        )
    };
    let old = styles.replace(" draw:display=\"none\"", "");
    for (bits, is_off) in [("/f8=", true), ("//8=", false)] {
        let parts = [("styles.xml", old.as_str()), ("settings.xml", &settings(bits))];
        let file = document("drawing", "", "<draw:page><draw:rect draw:layer=\"off\"/></draw:page>", &parts);
        assert_eq!(found(&file, "図.odg").counts().contains_key(&Category::HiddenLayers), is_off, "{bits}");
    }
}

#[test]
fn settings_and_objects_name_nobody() {
    let settings = |name: &str, words: &str| {
        format!(
            "<office:document-settings {SPACES}><office:settings><config:config-item-set config:name=\"a\"><config:config-item config:name=\"{name}\" config:type=\"string\">{words}</config:config-item></config:config-item-set></office:settings></office:document-settings>"
        )
    };
    for (name, words, category) in [
        ("ColorTableURL", "file:///home/SECRET/standard.soc", Category::Links),
        ("ColorTableURL", "C:\\Users\\SECRET\\standard.soc", Category::Links),
        ("Anything", "\\\\SECRET\\share", Category::Links),
        ("Anything", "SECRET", Category::PrivateData),
        ("RedlineProtectionKey", "SECRET", Category::PrivateData),
    ] {
        let file = document("text", "", "<text:p>SEEN</text:p>", &[("settings.xml", &settings(name, words))]);
        let out = goes(&file, "文書.odt", category, "SECRET");
        assert!(found(&out, "文書.odt").is_clean(), "{name} {words}");
    }
    for plain in [settings("ColorTableURL", "$(user)/config/standard.soc"), settings("ViewId", "view2")] {
        let file = document("text", "", "<text:p>SEEN</text:p>", &[("settings.xml", &plain)]);
        assert!(found(&file, "文書.odt").is_clean(), "{plain}");
    }
    // A chart has metadata of its own.
    let chart = format!(
        "<office:document-content {SPACES}><office:body><office:chart/></office:body></office:document-content>"
    );
    let meta = format!(
        "<office:document-meta {SPACES}><office:meta><dc:creator>SECRET</dc:creator></office:meta></office:document-meta>"
    );
    let body = "<text:p>SEEN<draw:frame><draw:object xlink:href=\"./Chart 1\"/></draw:frame></text:p>";
    let plain = document("text", "", body, &[("Chart 1/content.xml", &chart), ("Chart 1/meta.xml", &meta)]);
    let file = super::open_document::with_media(&plain, "Chart 1/", "application/vnd.oasis.opendocument.chart");
    let out = goes(&file, "文書.odt", Category::Authors, "SECRET");
    assert!(holds(&out, "office:chart") && found(&out, "文書.odt").is_clean(), "{:#?}", found(&out, "文書.odt"));
}

#[test]
fn white_words_on_a_white_slide_are_told() {
    let master = |shapes: &str| {
        format!(
            "<office:document-styles {SPACES}><office:master-styles><style:master-page style:name=\"M\">{shapes}</style:master-page></office:master-styles></office:document-styles>"
        )
    };
    let white = style("T", "text", "", "<style:text-properties fo:color=\"#ffffff\"/>")
        + &style("C", "graphic", "", "<style:graphic-properties draw:fill=\"none\"/>")
        + &style("F", "graphic", "", "<style:graphic-properties draw:fill=\"solid\" draw:fill-color=\"#000080\"/>")
        + &style(
            "D",
            "drawing-page",
            "",
            "<style:drawing-page-properties draw:fill=\"solid\" draw:fill-color=\"#000080\"/>",
        );
    let words = "<draw:frame draw:style-name=\"C\" svg:x=\"2cm\" svg:y=\"2cm\" svg:width=\"4cm\" svg:height=\"1cm\"><draw:text-box><text:p><text:span text:style-name=\"T\">x</text:span></text:p></draw:text-box></draw:frame>";
    let filled = |style: &str, more: &str| format!("<draw:rect draw:style-name=\"{style}\" {more}/>");
    let slides = |page: &str, shapes: &str, below: &str| {
        let body = format!("<draw:page {page} draw:master-page-name=\"M\">{shapes}</draw:page>");
        let common = master(below).replace(
            "<office:master-styles>",
            &format!("<office:automatic-styles>{white}</office:automatic-styles><office:master-styles>"),
        );
        document("presentation", &white, &body, &[("styles.xml", &common)])
    };
    for (page, shapes, below, is_told) in [
        ("", words.to_owned(), String::new(), true),
        (
            "",
            filled("F", "svg:x=\"20cm\" svg:y=\"2cm\" svg:width=\"4cm\" svg:height=\"1cm\"") + words,
            String::new(),
            true,
        ),
        (
            "",
            filled("F", "svg:x=\"1cm\" svg:y=\"1cm\" svg:width=\"4cm\" svg:height=\"4cm\"") + words,
            String::new(),
            false,
        ),
        ("", words.to_owned(), filled("F", "presentation:class=\"title\""), true),
        ("", words.replace("\"C\"", "\"F\""), String::new(), false),
        ("", filled("F", "") + words, String::new(), false),
        ("", words.to_owned(), filled("F", ""), false),
        ("draw:style-name=\"D\"", words.to_owned(), String::new(), false),
    ] {
        let report = found(&slides(page, &shapes, &below), "資料.odp");
        assert_eq!(report.counts().contains_key(&Category::Unseen), is_told, "{page} {shapes} {below}");
    }
}
