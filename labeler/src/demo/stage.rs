//! 舞台. An agency on this machine: its key server on loopback, an administrator, three officers, the documents.

use std::fs;
use std::path::{Path, PathBuf};

use kakuzuke::{ApprovalDecision, ApprovalState, EnrolmentCode, Error, Result, Session, SessionOptions, Verdict};

use super::samples::SAMPLES;
use super::server::{Enrolee, Server};
use super::teller::Teller;

/// An officer with a device.
pub struct Officer {
    /// Their session.
    pub session: Session,
}

/// A document of the story.
pub struct Piece {
    /// The officer's file, protected in place.
    pub path: PathBuf,
    /// The original beside it, for comparison.
    pub original: PathBuf,
}

/// Everything the story needs.
pub struct Stage {
    dir: PathBuf,
    server: Server,
    /// 佐藤, 総務課長: author and decider.
    pub sato: Officer,
    /// 鈴木, 総務課: a reader.
    pub suzuki: Officer,
    /// 田中, 会計課: from another section.
    pub tanaka: Officer,
    /// The documents.
    pub pieces: Vec<Piece>,
}

const SATO: Enrolee =
    Enrolee { subject: "sato", name: "佐藤", role: "officer", unit: "総務課", post: Some("総務課長") };
const SUZUKI: Enrolee = Enrolee { subject: "suzuki", name: "鈴木", role: "officer", unit: "総務課", post: None };
const TANAKA: Enrolee = Enrolee { subject: "tanaka", name: "田中", role: "officer", unit: "会計課", post: None };

impl Stage {
    /// Sets it up in `dir`.
    pub fn set(dir: &Path, files: &[PathBuf], teller: &mut Teller) -> Result<Self> {
        teller.step(
            "庁内の鍵サーバを起動し、職員の端末を登録します",
            "The agency's key server starts; the officers' devices are enrolled",
        );
        let pieces = lay_out(dir, files)?;
        let server = Server::start(&dir.join("鍵サーバ"))?;
        teller.line(
            &format!("鍵サーバ https://{}（この端末の中だけ、SQLite、TLS 1.3）", server.address()),
            &format!("key server https://{} (this machine only, SQLite, TLS 1.3)", server.address()),
        );
        let sato = enrol(dir, &server, &SATO, None, teller)?;
        let suzuki = enrol(dir, &server, &SUZUKI, Some(&sato), teller)?;
        let tanaka = enrol(dir, &server, &TANAKA, Some(&sato), teller)?;
        Ok(Self { dir: dir.to_owned(), server, sato, suzuki, tanaka, pieces })
    }

    /// Where the protected documents lie.
    pub fn documents_dir(&self) -> PathBuf {
        self.dir.join("文書")
    }

    /// Where officers put what they open.
    pub fn opened_dir(&self) -> Result<PathBuf> {
        let dir = self.dir.join("開いたもの");
        fs::create_dir_all(&dir).map_err(|e| Error::io(&dir, e))?;
        Ok(dir)
    }

    /// Stops the server.
    pub fn close(self) {
        self.server.stop();
    }
}

/// One officer's device. Once there are officers, who is added needs the yes of one who is no administrator.
fn enrol(
    dir: &Path,
    server: &Server,
    who: &Enrolee,
    approver: Option<&Officer>,
    teller: &mut Teller,
) -> Result<Officer> {
    let code: EnrolmentCode = server.code(who)?;
    let folder = dir.join("端末").join(who.name);
    let enrolled = kakuzuke::enrol(&code, &folder, who.name, &SessionOptions::default())?;
    let post = who.post.unwrap_or("職員");
    let mut note = ("", "");
    if enrolled.pending
        && let Some(approver) = approver
    {
        approve_all(&approver.session)?;
        note = ("：管理者の登録を佐藤さんが承認", ": entered by the administrator, approved by Satō");
    }
    teller.line(
        &format!("{}さん（{} {post}）{}", who.name, who.unit, note.0),
        &format!("{} ({} {post}){}", who.name, who.unit, note.1),
    );
    Ok(Officer { session: Session::open(&folder)? })
}

/// Approves what waits for this officer.
pub fn approve_all(session: &Session) -> Result<Vec<u64>> {
    let mut approved = Vec::new();
    for record in session.requests()? {
        if record.state == ApprovalState::Pending {
            let yes = ApprovalDecision {
                verdict: Verdict::Approve,
                reason: "業務上必要と認める".to_owned(),
                post: None,
                until: None,
            };
            session.decide(record.number, &yes)?;
            approved.push(record.number);
        }
    }
    Ok(approved)
}

/// Copies of the documents: the officers' files, and the originals to compare with.
fn lay_out(dir: &Path, files: &[PathBuf]) -> Result<Vec<Piece>> {
    let (documents, originals) = (dir.join("文書"), dir.join("元の文書"));
    for folder in [&documents, &originals] {
        fs::create_dir_all(folder).map_err(|e| Error::io(folder, e))?;
    }
    let mut pieces = Vec::new();
    let mut add = |name: &std::ffi::OsStr, bytes: &mut dyn FnMut(&Path) -> Result<()>| -> Result<()> {
        let piece = Piece { path: documents.join(name), original: originals.join(name) };
        bytes(&piece.original)?;
        fs::copy(&piece.original, &piece.path).map_err(|e| Error::io(&piece.path, e))?;
        pieces.push(piece);
        Ok(())
    };
    if files.is_empty() {
        for (name, content) in SAMPLES {
            add(name.as_ref(), &mut |to| fs::write(to, content).map_err(|e| Error::io(to, e)))?;
        }
    }
    for (number, file) in files.iter().enumerate() {
        let name = file.file_name().ok_or_else(|| Error::of(kakuzuke::code::Code::Unsupported).at(file))?;
        // Two files of one name from different folders both have their place.
        let taken = documents.join(name).exists();
        let name = if taken { format!("{number}-{}", name.to_string_lossy()).into() } else { name.to_owned() };
        add(&name, &mut |to| fs::copy(file, to).map(drop).map_err(|e| Error::io(file, e)))?;
    }
    Ok(pieces)
}
