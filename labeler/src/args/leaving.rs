//! 持ち出す引数: 送信, 持出し, 提供の取消し, 印刷, and the registers they rest on.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use kakuzuke::{Acceptance, AcceptedOf, Category};

/// 送信.
#[derive(Debug, Args)]
pub struct Send {
    /// 文書。保護されていないものは、宛先だけが開けるように保護して添付する / Documents; what is not protected is sealed for the addressees on the way
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// 宛先のメールアドレス（複数可） / Mail address (may be given several times)
    #[arg(long = "to", alias = "mail-to", required = true, num_args = 1.., value_name = "ADDRESS")]
    pub to: Vec<String>,
    /// 利用目的 / Purpose
    #[arg(long)]
    pub purpose: String,
    /// 格付のない文書の格付 / Grade of documents that have none
    #[arg(long, value_name = "GRADE")]
    pub grade: Option<String>,
    /// 格付のない文書の取扱制限（複数可） / Their restrictions
    #[arg(long = "restrict", value_name = "取扱制限", value_delimiter = '・', requires = "grade")]
    pub restrictions: Vec<String>,
    /// 宛先が開ける日数 / Days the addressees may open them for
    #[arg(long, value_name = "DAYS")]
    pub days: Option<u16>,
    /// 隠れた情報（作成者、コメントなど）を残す理由。文書が複数なら 文書:種類=理由 / Why hidden data of a kind may go along; of several documents FILE:KIND=REASON (repeatable)
    #[arg(long, value_name = "[FILE:]CATEGORY=REASON", value_parser = acceptance)]
    pub accept: Vec<Acceptance>,
    /// メールの件名 / Subject of the mail
    #[arg(long)]
    pub subject: Option<String>,
    /// メール（.eml）の出力先 / Where to write the mail (.eml)
    #[arg(short, long, value_name = "OUT")]
    pub output: PathBuf,
}

/// 持出し.
#[derive(Debug, Args)]
pub struct Takeout {
    /// 持ち出す文書（保護されたもの、機密性１） / Documents: protected, or confidentiality 1
    #[arg(required_unless_present_any = ["list", "overdue", "back"])]
    pub paths: Vec<PathBuf>,
    /// 媒体の管理番号 / Id of the medium
    #[arg(long = "media", value_name = "ID", required_unless_present_any = ["list", "overdue", "back"])]
    pub medium: Option<String>,
    /// 媒体の場所（既定は印で探す） / Where it is mounted (default: found by its mark)
    #[arg(long, value_name = "DIR")]
    pub at: Option<PathBuf>,
    /// 持ち出す日数 / Days it is out for
    #[arg(long, value_name = "DAYS", default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..=366))]
    pub days: u16,
    /// 利用目的 / Purpose
    #[arg(long, required_unless_present_any = ["list", "overdue", "back"])]
    pub purpose: Option<String>,
    /// 運搬先の組織（受け取った媒体では必須） / Organisation it is carried to (demanded for a received medium)
    #[arg(long = "with", value_name = "組織")]
    pub organisation: Option<String>,
    /// 隠れた情報を残す理由。文書が複数なら 文書:種類=理由 / Why hidden data of a kind may go along; of several documents FILE:KIND=REASON (repeatable)
    #[arg(long, value_name = "[FILE:]CATEGORY=REASON", value_parser = acceptance)]
    pub accept: Vec<Acceptance>,
    /// 返却：この台帳番号の持出しを終える / Tick off the taking out of this number
    #[arg(long = "return", value_name = "NUMBER", conflicts_with_all = ["paths", "medium", "list", "overdue"])]
    pub back: Option<u64>,
    /// 持出し中の一覧 / List what is out
    #[arg(long, conflicts_with_all = ["paths", "medium"])]
    pub list: bool,
    /// 期限を過ぎた持出しの一覧 / List what is overdue
    #[arg(long, conflicts_with_all = ["paths", "medium"])]
    pub overdue: bool,
}

/// 提供の取消し.
#[derive(Debug, Args)]
pub struct Recall {
    /// 送ったメール（.eml）又は文書 / The mail (.eml) or a document
    #[arg(required_unless_present_any = ["number", "medium", "recipient"])]
    pub path: Option<PathBuf>,
    /// 台帳番号 / Number in the ledger
    #[arg(long, conflicts_with_all = ["path", "medium"])]
    pub number: Option<u64>,
    /// 媒体の管理番号 / Id of the medium
    #[arg(long = "media", value_name = "ID", conflicts_with = "path")]
    pub medium: Option<String>,
    /// この宛先だけ / Only from this addressee
    #[arg(long, value_name = "ADDRESS")]
    pub recipient: Option<String>,
    /// 文書そのものも利用停止にする（全員） / Suspend the documents too, for everybody
    #[arg(long)]
    pub suspend: bool,
    /// 経緯 / What happened
    #[arg(long)]
    pub reason: String,
    /// 報告書の案の出力先（.html 又は .txt） / Write a draft of the report (.html or .txt)
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

/// 印刷.
#[derive(Debug, Args)]
pub struct Print {
    /// 文書 / Document
    pub path: PathBuf,
    /// 部数 / Copies
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=100))]
    pub copies: u16,
    /// 配付先（部数だけ。省くと本人） / For whom each copy is (as many as copies; oneself if left out)
    #[arg(long = "for", value_name = "NAME")]
    pub holders: Vec<String>,
    /// 利用目的 / Purpose
    #[arg(long)]
    pub purpose: String,
    /// 印刷用 PDF の出力先。OUT-1.pdf、OUT-2.pdf … となる / PDFs for the printer: OUT-1.pdf, OUT-2.pdf …
    #[arg(short, long, value_name = "OUT")]
    pub output: PathBuf,
}

/// Numbered prints.
#[derive(Debug, Subcommand)]
pub enum Prints {
    /// 印刷物の一覧 / Prints and where they are
    List,
    /// 回収を記録する / Note that prints were collected
    Collect(Copies),
    /// 細断を記録する / Note that prints were shredded
    Shred(Copies),
}

/// Which prints.
#[derive(Debug, Args)]
pub struct Copies {
    /// 台帳番号 / Number in the ledger
    pub number: u64,
    /// 第何号か（複数可） / Numbers of the copies
    #[arg(required = true)]
    pub copies: Vec<u16>,
}

/// Media.
#[derive(Debug, Subcommand)]
pub enum Media {
    /// 登録された媒体 / Media in the register
    List,
    /// 媒体の登録を申請する / Apply for a medium to be registered
    Add {
        /// 管理番号（英数字とハイフン） / Id: letters, digits, hyphens
        id: String,
        /// 種類：USBメモリなど / What it is
        #[arg(long)]
        what: String,
        /// 管理者 / Who answers for it
        #[arg(long, value_name = "SUBJECT")]
        keeper: String,
        /// 契約により受け取った媒体の、相手の組織 / Received under contract from this organisation
        #[arg(long, value_name = "組織")]
        from: Option<String>,
        /// 理由 / Reason
        #[arg(long)]
        reason: String,
    },
    /// 媒体に印を付ける / Write its mark onto a medium
    Mark {
        /// 管理番号 / Id
        id: String,
        /// 媒体の場所 / Where it is mounted
        #[arg(long, value_name = "DIR")]
        at: PathBuf,
    },
    /// 媒体の返却 / A medium was given back
    Return {
        /// 管理番号 / Id
        id: String,
        /// 理由 / Reason
        #[arg(long)]
        reason: String,
    },
    /// 媒体の紛失：持ち出している文書をすべて利用停止にする / A medium was lost: everything out on it is stopped
    Lost {
        /// 管理番号 / Id
        id: String,
        /// 経緯 / What happened
        #[arg(long)]
        reason: String,
        /// 報告書の案の出力先（.html 又は .txt） / Write a draft of the report (.html or .txt)
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
    },
}

/// 送付先の区分.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DestinationKind {
    /// 自機関 / The agency's own mail
    Own,
    /// 機関の外 / Outside
    Outside,
    /// 約款による外部サービス（要機密情報は不可） / A service on public terms: never for confidentiality 2 and 3
    Terms,
}

/// Destinations.
#[derive(Debug, Subcommand)]
pub enum Destinations {
    /// 決定された送付先 / Destinations that were decided on
    List,
    /// 送付先の決定を申請する / Apply for a destination to be decided on
    Set {
        /// メールのドメイン / Mail domain
        domain: String,
        /// 区分 / Kind
        #[arg(long, value_enum)]
        kind: DestinationKind,
        /// 組織 / Whose it is
        #[arg(long)]
        organisation: String,
        /// 送信してよい機密性（1～3） / Highest confidentiality that may go there
        #[arg(long, value_parser = clap::value_parser!(u8).range(1..=3))]
        highest: u8,
        /// インターネットを経由しない / Not over the internet
        #[arg(long)]
        dedicated: bool,
        /// 見直しまでの日数 / Days until it is reviewed
        #[arg(long, default_value_t = 365)]
        review_days: u16,
        /// 理由 / Reason
        #[arg(long)]
        reason: String,
    },
    /// 送付先の廃止を申請する / Apply for a destination to be ended
    Remove {
        /// メールのドメイン / Mail domain
        domain: String,
        /// 理由 / Reason
        #[arg(long)]
        reason: String,
    },
}

/// Addressees.
#[derive(Debug, Subcommand)]
pub enum Addressees {
    /// 登録された宛先 / Addresses and whose they are
    List,
    /// 宛先の登録を申請する / Apply for an address to be entered
    Set {
        /// メールアドレス / Mail address
        address: String,
        /// 誰のものか / Whose
        subject: String,
        /// 理由 / Reason
        #[arg(long)]
        reason: String,
    },
    /// 宛先の登録の廃止を申請する / Apply for an address to be removed
    Remove {
        /// メールアドレス / Mail address
        address: String,
        /// 理由 / Reason
        #[arg(long)]
        reason: String,
    },
}

/// `CATEGORY=REASON`, `FILE:CATEGORY=REASON`, `*:CATEGORY=REASON`. Names of files may have colons and equal signs in them: the
/// first sign behind the name of a category counts.
fn acceptance(words: &str) -> Result<Acceptance, String> {
    for (at, _) in words.match_indices('=') {
        let (named, reason) = words.split_at(at);
        let (file, slug) = named.rsplit_once(':').map_or((None, named), |(file, slug)| (Some(file), slug));
        let Some(category) = Category::from_slug(slug) else { continue };
        let reason = reason.trim_start_matches('=').trim();
        if reason.is_empty() {
            return Err("理由がありません / no reason".to_owned());
        }
        if another(reason) {
            return Err("種類の名前が二つあり、どちらのことか分かりません。ファイルの名前を変えてください / two kinds are named: which is meant can't be told; rename the file".to_owned());
        }
        let of = match file {
            None => AcceptedOf::One,
            Some("*") => AcceptedOf::Each,
            Some(file) => AcceptedOf::File(PathBuf::from(file)),
        };
        return Ok(Acceptance { of, category, reason: reason.to_owned() });
    }
    let all: Vec<_> = Category::ALL.iter().map(|category| category.slug()).collect();
    Err(format!("[FILE:]CATEGORY=REASON; CATEGORY: {}", all.join(" ")))
}

/// Whether what was taken for a reason may be the rest of a file's name, with a kind and a reason behind it.
fn another(reason: &str) -> bool {
    reason.match_indices('=').any(|(at, _)| {
        let before = reason.get(..at).and_then(|before| before.rsplit_once(':'));
        before.is_some_and(|(_, slug)| Category::from_slug(slug).is_some())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_given_for_a_kind_in_one_file_or_in_each() {
        let read = |words: &str| acceptance(words).map(|a| (a.of, a.category.slug(), a.reason));
        let file = |name: &str| AcceptedOf::File(PathBuf::from(name));
        let reason = || "x=y:z".to_owned();
        assert_eq!(read("authors= x=y:z"), Ok((AcceptedOf::One, "authors", reason())));
        assert_eq!(read("*:authors=x=y:z"), Ok((AcceptedOf::Each, "authors", reason())));
        assert_eq!(read(r"C:\a=b\c.docx:comments=x=y:z"), Ok((file(r"C:\a=b\c.docx"), "comments", reason())));
        for wrong in ["公表済み", "authors", "authors= ", "a.docx:=x", "other=x", "comments=v2.docx:authors=公表済み"]
        {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
