//! 事実. What a decision is made on.

use std::collections::BTreeSet;

use cedar_policy::{Context, RestrictedExpression as Value};
use kakuzuke_core::label::Mode;
use kakuzuke_core::licence::Right;
use kakuzuke_core::protocol::ApprovalKind;

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $slug:literal;)*) => {
        /// What is asked for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action { $($(#[$doc])* $name,)* }

        impl Action {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name in policies.
            #[must_use]
            pub const fn slug(self) -> &'static str { match self { $(Self::$name => $slug,)* } }
        }
    };
}

actions! {
    /// 閲覧.
    View = "view";
    /// 印刷.
    Print = "print";
    /// 複製.
    Copy = "copy";
    /// 編集.
    Edit = "edit";
    /// 平文での出力.
    Export = "export";
    /// 提供.
    Provide = "provide";
    /// 貸出し (offline use).
    Lease = "lease";
    /// 登録.
    Register = "register";
    /// 格付・取扱制限の見直し.
    Relabel = "relabel";
    /// 利用停止, 閲覧権限の取消し.
    Revoke = "revoke";
    /// 利用停止の解除.
    Resume = "resume";
    /// 復号鍵の消去.
    Destroy = "destroy";
    /// 許可の決定.
    Approve = "approve";
    /// 登録内容の変更の承認.
    ApproveDirectory = "approve-directory";
    /// 要管理対策区域の変更の承認.
    ApproveZone = "approve-zone";
    /// 送付先の承認.
    ApproveDestination = "approve-destination";
    /// 送信.
    Send = "send";
    /// 媒体での持出し.
    Carry = "carry";
    /// 提供の取消し.
    Recall = "recall";
    /// 返却・回収・細断の記録.
    Settle = "settle";
    /// 媒体の印、返却、紛失.
    Medium = "medium";
    /// 主体の失効.
    RevokeSubject = "revoke-subject";
    /// 端末の失効.
    RevokeDevice = "revoke-device";
    /// チケットの発行.
    Ticket = "ticket";
    /// 監査ログの閲覧.
    ReadLog = "read-log";
}

impl Action {
    /// The action of a right.
    #[must_use]
    pub const fn of(right: Right) -> Self {
        match right {
            Right::View => Self::View,
            Right::Print => Self::Print,
            Right::Copy => Self::Copy,
            Right::Edit => Self::Edit,
            Right::Export => Self::Export,
            Right::Provide => Self::Provide,
            Right::Relabel => Self::Relabel,
        }
    }

    /// The 許可 that would give a basis for it.
    #[must_use]
    pub const fn approval(self) -> Option<ApprovalKind> {
        match self {
            Self::View => Some(ApprovalKind::View),
            Self::Print => Some(ApprovalKind::Print),
            Self::Copy => Some(ApprovalKind::Copy),
            Self::Edit => Some(ApprovalKind::Edit),
            Self::Export => Some(ApprovalKind::Export),
            Self::Provide => Some(ApprovalKind::Provide),
            Self::Send => Some(ApprovalKind::Provide),
            Self::Lease | Self::Carry => Some(ApprovalKind::TakeOut),
            Self::Relabel => Some(ApprovalKind::Relabel),
            Self::Destroy => Some(ApprovalKind::Destroy),
            _ => None,
        }
    }
}

/// How strictly something is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Limit {
    /// It is not.
    #[default]
    None,
    /// 要許可.
    NeedsPermission,
    /// 禁止.
    Forbidden,
}

impl Limit {
    const fn slug(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::NeedsPermission => "needs-permission",
            Self::Forbidden => "forbidden",
        }
    }
}

impl From<Option<Mode>> for Limit {
    fn from(mode: Option<Mode>) -> Self {
        match mode {
            None => Self::None,
            Some(Mode::NeedsPermission) => Self::NeedsPermission,
            Some(_) => Self::Forbidden,
        }
    }
}

/// Where something is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Place {
    /// Nobody has decided on it, or not lately.
    #[default]
    Unknown,
    /// 自機関.
    Own,
    /// 機関の外.
    Outside,
    /// 約款による外部サービス.
    Terms,
}

impl Place {
    const fn slug(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Own => "own",
            Self::Outside => "outside",
            Self::Terms => "terms",
        }
    }
}

macro_rules! facts {
    ($($(#[$doc:meta])* $name:ident: $key:literal,)*) => {
        /// What the server knows. The default knows nothing, and nothing gives a right.
        #[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
        pub struct Facts {
            $($(#[$doc])* pub $name: bool,)*
            /// 有効な許可, as stable names.
            pub approvals: BTreeSet<String>,
            /// 許可がまだの者, of the application that is decided on.
            pub awaits: BTreeSet<String>,
            /// 機密性, 1 to 3.
            pub confidentiality: u8,
            /// 取扱制限 on the right asked for.
            pub restricted: Limit,
            /// 持出.
            pub take_out: Limit,
            /// Openings left of those counted.
            pub openings_left: i64,
            /// Where it is sent.
            pub destination: Place,
            /// 機密性 that may go there, 1 to 3; 0 for none.
            pub destination_level: u8,
        }

        impl Facts {
            fn flags(&self) -> Vec<(&'static str, bool)> {
                vec![$(($key, self.$name),)*]
            }
        }
    };
}

facts! {
    /// 職員.
    officer: "officer",
    /// 管理者.
    administrator: "administrator",
    /// 監査者.
    auditor: "auditor",
    /// 契約・任用の終了.
    contract_ended: "contractEnded",
    /// 作成者.
    author: "author",
    /// 決定者.
    decider: "decider",
    /// Holds the decider's 官職.
    successor: "successor",
    /// 閲覧者として指定された者.
    named_reader: "namedReader",
    /// 閲覧を認められた課室の者.
    unit_reader: "unitReader",
    /// 閲覧権限を取り消された者.
    revoked_reader: "revokedReader",
    /// ○○限りの範囲内.
    in_audience: "inAudience",
    /// About oneself or one's own device.
    own: "self",
    /// 申請者本人.
    applicant: "applicant",
    /// 情報セキュリティの責任者.
    responsible: "responsible",
    /// 申請者の課室の課室情報セキュリティ責任者.
    section_officer: "sectionOfficer",
    /// 情報システムセキュリティ責任者.
    system_officer: "systemOfficer",
    /// 統括又は区域情報セキュリティ責任者.
    zone_officer: "zoneOfficer",
    /// 統括情報セキュリティ責任者.
    chief_officer: "chiefOfficer",
    /// 平文で格付を明示した文書: not held by the server.
    labelled: "labelled",
    /// 提供先: opens what was provided and nothing else.
    recipient: "recipient",
    /// 提供を受けた者 of this very document.
    provided: "provided",
    /// 独立行政法人 or 指定法人.
    incorporated: "incorporated",
    /// Over the internet.
    internet: "internet",
    /// An address nobody is known by.
    addressee_unknown: "addresseeUnknown",
    /// An addressee outside ○○限り.
    addressee_outside: "addresseeOutside",
    /// An addressee whose right was revoked.
    addressee_revoked: "addresseeRevoked",
    /// A medium in the register, in use, under its own mark.
    medium_known: "mediumKnown",
    /// Its keeper is of the same 課室.
    medium_ours: "mediumOurs",
    /// Received under contract.
    medium_received: "mediumReceived",
    /// Carried to where it came from.
    medium_fits: "mediumFits",
    /// 完全性２ (要保全情報) or 可用性２ (要安定情報).
    lasting: "lasting",
    /// No officer besides administrators yet.
    single_operator: "singleOperator",
    /// 要管理対策区域内.
    inside: "inside",
    /// 利用目的が述べられている.
    purpose: "purpose",
    /// 利用停止中.
    suspended: "suspended",
    /// 復号鍵を消去済み.
    ended: "ended",
    /// A restriction the taxonomy does not know.
    unknown_restriction: "unknownRestriction",
    /// 読後廃棄.
    counted: "counted",
    /// 書換禁止.
    rewrite_forbidden: "rewriteForbidden",
    /// 削除禁止.
    delete_forbidden: "deleteForbidden",
    /// 保存期間中.
    retained: "retained",
    /// 格付・取扱制限を下げる見直し.
    lowering: "lowering",
}

impl Facts {
    /// As policies see them; none when they can't be said, and then nothing is granted.
    pub(super) fn context(&self) -> Option<Context> {
        let text = |text: &str| Value::new_string(text.to_owned());
        let flags = self.flags().into_iter().map(|(key, flag)| (key.to_owned(), Value::new_bool(flag)));
        let rest = [
            ("approvals", Value::new_set(self.approvals.iter().map(|kind| text(kind)))),
            ("awaits", Value::new_set(self.awaits.iter().map(|post| text(post)))),
            ("confidentiality", Value::new_long(i64::from(self.confidentiality))),
            ("restricted", text(self.restricted.slug())),
            ("takeOut", text(self.take_out.slug())),
            ("openingsLeft", Value::new_long(self.openings_left)),
            ("destination", text(self.destination.slug())),
            ("destinationLevel", Value::new_long(i64::from(self.destination_level))),
        ];
        Context::from_pairs(flags.chain(rest.into_iter().map(|(key, value)| (key.to_owned(), value)))).ok()
    }
}
