//! 見る. What files say of themselves and whether it holds; what the key server has on file.

use std::path::Path;

use kakuzuke::{ContentState, Coverage, Error, Failure, Form, Result, Session, Shown, SignatureState, Verification};
use serde_json::Value;

use super::{Desk, value};
use crate::args::{Documents, Files};
use crate::output::{Said, error_value};

/// `show FILE…`; works without a profile.
pub fn show(desk: &Desk, args: &Files) -> Said {
    let session = desk.session().ok();
    each(args, |path| show_one(path, session.as_ref()))
}

/// `verify FILE…`
pub fn verify(desk: &Desk, args: &Files) -> Result<Said> {
    let session = desk.session()?;
    Ok(each(args, |path| verify_one(path, &session)))
}

/// Looks at each file; one that can't be looked at does not stop the others. One JSON value a file.
fn each(args: &Files, look: impl Fn(&Path) -> Result<Said>) -> Said {
    let mut all = Said::nothing();
    for path in &args.paths {
        all = match look(path) {
            Ok(said) => all.and(said),
            Err(error) => all.and(failed(path, &error)),
        };
    }
    all
}

fn failed(path: &Path, error: &Error) -> Said {
    let mut value = error_value(error);
    if let Value::Object(map) = &mut value {
        map.insert("path".to_owned(), path.display().to_string().into());
    }
    Said::new(value).failure(&Failure::new(path.to_owned(), error)).ending(error.code())
}

fn show_one(path: &Path, session: Option<&Session>) -> Result<Said> {
    let shown = kakuzuke::show(path, session)?;
    let said = Said::new(value(&shown)?);
    Ok(describe(said, &shown))
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
