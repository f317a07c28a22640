//! Office documents, made by hand and by LibreOffice.

use kakuzuke_core::passage::{Part, Unit};

use super::furniture::{archive, package, read};

const W: &str = "xmlns:w=\"w\" xmlns:mc=\"mc\" xmlns:v=\"v\" xmlns:wp=\"wp\"";

fn paragraph(words: &str) -> String {
    format!("<w:p><w:r><w:t>{words}</w:t></w:r></w:p>")
}

fn docx() -> Vec<u8> {
    let body = format!(
        "<w:document {W}><w:body>{}\
         <w:p><w:r><w:t>見える文</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>隠した文</w:t></w:r>\
         <w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>続き</w:t></w:r>\
         <w:r><w:rPr><w:rStyle w:val=\"Kakushi\"/></w:rPr><w:t>書式で隠した文</w:t></w:r></w:p>\
         <w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr><w:r><w:t>段落記号だけ隠れた文</w:t></w:r></w:p>\
         <w:p><w:del><w:r><w:delText>消した文</w:delText></w:r></w:del><w:ins><w:r><w:t>足した文</w:t></w:r></w:ins>\
         <w:moveFrom><w:r><w:t>移す前の文</w:t></w:r></w:moveFrom></w:p>\
         <w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>{}</w:txbxContent></mc:Choice>\
         <mc:Fallback><w:txbxContent>{}{}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>\
         <w:p><w:r><wp:docPr descr=\"組織図の代替文字\"/></w:r></w:p>\
         <w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>\
         <w:p><w:r><w:ruby><w:rt><w:r><w:t>まるひ</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>極秘</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>\
         </w:body></w:document>",
        paragraph("第一段落"),
        paragraph("枠の中の文"),
        paragraph("枠の中の文"),
        paragraph("古い版だけの文"),
        paragraph("表の中の文")
    );
    let story = |root: &str, words: &str| format!("<w:{root} {W}>{}</w:{root}>", paragraph(words));
    let comments = format!("<w:comments {W}><w:comment>{}</w:comment></w:comments>", paragraph("コメントの文"));
    let notes = format!("<w:footnotes {W}><w:footnote>{}</w:footnote></w:footnotes>", paragraph("脚注の文"));
    let header = format!(
        "<w:hdr {W}>{}<w:p><w:r><v:shape><v:textpath string=\"極秘の透かし\"/></v:shape></w:r></w:p></w:hdr>",
        paragraph("機密性２情報")
    );
    let styles =
        format!("<w:styles {W}><w:style w:styleId=\"Kakushi\"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>");
    let embedded =
        package("x/d.xml", &[("x/d.xml", "wordprocessingml.document.main", &story("document", "埋め込んだ文"))], &[]);
    let kind = "wordprocessingml";
    let parts: &[(&str, &str, &str)] = &[
        ("word/document.xml", &format!("{kind}.document.main"), &body),
        ("word/header1.xml", &format!("{kind}.header"), &header),
        ("word/footer1.xml", &format!("{kind}.footer"), &story("ftr", "フッターの文")),
        ("word/comments.xml", &format!("{kind}.comments"), &comments),
        ("word/footnotes.xml", &format!("{kind}.footnotes"), &notes),
        ("word/styles.xml", &format!("{kind}.styles"), &styles),
        (
            "docProps/core.xml",
            "application/vnd.openxmlformats-package.core-properties+xml",
            "<c:coreProperties xmlns:c=\"c\" xmlns:dc=\"d\"><dc:title>人事案件</dc:title></c:coreProperties>",
        ),
        (
            "docProps/custom.xml",
            "custom-properties",
            "<Properties><property name=\"担当\"><lpwstr>山田</lpwstr></property>\
             <property name=\"kakuzuke.label\"><lpwstr>AAAA</lpwstr></property></Properties>",
        ),
    ];
    let whole = package("word/document.xml", parts, &[]);
    with(&whole, "word/embeddings/別紙.docx", &embedded)
}

/// A package with a file added.
fn with(package: &[u8], name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut old = zip::ZipArchive::new(std::io::Cursor::new(package)).unwrap();
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for i in 0..old.len() {
        let mut file = old.by_index(i).unwrap();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
        files.push((file.name().unwrap().into_owned(), bytes));
    }
    files.push((name.to_owned(), bytes.to_vec()));
    archive(&files.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect::<Vec<_>>())
}

#[test]
fn word_says_everything_that_is_written_in_it() {
    let said = read(&docx(), Some("起案.docx"));
    assert!(said.summary.is_whole(), "{:?}", said.summary);
    assert_eq!(
        said.of(&Part::Body),
        "第一段落\n見える文続き\n段落記号だけ隠れた文\n足した文\n表の中の文\n極秘\nまるひ"
    );
    said.has("見える文", &Unit::Paragraph(2), &Part::Body);
    assert_eq!(said.of(&Part::Hidden), "隠した文書式で隠した文");
    assert_eq!(said.of(&Part::Deleted), "消した文移す前の文");
    assert_eq!(said.of(&Part::Shape), "枠の中の文\n古い版だけの文\n組織図の代替文字");
    assert_eq!(said.of(&Part::Header), "機密性２情報\n極秘の透かし");
    assert_eq!(said.of(&Part::Footer), "フッターの文");
    assert_eq!(said.of(&Part::Comment), "コメントの文");
    assert_eq!(said.of(&Part::Footnote), "脚注の文");
    assert_eq!(said.of(&Part::Property("title".to_owned())), "人事案件");
    assert_eq!(said.of(&Part::Property("担当".to_owned())), "山田");
    assert_eq!(said.of(&Part::FileName), "起案.docx");
    assert_eq!(said.of(&Part::Property("kakuzuke.label".to_owned())), "", "our own label is no text");
    let (within, unit, part) = said.spot("埋め込んだ文");
    assert_eq!((within, unit, part), (vec!["word/embeddings/別紙.docx".to_owned()], Unit::Paragraph(1), Part::Body));
}

#[test]
fn excel_says_every_cell_with_its_place() {
    let kind = "spreadsheetml";
    let book = "<workbook xmlns:r=\"r\"><sheets><sheet name=\"名簿\" sheetId=\"1\" r:id=\"r1\"/>\
                <sheet name=\"裏\" sheetId=\"2\" r:id=\"r2\" state=\"veryHidden\"/></sheets>\
                <definedNames><definedName name=\"合言葉\">\"開けごま\"</definedName></definedNames></workbook>";
    let first = "<worksheet><cols><col min=\"3\" max=\"4\" hidden=\"1\"/></cols><sheetData>\
                 <row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\"><v>123456789018</v></c>\
                 <c r=\"D1\" t=\"inlineStr\"><is><t>隠れた列</t></is></c></row>\
                 <row r=\"2\" hidden=\"1\"><c r=\"A2\" t=\"str\"><f>A1</f><v>隠れた行</v></c></row></sheetData>\
                 <headerFooter><oddHeader>&amp;L&amp;\"ＭＳ 明朝,標準\"&amp;12機密性２&amp;R部外秘</oddHeader>\
                 <oddFooter>&amp;P／&amp;N頁</oddFooter></headerFooter></worksheet>";
    let second = "<worksheet><sheetData><row><c r=\"A1\" t=\"inlineStr\"><is><t>裏の文</t></is></c></row></sheetData></worksheet>";
    let strings = "<sst><si><r><t>氏</t></r><r><t>名</t></r><rPh><t>シメイ</t></rPh></si></sst>";
    let comments = "<comments><commentList><comment ref=\"B1\"><text><r><t>番号は仮</t></r></text></comment></commentList></comments>";
    let drawing = "<d:wsDr xmlns:d=\"d\" xmlns:a=\"a\"><d:sp><d:cNvPr descr=\"代替\"/><a:p><a:r><a:t>図形の文</a:t></a:r></a:p></d:sp></d:wsDr>";
    let bytes = package(
        "xl/workbook.xml",
        &[
            ("xl/workbook.xml", &format!("{kind}.sheet.main"), book),
            ("xl/worksheets/sheet1.xml", &format!("{kind}.worksheet"), first),
            ("xl/worksheets/sheet2.xml", &format!("{kind}.worksheet"), second),
            ("xl/sharedStrings.xml", &format!("{kind}.sharedStrings"), strings),
            ("xl/comments1.xml", &format!("{kind}.comments"), comments),
            ("xl/drawings/drawing1.xml", "drawing", drawing),
            (
                "xl/pivotCache/p.xml",
                &format!("{kind}.pivotCacheDefinition"),
                "<d><sharedItems><s v=\"集計元の文\"/></sharedItems></d>",
            ),
        ],
        &[
            (
                "xl/workbook.xml",
                &[("r1", "worksheet", "worksheets/sheet1.xml"), ("r2", "worksheet", "/xl/worksheets/sheet2.xml")],
            ),
            (
                "xl/worksheets/sheet1.xml",
                &[("r1", "comments", "../comments1.xml"), ("r2", "drawing", "../drawings/drawing1.xml")],
            ),
        ],
    );
    let said = read(&bytes, None);
    assert!(said.summary.is_whole(), "{:?}", said.summary);
    let cell = |cell: &str| Unit::Cell { sheet: "名簿".to_owned(), cell: cell.to_owned() };
    said.has("氏名", &cell("A1"), &Part::Body);
    said.has("123456789018", &cell("B1"), &Part::Body);
    said.has("隠れた列", &cell("D1"), &Part::Hidden);
    said.has("隠れた行", &cell("A2"), &Part::Hidden);
    said.has("機密性２", &cell(""), &Part::Header);
    said.has("部外秘", &cell(""), &Part::Header);
    said.has("頁", &cell(""), &Part::Footer);
    said.has("番号は仮", &cell("B1"), &Part::Comment);
    said.has("図形の文", &cell(""), &Part::Shape);
    said.has("裏の文", &Unit::Cell { sheet: "裏".to_owned(), cell: "A1".to_owned() }, &Part::Hidden);
    said.has("集計元の文", &Unit::Whole, &Part::Hidden);
    said.has("開けごま", &Unit::Whole, &Part::Property("合言葉".to_owned()));
    assert!(!said.passages.iter().any(|p| p.text.contains("明朝") || p.text.contains("シメイ")));
}

#[test]
fn powerpoint_says_slides_in_order_notes_and_what_masters_show() {
    let kind = "presentationml";
    let shape = |ph: &str, words: &str| {
        format!(
            "<p:sp><p:nvSpPr><p:cNvPr id=\"1\"/><p:nvPr>{ph}</p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>{words}</a:t></a:r></a:p></p:txBody></p:sp>"
        )
    };
    let slide = |attribute: &str, inside: &str| {
        format!("<p:sld xmlns:p=\"p\" xmlns:a=\"a\" {attribute}><p:cSld><p:spTree>{inside}</p:spTree></p:cSld></p:sld>")
    };
    let show = "<p:presentation xmlns:p=\"p\" xmlns:r=\"r\"><p:sldIdLst><p:sldId id=\"256\" r:id=\"r2\"/><p:sldId id=\"257\" r:id=\"r1\"/></p:sldIdLst></p:presentation>";
    let first = slide(
        "",
        &[shape("<p:ph type=\"title\"/>", "題名"), shape("", "自由な枠"), shape("<p:ph type=\"ftr\"/>", "足元")]
            .concat(),
    );
    let second = slide("show=\"0\"", &shape("<p:ph/>", "見せないスライド"));
    let notes = slide("", &shape("<p:ph type=\"body\"/>", "口頭で補足"));
    let master = slide(
        "",
        &[shape("<p:ph type=\"title\"/>", "マスター タイトルの書式設定"), shape("", "機密性２情報")].concat(),
    );
    let bytes = package(
        "ppt/presentation.xml",
        &[
            ("ppt/presentation.xml", &format!("{kind}.presentation.main"), show),
            ("ppt/slides/slide1.xml", &format!("{kind}.slide"), &second),
            ("ppt/slides/slide2.xml", &format!("{kind}.slide"), &first),
            ("ppt/notesSlides/notesSlide1.xml", &format!("{kind}.notesSlide"), &notes),
            ("ppt/slideMasters/slideMaster1.xml", &format!("{kind}.slideMaster"), &master),
        ],
        &[
            ("ppt/presentation.xml", &[("r1", "slide", "slides/slide1.xml"), ("r2", "slide", "slides/slide2.xml")]),
            ("ppt/slides/slide2.xml", &[("r1", "notesSlide", "../notesSlides/notesSlide1.xml")]),
        ],
    );
    let said = read(&bytes, None);
    assert!(said.summary.is_whole(), "{:?}", said.summary);
    said.has("題名", &Unit::Slide(1), &Part::Body);
    said.has("自由な枠", &Unit::Slide(1), &Part::Shape);
    said.has("足元", &Unit::Slide(1), &Part::Footer);
    said.has("口頭で補足", &Unit::Slide(1), &Part::Notes);
    said.has("見せないスライド", &Unit::Slide(2), &Part::Hidden);
    said.has("機密性２情報", &Unit::Whole, &Part::Header);
    assert!(!said.passages.iter().any(|p| p.text.contains("書式設定")));
}

#[test]
fn documents_of_pictures_without_a_word_are_a_gap() {
    let body = format!("<w:document {W}><w:body><w:p><w:r/></w:p></w:body></w:document>");
    let kind = "wordprocessingml.document.main";
    let silent = package("word/document.xml", &[("word/document.xml", kind, &body)], &[]);
    assert!(read(&silent, None).summary.is_whole(), "nothing is in it");
    let said = read(&with(&silent, "word/media/scan.png", b"\x89PNG"), None);
    assert_eq!((said.summary.pictures, said.summary.gaps.len()), (1, 1));
    let slide = "<p:sld xmlns:p=\"p\"><p:pic/></p:sld>";
    let show = package(
        "ppt/presentation.xml",
        &[
            ("ppt/presentation.xml", "presentationml.presentation.main", "<p:presentation xmlns:p=\"p\"/>"),
            ("ppt/slides/slide1.xml", "presentationml.slide", slide),
        ],
        &[],
    );
    let gaps = read(&show, None).summary.gaps;
    assert_eq!(gaps.len(), 1);
    assert_eq!(gaps[0].0.unit, Unit::Slide(1));
}

#[test]
fn a_damaged_part_is_a_gap_and_the_rest_is_read() {
    let whole = docx();
    let bytes = with(&whole, "word/embeddings/壊れた.docx", b"PK\x03\x04 and no more than that");
    let said = read(&bytes, None);
    assert!(!said.summary.is_whole());
    assert_eq!(said.summary.gaps[0].0.within, ["word/embeddings/壊れた.docx"]);
    said.has("第一段落", &Unit::Paragraph(1), &Part::Body);
}

#[test]
fn opendocument_says_everything_that_is_written_in_it() {
    let styles = "<o:document-styles xmlns:o=\"o\" xmlns:style=\"s\" xmlns:text=\"t\"><style:style style:name=\"Kakushi\">\
                  <style:text-properties text:display=\"none\"/></style:style><o:master-styles><style:master-page>\
                  <style:header><text:p>機密性２情報</text:p></style:header><style:footer><text:p>足元</text:p></style:footer>\
                  </style:master-page></o:master-styles></o:document-styles>";
    let content = "<o:document-content xmlns:o=\"o\" xmlns:text=\"t\" xmlns:dc=\"d\" xmlns:draw=\"w\"><o:body><o:text>\
                   <text:tracked-changes><text:changed-region><text:deletion><text:p>消した文</text:p></text:deletion>\
                   </text:changed-region></text:tracked-changes><text:h>見出し</text:h><text:p>本文\n   の<text:s text:c=\"2\"/>続き\
                   <text:span text:style-name=\"Kakushi\">隠した<text:span>文</text:span></text:span><o:annotation><dc:creator>山田</dc:creator>\
                   <text:p>コメントの文</text:p></o:annotation><text:note><text:note-citation>1</text:note-citation><text:note-body>\
                   <text:p>脚注の文</text:p></text:note-body></text:note></text:p><text:section text:display=\"none\"><text:p>隠した節</text:p>\
                   </text:section><text:p><draw:frame><draw:text-box><text:p>枠の中の文</text:p></draw:text-box></draw:frame></text:p>\
                   </o:text></o:body></o:document-content>";
    let meta = "<o:document-meta xmlns:o=\"o\" xmlns:dc=\"d\" xmlns:m=\"m\"><o:meta><dc:title>人事案件</dc:title>\
                <m:user-defined m:name=\"担当\">鈴木</m:user-defined></o:meta></o:document-meta>";
    let bytes = archive(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", content.as_bytes()),
        ("styles.xml", styles.as_bytes()),
        ("meta.xml", meta.as_bytes()),
    ]);
    let said = read(&bytes, None);
    assert!(said.summary.is_whole(), "{:?}", said.summary);
    assert_eq!(said.of(&Part::Body), "見出し\n本文 の  続き");
    assert_eq!(said.of(&Part::Hidden), "隠した文\n隠した節");
    assert_eq!(said.of(&Part::Deleted), "消した文");
    assert_eq!(said.of(&Part::Comment), "山田\nコメントの文");
    assert_eq!(said.of(&Part::Footnote), "脚注の文");
    assert_eq!(said.of(&Part::Shape), "枠の中の文");
    assert_eq!(said.of(&Part::Header), "機密性２情報");
    assert_eq!(said.of(&Part::Footer), "足元");
    assert_eq!(said.of(&Part::Property("title".to_owned())), "人事案件");
    assert_eq!(said.of(&Part::Property("担当".to_owned())), "鈴木");
}

#[test]
fn opendocument_sheets_say_cells_where_they_are() {
    let content = "<o:document-content xmlns:o=\"o\" xmlns:text=\"t\" xmlns:table=\"b\" xmlns:style=\"s\"><o:automatic-styles>\
                   <style:style style:name=\"ta2\"><style:table-properties table:display=\"false\"/></style:style></o:automatic-styles>\
                   <o:body><o:spreadsheet><table:table table:name=\"名簿\"><table:table-column table:number-columns-repeated=\"3\"/>\
                   <table:table-column table:visibility=\"collapse\"/><table:table-row table:number-rows-repeated=\"2\"><table:table-cell/>\
                   </table:table-row><table:table-row><table:table-cell table:number-columns-repeated=\"2\"/><table:table-cell><text:p>氏名</text:p>\
                   </table:table-cell><table:table-cell><text:p>隠れた列</text:p></table:table-cell></table:table-row>\
                   <table:table-row table:visibility=\"collapse\"><table:table-cell><text:p>隠れた行</text:p></table:table-cell></table:table-row>\
                   </table:table><table:table table:name=\"裏\" table:style-name=\"ta2\"><table:table-row><table:table-cell><text:p>裏の文</text:p>\
                   </table:table-cell></table:table-row></table:table></o:spreadsheet></o:body></o:document-content>";
    let bytes = archive(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content.as_bytes()),
    ]);
    let said = read(&bytes, None);
    let cell = |sheet: &str, cell: &str| Unit::Cell { sheet: sheet.to_owned(), cell: cell.to_owned() };
    said.has("氏名", &cell("名簿", "C3"), &Part::Body);
    said.has("隠れた列", &cell("名簿", "D3"), &Part::Hidden);
    said.has("隠れた行", &cell("名簿", "A4"), &Part::Hidden);
    said.has("裏の文", &cell("裏", "A1"), &Part::Hidden);
}
