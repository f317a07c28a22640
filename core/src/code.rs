//! The one list of outward codes: HTTP problem type, C number, exit code and message come from here.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A message for people, Japanese first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Text {
    /// 日本語.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub ja: Cow<'static, str>,
    /// English.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub en: Cow<'static, str>,
}

impl Text {
    /// A message known when the program was built.
    #[must_use]
    pub const fn fixed(ja: &'static str, en: &'static str) -> Self {
        Self { ja: Cow::Borrowed(ja), en: Cow::Borrowed(en) }
    }

    /// A message with something filled in.
    #[must_use]
    pub fn new(ja: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Self {
        Self { ja: ja.into(), en: en.into() }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $slug:literal, http $http:literal, exit $exit:literal, $ja:literal, $en:literal;)*) => {
        /// What an operation ended with, as everybody outside sees it. Numbers are never reused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every code, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The number the C library returns.
            #[must_use]
            pub const fn number(self) -> u16 { match self { $(Self::$name => $number,)* } }

            /// The stable name: last part of the HTTP problem type, `code` in `--json`.
            #[must_use]
            pub const fn slug(self) -> &'static str { match self { $(Self::$name => $slug,)* } }

            /// HTTP status (RFC 9110).
            #[must_use]
            pub const fn http_status(self) -> u16 { match self { $(Self::$name => $http,)* } }

            /// Exit code of the command.
            #[must_use]
            pub const fn exit_code(self) -> u8 { match self { $(Self::$name => $exit,)* } }

            /// What happened and what to do, in general terms; operations add the particulars.
            #[must_use]
            pub const fn text(self) -> Text { match self { $(Self::$name => Text::fixed($ja, $en),)* } }

            /// The code of a stable name.
            #[must_use]
            pub fn from_slug(slug: &str) -> Option<Self> { match slug { $($slug => Some(Self::$name),)* _ => None } }
        }

        impl Serialize for Code {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.serialize_str(self.slug()) }
        }
    };
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let slug = Cow::<'de, str>::deserialize(d)?;
        Self::from_slug(&slug).ok_or_else(|| serde::de::Error::custom("unknown code"))
    }
}

codes! {
    /// A call made in a way the interface does not allow.
    Usage = 1, "usage", http 400, exit 2,
        "使い方が正しくありません。--help をご覧ください。", "The call is not of the expected form. See --help.";
    /// The decision was no; clauses and remedy are beside it.
    Denied = 10, "denied", http 403, exit 10,
        "許可されていません。", "Not permitted.";
    /// Uniform answer to everyone who may not know more.
    NotAvailable = 11, "not-available", http 404, exit 11,
        "利用できません。受付番号を添えて文書の決定者にお問い合わせください。", "Not available. Ask the document's decider, giving the reference number.";
    /// Waiting for an approval that has been asked for.
    ApprovalPending = 12, "approval-pending", http 403, exit 12,
        "承認待ちです。承認者にお問い合わせください。", "Waiting for approval. Ask the approver.";
    /// The caller could not be identified.
    Unauthenticated = 13, "unauthenticated", http 401, exit 13,
        "本人確認ができません。端末の登録（labeler enrol）を確認してください。", "Not identified. Check this device's enrolment (labeler enrol).";
    /// The device or certificate was revoked or has expired.
    CertificateInvalid = 14, "certificate-invalid", http 401, exit 13,
        "証明書が失効しているか、有効期限が切れています。管理者に再登録を依頼してください。", "The certificate is revoked or has expired. Ask the administrator for a new enrolment.";
    /// Sender's and receiver's clocks differ too much.
    ClockSkew = 15, "clock-skew", http 401, exit 14,
        "端末の時計がずれています。時刻を合わせてからやり直してください。", "This device's clock is off. Set the time and try again.";
    /// The envelope is not intact.
    Damaged = 20, "damaged", http 422, exit 20,
        "ファイルが壊れているか、改ざんされています。元のファイルを入手し直してください。", "The file is damaged or was altered. Get the file again from its source.";
    /// A signature does not hold or does not lead to a known anchor.
    SignatureInvalid = 21, "signature-invalid", http 422, exit 21,
        "署名を確認できません。作成元に確認してください。", "The signature does not verify. Check with the source of the file.";
    /// The file was made by a newer or unknown version of the format.
    UnknownVersion = 22, "unknown-version", http 422, exit 22,
        "この版の形式には対応していません。ソフトウェアを更新してください。", "This version of the format is not known here. Update the software.";
    /// The file is not one of ours.
    NotProtected = 23, "not-protected", http 422, exit 23,
        "保護されたファイルではありません。", "This is not a protected file.";
    /// The file is protected or labelled already.
    AlreadyProtected = 24, "already-protected", http 409, exit 24,
        "すでに保護されています。格付の変更は relabel で行ってください。", "Already protected. Use relabel to change the grade.";
    /// A label could not be read or breaks the taxonomy.
    LabelInvalid = 25, "label-invalid", http 422, exit 25,
        "格付・取扱制限の指定が正しくありません。", "The label is not valid.";
    /// The state changed in between: another revision, a second use, a second child.
    Conflict = 26, "conflict", http 409, exit 26,
        "ほかの操作と競合しました。最新の状態を確認してやり直してください。", "Somebody else changed this in between. Look at the current state and try again.";
    /// Suite or profile below what is accepted.
    SuiteRefused = 27, "suite-refused", http 422, exit 27,
        "暗号方式が基準を満たしていません。保護し直してください。", "The cryptographic suite is below the accepted minimum. Protect the document again.";
    /// The file names an authority that this profile does not know.
    UnknownAuthority = 28, "unknown-authority", http 422, exit 28,
        "このファイルの管理機関は登録されていません。接続は行いません。", "The file's authority is not known to this profile; it is not contacted.";
    /// Input larger or deeper than the limits.
    LimitExceeded = 29, "limit-exceeded", http 413, exit 29,
        "大きさが上限を超えています。", "The input is over the limit.";
    /// The server could not be reached.
    Unreachable = 30, "unreachable", http 503, exit 30,
        "鍵サーバに接続できません。ネットワークを確認してください。", "The key server cannot be reached. Check the network.";
    /// The server is up but can not act now (log full, restoring, overloaded).
    Unready = 31, "unready", http 503, exit 31,
        "鍵サーバは現在処理できません。しばらくしてからやり直してください。", "The key server cannot act now. Try again later.";
    /// No unspent ticket left while offline.
    NoTicket = 32, "no-ticket", http 409, exit 32,
        "保護用チケットがありません。庁内ネットワークに接続して取得してください。", "No ticket is left for protecting. Connect to the agency network to fetch some.";
    /// No lease covers the document now.
    NoLease = 33, "no-lease", http 403, exit 33,
        "オフラインでは開けません。庁内ネットワークに接続してください。", "This document can't be opened offline. Connect to the agency network.";
    /// A file could not be read or written.
    Io = 40, "io", http 500, exit 40,
        "ファイルを読み書きできません。", "The file cannot be read or written.";
    /// No space left.
    DiskFull = 41, "disk-full", http 507, exit 41,
        "ディスクの空き容量が不足しています。元のファイルは変更していません。", "No space left on the disk. The original was not changed.";
    /// Not a regular file, or a kind that can't be handled.
    Unsupported = 42, "unsupported", http 422, exit 42,
        "この種類のファイルは扱えません。", "This kind of file can't be handled.";
    /// The profile folder is missing or damaged.
    Profile = 43, "profile", http 500, exit 43,
        "プロファイルを読めません。labeler doctor で確認してください。", "The profile cannot be read. Run labeler doctor.";
    /// A document holds hidden data that were neither removed nor accepted.
    HiddenData = 44, "hidden-data", http 422, exit 44,
        "隠れた情報があります。除去するか、理由を付けて認めてください。", "There are hidden data. Remove them, or accept them with a reason.";
    /// The caller gave the call up.
    Cancelled = 45, "cancelled", http 400, exit 45,
        "中止しました。ファイルは変更していません。", "Given up. Nothing was changed.";
    /// Some of several items failed.
    Partial = 50, "partial", http 207, exit 50,
        "一部のファイルを処理できませんでした。", "Some files could not be handled.";
    /// The audit log does not hold together.
    LogInvalid = 60, "log-invalid", http 500, exit 60,
        "監査ログの検証に失敗しました。直ちに監査者に連絡してください。", "The audit log does not verify. Tell the auditor at once.";
    /// A defect of ours.
    Internal = 99, "internal", http 500, exit 99,
        "内部エラーです。受付番号を添えて管理者に連絡してください。", "Internal error. Tell the administrator, giving the reference number.";
}
