//! 表紙. What someone without our software sees of a protected file: that it is protected, how it must be
//! handled, and how to open it. Nothing secret: neither title nor original name.

use kakuzuke_core::code::Text;

use crate::kind::Kind;

/// What a cover page says. Built by the caller from the verified label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover {
    /// 機関名. The organisation that protected the file.
    pub organization: Text,
    /// 格付の表示. The header line as the agency prints it, such as `機密性２情報・完全性２情報・可用性１情報`.
    pub grades: Text,
    /// 取扱制限. Printed forms, one each.
    pub restrictions: Vec<Text>,
    /// 決定者. The post (官職) that decided the grade.
    pub decider: Text,
    /// 取扱い上の留意事項. Handling notes, one a line.
    pub handling: Vec<Text>,
    /// 開き方. How to open the file, one step a line; empty for the built-in words.
    pub opening: Vec<Text>,
    /// ファイルの種類. Kind of the document inside.
    pub kind: Kind,
}
