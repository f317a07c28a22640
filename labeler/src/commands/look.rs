//! 見る. What files say of themselves and whether it holds; what the key server has on file.

use std::path::{Path, PathBuf};

use kakuzuke::code::{Code, Text};
use kakuzuke::{
    ContentState, Coverage, Error, Failure, Form, Hints, Mapping, OtherLabel, Result, Session, Shown, SignatureState,
    Verification,
};
use serde_json::Value;

use super::{Desk, value};
use crate::args::{Documents, Files, Show};
use crate::output::{Said, error_value};

/// `show FILE…`; works without a profile.
pub fn show(desk: &Desk, args: &Show) -> Result<Said> {
    let session = desk.session().ok();
    let mapping = kakuzuke::mapping(session.as_ref(), args.mapping.as_deref())?;
    Ok(each(&args.paths, |path| show_one(path, session.as_ref(), mapping.as_ref())))
}

/// `verify FILE…`
pub fn verify(desk: &Desk, args: &Files) -> Result<Said> {
    let session = desk.session()?;
    Ok(each(&args.paths, |path| verify_one(path, &session)))
}

/// Looks at each file; one that can't be looked at does not stop the others. One JSON value a file.
fn each(paths: &[PathBuf], look: impl Fn(&Path) -> Result<Said>) -> Said {
    let mut all = Said::nothing();
    for path in paths {
        all = match look(path) {
            Ok(said) => all.and(said),
            Err(error) => all.and(failed(path, &error)),
        };
    }
    all
}

fn failed_value(path: &Path, error: &Error) -> Value {
    let mut value = error_value(error);
    if let Value::Object(map) = &mut value {
        map.insert("path".to_owned(), path.display().to_string().into());
    }
    value
}

fn failed(path: &Path, error: &Error) -> Said {
    Said::new(failed_value(path, error)).failure(&Failure::new(path.to_owned(), error)).ending(error.code())
}

fn show_one(path: &Path, session: Option<&Session>, mapping: Option<&Mapping>) -> Result<Said> {
    match kakuzuke::show(path, session) {
        Ok(shown) => {
            // A cover is ours; what it covers is not looked into.
            let is_clear = matches!(shown.form, Form::NativeLabel | Form::Detached);
            let hints = if is_clear { kakuzuke::hints(session, path, mapping).ok() } else { None };
            let mut json = value(&shown)?;
            add_hints(&mut json, hints.as_ref())?;
            let said = describe(Said::new(json), &shown);
            Ok(hints.iter().fold(said, |said, hints| hint(said, hints, "")))
        }
        Err(error) if error.code() == Code::NotProtected => {
            let hints = kakuzuke::hints(session, path, mapping).ok();
            let mut json = failed_value(path, &error);
            add_hints(&mut json, hints.as_ref())?;
            let said = Said::new(json).failure(&Failure::new(path.to_owned(), &error)).ending(error.code());
            Ok(hints.iter().fold(said, |said, hints| hint(said, hints, "、格付の記録ではありません")))
        }
        Err(error) => Err(error),
    }
}

fn add_hints(json: &mut Value, hints: Option<&Hints>) -> Result<()> {
    let (Value::Object(map), Some(hints)) = (json, hints) else { return Ok(()) };
    map.insert("hints".to_owned(), value(hints)?);
    Ok(())
}

/// What a file says besides a label of ours.
fn hint(mut said: Said, hints: &Hints, no_label: &str) -> Said {
    for mark in &hints.markings {
        said = said.line(
            format!("　表示　　　「{}」（{}、人が書いた表示です{no_label}）", mark.written, mark.place.ja),
            format!("  marked       \"{}\" ({}; typed by people, no label)", mark.written, mark.place.en),
        );
    }
    for word in &hints.out_of_scope {
        said = said.line(
            format!("　表示　　　「{word}」：このシステムの対象外です。所管の規程に従ってください"),
            format!("  marked       {word}: outside this system; follow the rules made for it"),
        );
    }
    for label in &hints.other_labels {
        let line = other_label(label);
        said = said.line(format!("　他の方式　{}", line.ja), format!("  other label  {}", line.en));
    }
    if hints.files > 0 {
        said = said.line(
            format!("　中のファイル {} 件、うち格付又は保護のあるもの {} 件", hints.files, hints.inside.len()),
            format!("  files in it  {}, labelled or protected {}", hints.files, hints.inside.len()),
        );
    }
    for inside in &hints.inside {
        let name = inside.within.join(" / ");
        let (ja, en) = match &inside.header {
            Some(header) => (format!("{header}（署名は未確認）"), format!("{header} (signature not checked)")),
            None => ("保護".to_owned(), "protected".to_owned()),
        };
        said = said.line(format!("　　{name}：{ja}"), format!("    {name}: {en}"));
    }
    said
}

/// A label of another scheme, and what it stands for.
pub fn other_label(label: &OtherLabel) -> Text {
    let scheme = label.scheme.name();
    let name = label.name.as_deref().unwrap_or("—");
    let site = label.site.as_ref().map_or(String::new(), |site| format!(" @{site}"));
    let (ja, en) = match &label.stands_for {
        Some(line) => (format!("対応表では {line}"), format!("stands for {line}")),
        None => ("対応表にありません".to_owned(), "not in the mapping".to_owned()),
    };
    Text::new(
        format!("{}「{name}」（{}{site}）：{ja}", scheme.ja, label.id),
        format!("{} \"{name}\" ({}{site}): {en}", scheme.en, label.id),
    )
}

fn describe(said: Said, shown: &Shown) -> Said {
    let label = &shown.label;
    let decided = format!("{} {}", label.decided_by.post, label.decided_by.name);
    let mut said = said
        .line(format!("{}", shown.path.display()), format!("{}", shown.path.display()))
        .line(
            format!("　格付　　　{}", label.header),
            format!("  grade        {} {}", label.grade, label.restrictions.join("・")),
        )
        .line(
            format!("　決定者　　{}（{}）", decided.trim(), label.decided_at.japan_text()),
            format!("  decided by   {} ({})", decided.trim(), label.decided_at.japan_text()),
        );
    if let Some(note) = &label.note {
        said = said.line(format!("　留意事項　{note}"), format!("  note         {note}"));
    }
    if let Some(retention) = &label.retention {
        said = said.line(format!("　保存期間　{retention} まで"), format!("  keep until   {retention}"));
    }
    let signer = shown.signer.as_ref().map(|s| s.name.clone()).unwrap_or_default();
    let ended = shown.signer.as_ref().and_then(|s| s.ended);
    let (ja, en) = match shown.signature {
        SignatureState::Valid => (format!("正しい（{signer}）"), format!("valid ({signer})")),
        SignatureState::UnknownAuthority => (
            "管理機関が未登録のため確認できません".to_owned(),
            "not checked: the authority is not known here".to_owned(),
        ),
        SignatureState::Invalid => ("正しくありません".to_owned(), "NOT VALID".to_owned()),
    };
    let mut said = said.line(format!("　署名　　　{ja}"), format!("  signature    {en}"));
    if let Some(ended) = ended {
        let day = ended.japan_text();
        said = said.line(
            format!("　　　　　　　署名者の証明書は {day} に終わっています。署名がそれより前であることは、鍵サーバー又は受領証が示します"),
            format!("               the signer's certificate ended {day}; that it was signed before, the key server or a receipt shows"),
        );
    }
    said.line(format!("　対象　　　{}", coverage(shown).0), format!("  covers       {}", coverage(shown).1))
        .line(format!("　形　　　　{}", form(shown.form).0), format!("  form         {}", form(shown.form).1))
        .line(format!("　文書番号　{}", label.document), format!("  document     {}", label.document))
}

fn coverage(shown: &Shown) -> (&'static str, &'static str) {
    match shown.coverage {
        Coverage::LabelAndContent => ("格付と内容", "label and content"),
        Coverage::LabelOnly => ("格付のみ（改ざん検知なし）", "the label only"),
        Coverage::LabelUnbound => ("格付のみ（内容は対象外）", "the label only; it is not bound to the content"),
    }
}

fn form(form: Form) -> (&'static str, &'static str) {
    match form {
        Form::Carrier => ("保護（表紙付き）", "protected, with a cover page"),
        Form::Envelope => ("保護（.kkz）", "protected (.kkz)"),
        Form::NativeLabel => ("格付の表示のみ", "labelled, in clear"),
        Form::Detached => ("署名付き", "signed, in clear"),
    }
}

fn verify_one(path: &Path, session: &Session) -> Result<Said> {
    let verification: Verification = session.verify(path)?;
    let mut said = describe(Said::new(value(&verification)?), &verification.shown);
    said = match verification.content {
        ContentState::Intact => said.line("　内容　　　署名のとおり", "  content      as it was signed"),
        ContentState::NotCovered => {
            said.line("　内容　　　改ざん検知なし", "  content      not covered by the signature")
        }
    };
    for receipt in &verification.receipts {
        said = said.line(
            format!("　登録の記録　{} 番（{}）", receipt.index, receipt.at.japan_text()),
            format!("  registered   entry {} ({})", receipt.index, receipt.at.japan_text()),
        );
    }
    for note in &verification.notes {
        said = said.line(format!("　{}", note.ja), format!("  {}", note.en));
    }
    Ok(said)
}

/// `documents [TITLE]`
pub fn documents(desk: &Desk, args: &Documents) -> Result<Said> {
    let session = desk.session()?;
    let documents = session.documents(&args.title)?;
    let mut said = Said::new(value(&documents)?);
    for document in &documents {
        let title = document.title.as_deref().unwrap_or("—");
        let line = format!("{title}\t{}\t{}\t{}", document.state, document.registered.japan_text(), document.document);
        said = said.line(line.clone(), line);
    }
    Ok(if documents.is_empty() {
        said.line("該当する文書はありません。", "No such document.")
    } else {
        said
    })
}
