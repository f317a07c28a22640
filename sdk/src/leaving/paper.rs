//! 印刷. Numbered prints, each with the marking paper has (機密性 and its restrictions only, 1.1(2)(b)), for whom it is, who printed it
//! and when: a copy that is found says whose it was.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::label::{Axis, Label};
use kakuzuke_core::licence::{Right, Rights};
use kakuzuke_core::protocol::{Bytes, Departure, Leaving, PrintRequest, paths};
use kakuzuke_formats::{Ability, Can, Kind, Marking, Signatures, can, mark};

use super::scratch::Scratch;
use super::{Lying, new_request, one_line};
use crate::cancel;
use crate::error::{Error, Result};
use crate::files::{safe_name, write_whole};
use crate::messages;
use crate::open::Document;
use crate::options::{Opening, Overwrite};
use crate::platform;
use crate::session::Session;

/// The program that turns office documents into pages.
const RENDERER: &str = "soffice";
/// It is stopped after this long.
const PATIENCE: Duration = Duration::from_secs(180);
/// Bytes of a document at most.
const LARGEST: u64 = 512 << 20;

/// 印刷. For whom and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Print {
    /// For whom each copy is; one for each.
    pub holders: Vec<String>,
    /// 利用目的.
    pub purpose: String,
}

/// What was printed.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PrintedFile {
    /// 台帳番号.
    pub ledger: u64,
    /// One PDF for each copy, in the order of numbers.
    pub files: Vec<PathBuf>,
    /// What somebody should know.
    pub notes: Vec<Text>,
}

/// The pages of a document, and under which label.
struct Pages {
    pdf: Vec<u8>,
    label: Label,
    leaving: Leaving,
    on_disk: bool,
}

impl Session {
    /// Makes a PDF for each copy, marked and numbered: `out` with `-1`, `-2` … before its ending. They are plain: print and
    /// delete them.
    ///
    /// # Errors
    /// [`Code::Denied`] with clause and remedy, [`Code::Unsupported`] when there is no program to make pages of this kind of
    /// document; then nothing is written.
    pub fn print(&self, path: &Path, print: &Print, out: &Path) -> Result<PrintedFile> {
        let purpose = one_line(&print.purpose)?;
        if let Can::No(why) = can(Kind::Pdf, Ability::Mark) {
            return Err(Error::new(Code::Unsupported, why).at(path));
        }
        let targets = targets(out, print.holders.len())?;
        let pages = self.pages(path, purpose)?;
        // Whether the pages take a marking is found out before the ledger says that they were printed.
        marked(&pages, &line(&pages.label, "第1号"))?;
        let request = PrintRequest {
            item: pages.leaving.clone(),
            holders: print.holders.clone(),
            purpose: purpose.to_owned(),
            request: new_request()?,
        };
        // What the ledger has is written too.
        cancel::to_the_end(|| self.record_and_write(&pages, &request, targets))
    }

    /// Records the prints, and writes them.
    fn record_and_write(&self, pages: &Pages, request: &PrintRequest, targets: Vec<PathBuf>) -> Result<PrintedFile> {
        let desk = &self.0;
        let place = format!("{}/{}", paths::DEPARTURES, paths::PRINT);
        let departure: Departure = desk.server.post(desk.caller(), &place, request)?;
        let mut notes = vec![messages::PRINTS_ARE_PLAIN];
        if pages.on_disk {
            notes.push(messages::RENDERED_ON_DISK);
        }
        for (copy, target) in departure.copies.iter().zip(&targets) {
            let who = &self.profile().name;
            let printed = format!(
                "第{}号／全{}号　配付先：{}　印刷：{who} {}　台帳{}",
                copy.number,
                departure.copies.len(),
                copy.holder,
                departure.at.japan_text(),
                departure.number,
            );
            let pdf = marked(pages, &line(&pages.label, &printed))?;
            write_whole(target, Overwrite::Refuse, |file| file.write_all(&pdf))?;
        }
        Ok(PrintedFile { ledger: departure.number, files: targets, notes })
    }

    /// The document as pages, as far as this officer may print it.
    fn pages(&self, path: &Path, purpose: &str) -> Result<Pages> {
        let desk = &self.0;
        match desk.lying(path)? {
            Lying::Sealed(found) => {
                let wanted = Rights::VIEW.with(Right::Print);
                let opening = Opening { purpose: purpose.to_owned(), wanted, ..Opening::default() };
                let leaving =
                    Leaving { head: Some(Bytes::from(found.bytes.as_slice())), label: None, accepted: Vec::new() };
                let document = Document::open(std::sync::Arc::clone(desk), *found, &opening).map_err(|e| e.at(path))?;
                let content = content(&document, path)?;
                let label = document.current_label();
                let (pdf, on_disk) = as_pdf(content, document.file_name(), path)?;
                Ok(Pages { pdf, label, leaving, on_disk })
            }
            Lying::Labelled(label) => {
                self.verify(path)?;
                let content = super::read_bounded(path, LARGEST, messages::TOO_LARGE_TO_PRINT)?;
                let leaving = Leaving { head: None, label: Some(Bytes::from(label.as_bytes())), accepted: Vec::new() };
                let (pdf, on_disk) = as_pdf(content, &super::name_of(path), path)?;
                Ok(Pages { pdf, label: label.claims().label().clone(), leaving, on_disk })
            }
            Lying::Bare => Err(desk.not_graded(path, true)),
        }
    }
}

fn content(document: &Document, path: &Path) -> Result<Vec<u8>> {
    if document.size() > LARGEST {
        return Err(Error::new(Code::LimitExceeded, messages::TOO_LARGE_TO_PRINT).at(path));
    }
    let mut bytes = vec![0; usize::try_from(document.size()).unwrap_or(usize::MAX)];
    let mut at = 0;
    while at < bytes.len() {
        let Some(rest) = bytes.get_mut(at..) else { break };
        let n = document.read_at(at as u64, rest)?;
        if n == 0 {
            return Err(Error::of(Code::Damaged).at(path));
        }
        at += n;
    }
    Ok(bytes)
}

/// 機密性 and the restrictions of its axis: paper has no other grade (1.2(1)).
fn line(label: &Label, printed: &str) -> String {
    format!("{}　{printed}", label.paper_marking())
}

fn marked(pages: &Pages, line: &str) -> Result<Vec<u8>> {
    let bounded = !pages.label.restrictions().of_axis(Axis::Confidentiality).is_empty();
    let watermark =
        (bounded || pages.label.grades().requires_confidentiality()).then(|| pages.label.file_name_prefix());
    let failed = |e: kakuzuke_formats::MarkError| Error::of(e.code()).caused_by(e);
    let marking = Marking::new(line, watermark.as_deref()).map_err(failed)?;
    let mut out = Vec::new();
    // A print carries no signature: nothing is lost that paper could keep.
    mark(&pages.pdf, Some("a.pdf"), &marking, Signatures::Break, &mut out).map_err(failed)?;
    Ok(out)
}

fn targets(out: &Path, copies: usize) -> Result<Vec<PathBuf>> {
    let stem = out.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let targets: Vec<PathBuf> = (1..=copies).map(|number| out.with_file_name(format!("{stem}-{number}.pdf"))).collect();
    match targets.iter().find(|target| target.symlink_metadata().is_ok()) {
        Some(taken) => Err(Error::new(Code::Conflict, messages::NAME_TAKEN).at(taken)),
        None => Ok(targets),
    }
}

/// The pages of a document; whether its plaintext had to lie on a disk for that.
fn as_pdf(content: Vec<u8>, name: &str, path: &Path) -> Result<(Vec<u8>, bool)> {
    let kind = kakuzuke_formats::detect(&content, Some(name)).map(|found| found.kind);
    if matches!(kind, Ok(Kind::Pdf)) {
        return Ok((content, false));
    }
    // Removed when dropped, whatever comes in between; on a disk only where there is no memory to hold it.
    let scratch = Scratch::make().map_err(|e| Error::io(path, e))?;
    let in_memory = scratch.in_memory;
    let pdf = render(&content, name, scratch.path()).map_err(|e| e.at(path))?;
    scratch.close().map_err(|e| Error::io(path, e))?;
    Ok((pdf, !in_memory))
}

/// A profile in which nothing that a document names is fetched: links are not followed, and there is no way to the network.
fn settle(folder: &Path) -> std::io::Result<()> {
    const SETTINGS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<oor:items xmlns:oor=\"http://openoffice.org/2001/registry\">\
        <item oor:path=\"/org.openoffice.Office.Common/Security/Scripting\"><prop oor:name=\"BlockUntrustedRefererLinks\" oor:op=\"fuse\"><value>true</value></prop></item>\
        <item oor:path=\"/org.openoffice.Office.Common/Security/Scripting\"><prop oor:name=\"DisableMacrosExecution\" oor:op=\"fuse\"><value>true</value></prop></item>\
        <item oor:path=\"/org.openoffice.Inet/Settings\"><prop oor:name=\"ooInetProxyType\" oor:op=\"fuse\"><value>2</value></prop></item>\
        <item oor:path=\"/org.openoffice.Inet/Settings\"><prop oor:name=\"ooInetHTTPProxyName\" oor:op=\"fuse\"><value>127.0.0.1</value></prop></item>\
        <item oor:path=\"/org.openoffice.Inet/Settings\"><prop oor:name=\"ooInetHTTPProxyPort\" oor:op=\"fuse\"><value>9</value></prop></item>\
        <item oor:path=\"/org.openoffice.Inet/Settings\"><prop oor:name=\"ooInetHTTPSProxyName\" oor:op=\"fuse\"><value>127.0.0.1</value></prop></item>\
        <item oor:path=\"/org.openoffice.Inet/Settings\"><prop oor:name=\"ooInetHTTPSProxyPort\" oor:op=\"fuse\"><value>9</value></prop></item>\
        <item oor:path=\"/org.openoffice.Inet/Settings\"><prop oor:name=\"ooInetNoProxy\" oor:op=\"fuse\"><value></value></prop></item>\
        </oor:items>";
    let user = folder.join("home/user");
    std::fs::create_dir_all(&user)?;
    std::fs::write(user.join("registrymodifications.xcu"), SETTINGS)
}

fn render(content: &[u8], name: &str, folder: &Path) -> Result<Vec<u8>> {
    let unable = || Error::new(Code::Unsupported, messages::NO_RENDERER);
    let ending = safe_name(name).and_then(|name| Some(name.rsplit_once('.')?.1.to_owned())).ok_or_else(unable)?;
    let source = folder.join(format!("document.{ending}"));
    std::fs::write(&source, content).map_err(|e| Error::io(&source, e))?;
    settle(folder).map_err(|e| Error::io(folder, e))?;
    let home = format!("-env:UserInstallation={}", platform::file_url(&folder.join("home")));
    let mut command = Command::new(platform::program(RENDERER));
    command.args([&home, "--headless", "--norestore", "--convert-to", "pdf", "--outdir"]).arg(folder).arg(&source);
    command.env("TMPDIR", folder).env("HOME", folder);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut family = platform::Family::start(&mut command).map_err(|e| unable().caused_by(e))?;
    let began = Instant::now();
    let ended = loop {
        cancel::check().map_err(|e| Error::io(folder, e))?;
        match family.ended().map_err(|e| unable().caused_by(e))? {
            Some(status) => break status.success(),
            None if began.elapsed() > PATIENCE => break false,
            None => std::thread::sleep(Duration::from_millis(50)),
        }
    };
    // Nothing of it reads or writes in the folder any more.
    drop(family);
    let pdf = std::fs::read(folder.join("document.pdf"));
    pdf.ok().filter(|pdf| ended && !pdf.is_empty()).ok_or_else(unable)
}
