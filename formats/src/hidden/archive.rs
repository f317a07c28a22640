//! 書庫. ZIP archives: each file in one is cleaned as a file of its own; what systems and packers write beside the files goes.

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::nested::unnamed;
use super::{Category, Ledger, Out, SanitiseError};
use crate::error::{LabelError, ReadError};
use crate::limits;
use crate::source::{Source, copy_range};
use crate::text::decode_name;
use crate::zip::{Archive, Entry, Remade};

/// What becomes of a file of the archive.
enum Fate {
    /// Its packed bytes stay; with what stands beside them, or without.
    Whole,
    Bare,
    Changed(Vec<u8>),
    Gone,
}

/// Finds hidden data, and writes the archive without those that are to go.
pub(super) fn clean(source: &dyn Source, ledger: &mut Ledger, out: Out<'_>) -> Result<(), SanitiseError> {
    let archive = Archive::open(source)?;
    if is_document(&archive) {
        ledger.not_inspected(Text::fixed(
            "読み取れない形式の文書（古いOpenOffice.org等）の隠れた情報は調べられません。odt、docx等に変換してから公表してください",
            "a document of a kind that is not read (of an older OpenOffice.org, say): hidden data in it can't be looked for; convert it to odt, docx … first",
        ));
    }
    let (mut fates, mut held) = (Vec::with_capacity(archive.entries().len()), 0_u64);
    for entry in archive.entries() {
        let fate = judge(&archive, entry, ledger);
        if let Fate::Changed(bytes) = &fate {
            held += bytes.len() as u64;
        }
        if held > limits::CHANGED_PARTS {
            return Err(ReadError::Limit("files of an archive that change").into());
        }
        fates.push(fate);
    }
    let drops_comment =
        !archive.comment().is_empty() && found(ledger, Category::Comments, "書庫のコメント", "the archive's comment");
    let drops_gaps =
        archive.has_gaps() && found(ledger, Category::Leftovers, "ファイルの間のデータ", "data between the files");
    let Some(out) = out else { return Ok(()) };
    if !drops_comment && !drops_gaps && fates.iter().all(|fate| matches!(fate, Fate::Whole)) {
        let size = source.size().map_err(ReadError::from)?;
        return copy_range(source, 0..size, out).map(drop).map_err(SanitiseError::Write);
    }
    let comment = if drops_comment { &[] } else { archive.comment() };
    write(&archive, fates, comment, out).map_err(|e| match e {
        LabelError::Read(e) => e.into(),
        LabelError::Write(e) => SanitiseError::Write(e),
        _ => SanitiseError::Refused("the archive is too large"),
    })
}

fn found(ledger: &mut Ledger, category: Category, ja: &'static str, en: &'static str) -> bool {
    ledger.found(category, Unit::Whole, &Text::fixed(ja, en))
}

/// Whether an archive is a document of an office program, but of no kind that is known.
fn is_document(archive: &Archive<'_>) -> bool {
    const PARTS: [&str; 5] = ["content.xml", "meta.xml", "mimetype", "[Content_Types].xml", "META-INF/manifest.xml"];
    archive.entries().iter().any(|entry| PARTS.contains(&decode_name(archive.raw_name(entry)).as_str()))
}

/// Files that systems leave in folders.
fn is_systems(name: &str) -> Option<Category> {
    let last = name.rsplit('/').next().unwrap_or(name);
    let is_left =
        matches!(last, ".DS_Store" | "Thumbs.db" | "ehthumbs.db" | "desktop.ini" | "Desktop.ini" | ".directory")
            || last.starts_with("~$")
            || last.starts_with("._")
            || last.starts_with(".~lock.")
            || name.starts_with("__MACOSX/");
    let is_kept = name.split('/').any(|step| matches!(step, ".git" | ".svn" | ".hg"));
    if is_kept { Some(Category::Revisions) } else { is_left.then_some(Category::PrivateData) }
}

fn judge(archive: &Archive<'_>, entry: &Entry, ledger: &mut Ledger) -> Fate {
    let name = decode_name(archive.raw_name(entry));
    let left = is_systems(&name).is_some_and(|category| {
        let what = Text::new(format!("システムが残したファイル（{name}）"), format!("left by a system: {name}"));
        ledger.found(category, Unit::Whole, &what)
    });
    if left {
        return Fate::Gone;
    }
    ledger.enter(&name);
    let fate = inside(archive, entry, &name, ledger);
    ledger.leave();
    fate
}

fn inside(archive: &Archive<'_>, entry: &Entry, name: &str, ledger: &mut Ledger) -> Fate {
    if entry.is_encrypted() {
        ledger.not_inspected(Text::fixed("パスワード付きのファイル", "a file with a password"));
        return Fate::Whole;
    }
    let mut is_bare = false;
    if archive.has_traces(entry) {
        is_bare |= found(ledger, Category::History, "時刻・利用者番号の記録", "times and numbers of users");
    }
    if !archive.entry_comment(entry).is_empty() {
        is_bare |= found(ledger, Category::Comments, "ファイルのコメント", "a file's comment");
    }
    let stays = if is_bare { Fate::Bare } else { Fate::Whole };
    if name.ends_with('/') && entry.size == 0 {
        return stays;
    }
    let is_bomb = entry.size > limits::TEXT_RATIO_FROM && entry.size / limits::TEXT_RATIO > archive.packed(entry);
    if is_bomb || entry.size > limits::TEXT_PART {
        ledger.not_inspected(Text::fixed("大きすぎるファイル", "a file that is too large"));
        return stays;
    }
    let bytes = match archive.read(entry, limits::TEXT_PART) {
        Ok(bytes) => bytes,
        Err(_) => {
            ledger.not_inspected(Text::fixed("取り出せないファイル", "a file that can't be taken out"));
            return stays;
        }
    };
    let last = name.rsplit('/').next().unwrap_or(name);
    // The place says the whole name already.
    match unnamed(&bytes, last, ledger) {
        Some(cleaned) => Fate::Changed(cleaned),
        None => stays,
    }
}

fn write(
    archive: &Archive<'_>,
    fates: Vec<Fate>,
    comment: &[u8],
    out: &mut dyn std::io::Write,
) -> Result<(), LabelError> {
    let mut new = Remade::new(out);
    for (entry, fate) in archive.entries().iter().zip(fates) {
        match fate {
            Fate::Gone => {}
            Fate::Whole => new.copy(archive, entry)?,
            Fate::Bare => new.copy_bare(archive, entry)?,
            Fate::Changed(bytes) => new.change(archive, entry, &bytes)?,
        }
    }
    new.finish(comment)
}
