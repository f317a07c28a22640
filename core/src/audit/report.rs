//! What the verification of a log found, in both languages.

use serde::Serialize;

use crate::code::Text;
use crate::id::LogHash;

/// Something that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "finding")]
pub enum Finding {
    /// The first line is no head of an exported log.
    NoHead,
    /// The checkpoint is malformed, of another log, or its signature does not hold.
    Checkpoint {
        /// Why.
        why: String,
    },
    /// A line is no entry.
    Malformed {
        /// Line number from 1.
        line: u64,
    },
    /// Entries are missing.
    Missing {
        /// First index missing.
        from: u64,
        /// How many.
        count: u64,
    },
    /// An entry stands behind one with a higher index, or twice.
    OutOfOrder {
        /// Its index.
        index: u64,
        /// Line number from 1.
        line: u64,
    },
    /// The log ends before the checkpoint says.
    Truncated {
        /// Entries there are.
        entries: u64,
        /// Entries the checkpoint counts.
        checkpoint: u64,
    },
    /// There are entries beyond the checkpoint.
    Beyond {
        /// Entries there are.
        entries: u64,
        /// Entries the checkpoint counts.
        checkpoint: u64,
    },
    /// The leaf is not the one that was hashed.
    LeafAltered {
        /// Its index.
        index: u64,
    },
    /// Text or salt are not those the leaf commits to.
    TextAltered {
        /// Its index.
        index: u64,
    },
    /// All entries are there and lead to another root than the checkpoint's: some were exchanged, moved or replaced.
    OtherRoot {
        /// Root of the entries given.
        computed: LogHash,
        /// Root in the checkpoint.
        signed: LogHash,
    },
    /// The log is not the continuation of a checkpoint known before: a fork or a rewriting.
    Fork {
        /// Size of the checkpoint known.
        known: u64,
    },
}

impl Finding {
    /// In words.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::NoHead => {
                Text::fixed("先頭行が監査ログの書式ではありません。", "The first line is not the head of an audit log.")
            }
            Self::Checkpoint { why } => Text::new(
                format!("チェックポイントを確認できません（{why}）。"),
                format!("The checkpoint does not verify ({why})."),
            ),
            Self::Malformed { line } => {
                Text::new(format!("{line} 行目を読めません。"), format!("Line {line} cannot be read."))
            }
            Self::Missing { from, count } => Text::new(
                format!("記録 {from} から {count} 件が欠けています。"),
                format!("{count} entries are missing from entry {from}."),
            ),
            Self::OutOfOrder { index, line } => Text::new(
                format!("記録 {index}（{line} 行目）の順序が正しくないか、重複しています。"),
                format!("Entry {index} (line {line}) is out of order or there twice."),
            ),
            Self::Truncated { entries, checkpoint } => Text::new(
                format!("末尾が欠けています（{entries} 件／署名された件数 {checkpoint} 件）。"),
                format!("The end is missing ({entries} entries; {checkpoint} were signed)."),
            ),
            Self::Beyond { entries, checkpoint } => Text::new(
                format!("署名された範囲を超える記録があります（{entries} 件／署名された件数 {checkpoint} 件）。"),
                format!("There are entries beyond the signed ones ({entries} entries; {checkpoint} were signed)."),
            ),
            Self::LeafAltered { index } => {
                Text::new(format!("記録 {index} が書き換えられています。"), format!("Entry {index} was altered."))
            }
            Self::TextAltered { index } => Text::new(
                format!("記録 {index} の本文が書き換えられています。"),
                format!("The text of entry {index} was altered."),
            ),
            Self::OtherRoot { .. } => Text::fixed(
                "記録の内容が署名されたチェックポイントと一致しません（差替え・入替え・書換え）。",
                "The entries do not lead to the signed checkpoint: some were replaced, moved or altered.",
            ),
            Self::Fork { known } => Text::new(
                format!(
                    "以前に確認したチェックポイント（{known} 件）の続きではありません。分岐又は書換えの疑いがあります。"
                ),
                format!(
                    "The log does not continue the checkpoint known before ({known} entries): a fork or a rewriting."
                ),
            ),
        }
    }
}

/// The result of a verification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogReport {
    /// Name of the log, if its checkpoint verified.
    pub origin: Option<String>,
    /// Entries the checkpoint counts, if it verified.
    pub signed: Option<u64>,
    /// Root that the checkpoint signs.
    pub root: Option<LogHash>,
    /// Entries given.
    pub entries: u64,
    /// Of them, those whose leaf was withheld: only their place is shown.
    pub withheld: u64,
    /// Of them, those whose text was erased or left out: that they happened is shown, not what they said.
    pub without_text: u64,
    /// Entries refused, as recorded (outcome denied).
    pub denied: u64,
    /// Keys released, as recorded.
    pub released: u64,
    /// What does not hold; the first 1,000.
    pub findings: Vec<Finding>,
    /// How many findings there are in all.
    pub findings_total: u64,
}

impl LogReport {
    /// Whether everything given holds together and was signed.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.findings_total == 0
    }

    /// In words, one sentence a line.
    #[must_use]
    pub fn text(&self) -> Text {
        let (mut ja, mut en) = self.summary();
        for finding in &self.findings {
            let text = finding.text();
            ja.push(text.ja.into_owned());
            en.push(text.en.into_owned());
        }
        let more = self.findings_total.saturating_sub(self.findings.len() as u64);
        if more > 0 {
            ja.push(format!("ほか {more} 件。"));
            en.push(format!("And {more} more."));
        }
        Text::new(ja.join("\n"), en.join("\n"))
    }

    fn summary(&self) -> (Vec<String>, Vec<String>) {
        let head = if self.is_sound() {
            (
                format!("監査ログは正しく、{} 件すべてが署名されたチェックポイントに一致します。", self.entries),
                format!("The log verifies: all {} entries lead to the signed checkpoint.", self.entries),
            )
        } else {
            (
                format!("監査ログの検証に失敗しました（問題 {} 件、記録 {} 件）。", self.findings_total, self.entries),
                format!("The log does not verify ({} findings, {} entries).", self.findings_total, self.entries),
            )
        };
        let (mut ja, mut en) = (vec![head.0], vec![head.1]);
        ja.push(format!("鍵の提供 {} 件、拒否 {} 件。", self.released, self.denied));
        en.push(format!("{} keys released, {} refusals.", self.released, self.denied));
        if self.without_text > 0 {
            ja.push(format!("本文が消去され、又は省かれた記録 {} 件。", self.without_text));
            en.push(format!("{} entries without text (erased or left out).", self.without_text));
        }
        if self.withheld > 0 {
            ja.push(format!("内容が開示されていない記録 {} 件（位置のみ確認）。", self.withheld));
            en.push(format!("{} entries withheld (only their place is shown).", self.withheld));
        }
        (ja, en)
    }
}
