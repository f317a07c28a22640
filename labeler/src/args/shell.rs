//! エクスプローラーの引数.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};

/// エクスプローラーのメニュー.
#[derive(Debug, Subcommand)]
pub enum Shell {
    /// 格付・保護・開く・申請をメニューに入れ、.kkz を関連付ける（この利用者だけ） / Put the four verbs into the menu and take .kkz, for this user
    Install,
    /// メニューと関連付けを外す / Take them away again
    Uninstall,
    /// 入っているかどうか / Whether they are there
    Status,
    /// メニューから呼ばれる / What the menu calls
    #[command(hide = true)]
    Run {
        /// どれか / Which
        verb: Verb,
        /// ファイル / File
        path: PathBuf,
    },
}

/// メニューの項目.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Verb {
    /// 格付
    Label,
    /// 保護
    Protect,
    /// 開く
    Open,
    /// 申請
    Request,
}
