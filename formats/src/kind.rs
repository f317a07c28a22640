//! What kinds of document the plugins know, and what each is called.

use kakuzuke_core::code::Text;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident, $extension:literal, $media:literal, $ja:literal, $en:literal;)*) => {
        /// ファイルの種類. A kind that has a plugin of its own, or [`Kind::Opaque`] for everything else.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Kind { $($(#[$doc])* $name,)* }

        impl Kind {
            /// Every kind, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// File name extension, lower case, without the dot.
            #[must_use]
            pub const fn extension(self) -> &'static str { match self { $(Self::$name => $extension,)* } }

            /// Media type (RFC 6838).
            #[must_use]
            pub const fn media_type(self) -> &'static str { match self { $(Self::$name => $media,)* } }

            /// Name for people.
            #[must_use]
            pub const fn name(self) -> Text { match self { $(Self::$name => Text::fixed($ja, $en),)* } }
        }
    };
}

kinds! {
    /// PDF (ISO 32000).
    Pdf, "pdf", "application/pdf", "PDF文書", "PDF document";
    /// Word document (ISO/IEC 29500).
    Docx, "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word文書", "Word document";
    /// Word document with macros.
    Docm, "docm", "application/vnd.ms-word.document.macroEnabled.12", "Word文書（マクロ有効）", "Word macro-enabled document";
    /// Word template.
    Dotx, "dotx", "application/vnd.openxmlformats-officedocument.wordprocessingml.template", "Wordテンプレート", "Word template";
    /// Word template with macros.
    Dotm, "dotm", "application/vnd.ms-word.template.macroEnabled.12", "Wordテンプレート（マクロ有効）", "Word macro-enabled template";
    /// Excel workbook.
    Xlsx, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excelブック", "Excel workbook";
    /// Excel workbook with macros.
    Xlsm, "xlsm", "application/vnd.ms-excel.sheet.macroEnabled.12", "Excelブック（マクロ有効）", "Excel macro-enabled workbook";
    /// Excel template.
    Xltx, "xltx", "application/vnd.openxmlformats-officedocument.spreadsheetml.template", "Excelテンプレート", "Excel template";
    /// Excel template with macros.
    Xltm, "xltm", "application/vnd.ms-excel.template.macroEnabled.12", "Excelテンプレート（マクロ有効）", "Excel macro-enabled template";
    /// PowerPoint presentation.
    Pptx, "pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", "PowerPointプレゼンテーション", "PowerPoint presentation";
    /// PowerPoint presentation with macros.
    Pptm, "pptm", "application/vnd.ms-powerpoint.presentation.macroEnabled.12", "PowerPointプレゼンテーション（マクロ有効）", "PowerPoint macro-enabled presentation";
    /// PowerPoint template.
    Potx, "potx", "application/vnd.openxmlformats-officedocument.presentationml.template", "PowerPointテンプレート", "PowerPoint template";
    /// PowerPoint template with macros.
    Potm, "potm", "application/vnd.ms-powerpoint.template.macroEnabled.12", "PowerPointテンプレート（マクロ有効）", "PowerPoint macro-enabled template";
    /// PowerPoint show.
    Ppsx, "ppsx", "application/vnd.openxmlformats-officedocument.presentationml.slideshow", "PowerPointスライドショー", "PowerPoint show";
    /// PowerPoint show with macros.
    Ppsm, "ppsm", "application/vnd.ms-powerpoint.slideshow.macroEnabled.12", "PowerPointスライドショー（マクロ有効）", "PowerPoint macro-enabled show";
    /// OpenDocument text (ISO/IEC 26300).
    Odt, "odt", "application/vnd.oasis.opendocument.text", "OpenDocument文書", "OpenDocument text";
    /// OpenDocument text template.
    Ott, "ott", "application/vnd.oasis.opendocument.text-template", "OpenDocument文書テンプレート", "OpenDocument text template";
    /// OpenDocument spreadsheet.
    Ods, "ods", "application/vnd.oasis.opendocument.spreadsheet", "OpenDocument表計算", "OpenDocument spreadsheet";
    /// OpenDocument spreadsheet template.
    Ots, "ots", "application/vnd.oasis.opendocument.spreadsheet-template", "OpenDocument表計算テンプレート", "OpenDocument spreadsheet template";
    /// OpenDocument presentation.
    Odp, "odp", "application/vnd.oasis.opendocument.presentation", "OpenDocumentプレゼンテーション", "OpenDocument presentation";
    /// OpenDocument presentation template.
    Otp, "otp", "application/vnd.oasis.opendocument.presentation-template", "OpenDocumentプレゼンテーションテンプレート", "OpenDocument presentation template";
    /// OpenDocument drawing.
    Odg, "odg", "application/vnd.oasis.opendocument.graphics", "OpenDocument図形描画", "OpenDocument drawing";
    /// OpenDocument drawing template.
    Otg, "otg", "application/vnd.oasis.opendocument.graphics-template", "OpenDocument図形描画テンプレート", "OpenDocument drawing template";
    /// PNG picture (ISO/IEC 15948).
    Png, "png", "image/png", "PNG画像", "PNG picture";
    /// JPEG picture (ISO/IEC 10918-1).
    Jpeg, "jpg", "image/jpeg", "JPEG画像", "JPEG picture";
    /// TIFF picture (TIFF 6.0, BigTIFF).
    Tiff, "tif", "image/tiff", "TIFF画像", "TIFF picture";
    /// WebP picture (RFC 9649).
    Webp, "webp", "image/webp", "WebP画像", "WebP picture";
    /// GIF picture.
    Gif, "gif", "image/gif", "GIF画像", "GIF picture";
    /// SVG picture.
    Svg, "svg", "image/svg+xml", "SVG画像", "SVG picture";
    /// Word document of the years before 2007 ([MS-DOC]), and its templates.
    Doc, "doc", "application/msword", "Word 97-2003文書", "Word 97-2003 document";
    /// Excel workbook of the years before 2007 ([MS-XLS]), and its templates.
    Xls, "xls", "application/vnd.ms-excel", "Excel 97-2003ブック", "Excel 97-2003 workbook";
    /// PowerPoint presentation of the years before 2007 ([MS-PPT]), its templates and shows.
    Ppt, "ppt", "application/vnd.ms-powerpoint", "PowerPoint 97-2003プレゼンテーション", "PowerPoint 97-2003 presentation";
    /// 一太郎.
    Jtd, "jtd", "application/x-js-taro", "一太郎文書", "Ichitaro document";
    /// Outlook message ([MS-OXMSG]).
    Msg, "msg", "application/vnd.ms-outlook", "Outlookメッセージ", "Outlook message";
    /// Any other compound file ([MS-CFB]).
    Compound, "ole", "application/x-ole-storage", "その他の複合ファイル", "Other compound file";
    /// HTML, also as XML.
    Html, "html", "text/html", "HTML文書", "HTML document";
    /// Mail message (RFC 5322).
    Eml, "eml", "message/rfc822", "電子メール", "Mail message";
    /// Rich text.
    Rtf, "rtf", "application/rtf", "リッチテキスト", "Rich text";
    /// ZIP archive.
    Zip, "zip", "application/zip", "ZIP書庫", "ZIP archive";
    /// Text: also CSV, TSV, Markdown, logs.
    Text, "txt", "text/plain", "テキスト", "Text";
    /// XML that is none of the others.
    Xml, "xml", "application/xml", "XML文書", "XML document";
    /// JSON (RFC 8259).
    Json, "json", "application/json", "JSON", "JSON";
    /// Anything without a plugin of its own; protected, it is the bare envelope `.kkz`.
    Opaque, "kkz", "application/vnd.kakuzuke.envelope", "その他のファイル", "Other file";
}

impl Kind {
    /// The kind that a file name's extension stands for, whatever its case. Unknown and missing
    /// extensions are [`Kind::Opaque`].
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        let Some((_, extension)) = name.rsplit_once('.') else { return Self::Opaque };
        let extension = extension.to_ascii_lowercase();
        let usual = match extension.as_str() {
            "jpeg" | "jpe" => "jpg",
            "tiff" => "tif",
            "dot" => "doc",
            "xlt" => "xls",
            "pot" | "pps" => "ppt",
            "jtt" | "jtdc" | "jttc" => "jtd",
            "htm" | "xhtml" | "xht" => "html",
            "csv" | "tsv" | "md" | "log" | "text" => "txt",
            other => other,
        };
        Self::ALL.iter().copied().find(|k| k.extension() == usual).unwrap_or(Self::Opaque)
    }

    /// The kind of a protected file's carrier: the kind itself where it can have a cover, otherwise the bare envelope,
    /// [`Kind::Opaque`].
    #[must_use]
    pub const fn carrier(self) -> Self {
        match self {
            Self::Png | Self::Jpeg | Self::Tiff | Self::Webp | Self::Gif | Self::Svg => Self::Opaque,
            Self::Doc | Self::Xls | Self::Ppt | Self::Jtd | Self::Msg | Self::Compound => Self::Opaque,
            Self::Html | Self::Rtf | Self::Zip | Self::Text | Self::Xml | Self::Json => Self::Opaque,
            other => other,
        }
    }

    /// The kind of a media type, exactly as registered.
    #[must_use]
    pub fn from_media_type(media: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|k| k.media_type() == media)
    }
}
