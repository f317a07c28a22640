//! デスクトップの引数: what file managers call, and how they come to know of it.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// デスクトップ環境への登録と、そこから呼ばれる操作.
#[derive(Debug, Subcommand)]
pub enum Desktop {
    /// ファイルの種類、アイコン、関連付け、縮小表示を登録する / Register file type, icon, association and thumbnails
    Install(Share),
    /// 登録を取り消す / Take the registration back
    Uninstall(Share),
    /// 文書を開き、開けない理由を画面に表示する / Open a document; why not is shown on the screen
    Open {
        /// 保護された文書 / Protected document
        path: PathBuf,
    },
    /// 格付・取扱制限を画面に表示する / Show grade and restrictions on the screen
    Show {
        /// 文書 / Document
        path: PathBuf,
    },
    /// 理由を尋ねて、閲覧の許可を申請する / Ask for a reason, and for permission to read
    Request {
        /// 保護された文書 / Protected document
        path: PathBuf,
    },
}

/// 登録する場所.
#[derive(Debug, Args)]
pub struct Share {
    /// この利用者だけ（既定） / For this person only (default)
    #[arg(long, conflicts_with_all = ["system", "share"])]
    pub user: bool,
    /// 全利用者（/usr/local/share） / For everybody (/usr/local/share)
    #[arg(long, conflicts_with = "share")]
    pub system: bool,
    /// パッケージの作成用：share フォルダを指定し、コマンドは名前だけで呼ぶ / For packages: the share folder; the command is called by its name
    #[arg(long, value_name = "DIR")]
    pub share: Option<PathBuf>,
}

/// 縮小表示.
#[derive(Debug, Args)]
pub struct Thumbnail {
    /// 保護された文書 / Protected document
    pub path: PathBuf,
    /// 出力先（PNG） / Where to write it (PNG)
    #[arg(short, long, value_name = "OUT")]
    pub output: PathBuf,
    /// 高さ（画素） / Height in pixels
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u16).range(16..=2048))]
    pub size: u16,
}
