//! 取扱制限の語. What a restriction is about, how strict it is, and who sees to it.

use serde::{Deserialize, Serialize};

use super::level::Axis;
use crate::code::Text;

macro_rules! verbs {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $slug:literal, $axis:ident, $ja:literal, $en:literal;)*) => {
        /// What a restriction is about. Numbers are those of the label's CBOR and never reused.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
            minicbor::Encode, minicbor::Decode,
        )]
        #[serde(rename_all = "kebab-case")]
        #[cbor(index_only)]
        #[non_exhaustive]
        pub enum Verb { $($(#[$doc])* #[n($number)] $name,)* }

        impl Verb {
            /// Every verb, in the order of printing.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Stable name: taxonomy files, JSON.
            #[must_use]
            pub const fn slug(self) -> &'static str { match self { $(Self::$name => $slug,)* } }

            /// The axis it belongs to; only those of 機密性 are inherited (3.1.1(3)(b)).
            #[must_use]
            pub const fn axis(self) -> Axis { match self { $(Self::$name => Axis::$axis,)* } }

            /// The word for it.
            #[must_use]
            pub const fn text(self) -> Text { match self { $(Self::$name => Text::fixed($ja, $en),)* } }
        }
    };
}

verbs! {
    /// 複製. No copy, no clipboard, no save-as.
    Copy = 0, "copy", Confidentiality, "複製", "copy";
    /// 配布. No new readers.
    Distribute = 1, "distribute", Confidentiality, "配布", "distribute";
    /// 暗号化. Never in clear.
    Encrypt = 2, "encrypt", Confidentiality, "暗号化", "encrypt";
    /// 印刷.
    Print = 3, "print", Confidentiality, "印刷", "print";
    /// 転送.
    Forward = 4, "forward", Confidentiality, "転送", "forward";
    /// 送信.
    Send = 5, "send", Confidentiality, "送信", "send";
    /// 転記.
    Transcribe = 6, "transcribe", Confidentiality, "転記", "transcribe";
    /// 再利用.
    Reuse = 7, "reuse", Confidentiality, "再利用", "reuse";
    /// ○○限り. Only these may read.
    Audience = 8, "audience", Confidentiality, "限り", "audience";
    /// 持出. Not outside 要管理対策区域, or the zone named.
    TakeOut = 9, "take-out", Confidentiality, "持出", "take out";
    /// 読後廃棄. A number of openings a reader, then that reader's right ends.
    ReadOnce = 10, "read-once", Confidentiality, "読後廃棄", "discard after reading";
    /// 書換.
    Rewrite = 11, "rewrite", Integrity, "書換", "rewrite";
    /// 削除.
    Delete = 12, "delete", Integrity, "削除", "delete";
    /// ○○まで保存. No destruction before.
    Retain = 13, "retain", Integrity, "保存", "retain";
    /// 保存期間満了後要廃棄. Destruction after.
    Discard = 14, "discard", Integrity, "保存期間満了後要廃棄", "discard after retention";
    /// ○○以内復旧.
    Recover = 15, "recover", Availability, "復旧", "recover";
    /// ○○において保存.
    KeepAt = 16, "keep-at", Availability, "において保存", "keep at";
}

/// How strict: 禁止, 要許可, 必須.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, minicbor::Encode, minicbor::Decode,
)]
#[serde(rename_all = "kebab-case")]
#[cbor(index_only)]
pub enum Mode {
    /// 禁止. Not at all.
    #[n(0)]
    Forbidden,
    /// 要許可. Only with 許可.
    #[n(1)]
    NeedsPermission,
    /// 必須. Must be done.
    #[n(2)]
    Required,
}

impl Mode {
    /// The word for it.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::Forbidden => Text::fixed("禁止", "forbidden"),
            Self::NeedsPermission => Text::fixed("要許可", "needs permission"),
            Self::Required => Text::fixed("必須", "required"),
        }
    }
}

/// Who sees to it that a restriction is kept, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EnforcedBy {
    /// 職員等. People, told by marking and cover.
    People,
    /// The host application, through the rights it is given.
    Host,
    /// 鍵サーバ. The key server.
    Server,
}

impl EnforcedBy {
    /// The words for it.
    #[must_use]
    pub const fn text(self) -> Text {
        match self {
            Self::People => Text::fixed("職員等が守る", "kept by people"),
            Self::Host => Text::fixed("利用ソフトウェアが守る", "kept by the application"),
            Self::Server => Text::fixed("鍵サーバが守る", "kept by the key server"),
        }
    }
}

/// Where 暗号化必須 holds.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, minicbor::Encode, minicbor::Decode,
)]
#[serde(rename_all = "kebab-case")]
#[cbor(index_only)]
pub enum EncryptScope {
    /// 保存時・通信時.
    #[n(0)]
    Always,
    /// 保存時.
    #[n(1)]
    AtRest,
    /// 通信時.
    #[n(2)]
    InTransit,
}

impl EncryptScope {
    /// Whether keeping `self` keeps `other` too.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self == Self::Always || self == other
    }
}
