//! 指摘. What is the matter with a file on a share, by what is known of it and the day it is.

use std::path::{Path, PathBuf};

use kakuzuke_core::code::Text;
use kakuzuke_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::record::{ScanLabel, ScanState, ScanSuggestion, Scanned, level};
use crate::watch::FolderRules;

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
    /// Marked with words of another regime (特定秘密 and the like).
    OutOfScope, "対象外の表示", "marked under another regime",
        "このシステムの対象外です。所管の規程に従ってください。", "It is outside this system; follow the rules made for it.";
    /// 格付 lower than what its content asks for.
    TooLow, "格付が内容より低い", "label lower than its content asks",
        "決定者が格付を見直してください（labeler relabel）。", "The decider reviews the label (labeler relabel).";
    /// 未格付, and content or markings ask for 要機密情報.
    Exposed, "未格付の要機密情報", "not labelled, and confidential by its content",
        "まずこれらを格付し、保護してください（labeler protect）。", "Label and protect these first (labeler protect).";
    /// 機密性3 outside the folders named for it.
    Misplaced, "機密性３の保存場所", "confidentiality 3 in the wrong place",
        "機密性３の情報を保存する領域へ移してください。", "Move it to where confidentiality 3 is kept.";
    /// A label whose signature does not hold.
    Forged, "署名が正しくない", "signature not valid",
        "使わずに、情報セキュリティ責任者に報告してください。", "Don't use it; report it to the security officer.";
    /// Written to since it was signed.
    ChangedSince, "署名の後に変更", "changed since it was signed",
        "決定者が内容を確かめ、署名し直してください（labeler label）。", "The decider looks at it and signs it anew (labeler label).";
    /// The marking that people typed says something else than the label.
    MarkingDiffers, "表示と格付が一致しない", "marking and label differ",
        "表示（ヘッダー、ファイル名など）か格付のどちらが正しいか、決定者が確かめてください。",
        "The decider checks which is right: the marking (header, file name) or the label.";
    /// A cover whose envelope is gone.
    LostEnvelope, "中身を失った表紙", "cover without its envelope",
        "表紙が別のソフトで保存されています。控えから戻してください。", "The cover was saved by another program; restore it from a copy.";
    /// A label of another scheme, and none of ours.
    Foreign, "ほかの方式のラベルだけがある", "label of another scheme only",
        "対応表（mapping.toml）を確かめ、格付してください（labeler suggest）。", "Check the mapping (mapping.toml), then label it (labeler suggest).";
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
#[derive(Debug, Default)]
pub(super) struct Judgement {
    /// Where 機密性3 may lie; anywhere when there is none.
    pub(super) secrets: Vec<PathBuf>,
    /// What was scanned, and what is declared there.
    pub(super) roots: Vec<PathBuf>,
    pub(super) rules: Option<FolderRules>,
    pub(super) now: Option<Timestamp>,
}

impl Judgement {
    /// Says how a file stands on this day and by these rules, and what is the matter with it, the gravest first.
    pub(super) fn judge(&self, seen: &mut Scanned, path: &Path) {
        seen.declared = self.declared(seen, path);
        if matches!(seen.state, ScanState::Declared | ScanState::Unlabelled) {
            seen.state = if seen.declared.is_some() { ScanState::Declared } else { ScanState::Unlabelled };
        }
        seen.doubts = self.doubts(seen, path);
    }

    fn declared(&self, seen: &Scanned, path: &Path) -> Option<String> {
        if seen.label.is_some() {
            return None;
        }
        let rules = self.rules.as_ref()?;
        let below = self.roots.iter().find_map(|root| path.strip_prefix(root).ok())?;
        rules.declared(below).map(ToOwned::to_owned)
    }

    fn doubts(&self, seen: &Scanned, path: &Path) -> Vec<Doubt> {
        let asked = seen.suggestion.as_ref();
        let inside = seen.inside.map_or(0, |inside| inside.confidentiality);
        let grade = seen.label.as_ref().map(ScanLabel::confidentiality);
        let grade = grade.or_else(|| seen.declared.as_deref().map(level)).unwrap_or(0);
        let placed = self.secrets.is_empty() || self.secrets.iter().any(|folder| path.starts_with(folder));
        let in_clear = matches!(seen.state, ScanState::Labelled | ScanState::Declared);
        let unlabelled = seen.state == ScanState::Unlabelled && seen.bytes > 0;
        let marked = asked.and_then(|asked| asked.marked).or(seen.named);
        let label = seen.label.as_ref();
        let passed = |end: Option<Timestamp>| end.zip(self.now).is_some_and(|(end, now)| now >= end);
        let is = |holds: Option<bool>| holds.unwrap_or(false);
        let holds = |doubt: Doubt| match doubt {
            Doubt::SecretInClear => (grade >= 3 && in_clear) || inside >= 3,
            Doubt::OutOfScope => is(asked.map(|asked| !asked.out_of_scope.is_empty())),
            Doubt::TooLow => grade > 0 && asked.map_or(0, |asked| asked.demanded).max(inside) > grade,
            Doubt::Exposed => {
                unlabelled && asked.map_or(0, ScanSuggestion::asked).max(seen.named.unwrap_or(0)).max(inside) >= 2
            }
            Doubt::Misplaced => grade >= 3 && !placed,
            Doubt::Forged => is(label.map(|label| label.genuine == Some(false))),
            Doubt::ChangedSince => is(label.map(|label| label.outdated)),
            Doubt::MarkingDiffers => grade > 0 && is(marked.map(|marked| marked != grade)),
            Doubt::LostEnvelope => seen.state == ScanState::LostEnvelope,
            Doubt::Foreign => unlabelled && is(asked.map(|asked| !asked.foreign.is_empty())),
            Doubt::Unlabelled => unlabelled,
            Doubt::ReviewDue => is(label.map(|label| passed(label.valid_until))),
            Doubt::RetentionOver => is(label.map(|label| passed(label.retained_until))),
            Doubt::UnknownAuthority => is(label.map(|label| label.genuine.is_none())),
            Doubt::Locked => seen.state == ScanState::Locked && label.is_none(),
            Doubt::Unread => seen.state == ScanState::Unread,
        };
        Doubt::ALL.iter().copied().filter(|doubt| holds(*doubt)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::record::Stamp;

    fn seen(state: ScanState, suggestion: Option<ScanSuggestion>) -> Scanned {
        Scanned { state, suggestion, ..Scanned::new(Path::new("/s/a.txt"), 1, Stamp::default()) }
    }

    fn suggested(demanded: u8, marked: Option<u8>) -> ScanSuggestion {
        ScanSuggestion {
            grade: format!("C{}I1A1", demanded.max(marked.unwrap_or(2))),
            restrictions: Vec::new(),
            confidence: 90,
            is_whole: true,
            demanded,
            marked,
            out_of_scope: Vec::new(),
            foreign: Vec::new(),
            found: Vec::new(),
        }
    }

    fn labelled(grade: &str) -> ScanLabel {
        ScanLabel {
            grade: grade.to_owned(),
            restrictions: Vec::new(),
            decided_by: String::new(),
            decided_at: Timestamp::from_unix(0),
            valid_until: None,
            retained_until: None,
            genuine: Some(true),
            outdated: false,
        }
    }

    fn doubts(mut seen: Scanned, judgement: &Judgement) -> Vec<Doubt> {
        let path = seen.path();
        judgement.judge(&mut seen, &path);
        seen.doubts
    }

    #[test]
    fn a_label_lower_than_the_content_is_told_and_one_that_is_enough_is_not() {
        let judgement = Judgement::default();
        for (label, demanded, expected) in
            [("C1I1A1", 2, vec![Doubt::TooLow]), ("C2I1A1", 2, vec![]), ("C1I1A1", 0, vec![])]
        {
            let mut seen = seen(ScanState::Labelled, Some(suggested(demanded, None)));
            seen.label = Some(labelled(label));
            assert_eq!(doubts(seen, &judgement), expected, "{label} {demanded}");
        }
    }

    #[test]
    fn a_typed_marking_that_says_something_else_is_told_in_either_direction() {
        for (label, marked) in [("C1I1A1", 2), ("C2I1A1", 1)] {
            let mut seen = seen(ScanState::Labelled, Some(suggested(0, Some(marked))));
            seen.label = Some(labelled(label));
            assert_eq!(doubts(seen, &Judgement::default()), [Doubt::MarkingDiffers]);
        }
        // What is sealed is told by its name alone.
        let mut sealed = seen(ScanState::Protected, None);
        (sealed.label, sealed.named) = (Some(labelled("C3I1A1")), Some(2));
        assert_eq!(doubts(sealed, &Judgement::default()), [Doubt::MarkingDiffers]);
    }

    #[test]
    fn what_has_no_label_is_told_twice_when_it_is_confidential() {
        let judgement = Judgement::default();
        assert_eq!(doubts(seen(ScanState::Unlabelled, Some(suggested(0, None))), &judgement), [Doubt::Unlabelled]);
        let both = [Doubt::Exposed, Doubt::Unlabelled];
        assert_eq!(doubts(seen(ScanState::Unlabelled, Some(suggested(2, None))), &judgement), both);
        assert_eq!(doubts(seen(ScanState::Unlabelled, Some(suggested(0, Some(3)))), &judgement), both);
    }
}
