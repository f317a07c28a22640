//! What an entry records, and how it ended. Numbers are never reused.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::code::Text;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $slug:literal, $ja:literal, $en:literal;)*) => {
        /// What an entry records.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, minicbor::Encode, minicbor::Decode)]
        #[cbor(index_only)]
        pub enum EntryKind { $($(#[$doc])* #[n($number)] $name,)* }

        impl EntryKind {
            /// Every kind, in the order of numbers.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The number in the leaf.
            #[must_use]
            pub const fn number(self) -> u8 { match self { $(Self::$name => $number,)* } }

            /// Stable name, as in exports.
            #[must_use]
            pub const fn slug(self) -> &'static str { match self { $(Self::$name => $slug,)* } }

            /// In words.
            #[must_use]
            pub const fn text(self) -> Text { match self { $(Self::$name => Text::fixed($ja, $en),)* } }

            /// The kind of a stable name.
            #[must_use]
            pub fn from_slug(slug: &str) -> Option<Self> { match slug { $($slug => Some(Self::$name),)* _ => None } }
        }
    };
}

kinds! {
    /// 機関の設立: the authority's keys were made.
    AuthorityCreated = 1, "authority-created", "機関の設立", "authority created";
    /// サーバの起動.
    ServerStarted = 2, "server-started", "サーバの起動", "server started";
    /// チケットの発行.
    TicketsIssued = 3, "tickets-issued", "チケットの発行", "tickets issued";
    /// チケット発行の拒否.
    TicketsRefused = 5, "tickets-refused", "チケット発行の拒否", "tickets refused";
    /// 文書の登録.
    Registered = 10, "registered", "文書の登録", "document registered";
    /// 登録の拒否.
    RegistrationRefused = 11, "registration-refused", "登録の拒否", "registration refused";
    /// 鍵の提供.
    Released = 12, "released", "鍵の提供", "key released";
    /// 鍵の提供の拒否.
    ReleaseDenied = 13, "release-denied", "鍵の提供の拒否", "release denied";
    /// 格付・取扱制限の見直し.
    Relabelled = 14, "relabelled", "格付・取扱制限の見直し", "relabelled";
    /// 見直しの拒否.
    RelabelRefused = 15, "relabel-refused", "見直しの拒否", "relabel refused";
    /// 文書の利用停止.
    DocumentRevoked = 20, "document-revoked", "文書の利用停止", "document suspended";
    /// 利用停止の解除.
    DocumentResumed = 21, "document-resumed", "利用停止の解除", "suspension lifted";
    /// 閲覧権限の取消し.
    ReaderRevoked = 22, "reader-revoked", "閲覧権限の取消し", "reader revoked";
    /// 主体の失効.
    SubjectRevoked = 23, "subject-revoked", "主体の失効", "subject revoked";
    /// 端末の失効.
    DeviceRevoked = 24, "device-revoked", "端末の失効", "device revoked";
    /// 失効・停止の拒否.
    RevocationRefused = 25, "revocation-refused", "失効・停止の拒否", "revocation refused";
    /// 復号鍵の消去.
    Destroyed = 26, "destroyed", "復号鍵の消去", "key destroyed";
    /// 復号鍵の消去の拒否.
    DestructionRefused = 27, "destruction-refused", "復号鍵の消去の拒否", "destruction refused";
    /// 許可の申請.
    ApprovalRequested = 30, "approval-requested", "許可の申請", "approval requested";
    /// 許可.
    Approved = 31, "approved", "許可", "approved";
    /// 不許可.
    Rejected = 32, "rejected", "不許可", "rejected";
    /// 申請・決定の拒否.
    ApprovalRefused = 33, "approval-refused", "申請・決定の拒否", "application or decision refused";
    /// 登録コードの発行.
    EnrolmentCodeMade = 40, "enrolment-code-made", "登録コードの発行", "enrolment code made";
    /// 端末の登録.
    Enrolled = 41, "enrolled", "端末の登録", "device enrolled";
    /// 要管理対策区域の変更.
    ZoneChanged = 45, "zone-changed", "要管理対策区域の変更", "zone changed";
    /// 台帳の登録の変更.
    RegisterChanged = 46, "register-changed", "台帳の登録の変更", "register changed";
    /// 鍵の更新.
    KeyRotated = 50, "key-rotated", "鍵の更新", "key rotated";
    /// 未認証の要求の拒否 (counted).
    Refused = 60, "refused", "未認証の要求の拒否（件数）", "unauthenticated requests refused (count)";
    /// 監査ログの閲覧.
    LogRead = 61, "log-read", "監査ログの閲覧", "audit log read";
    /// 写しからの復元.
    Restored = 63, "restored", "写しからの復元", "restored from a copy";
    /// 送信の許可.
    Sent = 70, "sent", "送信の許可", "sending permitted";
    /// 送信の拒否.
    SendDenied = 71, "send-denied", "送信の拒否", "sending denied";
    /// 媒体での持出しの許可.
    TakenOut = 72, "taken-out", "媒体での持出しの許可", "taking out permitted";
    /// 媒体での持出しの拒否.
    TakeOutDenied = 73, "take-out-denied", "媒体での持出しの拒否", "taking out denied";
    /// 印刷の許可.
    Printed = 74, "printed", "印刷の許可", "printing permitted";
    /// 印刷の拒否.
    PrintDenied = 75, "print-denied", "印刷の拒否", "printing denied";
    /// 返却・回収・細断の記録.
    Settled = 76, "settled", "返却・回収・細断の記録", "return, collection or shredding noted";
    /// 返却・回収・細断の記録の拒否.
    SettlementRefused = 77, "settlement-refused", "返却・回収・細断の記録の拒否", "return, collection or shredding refused";
    /// 媒体の印.
    MediumMarked = 78, "medium-marked", "媒体の印", "medium marked";
    /// 媒体の返却.
    MediumReturned = 79, "medium-returned", "媒体の返却", "medium returned";
    /// 媒体の紛失.
    MediumLost = 80, "medium-lost", "媒体の紛失", "medium lost";
    /// 媒体の操作の拒否.
    MediumRefused = 81, "medium-refused", "媒体の操作の拒否", "medium refused";
    /// 提供の取消し.
    Recalled = 82, "recalled", "提供の取消し", "recalled";
    /// 提供の取消しの拒否.
    RecallRefused = 83, "recall-refused", "提供の取消しの拒否", "recall refused";
}

impl Serialize for EntryKind {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.slug())
    }
}

impl<'de> Deserialize<'de> for EntryKind {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let slug = std::borrow::Cow::<'de, str>::deserialize(d)?;
        Self::from_slug(&slug).ok_or_else(|| de::Error::custom("unknown kind of entry"))
    }
}

/// How it ended.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, minicbor::Encode, minicbor::Decode,
)]
#[serde(rename_all = "kebab-case")]
#[cbor(index_only)]
pub enum Outcome {
    /// Done.
    #[n(0)]
    Done,
    /// Refused by a decision.
    #[n(1)]
    Denied,
    /// Recorded, and waits for an approval before it takes effect.
    #[n(2)]
    Pending,
    /// Permitted, and could not be done.
    #[n(3)]
    Failed,
}

/// What the certificate of the acting device was at that time.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, minicbor::Encode, minicbor::Decode,
)]
#[serde(rename_all = "kebab-case")]
#[cbor(index_only)]
pub enum CertificateStatus {
    /// Good.
    #[n(0)]
    Good,
    /// Revoked.
    #[n(1)]
    Revoked,
    /// Not known.
    #[n(2)]
    Unknown,
}
