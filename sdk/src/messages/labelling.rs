//! 格付・表示・継承・決定の文言.

use kakuzuke_core::code::Text;
use kakuzuke_core::label::{Mode, Verb};

/// A signature beside the file covers its bytes.
pub(crate) const MARK_BREAKS_SIGNATURE: Text = Text::fixed(
    "署名ファイル（.kkzsig）がこの文書の内容に及んでいます。labeler relabel は、表示と署名を一度に付け直します。",
    "The signature beside it (.kkzsig) covers its content. labeler relabel renews marking and signature in one step.",
);
pub(crate) const NO_PAGES: Text =
    Text::fixed("この形式には表示を付けられません。", "This kind of file shows no marking.");
pub(crate) const SIGNED_DOCUMENT: Text = Text::fixed(
    "電子署名のある文書です。表示を付けると署名が壊れます。それでも付けるときは --break-signature を指定してください。",
    "The document is signed, and a marking would break the signature. To do it all the same, give --break-signature.",
);
pub(crate) const MARKING_WORDS: Text = Text::fixed(
    "格付・取扱制限が長すぎて、ページに表示できません。",
    "Grade and restrictions are too long to be shown on a page.",
);
pub(crate) const NO_TEXT: Text =
    Text::fixed("読み取れる文字がありません。", "There is no text in it that can be read.");

/// 転記禁止, 再利用要許可 and their like, where something is made from a document.
pub(crate) fn not_handed_on(verb: Verb, mode: Mode) -> Text {
    let (verb, mode) = (verb.text(), mode.text());
    Text::new(
        format!(
            "引用元は「{}{}」です。ほかの文書に使うには、決定者の見直しが要ります（labeler request --kind relabel）。",
            verb.ja, mode.ja
        ),
        format!(
            "The source is marked {}: {}. To use it in another document, its decider must review the label (labeler request --kind relabel).",
            verb.en, mode.en
        ),
    )
}
pub(crate) const NO_COPY: Text = Text::fixed(
    "複製の許可がありません。許可を申請してください（labeler request --kind copy）。",
    "No permission to copy. Ask for it (labeler request --kind copy).",
);
/// How a suggestion is called that may be taken together with others.
pub(crate) const SURE: Text = Text::fixed("高", "high");
pub(crate) const OUTSIDE_FOLDER: Text =
    Text::fixed("指定されたフォルダの中の文書ではありません。", "Not a document in the folder given.");
pub(crate) const NO_TABLE: Text = Text::fixed(
    "提案の表ではありません。labeler suggest --table で作った表を、列の見出しを変えずに使ってください。",
    "Not a table of suggestions. Use one made by labeler suggest --table, its headings unchanged.",
);
pub(crate) const CHECK_CHANGED: Text = Text::fixed(
    "「照合」の欄が書き換えられています。表を作り直してください。",
    "The check column was changed. Make the table anew.",
);
pub(crate) const CHANGED_SINCE: Text = Text::fixed(
    "提案の後で文書が変わっています。もう一度 labeler suggest で確かめてください。",
    "The document has changed since the suggestion. Look again with labeler suggest.",
);

/// A word in the column of decisions that is neither yes nor no.
pub(crate) fn decision_unread(word: &str) -> Text {
    Text::new(
        format!("「決定」の欄を読めません：{word}。「はい」か「いいえ」を記入してください。"),
        format!("The decision can't be read: {word}. Write yes or no."),
    )
}
/// A label in clear that somebody else decided.
pub(crate) const ANOTHERS_LABEL: Text = Text::fixed(
    "この文書の格付は別の者が決定しています。見直しはその決定者に依頼してください。急ぐときは、より高い格付で保護できます（labeler protect）（3.1.1(3)(c)）。",
    "Somebody else decided this document's label: ask them to review it. Where it can't wait, protect it at a higher grade (labeler protect) (3.1.1(3)(c)).",
);
