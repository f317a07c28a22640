//! 公表. A copy for the public: only 機密性1 (3.1.1(5)(a)), and nothing hidden in it that nobody answered for (3.1.1(5)(d)).
//! The original is only read.

use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::licence::{Right, Rights};
use kakuzuke_formats::{Category, Fate, Report, Source, Wanted, sanitise};
use serde::Serialize;

use crate::error::{Error, Result};
use crate::files::{Draft, Original, Replace, write_whole};
use crate::inspect::{Content, HiddenCount, Inspected, failed, name_of};
use crate::look::examine;
use crate::messages;
use crate::open::Document;
use crate::options::{Contact, Opening, Overwrite};
use crate::reports::{Form, SignatureState};
use crate::session::Session;
use crate::signing::{self, Signature, SignedBy, Signing};

/// 公表の指示. What to do with hidden data.
#[derive(Debug, Clone, Default)]
pub struct Publishing {
    /// 認めるもの: categories that stay, each with the reason.
    pub accepted: BTreeMap<Category, String>,
    /// Categories removed besides those that always are.
    pub removed: Vec<Category>,
    /// What to do when there is a file of that name.
    pub overwrite: Overwrite,
    /// What the copy is signed with, if it is.
    pub signing: Option<Signing>,
}

/// 公表用の写し.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Published {
    /// The original, untouched.
    pub original: PathBuf,
    /// The copy.
    pub path: PathBuf,
    /// Its length in bytes.
    pub bytes: u64,
    /// What was found in the original.
    pub found: Inspected,
    /// What remains in the copy, all of it accepted.
    pub remains: Inspected,
    /// Who answers for what remains, and why.
    pub accepted: Vec<Accepted>,
    /// Who signed it.
    pub signed: Option<SignedBy>,
    /// What somebody should know before it is given away.
    pub notes: Vec<Text>,
}

/// まとめて出力するとき.
#[derive(Debug, Clone, Default)]
pub struct Exporting {
    /// How the documents are opened.
    pub opening: Opening,
    /// What becomes of hidden data; they stay, and are told of, if nothing is said.
    pub cleaning: Option<Publishing>,
}

/// 出力したもの. A plain document that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Exported {
    /// Where it lies.
    pub path: PathBuf,
    /// What is hidden in it.
    pub hidden: Vec<HiddenCount>,
    /// What was hidden in it and was taken out.
    pub removed: Vec<HiddenCount>,
}

impl Published {
    /// What was found and is gone.
    #[must_use]
    pub fn removed(&self) -> Vec<HiddenCount> {
        let stays = |count: &&HiddenCount| !self.remains.counts.iter().any(|c| c.category == count.category);
        self.found.counts.iter().filter(stays).cloned().collect()
    }
}

/// 認めたもの.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Accepted {
    /// The category's name for command lines.
    pub category: &'static str,
    /// The category's name for people.
    pub name: Text,
    /// How often.
    pub count: u64,
    /// The reason given.
    pub reason: String,
}

impl Publishing {
    fn wanted(&self) -> Wanted {
        let wanted = self.removed.iter().fold(Wanted::usual(), |wanted, category| wanted.with(*category));
        self.accepted.keys().fold(wanted, |wanted, category| wanted.without(*category))
    }

    /// 利用目的 as the server logs it: with what was accepted, and why.
    #[must_use]
    pub fn purpose(&self, purpose: &str) -> String {
        let accepted =
            self.accepted.iter().map(|(category, reason)| format!("{}を認める：{reason}", category.name().ja));
        let accepted: Vec<String> = accepted.collect();
        if accepted.is_empty() { purpose.to_owned() } else { format!("{purpose}（{}）", accepted.join("、")) }
    }

    fn reasons(&self, report: &Report) -> Vec<Accepted> {
        let counts = report.counts();
        let used =
            self.accepted.iter().filter_map(|(category, reason)| Some((category, counts.get(category)?, reason)));
        used.map(|(category, count, reason)| Accepted {
            category: category.slug(),
            count: *count,
            name: category.name(),
            reason: reason.clone(),
        })
        .collect()
    }

    /// What would remain without anybody answering for it.
    fn open_questions(&self, report: &Report, goes: impl Fn(Category) -> bool) -> Vec<Text> {
        let open = |category: &Category| !self.accepted.contains_key(category) && !goes(*category);
        report.counts().into_keys().filter(open).map(Category::name).collect()
    }
}

impl Session {
    /// 公表. Writes a copy of a 機密性1 document without hidden data, having looked at the copy again.
    ///
    /// # Errors
    /// [`Code::Denied`] on 3.1.1(5)(a) for anything but 機密性1, [`Code::HiddenData`] on 3.1.1(5)(d) when something would
    /// remain that nobody accepted; then there is no copy.
    pub fn publish(&self, path: &Path, out: &Path, publishing: &Publishing) -> Result<Published> {
        refuse_itself(path, out)?;
        let original = Original::read(path)?;
        let (shown, section) = examine(&original, Some(self))?;
        if shown.signature != SignatureState::Valid {
            return Err(self.refusal(messages::LABEL_NOT_VALID).at(path));
        }
        let now = self.0.clock.now();
        if matches!(shown.form, Form::Carrier | Form::Envelope) {
            if !section.label().publishable(now) {
                return Err(self.refusal(messages::NOT_PUBLIC).at(path));
            }
            let wanted = Rights::VIEW.with(Right::Export);
            let opening = Opening { purpose: publishing.purpose("公表"), wanted, contact: Contact::Online };
            let document = self.open_document(path, &opening)?;
            // The label in force at the server decides, not the one in the file.
            if !document.current_label().publishable(now) {
                return Err(self.refusal(messages::NOT_PUBLIC).at(path));
            }
            return self.release(path, &Content(&document), Some(document.file_name()), out, publishing);
        }
        // Signature and, beside a signed file, every byte.
        self.verify(path)?;
        if !section.label().publishable(now) {
            return Err(self.refusal(messages::NOT_PUBLIC).at(path));
        }
        let published = self.release(path, original.file(), name_of(path), out, publishing)?;
        original.check_unchanged()?;
        Ok(Published { notes: shown.unbound().into_iter().collect(), ..published })
    }

    fn refusal(&self, text: Text) -> Error {
        Error::new(Code::Denied, text).on(self.0.taxonomy.clause_note("3.1.1(5)(a)"))
    }

    fn release(
        &self,
        path: &Path,
        source: &dyn Source,
        name: Option<&str>,
        out: &Path,
        publishing: &Publishing,
    ) -> Result<Published> {
        let replace = if publishing.overwrite == Overwrite::Replace { Replace::Always } else { Replace::Never };
        let beside = signing::beside(out);
        if publishing.signing.is_some() && replace == Replace::Never && beside.symlink_metadata().is_ok() {
            return Err(Error::new(Code::Conflict, messages::NAME_TAKEN).at(&beside));
        }
        let (draft, found, remains) = self.cleaned(path, source, name, out, publishing)?;
        let now = self.0.clock.now();
        let signature = publishing.signing.as_ref().map(|signing| signing.sign(draft.file(), out, now)).transpose()?;
        let bytes = draft.file().metadata().map_err(|e| Error::io(out, e))?.len();
        draft.place(out, replace)?;
        let beside = match signature {
            Some(Signature::Beside(bytes)) => {
                write_whole(&beside, publishing.overwrite, |file| file.write_all(&bytes))?;
                Some(beside)
            }
            Some(Signature::Within) | None => None,
        };
        Ok(Published {
            signed: publishing.signing.as_ref().map(|signing| signing.by(beside)),
            original: path.to_owned(),
            path: out.to_owned(),
            bytes,
            found: Inspected::new(path, &found),
            remains: Inspected::new(out, &remains),
            accepted: publishing.reasons(&found),
            notes: Vec::new(),
        })
    }

    /// A draft beside `out` without hidden data, looked at again; what was found before, and what after.
    fn cleaned(
        &self,
        path: &Path,
        source: &dyn Source,
        name: Option<&str>,
        out: &Path,
        publishing: &Publishing,
    ) -> Result<(Draft, Report, Report)> {
        let wanted = publishing.wanted();
        let found = kakuzuke_formats::inspect(source, name).map_err(|e| failed(e, path))?;
        let goes = |category: Category| category.fate() != Fate::Reported && wanted.removes(category);
        self.ask(publishing.open_questions(&found, goes), path)?;
        let draft = Draft::beside(out)?;
        let mut writer = BufWriter::new(draft.file());
        if !found.counts().into_keys().any(goes) {
            copy(source, &mut writer).map_err(|e| Error::io(out, e))?;
        } else {
            sanitise(source, name, &wanted, &mut writer).map_err(|e| failed(e, path))?;
        }
        writer.flush().map_err(|e| Error::io(out, e))?;
        drop(writer);
        let remains = kakuzuke_formats::inspect(draft.file(), name).map_err(|e| failed(e, out))?;
        self.ask(publishing.open_questions(&remains, |_| false), path)?;
        Ok((draft, found, remains))
    }

    fn ask(&self, open: Vec<Text>, path: &Path) -> Result<()> {
        if open.is_empty() {
            return Ok(());
        }
        Err(self.hidden(messages::hidden_data(&open), path))
    }

    /// 点検を経た出力. Writes an open document's content without hidden data, or with what was accepted.
    ///
    /// # Errors
    /// [`Code::Denied`] without the right to export, [`Code::HiddenData`] when something would remain that nobody accepted.
    pub fn export_cleaned(&self, document: &Document, out: &Path, publishing: &Publishing) -> Result<Published> {
        document.stay_licensed()?;
        if !document.rights().allows(Right::Export) {
            return Err(Error::new(Code::Denied, messages::NO_EXPORT).at(out));
        }
        self.release(Path::new(document.file_name()), &Content(document), Some(document.file_name()), out, publishing)
    }
}

fn copy(source: &dyn Source, out: &mut dyn Write) -> std::io::Result<()> {
    std::io::copy(&mut kakuzuke_formats::Cursor::new(source), out).map(drop)
}

/// Also under another name: what is written must not be what is read.
fn refuse_itself(path: &Path, out: &Path) -> Result<()> {
    let same = path == out || matches!((path.canonicalize(), out.canonicalize()), (Ok(a), Ok(b)) if a == b);
    if same { Err(Error::new(Code::Conflict, messages::ONTO_ITSELF).at(out)) } else { Ok(()) }
}
