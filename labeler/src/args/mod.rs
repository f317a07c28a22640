//! 引数. What can be typed, in both languages; values are checked here once and handed on as the sdk's types.

mod desktop;
mod leaving;
mod marking;
mod publish;
mod scan;
pub mod shell;
mod zone;

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use desktop::{Desktop, Share, Thumbnail};
pub use leaving::{Addressees, Copies, DestinationKind, Destinations, Media, Print, Prints, Recall, Send, Takeout};
pub use marking::{Apply, Breaking, Confirm, Derive, Excerpt, Handling, Inheritance, Marking, Relabel, Remark};
pub use publish::{Cleaning, Inspect, Publish, Signing};
pub use scan::{Cover, Formats, Label, Scan, Show, Suggest, Watch};
pub use shell::Shell;
pub use zone::{ZoneSet, Zones};

/// 格付・取扱制限の付与、文書の保護と利用。 / Grade, protect and use documents.
#[derive(Debug, Parser)]
#[command(name = "labeler", version, propagate_version = true, arg_required_else_help = true, max_term_width = 100)]
pub struct Cli {
    /// プロファイルのフォルダ / Profile folder
    #[arg(long, global = true, env = "KAKUZUKE_PROFILE", value_name = "DIR", hide_env_values = true)]
    pub profile: Option<PathBuf>,
    /// 結果を JSON で出力する / Print the result as JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// 表示言語（既定は環境の言語） / Language of messages (default: the locale's)
    #[arg(long, global = true, value_enum)]
    pub lang: Option<Lang>,
    /// 何をするか / What to do
    #[command(subcommand)]
    pub command: Command,
}

/// Language of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// 日本語
    Ja,
    /// English
    En,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// この端末を登録する / Enrol this device with a one-time code
    Enrol(Enrol),
    /// 文書を保護する / Protect documents, in place
    Protect(Protect),
    /// 文書を開く / Open a protected document
    Open(Open),
    /// 格付・取扱制限を表示する（鍵は不要） / Show the label; no key needed
    Show(Show),
    /// 署名と格付を検証する（オフライン） / Verify signature and label, offline
    Verify(Files),
    /// 格付・取扱制限を見直す / Change grade and restrictions
    Relabel(Relabel),
    /// 引用元の格付を引き継ぐ / Label or protect a document under the labels of its sources
    Derive(Derive),
    /// 保護された文書から文字を取り出し、格付を引き継いで保護する / Take the text out of a protected document, protected as it is
    Excerpt(Excerpt),
    /// 各ページに格付・取扱制限を表示する / Show the label on every page
    Mark(Remark),
    /// 各ページの表示を外す / Take the marking off the pages
    Unmark(Remark),
    /// 平文で出力する（フォルダごと） / Write plain documents, whole folders too
    Export(Export),
    /// 対応するソフトで編集する / Edit with the registered program
    Edit(Edit),
    /// 許可を申請する / Ask for permission
    Request(Request),
    /// 申請の一覧 / List applications
    Requests,
    /// 許可する / Grant an application
    Approve(Approve),
    /// 不許可とする / Reject an application
    Reject(Reject),
    /// 利用停止・閲覧権限の取消し・失効 / Revoke
    Revoke(Revoke),
    /// 復号鍵を消去する / Erase a document's keys
    Destroy(Destroy),
    /// 要管理対策区域 / Controlled zones
    Zone {
        /// 何をするか / What to do
        #[command(subcommand)]
        command: Zones,
    },
    /// オフライン用のチケットを取得し、未送信の登録を送る / Fetch tickets for offline protecting, send what waits
    Sync(Sync),
    /// オフラインで開くための貸出しを受ける / Take a lease to open a document offline
    Lease(Lease),
    /// 格付を明示する（平文のまま。機密性２まで） / Label documents, leaving them in clear; up to confidentiality 2
    Label(Label),
    /// .kkz に表紙を付けて PDF にする（外部へ渡すとき） / Put a .kkz into a PDF with a cover page, to be handed out
    Cover(Cover),
    /// 文書をメールで送る（許可を確かめ、宛先だけに保護し、下書きを作る） / Send documents: permitted, protected for the addressees, written as a mail
    Send(Send),
    /// 登録された媒体で持ち出す / Take documents out on a registered medium
    Takeout(Takeout),
    /// 誤送信・紛失のとき、提供を取り消し、開封の有無を調べる / Call back what was sent by mistake, or lost; says what was opened
    Recall(Recall),
    /// 番号を付けて印刷する / Print numbered copies
    Print(Print),
    /// 印刷物の回収・細断 / What became of prints
    Prints {
        /// 何をするか / What to do
        #[command(subcommand)]
        command: Prints,
    },
    /// 持ち出してよい媒体 / Media that may carry documents
    Media {
        /// 何をするか / What to do
        #[command(subcommand)]
        command: Media,
    },
    /// 送信してよい送付先 / Destinations documents may be sent to
    Destination {
        /// 何をするか / What to do
        #[command(subcommand)]
        command: Destinations,
    },
    /// 宛先が誰のものか / Whose mail addresses are
    Addressee {
        /// 何をするか / What to do
        #[command(subcommand)]
        command: Addressees,
    },
    /// フォルダを見張り、規程に従って保存された文書を格付する / Watch a folder: label or protect what is saved, by rule
    Watch(Watch),
    /// 共有フォルダ全体の格付の状況を調べる / Look through a whole share: what is graded, what is not
    Scan(Scan),
    /// 隠れた情報を点検する / Look for hidden data
    Inspect(Inspect),
    /// 公表用の写しを作る（機密性１のみ） / Make a copy for publication, confidentiality 1 only
    Publish(Publish),
    /// 内容から格付・取扱制限を提案する / Suggest grade and restrictions from the content
    Suggest(Suggest),
    /// 提案の表に書いた決定のとおりに格付し、保護する / Label and protect as decided in a table of suggestions
    Apply(Apply),
    /// 提案を一覧で確かめて決める / Decide on suggestions in one table
    Confirm(Confirm),
    /// 形式ごとにできること / What can be done with which kind of file
    Formats(Formats),
    /// 件名で文書を探す / Find documents by title
    Documents(Documents),
    /// 監査ログ / The audit log
    Audit {
        /// 何をするか / What to do
        #[command(subcommand)]
        command: Audit,
    },
    /// デスクトップ環境への登録（Linux） / Registration with the desktop (Linux)
    Desktop {
        /// 何をするか / What to do
        #[command(subcommand)]
        command: Desktop,
    },
    /// 表紙の縮小画像を作る（ファイルマネージャー用。内容は写さない） / Draw a small picture of the cover, for file managers; never of the content
    Thumbnail(Thumbnail),
    /// 環境を点検する / Check this device's setup
    Doctor,
    /// 実演：見本の文書で一通りの流れを見る / See the whole story on sample documents
    #[cfg(feature = "embedded")]
    Demo(Demo),
    /// エクスプローラーのメニュー（Windows） / Menus of Explorer (Windows)
    Shell {
        /// 何をするか / What to do
        #[command(subcommand)]
        command: Shell,
    },
    /// シェル補完を出力する / Print shell completions
    Completions {
        /// シェル / Shell
        shell: clap_complete::Shell,
    },
    /// マニュアルページを出力する / Write the manual pages
    Man {
        /// 出力先フォルダ / Folder to write to
        dir: PathBuf,
    },
}

/// 登録.
#[derive(Debug, Args)]
pub struct Enrol {
    /// 登録コード / One-time code
    pub code: String,
    /// 端末の名前 / Name of this device
    #[arg(long)]
    pub device: Option<String>,
}

/// 格付の指定.
#[derive(Debug, Args)]
pub struct Grading {
    /// 格付：C3I2A1、または「機密性３情報・完全性２情報・可用性１情報」（端末での保護では、省くと提案する） / Grade; protecting on a terminal without it, one is suggested
    #[arg(long, value_name = "GRADE")]
    pub grade: Option<String>,
    /// 取扱制限（複数可）：複製禁止、○○課限り など / Restriction; may be given several times
    #[arg(long = "restrict", value_name = "取扱制限", value_delimiter = '・')]
    pub restrictions: Vec<String>,
    /// 決定者の官職 / Post in which the grade is decided
    #[arg(long)]
    pub post: Option<String>,
}

/// 閲覧制限の範囲.
#[derive(Debug, Args)]
pub struct Readers {
    /// 閲覧できる人（複数可） / Person who may read
    #[arg(long = "to", value_name = "SUBJECT")]
    pub subjects: Vec<String>,
    /// 閲覧できる課室（複数可） / Unit whose members may read
    #[arg(long = "unit", value_name = "課室")]
    pub units: Vec<String>,
}

/// 保護.
#[derive(Debug, Args)]
pub struct Protect {
    /// ファイルまたはフォルダ / Files or folders
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub grading: Grading,
    #[command(flatten)]
    pub readers: Readers,
    /// 件名（既定はファイル名） / Title (default: the file name)
    #[arg(long)]
    pub title: Option<String>,
    /// サーバに接続せず、手元のチケットで保護する / Use tickets at hand, without the server
    #[arg(long)]
    pub offline: bool,
    /// 大きさにかかわらず内容に署名する / Sign the content whatever its size
    #[arg(long)]
    pub sign: bool,
    /// 保護する前に、各ページに格付・取扱制限を表示する（内容が変わる） / Show the label on every page first; this changes the content
    #[arg(long)]
    pub mark: bool,
    #[command(flatten)]
    pub breaking: Breaking,
    /// 一つのファイルに使うスレッドの数 / Threads for one file
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
    /// 同時に処理する数 / Files at a time
    #[arg(long, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
}

/// 開く.
#[derive(Debug, Args)]
pub struct Open {
    /// 保護された文書 / Protected document
    pub path: PathBuf,
    /// 出力先（- は標準出力） / Where to write the plain document (- for standard output)
    #[arg(short, long, value_name = "OUT")]
    pub output: PathBuf,
    /// 利用目的 / Purpose
    #[arg(long, default_value = "")]
    pub purpose: String,
    /// サーバに接続しない / Do not contact the server
    #[arg(long)]
    pub offline: bool,
    /// 既存のファイルを置き換える / Replace an existing file
    #[arg(long)]
    pub force: bool,
    /// 隠れた情報を除去して出力する（提供用） / Remove hidden data, for giving it to others
    #[arg(long)]
    pub clean: bool,
    #[command(flatten)]
    pub cleaning: Cleaning,
}

/// 出力.
#[derive(Debug, Args)]
pub struct Export {
    /// ファイルまたはフォルダ / Files or folders
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// 出力先フォルダ / Folder to write the plain documents to
    #[arg(long, value_name = "DIR")]
    pub to: PathBuf,
    /// 利用目的 / Purpose
    #[arg(long, default_value = "")]
    pub purpose: String,
    /// サーバに接続しない / Do not contact the server
    #[arg(long)]
    pub offline: bool,
    /// 隠れた情報を除去して出力する（提供用） / Remove hidden data, for giving it to others
    #[arg(long)]
    pub clean: bool,
    #[command(flatten)]
    pub cleaning: Cleaning,
    /// 同時に処理する数 / Files at a time
    #[arg(long, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
}

/// ファイル.
#[derive(Debug, Args)]
pub struct Files {
    /// ファイル / Files
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
}

/// 編集.
#[derive(Debug, Args)]
pub struct Edit {
    /// 保護された文書 / Protected document
    pub path: PathBuf,
    /// 利用目的 / Purpose
    #[arg(long, default_value = "")]
    pub purpose: String,
    /// 使うソフトと引数（既定は KAKUZUKE_EDITOR、なければ登録されたソフト） / Program and arguments to use (default:
    /// KAKUZUKE_EDITOR, else the registered one)
    #[arg(last = true)]
    pub program: Vec<OsString>,
}

/// 申請の種類.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// 閲覧 / To be a reader
    View,
    /// 複製 / To copy
    Copy,
    /// 印刷 / To print
    Print,
    /// 平文での出力 / To write the plain document
    Export,
    /// 編集 / To edit
    Edit,
    /// 範囲外への提供 / To provide to others
    Provide,
    /// 要管理対策区域外での利用・持出し / To take out or use outside
    TakeOut,
    /// 格付・取扱制限の見直し / To change the grade
    Relabel,
    /// 復号鍵の消去 / To erase the keys
    Destroy,
    /// 例外措置 / An exception
    Exception,
}

/// 申請.
#[derive(Debug, Args)]
pub struct Request {
    /// 種類 / Kind
    #[arg(long, value_enum)]
    pub kind: Kind,
    /// 対象の文書 / Document
    pub path: Option<PathBuf>,
    /// 理由 / Reason
    #[arg(long)]
    pub reason: String,
    /// 必要な期間（日数） / Days it is needed for
    #[arg(long, value_name = "DAYS")]
    pub days: Option<u16>,
    /// 見直し後の格付案 / For relabel: the grade proposed
    #[arg(long)]
    pub grade: Option<String>,
    /// 見直し後の取扱制限案 / For relabel: the restrictions proposed
    #[arg(long = "restrict", value_name = "取扱制限", value_delimiter = '・')]
    pub restrictions: Vec<String>,
}

/// 許可.
#[derive(Debug, Args)]
pub struct Approve {
    /// 申請番号 / Number of the application
    pub number: u64,
    /// 理由 / Reason
    #[arg(long, default_value = "")]
    pub reason: String,
    /// 有効期間（日数） / Days it holds for
    #[arg(long, value_name = "DAYS")]
    pub days: Option<u16>,
    /// どの官職として / In which post
    #[arg(long)]
    pub post: Option<String>,
}

/// 不許可.
#[derive(Debug, Args)]
pub struct Reject {
    /// 申請番号 / Number of the application
    pub number: u64,
    /// 理由 / Reason
    #[arg(long)]
    pub reason: String,
}

/// 取消し.
#[derive(Debug, Args)]
pub struct Revoke {
    /// 文書（利用停止） / Document
    #[arg(required_unless_present_any = ["subject", "device"])]
    pub path: Option<PathBuf>,
    /// この人の閲覧権限だけを取り消す / Only this reader's right
    #[arg(long, value_name = "SUBJECT", requires = "path", conflicts_with = "resume")]
    pub reader: Option<String>,
    /// 利用停止を解除する / Lift the suspension
    #[arg(long, requires = "path")]
    pub resume: bool,
    /// 人の利用を止める / A subject
    #[arg(long, value_name = "SUBJECT", conflicts_with_all = ["path", "device"])]
    pub subject: Option<String>,
    /// 端末を失効させる / A device
    #[arg(long, value_name = "DEVICE", conflicts_with = "path")]
    pub device: Option<String>,
    /// 理由 / Reason
    #[arg(long)]
    pub reason: String,
}

/// 鍵の消去.
#[derive(Debug, Args)]
pub struct Destroy {
    /// 保護された文書 / Protected document
    pub path: PathBuf,
    /// 理由 / Reason
    #[arg(long)]
    pub reason: String,
    /// 鍵消去証明書の保存先 / Where to save the certificate
    #[arg(long, value_name = "FILE")]
    pub certificate: Option<PathBuf>,
    /// 確認なしで実行する / Do not ask
    #[arg(long)]
    pub yes: bool,
}

/// 同期.
#[derive(Debug, Args)]
pub struct Sync {
    /// 手元に置くチケットの数 / How many tickets to have at hand
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u16).range(0..=1000))]
    pub tickets: u16,
}

/// 貸出し.
#[derive(Debug, Args)]
pub struct Lease {
    /// 保護された文書 / Protected document
    pub path: PathBuf,
    /// 時間数 / For how many hours
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=8760))]
    pub hours: u32,
    /// 利用目的 / Purpose
    #[arg(long)]
    pub purpose: String,
}

/// 文書の検索.
#[derive(Debug, Args)]
pub struct Documents {
    /// 件名の一部（省略するとすべて） / Part of the title; all if left out
    #[arg(default_value = "")]
    pub title: String,
}

/// 監査ログ.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// ログの整合性を検証する / Verify the log
    Verify {
        /// 出力済みのログ（既定はサーバから取得） / An exported log (default: fetched from the server)
        file: Option<PathBuf>,
        /// 検証鍵（既定はプロファイルのもの） / Verifier key (default: the profile's)
        #[arg(long)]
        key: Option<String>,
    },
    /// ログをファイルに出力する（監査者には全文） / Write the log to a file; auditors get the texts
    Export {
        /// 出力先 / File to write
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
    },
}

/// 実演.
#[cfg(feature = "embedded")]
#[derive(Debug, Args)]
pub struct Demo {
    /// 使う文書（写しを使う。既定は見本） / Documents to use, as copies (default: the samples)
    pub files: Vec<PathBuf>,
    /// 結果を置くフォルダ / Folder to leave the results in
    #[arg(long, default_value = "kakuzuke-demo")]
    pub dir: PathBuf,
}
