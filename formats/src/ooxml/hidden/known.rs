//! 知っている部品. What parts are for, by the relationships that lead to them, and what each then begins with (ISO/IEC 29500-1,
//! 11 to 15). A part that nothing here names was not looked into, whatever is in it.

use super::graph::Link;
use super::links;

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nature {
    /// Markup whose root is one of these.
    Markup(&'static [&'static str]),
    /// A picture, sound or video.
    Medium,
    /// Data without words: a font.
    Font,
    /// A document of its own, shown in the place of a paragraph.
    Chunk,
    /// Hidden data, told already.
    Told,
}

/// Roots by the last piece of the relationship's type.
const MARKUP: [(&str, &[&str]); 60] = [
    ("officeDocument", &["document", "workbook", "presentation"]),
    ("core-properties", &["coreProperties"]),
    ("coreProperties", &["coreProperties"]),
    ("extended-properties", &["Properties"]),
    ("extendedProperties", &["Properties"]),
    ("custom-properties", &["Properties"]),
    ("customProperties", &["Properties"]),
    ("theme", &["theme"]),
    ("themeOverride", &["themeOverride"]),
    ("styles", &["styles", "styleSheet"]),
    ("stylesWithEffects", &["styles"]),
    ("settings", &["settings"]),
    ("webSettings", &["webSettings"]),
    ("fontTable", &["fonts"]),
    ("numbering", &["numbering"]),
    ("header", &["hdr"]),
    ("footer", &["ftr"]),
    ("footnotes", &["footnotes"]),
    ("endnotes", &["endnotes"]),
    ("customXml", &["ink"]),
    ("ink", &["ink"]),
    ("chart", &["chartSpace"]),
    ("chartEx", &["chartSpace"]),
    ("chartUserShapes", &["userShapes"]),
    ("chartStyle", &["chartStyle"]),
    ("chartColorStyle", &["colorStyle"]),
    ("diagramData", &["dataModel"]),
    ("diagramLayout", &["layoutDef"]),
    ("diagramQuickStyle", &["styleDef"]),
    ("diagramColors", &["colorsDef"]),
    ("diagramDrawing", &["drawing"]),
    ("worksheet", &["worksheet"]),
    ("chartsheet", &["chartsheet"]),
    ("dialogsheet", &["dialogsheet"]),
    ("sharedStrings", &["sst"]),
    ("calcChain", &["calcChain"]),
    ("drawing", &["wsDr"]),
    ("vmlDrawing", &["xml"]),
    ("table", &["table"]),
    ("pivotTable", &["pivotTableDefinition"]),
    ("pivotCacheDefinition", &["pivotCacheDefinition"]),
    ("slicer", &["slicers"]),
    ("slicerCache", &["slicerCacheDefinition"]),
    ("timeline", &["timelines"]),
    ("timelineCache", &["timelineCacheDefinition"]),
    ("sheetMetadata", &["metadata"]),
    ("FeaturePropertyBag", &["FeaturePropertyBags"]),
    ("rdRichValueStructure", &["rvStructures"]),
    ("rdRichValueTypes", &["rvTypesInfo"]),
    ("richValueRel", &["richValueRels"]),
    ("slide", &["sld"]),
    ("slideLayout", &["sldLayout"]),
    ("slideMaster", &["sldMaster"]),
    ("notesMaster", &["notesMaster"]),
    ("handoutMaster", &["handoutMaster"]),
    ("presProps", &["presentationPr"]),
    ("viewProps", &["viewPr"]),
    ("tableStyles", &["tblStyleLst"]),
    ("sldSyncPr", &["sldSyncPr"]),
    ("legacyDrawingHF", &["xml"]),
];

/// What a part is that a relationship leads to; `None` when that is not known.
pub(super) fn nature(link: &Link) -> Option<Nature> {
    // Signatures hang on their origin (ISO/IEC 29500-2, 10.4).
    if links::judge(link).is_some() || matches!(link.tail.as_str(), "signature" | "certificate") {
        return Some(Nature::Told);
    }
    if !link.is_of_format {
        return None;
    }
    match link.tail.as_str() {
        "image" | "hdphoto" | "audio" | "video" | "media" => Some(Nature::Medium),
        "font" => Some(Nature::Font),
        "aFChunk" => Some(Nature::Chunk),
        tail => MARKUP.iter().find(|(name, _)| *name == tail).map(|(_, roots)| Nature::Markup(roots)),
    }
}

/// Relationships whose part is shown only where its reader finds their id.
pub(super) fn is_named(tail: &str) -> bool {
    const NAMED: [&str; 26] = [
        "image",
        "hdphoto",
        "audio",
        "video",
        "media",
        "font",
        "aFChunk",
        "header",
        "footer",
        "chart",
        "chartEx",
        "chartUserShapes",
        "diagramData",
        "diagramLayout",
        "diagramQuickStyle",
        "diagramColors",
        "worksheet",
        "chartsheet",
        "dialogsheet",
        "drawing",
        "table",
        "slide",
        "hyperlink",
        "oleObject",
        "package",
        "control",
    ];
    NAMED.contains(&tail)
}
