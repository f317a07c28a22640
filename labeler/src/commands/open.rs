//! 開く. The plain document out of a protected one, as far as the licence lets it.

use std::path::Path;

use kakuzuke::code::{Code, Text};
use kakuzuke::{
    Batch, Contact, Document, Error, Exported, Exporting, HiddenCount, Inspected, Opening, Outcome, Overwrite, Result,
    Right, Rights,
};
use serde_json::json;

use super::publish::publishing;
use super::{Desk, value};
use crate::args;
use crate::output::{Progress, Said};
use crate::platform;

/// `open FILE -o OUT`
pub fn open(desk: &Desk, args: &args::Open) -> Result<Said> {
    let session = desk.session()?;
    let mut publishing = publishing(&args.cleaning);
    let document = session.open_document(&args.path, &opening(&publishing.purpose(&args.purpose), args.offline))?;
    let is_cleaned = args.clean || args.cleaning.is_asked();
    if args.output == Path::new("-") && is_cleaned {
        return Err(Error::of(Code::Usage).at(&args.output));
    }
    if args.output == Path::new("-") {
        // Nothing but the document goes to standard output; not through its line buffer, which would cut it into pieces.
        let mut out = platform::plain_output().map_err(|e| Error::io(&args.output, e))?;
        document.write_to(&mut out)?;
        return Ok(Said::nothing());
    }
    let overwrite = if args.force { Overwrite::Replace } else { Overwrite::Refuse };
    if is_cleaned {
        publishing.overwrite = overwrite;
        let written = session.export_cleaned(&document, &args.output, &publishing)?;
        return tell(&document, &args.output, written.bytes, &written.remains);
    }
    // Looked at before it leaves, and told; refusing would stop those who only work on (3.1.1(5)(d)).
    let hidden = document.inspect()?;
    let bytes = document.export_to(&args.output, overwrite)?;
    let said = tell(&document, &args.output, bytes, &hidden)?;
    if hidden.is_clean() {
        return Ok(said);
    }
    Ok(said.line(
        format!("　隠れた情報があります：{}（他者に渡すときは --clean）", names(&hidden.counts, |t| &t.ja)),
        format!("  Hidden data inside: {} (use --clean for what others get)", names(&hidden.counts, |t| &t.en)),
    ))
}

fn names(counts: &[HiddenCount], of: fn(&Text) -> &str) -> String {
    counts.iter().map(|count| of(&count.name)).collect::<Vec<_>>().join("、")
}

/// A document that was written, with what is hidden in it or was taken out.
fn exported_line(said: Said, exported: &Exported) -> Said {
    let path = exported.path.display();
    let mut said = said.line(path.to_string(), path.to_string());
    if !exported.removed.is_empty() {
        said = said.line(
            format!("　除去：{}", names(&exported.removed, |t| &t.ja)),
            format!("  removed: {}", names(&exported.removed, |t| &t.en)),
        );
    }
    if !exported.hidden.is_empty() {
        said = said.line(
            format!("　隠れた情報：{}", names(&exported.hidden, |t| &t.ja)),
            format!("  hidden data: {}", names(&exported.hidden, |t| &t.en)),
        );
    }
    said
}

fn tell(document: &Document, out: &Path, bytes: u64, hidden: &Inspected) -> Result<Said> {
    let label = document.label();
    let name = document.title().unwrap_or_else(|| document.file_name());
    let said = Said::new(json!({
        "path": out.display().to_string(),
        "bytes": bytes,
        "title": document.title(),
        "file-name": document.file_name(),
        "label": value(&label)?,
        "rights": document.rights(),
        "tamper-evident": document.tamper_evident(),
        "newer-label": document.newer_label(),
        "audit-index": document.audit_index(),
        "hidden": value(&hidden.counts)?,
    }))
    .line(
        format!("{name}（{}）を出力しました：{}", label.header, out.display()),
        format!("{name} ({} {}) written to {}", label.grade, label.restrictions.join("・"), out.display()),
    );
    let said = if document.newer_label() {
        said.line(
            "　格付が見直されています。ファイルの表示は古いものです。",
            "  The grade has been changed since; the file shows an older one.",
        )
    } else {
        said
    };
    Ok(if document.tamper_evident() {
        said
    } else {
        said.line(
            "　作成者の署名は内容を対象としていません（改ざん検知なし）。",
            "  The author's signature does not cover the content.",
        )
    })
}

/// `export PATH… --to DIR`
pub fn export(desk: &Desk, args: &args::Export) -> Result<Said> {
    let session = desk.session()?;
    let bar = Progress::new();
    let publishing = publishing(&args.cleaning);
    let exporting = Exporting {
        opening: opening(&publishing.purpose(&args.purpose), args.offline),
        cleaning: (args.clean || args.cleaning.is_asked()).then_some(publishing),
    };
    let batch = Batch { threads: args.jobs };
    let summary = session.export_all(&args.paths, &args.to, &exporting, &batch, &|p| bar.show(p))?;
    drop(bar);
    let mut said = Said::new(value(&summary)?);
    let mut hiding = 0;
    for item in &summary.items {
        said = match item {
            Outcome::Done(exported) => {
                hiding += usize::from(!exported.hidden.is_empty());
                exported_line(said, exported)
            }
            Outcome::Skipped(failure) | Outcome::Failed(failure) => said.failure(failure),
        };
    }
    said = said.line(
        format!("出力：{} 件、対象外：{} 件、失敗：{} 件", summary.done, summary.skipped, summary.failed),
        format!("Written {}, skipped {}, failed {}", summary.done, summary.skipped, summary.failed),
    );
    if hiding > 0 && exporting.cleaning.is_none() {
        said = said.line(
            format!("　隠れた情報がある文書：{hiding} 件（他者に渡すときは --clean）"),
            format!("  With hidden data inside: {hiding} (use --clean for what others get)"),
        );
    }
    let single = matches!(args.paths.as_slice(), [path] if !path.is_dir());
    let code = match summary.items.as_slice() {
        [Outcome::Skipped(failure) | Outcome::Failed(failure)] if single => Some(failure.code),
        _ => summary.code(),
    };
    Ok(match code {
        Some(code) => said.ending(code),
        None => said,
    })
}

/// `lease FILE --hours N`
pub fn lease(desk: &Desk, args: &args::Lease) -> Result<Said> {
    let session = desk.session()?;
    let lease = session.take_lease(&args.path, args.hours.saturating_mul(3600), &args.purpose)?;
    let name = lease.title.clone().unwrap_or_else(|| args.path.display().to_string());
    Ok(Said::new(value(&lease)?).line(
        format!("{name}：{} までオフラインで開けます。", lease.offline_until.japan_text()),
        format!("{name}: can be opened offline until {}", lease.offline_until.japan_text()),
    ))
}

fn opening(purpose: &str, offline: bool) -> Opening {
    Opening {
        purpose: purpose.to_owned(),
        wanted: Rights::VIEW.with(Right::Export),
        contact: if offline { Contact::Offline } else { Contact::Online },
    }
}
