//! The fixed words of cover pages.

use kakuzuke_core::code::Text;

pub(crate) const TITLE: Text = Text::fixed("保護された文書", "Protected Document");
pub(crate) const INTRODUCTION: Text = Text::fixed(
    "この文書は、格付及び取扱制限に従い、暗号化により保護されています。閲覧するには、利用者及び端末の確認と、許可が必要です。",
    "This document is protected by encryption in accordance with its grade and handling restrictions. Reading it requires identification of user and device, and permission.",
);
pub(crate) const GRADES: Text = Text::fixed("格付", "Grade");
pub(crate) const RESTRICTIONS: Text = Text::fixed("取扱制限", "Restrictions");
pub(crate) const NO_RESTRICTIONS: Text = Text::fixed("なし", "None");
pub(crate) const DECIDER: Text = Text::fixed("決定者", "Decided by");
pub(crate) const ORGANIZATION: Text = Text::fixed("機関", "Organization");
pub(crate) const KIND: Text = Text::fixed("ファイルの種類", "Kind of file");
pub(crate) const HANDLING: Text = Text::fixed("取扱い上の留意事項", "Handling notes");
pub(crate) const OPENING: Text = Text::fixed("開き方", "How to open");
pub(crate) static STEPS: [Text; 3] = [
    Text::fixed(
        "「格付」（Kakuzuke）が登録された端末で、庁内ネットワークに接続します。",
        "Use a device enrolled with Kakuzuke, connected to the agency network.",
    ),
    Text::fixed(
        "Kakuzukeでこのファイルを開きます（コマンド：labeler open ファイル名）。許可の範囲で閲覧できます。",
        "Open this file with Kakuzuke (command: labeler open FILE). What you may do depends on your rights.",
    ),
    Text::fixed(
        "開けないときは、上記の決定者又は機関にお問い合わせください。",
        "If it does not open, ask the decider or the organization named above.",
    ),
];
pub(crate) const FOOTER: Text = Text::fixed(
    "この表紙に文書の内容は含まれていません。表紙を編集したり、上書き保存したりしないでください。",
    "This cover contains nothing of the document itself. Do not edit it or save it again.",
);
pub(crate) const MISSING: Text = Text::fixed(
    "〓は、この表紙の書体にない文字です。",
    "〓 stands for a character that the font of this cover does not have.",
);
pub(crate) const ACTIVATE: Text = Text::fixed("保護されたファイル", "Protected file");
