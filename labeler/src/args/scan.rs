//! 共有フォルダの引数: 走査, 見張り, 明示.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;

use super::{Grading, Marking};

/// 走査.
#[derive(Debug, Args)]
pub struct Scan {
    /// 共有フォルダなど / Folders, whole shares
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// 報告書（HTML）の出力先 / Write a report as one HTML file
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// 一覧（CSV）の出力先 / Write a list of all files as CSV
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// 結果の保存先。次回はここから続ける（既定はプロファイル） / Results, from which the next scan goes on (default: in the profile)
    #[arg(long, value_name = "FILE")]
    pub results: Option<PathBuf>,
    /// 機密性３を置いてよい領域（繰り返し可） / Where confidentiality 3 may lie (repeatable)
    #[arg(long = "secrets", value_name = "DIR")]
    pub secrets: Vec<PathBuf>,
    /// 規程（TOML）。mode = "declare" のフォルダは規程による明示として数える / Rules (TOML): folders with mode = "declare" count as labelled by rule
    #[arg(long, value_name = "FILE")]
    pub rules: Option<PathBuf>,
    /// 他の方式の格付との対応表（TOML。既定はプロファイルの mapping.toml） / What labels of other schemes stand for (TOML; default: mapping.toml of the profile)
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    /// 格付だけを見る（内容は読まない） / Look at labels only, don't read the content
    #[arg(long)]
    pub labels_only: bool,
    /// １ファイルを読む時間の上限（秒） / Longest time for the content of one file, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub patience: u64,
    /// 変わっていないファイルも読み直す / Read unchanged files again, too
    #[arg(long)]
    pub again: bool,
    /// 同時に処理する数 / Files at a time
    #[arg(long, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
}

/// 見張り.
#[derive(Debug, Args)]
pub struct Watch {
    /// 見張るフォルダ / Folder to watch
    pub folder: PathBuf,
    /// フォルダの規程（TOML） / Rules of the folders (TOML)
    #[arg(long, value_name = "FILE")]
    pub rules: PathBuf,
    /// フォルダ全体を見直す間隔（秒。既定は600） / Go through the whole folder again every so many seconds (default: 600)
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    pub round: Option<u64>,
}

/// 表紙.
#[derive(Debug, Args)]
pub struct Cover {
    /// 保護されたファイル（.kkz） / Protected file (.kkz)
    pub path: PathBuf,
    /// 出力先（既定は name.ext.pdf） / Where to write it (default: name.ext.pdf)
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,
}

/// 明示.
#[derive(Debug, Args)]
pub struct Label {
    /// ファイルまたはフォルダ / Files or folders
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// 格付・取扱制限 / Grade and restrictions
    #[command(flatten)]
    pub grading: Grading,
    #[command(flatten)]
    pub marking: Marking,
    /// 同時に処理する数 / Files at a time
    #[arg(long, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
}

/// 表示.
#[derive(Debug, Args)]
pub struct Show {
    /// ファイル / Files
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// 他の方式の格付との対応表（TOML。既定はプロファイルの mapping.toml） / What labels of other schemes stand for (TOML; default: mapping.toml of the profile)
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
}

/// 提案.
#[derive(Debug, Args)]
pub struct Suggest {
    /// ファイルまたはフォルダ / Files or folders
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// 提案の表（CSV）の出力先。決定を書き込んで labeler apply に渡す / Write the suggestions as a table (CSV) to decide in, for labeler apply
    #[arg(long, value_name = "FILE")]
    pub table: Option<PathBuf>,
    /// 他の方式の格付との対応表（TOML。既定はプロファイルの mapping.toml） / What labels of other schemes stand for (TOML; default: mapping.toml of the profile)
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    /// 同時に処理する数 / Files at a time
    #[arg(long, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
}

/// 形式.
#[derive(Debug, Args)]
pub struct Formats {
    /// 文書用の表（Markdown）で出力する / As the table of the documentation (Markdown)
    #[arg(long)]
    pub markdown: bool,
}
