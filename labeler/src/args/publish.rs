//! 点検・公表の引数.

use std::path::PathBuf;

use clap::Args;
use kakuzuke::Category;

/// 点検.
#[derive(Debug, Args)]
pub struct Inspect {
    /// ファイル / Files
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

/// 公表.
#[derive(Debug, Args)]
pub struct Publish {
    /// 機密性１の文書 / A confidentiality 1 document
    #[arg(value_name = "FILE")]
    pub path: PathBuf,
    /// 公表用の写し / The copy to publish
    #[arg(short, long, value_name = "OUT")]
    pub output: PathBuf,
    #[command(flatten)]
    pub cleaning: Cleaning,
    #[command(flatten)]
    pub signing: Signing,
    /// 既にあるファイルを置き換える / Replace an existing file
    #[arg(long)]
    pub force: bool,
}

/// 署名.
#[derive(Debug, Args)]
pub struct Signing {
    /// 署名用の証明書（PEM、署名者を先頭に発行者を続ける） / Certificate to sign with (PEM: the signer's, then its issuers')
    #[arg(long, value_name = "CERT", requires = "sign_key")]
    pub sign_certificate: Option<PathBuf>,
    /// 署名鍵（PKCS#8のPEM。パスフレーズは KAKUZUKE_SIGN_PASSPHRASE） / Its key (PKCS#8 PEM; passphrase in KAKUZUKE_SIGN_PASSPHRASE)
    #[arg(long, value_name = "KEY", requires = "sign_certificate")]
    pub sign_key: Option<PathBuf>,
    /// 以後の変更を一切認めないPDFとして認証する / Certify a PDF against every later change
    #[arg(long, requires = "sign_certificate")]
    pub certify: bool,
}

/// 隠れた情報の扱い.
#[derive(Debug, Args)]
pub struct Cleaning {
    /// 残してよい隠れた情報と理由（繰り返し可） / Hidden data that may stay, and why (repeatable)
    #[arg(long, value_name = "CATEGORY=REASON", value_parser = accepted)]
    pub accept: Vec<(Category, String)>,
    /// 追加で除去する隠れた情報（繰り返し可） / Hidden data to remove besides (repeatable)
    #[arg(long, value_name = "CATEGORY", value_parser = category)]
    pub remove: Vec<Category>,
}

impl Cleaning {
    /// Whether anything was said.
    pub fn is_asked(&self) -> bool {
        !self.accept.is_empty() || !self.remove.is_empty()
    }
}

fn category(slug: &str) -> Result<Category, String> {
    let all = || Category::ALL.iter().map(|c| c.slug()).collect::<Vec<_>>().join(" ");
    Category::from_slug(slug).ok_or_else(all)
}

fn accepted(words: &str) -> Result<(Category, String), String> {
    let (slug, reason) = words.split_once('=').ok_or_else(|| "CATEGORY=REASON".to_owned())?;
    if reason.trim().is_empty() {
        return Err("理由がありません / no reason".to_owned());
    }
    Ok((category(slug)?, reason.trim().to_owned()))
}
