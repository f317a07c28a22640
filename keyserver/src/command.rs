//! 命令. What the program `kakuzuke-keyserver` can be told.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand};
use kakuzuke_core::crypto::KeySuite;
use kakuzuke_core::id::SubjectId;

use crate::app::App;
use crate::config::Config;
use crate::directory::{Enrolee, make_code};
use crate::founding::found;
use crate::recovery;
use crate::renewal;
use crate::server::{Server, system_clock};
use crate::store::RoleSet;
use crate::zones::LOOPBACK;

/// 鍵サーバ。 / Key server: releases a key only to an authorised subject, after a logged decision.
#[derive(Debug, Parser)]
#[command(name = "kakuzuke-keyserver", version, arg_required_else_help = true)]
pub struct Cli {
    /// What to do
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 機関を設立する / Found an authority in a new folder; prints the first two enrolment codes
    Init(Init),
    /// 運転する / Run the server
    Run {
        /// サーバのフォルダ / The server's folder
        dir: PathBuf,
        /// 待ち受けるアドレス / Address to listen on
        #[arg(long)]
        listen: Option<SocketAddr>,
    },
    /// 鍵暗号化鍵を更新する（次の起動から） / Make a new key-encryption key, used from the next start on
    Rotate {
        /// サーバのフォルダ / The server's folder
        dir: PathBuf,
    },
    /// 写しを別のディスクに始める（次の起動から） / Begin a copy on another disk; kept from the next start on
    Copy {
        /// サーバのフォルダ / The server's folder
        dir: PathBuf,
        /// 写しを置く新しいフォルダ / New folder for the copy
        copy: PathBuf,
    },
    /// 写しからサーバを復元する / Make a server of its copy, in a new folder
    Restore(Restore),
    /// 登録コードを発行する / Make a one-time enrolment code; printed on the last line
    Enrol(Enrol),
    /// インタフェースの定義を出力する / Print the OpenAPI document
    Openapi,
}

#[derive(Debug, Args)]
struct Init {
    /// 新しいフォルダ / New folder
    dir: PathBuf,
    /// 機関名 / Name of the agency
    #[arg(long, default_value = "○○庁")]
    agency: String,
    /// Its name in English
    #[arg(long, default_value = "Agency")]
    agency_en: String,
    /// 待ち受けるアドレス / Address to listen on
    #[arg(long, default_value = "127.0.0.1:8440")]
    listen: SocketAddr,
    /// 端末から見たアドレス（複数可） / host:port clients use; the address to listen on if left out
    #[arg(long)]
    address: Vec<String>,
    /// 要管理対策区域のネットワーク（複数可） / Networks inside the controlled zone, address/prefix
    #[arg(long)]
    zone: Vec<String>,
    /// 写しを置くフォルダ（別のディスク）。可用性２情報に必要 / Folder of a second copy, on another disk; 可用性2 needs it
    #[arg(long)]
    copy: Option<PathBuf>,
    /// 暗号方式：kz1, kz2, kz3 / Cryptographic profile
    #[arg(long, default_value = "kz3", value_parser = suite)]
    suite: KeySuite,
    /// 最初の管理者の識別子 / Id of the first administrator
    #[arg(long, default_value = "admin")]
    administrator: SubjectId,
    /// 最初の職員の識別子 / Id of the first officer
    #[arg(long, default_value = "officer")]
    officer: SubjectId,
}

#[derive(Debug, Args)]
struct Restore {
    /// 写しのフォルダ / The copy's folder
    copy: PathBuf,
    /// 新しいフォルダ / New folder
    dir: PathBuf,
    /// マスターパスフレーズのファイル / File with the master passphrase
    #[arg(long, value_name = "FILE")]
    passphrase_file: PathBuf,
    /// 残っている監査ログ（log.jsonl） / Log that survived elsewhere: the copy must hold all of it
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Enrol {
    /// サーバのフォルダ / The server's folder
    dir: PathBuf,
    /// 識別子 / Id of the subject
    subject: SubjectId,
    /// 氏名 / Name
    #[arg(long)]
    name: Option<String>,
    /// 役割（複数可）：officer, administrator, auditor。提供先は recipient / Role; recipient for whoever only opens what is provided
    #[arg(long, default_value = "officer")]
    role: Vec<String>,
    /// 所属 / Unit
    #[arg(long, default_value = "")]
    unit: String,
    /// 官職（複数可） / Post
    #[arg(long)]
    post: Vec<String>,
    /// 端末から見たアドレス / host:port for the code; the first of the configuration if left out
    #[arg(long)]
    address: Option<String>,
}

fn suite(text: &str) -> Result<KeySuite, String> {
    let found = KeySuite::ALL.iter().find(|suite| suite.name().eq_ignore_ascii_case(text));
    found.copied().ok_or_else(|| "kz1, kz2, kz3".to_owned())
}

type Outcome = Result<(), Box<dyn std::error::Error>>;

impl Cli {
    /// Does what was asked.
    ///
    /// # Errors
    /// What went wrong, to be shown to the operator.
    pub fn run(self) -> Outcome {
        match self.command {
            Command::Init(args) => init(args),
            Command::Run { dir, listen } => run(&dir, listen),
            Command::Rotate { dir } => {
                renewal::rotate(&dir, system_clock())?;
                say(&["鍵暗号化鍵を更新しました。サーバを再起動してください / a new key-encryption key is used when the server is started next".to_owned()])
            }
            Command::Copy { dir, copy } => {
                recovery::begin_copy(&dir, &copy)?;
                say(&["写しを始めます。サーバを再起動してください / the copy begins when the server is started next"
                    .to_owned()])
            }
            Command::Restore(args) => restore(&args),
            Command::Enrol(args) => enrol(args),
            Command::Openapi => say(&[crate::openapi::document()?]),
        }
    }
}

fn say(lines: &[String]) -> Outcome {
    let mut out = io::stdout().lock();
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    out.flush()?;
    Ok(())
}

fn init(args: Init) -> Outcome {
    let mut config = Config::embedded(args.listen);
    (config.name_ja, config.name_en, config.suite) = (args.agency, args.agency_en, args.suite);
    if !args.address.is_empty() {
        config.addresses = args.address;
    }
    let zone = if args.zone.is_empty() { LOOPBACK.map(ToOwned::to_owned).to_vec() } else { args.zone };
    config.copy = args.copy.map(std::path::absolute).transpose()?;
    let person = |subject: SubjectId, name: &str, role: &str| -> Result<Enrolee, String> {
        let roles = RoleSet::from_names([role]).ok_or("role")?;
        Ok(Enrolee { subject, name: name.to_owned(), roles, unit: String::new(), posts: Vec::new(), until: None })
    };
    let administrator = person(args.administrator, "管理者", "administrator")?;
    let officer = person(args.officer, "最初の職員", "officer")?;
    let codes = found(&args.dir, &config, &zone, (&administrator, &officer), system_clock())?;
    say(&[
        format!("機関を設立しました / authority founded: {}", args.dir.display()),
        "登録コード（一度だけ、24時間有効） / enrolment codes, once, within 24 hours:".to_owned(),
        format!("{}\t{}", administrator.subject, codes.administrator),
        format!("{}\t{}", officer.subject, codes.officer),
    ])
}

fn run(dir: &Path, listen: Option<SocketAddr>) -> Outcome {
    let server = Server::start(dir, listen, system_clock())?;
    say(&[format!("listening on https://{}", server.address())])?;
    server.run_until_signal()?;
    Ok(())
}

fn restore(args: &Restore) -> Outcome {
    let restored =
        recovery::restore(&args.copy, &args.dir, &args.passphrase_file, args.log.as_deref(), system_clock())?;
    let entries = restored.entries;
    let mut lines = vec![format!(
        "復元しました（監査ログ {entries} 件まで） / restored up to log entry {entries}: {}",
        args.dir.display()
    )];
    if args.log.is_none() {
        lines.push("残っている監査ログと照合していません（--log）。これより後の記録があれば失われています / not compared with a surviving log (--log): entries after these, if there were any, are lost".to_owned());
    }
    lines.push(
        "写しを続けるには copy コマンドで始めてください / to keep a copy again, begin one with the copy command"
            .to_owned(),
    );
    say(&lines)
}

fn enrol(args: Enrol) -> Outcome {
    let roles = RoleSet::from_names(args.role.iter().map(String::as_str))
        .ok_or("--role: officer, administrator, auditor; or recipient alone")?;
    let app = App::open_quietly(&args.dir, system_clock())?;
    let enrolee = Enrolee {
        name: args.name.unwrap_or_else(|| args.subject.to_string()),
        subject: args.subject,
        roles,
        unit: args.unit,
        posts: args.post,
        until: None,
    };
    let first = app.config.addresses.first().cloned();
    let address = args.address.or(first).ok_or("no address")?;
    let code = make_code(&app, &enrolee, &address).map_err(|refusal| refusal.0.detail.en.into_owned())?;
    say(&[format!("{}\t{}\t{}", enrolee.subject, enrolee.name, enrolee.unit), code.to_string()])
}
