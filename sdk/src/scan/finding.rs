//! 指摘. What is the matter with a file on a share, by what is known of it and the day it is.

use std::path::{Path, PathBuf};

use kakuzuke_core::code::Text;
use kakuzuke_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::record::{ScanState, Scanned};

macro_rules! doubts {
    ($($(#[$doc:meta])* $name:ident, $ja:literal, $en:literal, $todo_ja:literal, $todo_en:literal;)*) => {
        /// 指摘. What is the matter with a file.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        #[non_exhaustive]
        pub enum Doubt { $($(#[$doc])* $name,)* }

        impl Doubt {
            /// All of them, the gravest first.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// For people.
            #[must_use]
            pub const fn name(self) -> Text { match self { $(Self::$name => Text::fixed($ja, $en),)* } }

            /// What to do about it.
            #[must_use]
            pub const fn remedy(self) -> Text { match self { $(Self::$name => Text::fixed($todo_ja, $todo_en),)* } }
        }
    };
}

doubts! {
    /// 機密性3 in clear (3.1.1(3)(b)).
    SecretInClear, "機密性３が平文", "confidentiality 3 in clear",
        "labeler protect で保護してください。", "Protect it (labeler protect).";
    /// 機密性3 outside the folders named for it.
    Misplaced, "機密性３の保存場所", "confidentiality 3 in the wrong place",
        "機密性３の情報を保存する領域へ移してください。", "Move it to where confidentiality 3 is kept.";
    /// A label whose signature does not hold.
    Forged, "署名が正しくない", "signature not valid",
        "使わずに、情報セキュリティ責任者に報告してください。", "Don't use it; report it to the security officer.";
    /// A cover whose envelope is gone.
    LostEnvelope, "中身を失った表紙", "cover without its envelope",
        "表紙が別のソフトで保存されています。控えから戻してください。", "The cover was saved by another program; restore it from a copy.";
    /// 未格付 (3.1.1(3)(a)).
    Unlabelled, "未格付", "not labelled",
        "格付と取扱制限を決定し、明示してください。", "Decide grade and restrictions, and label it.";
    /// The label has passed its 有効期限 (3.1.1(3)(c)).
    ReviewDue, "見直しの期限切れ", "review overdue",
        "決定者が格付を見直してください（labeler relabel）。", "The decider reviews the label (labeler relabel).";
    /// 保存期間 is over (3.1.1(7)).
    RetentionOver, "保存期間の満了", "retention over",
        "移管・廃棄・延長のいずれかを決めてください。", "Decide: hand over, destroy or extend.";
    /// The authority of the label is not known here.
    UnknownAuthority, "ほかの機関の格付", "label of an authority not known here",
        "提供元に確認してください。", "Ask whoever provided it.";
    /// Locked by its own password.
    Locked, "パスワード付き", "password-protected",
        "パスワードを外し、格付して保護してください。", "Remove the password, then label and protect it.";
    /// Damaged or not readable.
    Unread, "読み取れない", "could not be read",
        "権限とファイルの状態を確認してください。", "Check permission and the file itself.";
}

/// On what files are judged.
#[derive(Debug, Clone, Default)]
pub(super) struct Judgement {
    /// Where 機密性3 may lie; anywhere when there is none.
    pub(super) secrets: Vec<PathBuf>,
    pub(super) now: Option<Timestamp>,
}

impl Judgement {
    /// What is the matter with a file, the gravest first.
    pub(super) fn doubts(&self, seen: &Scanned, path: &Path) -> Vec<Doubt> {
        let mut doubts = Vec::new();
        let mut note = |holds: bool, doubt: Doubt| {
            if holds {
                doubts.push(doubt);
            }
        };
        if let Some(label) = &seen.label {
            let secret = label.confidentiality() >= 3;
            let passed = |end: Option<Timestamp>| end.zip(self.now).is_some_and(|(end, now)| now >= end);
            let placed = self.secrets.is_empty() || self.secrets.iter().any(|folder| path.starts_with(folder));
            note(secret && seen.state == ScanState::Labelled, Doubt::SecretInClear);
            note(secret && !placed, Doubt::Misplaced);
            note(label.genuine == Some(false), Doubt::Forged);
            note(passed(label.valid_until), Doubt::ReviewDue);
            note(passed(label.retained_until), Doubt::RetentionOver);
            note(label.genuine.is_none(), Doubt::UnknownAuthority);
        }
        match seen.state {
            ScanState::LostEnvelope => note(true, Doubt::LostEnvelope),
            ScanState::Unlabelled => note(seen.bytes > 0, Doubt::Unlabelled),
            ScanState::Locked => note(seen.label.is_none(), Doubt::Locked),
            ScanState::Unread => note(true, Doubt::Unread),
            ScanState::Protected | ScanState::Labelled => {}
        }
        doubts
    }
}
