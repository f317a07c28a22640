//! What relationships lead to, as hidden data.

use kakuzuke_core::code::Text;

use super::graph::{Link, Target};
use crate::hidden::Category;

/// What a relationship leads to, if it is hidden data.
pub(super) fn judge(link: &Link) -> Option<(Category, Text)> {
    if let Target::Outside(address) = &link.target {
        return outside(&link.tail, address);
    }
    let (category, ja, en) = match link.tail.as_str() {
        "comments" | "commentsExtended" | "commentsIds" | "commentsExtensible" | "people" | "threadedComment"
        | "person" | "commentAuthors" | "authors" => (Category::Comments, "コメント", "comments"),
        "documenttasks" => (Category::Comments, "コメントのタスク", "tasks in comments"),
        // Handwriting is drawn on the page.
        "customXml" if matches!(&link.target, Target::Part(part) if part.contains("/ink/")) => return None,
        "changesInfo" | "revisionInfo" => (Category::Changes, "共同編集の記録", "traces of editing together"),
        "webextensiontaskpanes" | "webextension" => (Category::PrivateData, "アドインのデータ", "data of add-ins"),
        "customProperty" => (Category::CustomData, "シートのカスタムプロパティ", "custom properties of a sheet"),
        "volatileDependencies" => (Category::Links, "データサーバーへの接続", "connections to data servers"),
        "printerSettings" => (Category::Printer, "プリンター設定", "printer settings"),
        "vbaProject"
        | "vbaProjectSignature"
        | "vbaProjectSignatureAgile"
        | "vbaProjectSignatureV3"
        | "wordVbaData"
        | "xlMacrosheet"
        | "xlIntlMacrosheet"
        | "keyMapCustomizations"
        | "attachedToolbars" => (Category::Macros, "マクロ", "macros"),
        "control" | "activeXControlBinary" | "ctrlProp" => (Category::Controls, "コントロール", "controls"),
        "oleObject" | "package" => (Category::Objects, "埋込みオブジェクト", "embedded objects"),
        "customXml"
        | "customXmlProps"
        | "tags"
        | "customData"
        | "classificationlabels"
        | "extensibility"
        | "userCustomization"
        | "xmlMaps"
        | "tableSingleCells" => (Category::CustomData, "カスタムXML・タグ", "custom XML and tags"),
        "glossaryDocument" => (Category::CustomData, "定型句（クイックパーツ）", "building blocks (AutoText)"),
        "recipientData" => (Category::Links, "差し込み印刷の宛先", "recipients of a mail merge"),
        "namedSheetViews" => (Category::Properties, "利用者ごとの表示", "views of single users"),
        "powerPivotData" => (Category::CachedData, "データモデルの値", "values of a data model"),
        "thumbnail" => (Category::Thumbnails, "縮小版の画像", "a thumbnail"),
        "externalLink" => (Category::Links, "ほかのブックの値の写し", "values copied from other workbooks"),
        "connections" | "queryTable" => (Category::Links, "データ接続", "data connections"),
        "notesSlide" => (Category::Notes, "ノート", "notes"),
        "revisionHeaders" | "revisionLog" | "usernames" => (Category::Changes, "変更履歴", "tracked changes"),
        "pivotCacheRecords" => {
            (Category::CachedData, "ピボットテーブルの元データの写し", "a copy of a pivot table's source data")
        }
        "origin" => (Category::Signatures, "電子署名", "digital signatures"),
        _ => return None,
    };
    Some((category, Text::fixed(ja, en)))
}

fn outside(tail: &str, address: &str) -> Option<(Category, Text)> {
    const OPEN: [&str; 5] = ["http://", "https://", "mailto:", "ftp://", "tel:"];
    let lower = address.to_ascii_lowercase();
    let is_open = OPEN.iter().any(|scheme| lower.starts_with(scheme)) || address.starts_with('#');
    let (ja, en) = match tail {
        // An address on the net that readers see and follow is meant to be there.
        "hyperlink" if is_open => return None,
        "hyperlink" => ("ファイルへのリンク", "a link to a file"),
        "attachedTemplate" => ("テンプレートの場所", "the template's place"),
        "image" => ("リンクされた画像", "a linked picture"),
        _ => ("外部への参照", "a reference to something outside"),
    };
    Some((Category::Links, Text::fixed(ja, en)))
}
