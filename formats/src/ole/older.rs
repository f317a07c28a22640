//! 旧形式. Older office documents, 一太郎, Outlook messages and other compound files: the label in the properties that users
//! add ([MS-OSHARED] 2.3.3.2.3), where office programs look for it. Every other stream keeps its bytes.

use std::io::Write;

use kakuzuke_core::code::Text;

use super::property::{self, Properties};
use super::{Compound, SIGNATURE, edit};
use crate::ability::{Ability, Can};
use crate::detect::{Detection, Lock, State};
use crate::error::{LabelError, ReadError};
use crate::foreign::{self, ForeignLabel};
use crate::format::Format;
use crate::kind::Kind;
use crate::label::StoredLabel;
use crate::source::Source;
use crate::zip::Fields;

/// The plugin.
pub(crate) struct Older;

impl Format for Older {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Doc, Kind::Xls, Kind::Ppt, Kind::Jtd, Kind::Msg, Kind::Compound]
    }

    fn detect(&self, source: &dyn Source, head: &[u8]) -> Result<Option<Detection>, ReadError> {
        if !head.starts_with(&SIGNATURE) {
            return Ok(None);
        }
        let compound = match Compound::open(source) {
            Ok(Some(compound)) => compound,
            Ok(None) | Err(ReadError::Damaged(_) | ReadError::Limit(_)) => return Ok(None),
            Err(e) => return Err(e),
        };
        let kind = kind(&compound);
        let state = if is_locked(&compound, kind) { State::Locked(Lock::Office) } else { State::Open };
        Ok(Some(Detection { kind, state }))
    }

    fn read_label(&self, source: &dyn Source) -> Result<Option<StoredLabel>, LabelError> {
        let properties = properties(&open(source)?)?;
        StoredLabel::from_properties(properties.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    fn foreign(&self, source: &dyn Source) -> Result<Vec<ForeignLabel>, LabelError> {
        let compound = open(source)?;
        let mut words = properties(&compound)?;
        if kind(&compound) == Kind::Msg {
            words.extend(header(&compound));
        }
        Ok(foreign::of_pairs(&words))
    }

    fn write_label(&self, source: &dyn Source, label: &StoredLabel, out: &mut dyn Write) -> Result<(), LabelError> {
        let compound = open(source)?;
        refuse(&compound)?;
        let mut properties = match compound.at_top(property::STREAM) {
            Some((_, stream)) => Properties::read(&compound.bytes(stream)?)?,
            None => Properties::empty(),
        };
        properties.exchange(StoredLabel::is_property, &label.properties())?;
        // A file whose directory or chains contradict themselves: what can't be read again is not handed on.
        let mut written = Vec::new();
        edit::exchange(&compound, property::STREAM, properties.bytes(), &mut written)?;
        if self.read_label(&written).ok().flatten().as_ref() != Some(label) {
            return Err(ReadError::Damaged("a compound file that contradicts itself").into());
        }
        out.write_all(&written).map_err(LabelError::Write)
    }

    fn can(&self, kind: Kind, ability: Ability) -> Can {
        match (ability, kind) {
            (Ability::Label, Kind::Doc | Kind::Xls | Kind::Ppt | Kind::Jtd) => Can::Yes,
            (Ability::Label, Kind::Msg) => Can::Partly(MESSAGE),
            (Ability::Label, _) => Can::Partly(DOCUMENTS_ONLY),
            (Ability::Text, Kind::Doc | Kind::Xls | Kind::Ppt | Kind::Msg) => Can::Yes,
            (Ability::Text, Kind::Jtd) => Can::Partly(MAIN_TEXT),
            (Ability::Text, _) => Can::Partly(PROPERTIES_ONLY),
            (Ability::Wrap, _) => Can::No(crate::opaque::BARE),
            (Ability::Inspect, Kind::Doc | Kind::Xls | Kind::Ppt) => Can::Yes,
            (Ability::Inspect | Ability::Sanitise, Kind::Msg) => Can::Yes,
            (Ability::Sanitise, Kind::Doc | Kind::Xls | Kind::Ppt) => Can::Partly(CONVERT),
            (Ability::Inspect | Ability::Sanitise, _) => Can::Partly(PROPERTIES_ONLY),
            (Ability::Mark, _) => Can::No(NEWER),
        }
    }
}

const MESSAGE: Text = Text::fixed(
    "ファイルとして複写・添付しても残りますが、メールソフトが保存し直すと失われます。",
    "It stays when the file is copied or attached, and is lost when a mail program saves the message anew.",
);
const DOCUMENTS_ONLY: Text =
    Text::fixed("文書のプロパティを既に持つものだけです。", "Only those that have a document's properties already.");
const MAIN_TEXT: Text = Text::fixed(
    "本文とプロパティだけです。ヘッダー・フッター・枠は読めません。",
    "Only the main text and the properties, not headers, footers and frames.",
);
const CONVERT: Text = Text::fixed(
    "除去できるのはプロパティと、作成者・場所の名前です。コメントや非表示の内容等は報告だけします。新しい形式に変換してから公表してください。",
    "Property sets and names of authors and places are removed; comments, hidden content and the like are only reported: convert the document to the newer format first.",
);
const NEWER: Text = Text::fixed(
    "旧形式の文書には付けられません。新しい形式に変換してから付けてください。",
    "Older documents are not marked. Convert the document to the newer format first.",
);
const PROPERTIES_ONLY: Text = Text::fixed("プロパティだけです。", "Only the properties.");

fn open(source: &dyn Source) -> Result<Compound<'_>, ReadError> {
    Compound::open(source)?.ok_or(ReadError::Damaged("no compound file"))
}

/// What is at the root tells what it is.
fn kind(compound: &Compound<'_>) -> Kind {
    const SIGNS: &[(&str, Kind)] = &[
        ("WordDocument", Kind::Doc),
        ("PowerPoint Document", Kind::Ppt),
        ("Workbook", Kind::Xls),
        ("Book", Kind::Xls),
        ("__properties_version1.0", Kind::Msg),
        ("DocumentText", Kind::Jtd),
        ("JSCompDocument", Kind::Jtd),
    ];
    let found = SIGNS.iter().find(|(name, _)| compound.at_top(name).is_some());
    found.map_or(Kind::Compound, |(_, kind)| *kind)
}

/// The users' properties.
fn properties(compound: &Compound<'_>) -> Result<Vec<(String, String)>, ReadError> {
    match compound.at_top(property::STREAM) {
        Some((_, stream)) => Properties::read(&compound.bytes(stream)?)?.users(),
        None => Ok(Vec::new()),
    }
}

/// What a message keeps of the header field `msip_labels`: a named property of words ([MS-OXMSG] 2.2.3), known by its words.
fn header(compound: &Compound<'_>) -> Vec<(String, String)> {
    let top = compound.top();
    let streams = top.iter().filter_map(|number| compound.entries().get(*number as usize));
    let named =
        streams.filter(|s| s.name.starts_with("__substg1.0_8") && s.name.ends_with("001F") && s.size < 0x1_0000);
    for stream in named.take(256) {
        let bytes = compound.bytes(stream).unwrap_or_default();
        let units: Vec<u16> = bytes.as_chunks().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
        let words = String::from_utf16_lossy(&units);
        if words.get(..11).is_some_and(|start| start.eq_ignore_ascii_case("MSIP_Label_")) {
            return foreign::of_list(&words);
        }
    }
    Vec::new()
}

/// What a label would harm.
fn refuse(compound: &Compound<'_>) -> Result<(), LabelError> {
    let kind = kind(compound);
    if is_locked(compound, kind) {
        return Err(LabelError::Refused(Text::fixed(
            "パスワード等で暗号化された文書のため、格付を書き込めません。",
            "the document is encrypted with a password or by another program",
        )));
    }
    // The hash covers every stream but the signature itself ([MS-OFFCRYPTO] 2.5.1.5).
    if ["_signatures", "_xmlsignatures", "\u{5}DigitalSignature"].iter().any(|name| compound.at_top(name).is_some()) {
        return Err(LabelError::Refused(Text::fixed(
            "電子署名がプロパティにも及んでいるため、格付を書き込むと署名が壊れます。",
            "a signature covers the document's properties",
        )));
    }
    let has = |name: &str| compound.at_top(name).is_some();
    if kind == Kind::Compound && !has(property::STREAM) && !has("\u{5}SummaryInformation") {
        return Err(LabelError::Refused(Text::fixed(
            "文書のプロパティを持たない複合ファイルのため、格付を書き込みません。",
            "a compound file that has no document's properties",
        )));
    }
    Ok(())
}

/// Whether the document is encrypted: with a password, or by rights management.
fn is_locked(compound: &Compound<'_>, kind: Kind) -> bool {
    let start = |name: &str| compound.at_top(name).map(|(_, stream)| compound.beginning(stream)).unwrap_or_default();
    let has = |name: &str| compound.at_top(name).is_some();
    if has("\u{9}DRMContent") {
        return true;
    }
    match kind {
        // fEncrypted ([MS-DOC] 2.5.2).
        Kind::Doc => start("WordDocument").get(11).is_some_and(|flags| flags & 1 != 0),
        Kind::Xls => has_password(&start("Workbook")) || has_password(&start("Book")),
        // headerToken ([MS-PPT] 2.3.2).
        Kind::Ppt => start("Current User").get(12..16) == Some(&[0xDF, 0xC4, 0xD1, 0xF3]) || has("EncryptedSummary"),
        _ => false,
    }
}

/// Whether a FilePass record is among the first of a workbook ([MS-XLS] 2.4.117).
fn has_password(records: &[u8]) -> bool {
    const FILE_PASS: u16 = 0x2F;
    let mut f = Fields(records);
    let mut record = || {
        let (kind, length) = (f.u16()?, f.u16()?);
        f.take(usize::from(length))?;
        Some(kind)
    };
    std::iter::from_fn(&mut record).take(16).any(|kind| kind == FILE_PASS)
}
