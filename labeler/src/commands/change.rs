//! 変更. Another grade, 利用停止, erasure of keys.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;

use kakuzuke::code::{Code, Text};
use kakuzuke::{Changed, Error, Result, Revocation, Show};

use super::protect::{grading, subject};
use super::{Desk, marking, value};
use crate::args::{Destroy, Relabel, Revoke};
use crate::output::Said;

/// `relabel FILE`
pub fn relabel(desk: &Desk, args: Relabel) -> Result<Said> {
    let session = desk.session()?;
    let grading = grading(&args.grading)?;
    desk.doubt(&session, &grading);
    let marks = args.breaking.marks(if args.remark { Show::Label } else { Show::Renew });
    let relabelled = session.relabel(&args.path, &grading, &args.reason, &marks)?;
    let path = relabelled.path.display();
    let said = Said::new(value(&relabelled)?).line(
        format!("{path}：{}（第 {} 版の格付）", relabelled.label.header, relabelled.label.revision),
        format!(
            "{path}: {} {} (revision {})",
            relabelled.label.grade,
            relabelled.label.restrictions.join("・"),
            relabelled.label.revision
        ),
    );
    let said = marking::tell(said, &relabelled.marks);
    if !relabelled.resealed && relabelled.label_hash.is_some() {
        return Ok(said.line(
            "　文書の中のページの表示は前のままです。改めるには --remark を付けてください。",
            "  What the pages inside show is as it was; --remark renews it.",
        ));
    }
    Ok(if relabelled.resealed {
        said.line("　文書を保護し直しました。", "  The document was sealed anew.")
    } else {
        said
    })
}

/// `revoke …`
pub fn revoke(desk: &Desk, args: Revoke) -> Result<Said> {
    let session = desk.session()?;
    let what = match (args.path, args.reader, args.subject, args.device) {
        (Some(path), Some(reader), _, _) => Revocation::Reader(path, subject(&reader)?),
        (Some(path), None, _, _) if args.resume => Revocation::Resume(path),
        (Some(path), None, _, _) => Revocation::Document(path),
        (None, _, Some(person), _) => Revocation::Subject(subject(&person)?),
        (None, _, None, Some(device)) => Revocation::Device(device.parse().map_err(|_| Error::of(Code::Usage))?),
        (None, _, None, None) => return Err(Error::of(Code::Usage)),
    };
    let changed = session.revoke(&what, &args.reason)?;
    Ok(tell(Said::new(value(&changed)?), &changed))
}

fn tell(said: Said, changed: &Changed) -> Said {
    let mut said = said.line(
        format!("変更しました。接続中の利用は遅くとも {} に終わります。", changed.online_until.japan_text()),
        format!("Done. Use online ends at {} at the latest.", changed.online_until.japan_text()),
    );
    if let Some(until) = changed.offline_until {
        said = said.line(
            format!("　オフラインの貸出しが残っています。遅くとも {} に終わります。", until.japan_text()),
            format!("  Offline leases are outstanding; the last ends at {}.", until.japan_text()),
        );
    }
    for finding in &changed.findings {
        said = said.line(format!("　{}", finding.text.ja), format!("  {}", finding.text.en));
    }
    said
}

/// `destroy FILE`
pub fn destroy(desk: &Desk, args: &Destroy) -> Result<Said> {
    if !args.yes {
        confirm(desk, args)?;
    }
    let certificate = args.certificate.clone().unwrap_or_else(|| beside(args));
    let session = desk.session()?;
    let destroyed = session.destroy(&args.path, &args.reason, &certificate)?;
    let mut said = tell(Said::new(value(&destroyed)?), &destroyed.change).line(
        format!(
            "　{} 版の復号鍵を消去しました。証明書：{}",
            destroyed.documents.len(),
            destroyed.certificate.display()
        ),
        format!(
            "  Keys of {} versions erased. Certificate: {}",
            destroyed.documents.len(),
            destroyed.certificate.display()
        ),
    );
    for place in &destroyed.not_reached {
        said = said.line(format!("　及ばない範囲：{place}"), format!("  not reached: {place}"));
    }
    Ok(said)
}

/// `name.ext.destroyed.cose`, beside the file.
fn beside(args: &Destroy) -> PathBuf {
    let mut name = args.path.file_name().unwrap_or_default().to_owned();
    name.push(".destroyed.cose");
    args.path.with_file_name(name)
}

/// Asks on a terminal; elsewhere `--yes` is demanded. Erasing keys can't be undone.
fn confirm(desk: &Desk, args: &Destroy) -> Result<()> {
    let refused = Text::fixed(
        "復号鍵の消去は取り消せません。実行するには --yes を付けてください。",
        "Erasing keys can't be undone. Add --yes to do it.",
    );
    if !io::stdin().is_terminal() || desk.output.json {
        return Err(Error::new(Code::Usage, refused).at(&args.path));
    }
    desk.output.note(
        &format!(
            "{} の復号鍵を消去します。取り消せません。続けるには「はい」と入力してください。",
            args.path.display()
        ),
        &format!("The keys of {} will be erased. This can't be undone. Type yes to go on.", args.path.display()),
    );
    let _unflushed = io::stderr().flush();
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).map_err(|e| Error::io(&args.path, e))?;
    match answer.trim() {
        "はい" | "yes" => Ok(()),
        _ => Err(Error::new(Code::Usage, refused).at(&args.path)),
    }
}
