//! What hidden data there are, and what becomes of each.

use kakuzuke_core::code::Text;

/// What becomes of hidden data of a category unless something else is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Removed: the pages look the same without.
    Removed,
    /// Removed when asked for: the document does less without, or something in sight depends on it.
    OnRequest,
    /// Only reported: it can't be taken out without harm, or not at all.
    Reported,
}

macro_rules! categories {
    ($($(#[$doc:meta])* $name:ident, $slug:literal, $fate:ident, $ja:literal, $en:literal;)*) => {
        /// 隠れた情報の種類.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Category { $($(#[$doc])* $name,)* }

        impl Category {
            /// Every category, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name programs and command lines use.
            #[must_use]
            pub const fn slug(self) -> &'static str { match self { $(Self::$name => $slug,)* } }

            /// What becomes of it unless something else is asked for.
            #[must_use]
            pub const fn fate(self) -> Fate { match self { $(Self::$name => Fate::$fate,)* } }

            /// Name for people.
            #[must_use]
            pub const fn name(self) -> Text { match self { $(Self::$name => Text::fixed($ja, $en),)* } }
        }
    };
}

categories! {
    /// Who wrote it, and for whom they work.
    Authors, "authors", Removed, "作成者・所属", "authors and organisations";
    /// Revision ids, time spent, last print.
    History, "history", Removed, "編集の記録", "traces of editing";
    /// Description, keywords and the like.
    Properties, "properties", Removed, "その他のプロパティ", "other properties";
    /// A label of ours: it names who decided it.
    Label, "label", Removed, "格付の記録（決定者名を含む）", "the stored label, which names its decider";
    /// Comments and annotations.
    Comments, "comments", Removed, "コメント・注釈", "comments and annotations";
    /// Tracked changes.
    Changes, "changes", Removed, "変更履歴", "tracked changes";
    /// Text that is not shown.
    HiddenText, "hidden-text", Removed, "隠し文字", "hidden text";
    /// Hidden rows and columns.
    HiddenCells, "hidden-cells", OnRequest, "非表示の行・列", "hidden rows and columns";
    /// Hidden sheets.
    HiddenSheets, "hidden-sheets", OnRequest, "非表示のシート", "hidden sheets";
    /// Hidden slides.
    HiddenSlides, "hidden-slides", OnRequest, "非表示のスライド", "hidden slides";
    /// Speaker notes.
    Notes, "notes", Removed, "ノート", "speaker notes";
    /// Embedded objects: the picture of them stays.
    Objects, "objects", Removed, "埋込みオブジェクト", "embedded objects";
    /// Preview pictures.
    Thumbnails, "thumbnails", Removed, "縮小版の画像", "thumbnails";
    /// References to other files, and paths.
    Links, "links", Removed, "外部参照・パス", "external links and paths";
    /// XML data, document variables, custom properties.
    CustomData, "custom-data", Removed, "カスタムデータ", "custom data";
    /// Data kept for pivot tables.
    CachedData, "cached-data", Reported, "ピボットテーブルの元データ", "source data kept for pivot tables";
    /// Printer settings.
    Printer, "printer", Removed, "プリンター設定", "printer settings";
    /// Macros.
    Macros, "macros", OnRequest, "マクロ", "macros";
    /// ActiveX and form controls.
    Controls, "controls", Removed, "ActiveXコントロール", "ActiveX controls";
    /// EXIF, GPS, XMP and comments of pictures.
    PictureData, "picture-data", Removed, "画像の撮影情報（EXIF・位置など）", "data in pictures (EXIF, position)";
    /// Digital signatures: they name the signer, and do not survive any change.
    Signatures, "signatures", Removed, "電子署名", "digital signatures";
    /// Earlier versions of the document.
    Revisions, "revisions", Removed, "以前の版", "earlier versions";
    /// Attached files.
    Attachments, "attachments", Removed, "添付ファイル", "attached files";
    /// Scripts and actions.
    Scripts, "scripts", Removed, "スクリプト・自動動作", "scripts and actions";
    /// Layers that are not shown.
    HiddenLayers, "hidden-layers", OnRequest, "非表示のレイヤー", "hidden layers";
    /// Values filled into a form.
    FormData, "form-data", OnRequest, "フォームの入力内容", "form data";
    /// Data that programs keep for themselves.
    PrivateData, "private-data", Removed, "アプリケーションの内部データ", "private data of programs";
    /// What nothing refers to any more.
    Leftovers, "leftovers", Removed, "参照されないデータ", "data nothing refers to";
    /// Text or pictures under a box: whoever copies it reads it.
    Covered, "covered-text", Reported, "塗りつぶしの下の文字・画像", "text or pictures under something";
    /// Text or pictures that are drawn so that nobody sees them: white on white, tiny, beside the page.
    Unseen, "unseen-text", Reported, "見えない書き方の文字・画像（白地に白・極小・紙面の外）", "text or pictures drawn so that nobody sees them";
    /// Parts of pictures that are cut off only for the eye.
    Cropped, "cropped", Reported, "トリミングで隠れた部分", "parts of pictures that are only cropped";
    /// The way of a mail, and what names machines and programs in it.
    MailRoute, "mail-route", Removed, "メールの経路・端末・ソフトの名前", "the way of a mail, its machines and programs";
    /// Addressees the others were not to know of.
    Bcc, "bcc", Removed, "BCCの宛先", "blind copy addressees";
    /// What a page loads from elsewhere when it is shown.
    Remote, "remote-parts", OnRequest, "表示のたびに外部から読み込むもの", "parts loaded from elsewhere";
    /// What could not be looked into.
    NotInspected, "not-inspected", Reported, "調べられないもの", "not inspected";
}

impl Category {
    /// The category of a slug.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|c| c.slug() == slug)
    }
}
