//! 保存・権利の文言.

use kakuzuke_core::code::Text;
use kakuzuke_core::licence::Right;

pub(crate) const NO_EDIT: Text = Text::fixed(
    "編集の許可がありません。許可を申請してください（labeler request --kind edit）。",
    "No permission to edit. Ask for it (labeler request --kind edit).",
);
pub(crate) const NO_PLACE_TO_SAVE: Text = Text::fixed(
    "ファイルの場所が分からないため、版として保存できません。ファイルの名前で開き直してください。",
    "It was not opened by its path, so there is no place to save a version to. Open it by its path.",
);
pub(crate) const SEALED_CONTENT: Text = Text::fixed(
    "保存しようとした内容が、すでに保護されたファイルです。内容そのものを渡してください。",
    "What is to be saved is a protected file already. Give its content.",
);
pub(crate) const OTHER_KIND: Text = Text::fixed(
    "保存しようとした内容の形式が、元の文書と異なります。元と同じ形式で保存するか、新しい文書として保護してください。",
    "The content is of another kind than the document. Save it in the same kind, or protect it as a new document.",
);

/// Why a right is not there, where restrictions of the label say so.
pub(crate) fn restricted(right: Right, restrictions: &[String]) -> Text {
    let right = right.text();
    let all = restrictions.join("」「");
    Text::new(
        format!("取扱制限「{all}」により、{}は許可されていません。", right.ja),
        format!("The restriction \"{}\" does not permit: {}.", restrictions.join("\", \""), right.en),
    )
}

/// The same, where it is not the label.
pub(crate) fn not_granted(right: Right, clause: &str) -> Text {
    let right = right.text();
    Text::new(
        format!(
            "{}は、この文書の利用許可に含まれていません（統一基準 {clause}）。決定者に許可を申請してください。",
            right.ja
        ),
        format!("The licence does not include: {} (clause {clause}). Ask the decider for permission.", right.en),
    )
}

pub(crate) fn bad_proxy(address: &str) -> Text {
    // It may hold a password.
    let shown = address.rsplit_once('@').map_or(address, |(_, host)| host);
    Text::new(
        format!("プロキシの指定が正しくありません：{shown}。http://ホスト:ポート の形で指定してください。"),
        format!("Not a proxy: {shown}. Give http://host:port."),
    )
}
