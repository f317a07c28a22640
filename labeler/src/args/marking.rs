//! 表示・継承・決定の引数.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;
use kakuzuke::{Marks, Pictures, Show, Signatures};

use super::{Grading, Readers};

/// 電子署名のある文書.
#[derive(Debug, Args)]
pub struct Breaking {
    /// 文書の電子署名が壊れても表示を付ける / Mark a signed document although its signature breaks
    #[arg(long)]
    pub break_signature: bool,
    /// 画像に表示を焼き込む（新しい画像になり、元には戻せない） / Burn the marking into pictures; it does not come off again
    #[arg(long)]
    pub burn: bool,
}

impl Breaking {
    /// A marking as asked for, or none.
    pub const fn marks(&self, show: Show) -> Marks {
        let signatures = if self.break_signature { Signatures::Break } else { Signatures::Keep };
        let pictures = if self.burn { Pictures::Burn } else { Pictures::Keep };
        Marks { show, signatures, pictures }
    }
}

/// 表示を付けるかどうか.
#[derive(Debug, Args)]
pub struct Marking {
    /// ページに表示を付けない / Do not mark the pages
    #[arg(long)]
    pub no_mark: bool,
    #[command(flatten)]
    pub breaking: Breaking,
}

impl Marking {
    /// As asked for.
    pub const fn marks(&self) -> Marks {
        self.breaking.marks(if self.no_mark { Show::AsIs } else { Show::Label })
    }
}

/// 表示だけの変更.
#[derive(Debug, Args)]
pub struct Remark {
    /// 格付された平文の文書、またはフォルダ / Labelled documents in clear, or folders
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub breaking: Breaking,
    /// 同時に処理する数 / Files at a time
    #[arg(long, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
}

/// 見直し.
#[derive(Debug, Args)]
pub struct Relabel {
    /// 格付された文書 / Labelled or protected document
    pub path: PathBuf,
    #[command(flatten)]
    pub grading: Grading,
    /// 理由 / Reason
    #[arg(long)]
    pub reason: String,
    /// 文書の中の表示も改める（保護された文書は開いて保護し直す） / Renew the marking inside, too; a protected document is opened and sealed anew
    #[arg(long)]
    pub remark: bool,
    #[command(flatten)]
    pub breaking: Breaking,
}

/// 継承.
#[derive(Debug, Args)]
pub struct Derive {
    /// 新しい文書 / The new document
    pub path: PathBuf,
    /// 引用元の文書（複数可） / Source documents
    #[arg(long = "from", required = true, value_name = "FILE")]
    pub sources: Vec<PathBuf>,
    #[command(flatten)]
    pub inheritance: Inheritance,
    /// 明示のみ（平文のまま。機密性２まで） / Only label it, leaving it in clear; up to confidentiality 2
    #[arg(long)]
    pub label_only: bool,
    #[command(flatten)]
    pub marking: Marking,
}

/// 引き継がないもの.
#[derive(Debug, Args)]
pub struct Inheritance {
    /// 完全性（1 または 2） / Integrity, decided anew
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=2))]
    pub integrity: u8,
    /// 可用性（1 または 2） / Availability, decided anew
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=2))]
    pub availability: u8,
    /// 追加の取扱制限 / Further restrictions
    #[arg(long = "restrict", value_name = "取扱制限", value_delimiter = '・')]
    pub restrictions: Vec<String>,
    #[command(flatten)]
    pub readers: Readers,
}

/// 抜粋.
#[derive(Debug, Args)]
pub struct Excerpt {
    /// 保護された文書 / Protected document
    pub path: PathBuf,
    /// 出力先。保護されて NAME.kkz になる / Where to write the text; protected, so NAME.kkz
    #[arg(short, long, value_name = "NAME")]
    pub output: PathBuf,
    /// 利用目的 / Purpose
    #[arg(long, default_value = "")]
    pub purpose: String,
    #[command(flatten)]
    pub inheritance: Inheritance,
}

/// 決定の反映.
#[derive(Debug, Args)]
pub struct Apply {
    /// 提案の表（labeler suggest --table で作り、決定を書き込んだもの） / Table of suggestions, with decisions written into it
    pub table: PathBuf,
    /// 表の文書があるフォルダ / Folder the table's documents lie in
    #[arg(default_value = ".")]
    pub folder: PathBuf,
    /// 決定の欄が空でも、確からしさが高い行は提案のとおりとする / Take sure suggestions without a decision as they are
    #[arg(long)]
    pub accept_sure: bool,
    #[command(flatten)]
    pub handling: Handling,
}

/// 決定.
#[derive(Debug, Args)]
pub struct Confirm {
    /// 見張っているフォルダ（labeler watch の提案待ち）、または --unlabelled で任意のフォルダ / Folder that is watched, or with --unlabelled any
    #[arg(default_value = ".")]
    pub folder: PathBuf,
    /// 提案待ちに限らず、格付のない文書をすべて示す / All documents without a label, not only those that wait
    #[arg(long)]
    pub unlabelled: bool,
    #[command(flatten)]
    pub handling: Handling,
}

/// 決定した文書の扱い.
#[derive(Debug, Args)]
pub struct Handling {
    /// 明示のみ（平文のまま。機密性２まで） / Only label, leaving documents in clear; up to confidentiality 2
    #[arg(long)]
    pub label_only: bool,
    /// 決定者の官職 / Post in which the grade is decided
    #[arg(long)]
    pub post: Option<String>,
    #[command(flatten)]
    pub readers: Readers,
    #[command(flatten)]
    pub marking: Marking,
    /// 同時に処理する数 / Files at a time
    #[arg(long, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
}
