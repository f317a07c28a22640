//! 点検と公表. What is hidden in documents, and copies without it.

use kakuzuke::code::Code;
use kakuzuke::{Changes, Inspected, Overwrite, Passphrase, Publishing, Result, Session, Signing};

use super::{Desk, value};
use crate::args::{self, Cleaning, Inspect, Publish};
use crate::output::Said;

/// `inspect PATH…`; works without a profile. Ends with [`Code::HiddenData`] when something was found.
pub fn inspect(args: &Inspect) -> Result<Said> {
    let mut all = Said::nothing();
    for path in &args.paths {
        let inspected = kakuzuke::inspect(path)?;
        let said = tell(Said::new(value(&inspected)?), &inspected);
        all = all.and(if inspected.is_clean() { said } else { said.ending(Code::HiddenData) });
    }
    Ok(all)
}

fn tell(said: Said, inspected: &Inspected) -> Said {
    let path = inspected.path.display();
    if inspected.is_clean() {
        return said.line(format!("{path}：隠れた情報はありません"), format!("{path}: nothing hidden"));
    }
    let mut said = said.line(format!("{path}"), format!("{path}"));
    for count in &inspected.counts {
        let (ja, en) = match count.fate {
            "removed" => ("公表時に除去", "removed on publication"),
            "on-request" => ("指定すれば除去", "removed on request"),
            _ => ("報告のみ", "only reported"),
        };
        said = said.line(
            format!("　{}（{}）　{} 件　{ja}", count.name.ja, count.category, count.count),
            format!("  {} ({}): {}, {en}", count.name.en, count.category, count.count),
        );
        for found in inspected.findings.iter().filter(|f| f.category == count.category).take(5) {
            said = said.line(
                format!("　　{}：{}", found.spot.ja, found.what.ja),
                format!("    {}: {}", found.spot.en, found.what.en),
            );
        }
    }
    said
}

/// `publish FILE -o OUT`
pub fn publish(desk: &Desk, args: &Publish) -> Result<Said> {
    let session = desk.session()?;
    let mut publishing = publishing(&args.cleaning);
    publishing.overwrite = if args.force { Overwrite::Replace } else { Overwrite::Refuse };
    publishing.signing = signing(&session, &args.signing)?;
    let published = session.publish(&args.path, &args.output, &publishing)?;
    let mut said = Said::new(value(&published)?).line(
        format!("公表用の写しを作りました：{}", args.output.display()),
        format!("Copy for publication: {}", args.output.display()),
    );
    for count in published.removed() {
        said = said.line(
            format!("　除去　{} {} 件", count.name.ja, count.count),
            format!("  removed   {}: {}", count.name.en, count.count),
        );
    }
    for accepted in &published.accepted {
        said = said.line(
            format!("　認めた　{}：{}", accepted.name.ja, accepted.reason),
            format!("  accepted  {}: {}", accepted.name.en, accepted.reason),
        );
    }
    for note in &published.notes {
        said = said.line(format!("　{}", note.ja), format!("  {}", note.en));
    }
    if let Some(signed) = &published.signed {
        let beside = signed.beside.as_ref().map_or(String::new(), |path| format!("　{}", path.display()));
        said = said.line(
            format!("　署名　{}（証明書は {} まで有効）{beside}", signed.signer, signed.valid_until.japan_text()),
            format!(
                "  signed    {} (certificate valid until {}){beside}",
                signed.signer,
                signed.valid_until.japan_text()
            ),
        );
    }
    Ok(said)
}

/// The key that the copy is signed with, if it is.
fn signing(session: &Session, args: &args::Signing) -> Result<Option<Signing>> {
    let Some((certificate, key)) = args.sign_certificate.as_ref().zip(args.sign_key.as_ref()) else { return Ok(None) };
    let passphrase = std::env::var("KAKUZUKE_SIGN_PASSPHRASE").ok().map(Passphrase::new);
    let changes = if args.certify { Changes::Forbidden } else { Changes::Told };
    session.signing(certificate, key, passphrase.as_ref(), changes).map(Some)
}

/// What an officer said is to become of hidden data.
pub(super) fn publishing(cleaning: &Cleaning) -> Publishing {
    Publishing {
        accepted: cleaning.accept.iter().cloned().collect(),
        removed: cleaning.remove.clone(),
        overwrite: Overwrite::Refuse,
        signing: None,
    }
}
