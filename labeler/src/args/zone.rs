//! 区域の引数.

use clap::{Args, Subcommand};

/// Controlled zones.
#[derive(Debug, Subcommand)]
pub enum Zones {
    /// 現在の区域 / Zones in force
    List,
    /// 区域の設定を申請する / Apply for a zone to be entered or replaced
    Set(ZoneSet),
    /// 区域の廃止を申請する / Apply for a zone to be ended
    Remove {
        /// 区域の名称 / Name of the zone
        name: String,
        /// 理由 / Reason
        #[arg(long)]
        reason: String,
    },
}

/// A zone.
#[derive(Debug, Args)]
pub struct ZoneSet {
    /// 区域の名称 / Name of the zone
    pub name: String,
    /// 区域内のネットワーク（複数可） / Networks inside, address/prefix
    #[arg(long = "network", required = true)]
    pub networks: Vec<String>,
    /// そのうち区域外とする部分（遠隔接続など、複数可） / Parts of them that are outside: remote access
    #[arg(long)]
    pub except: Vec<String>,
    /// 物理的な場所 / The rooms it stands for
    #[arg(long)]
    pub place: String,
    /// 見直しまでの日数 / Days until it is reviewed
    #[arg(long, default_value_t = 365)]
    pub review_days: u16,
    /// 理由 / Reason
    #[arg(long)]
    pub reason: String,
}
