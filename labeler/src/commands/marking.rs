//! 表示. The label on the pages of documents in clear, put on and taken off by itself.

use std::path::PathBuf;

use kakuzuke::{Batch, Error, MarkState, Marks, Outcome, Remarked, Result, Session, Show, Summary};

use super::{Desk, value};
use crate::args::Remark;
use crate::output::Said;

/// `mark PATH…`
pub fn mark(desk: &Desk, args: &Remark) -> Result<Said> {
    each(desk, args, |session, path, marks| session.mark(path, marks))
}

/// `unmark PATH…`
pub fn unmark(desk: &Desk, args: &Remark) -> Result<Said> {
    each(desk, args, |session, path, marks| session.unmark(path, marks))
}

type Work = fn(&Session, &std::path::Path, &Marks) -> Result<Remarked>;

fn each(desk: &Desk, args: &Remark, work: Work) -> Result<Said> {
    let session = desk.session()?;
    let marks = args.breaking.marks(Show::Label);
    let batch = Batch { threads: args.jobs };
    let summary = session.each_document(&args.paths, &batch, &|path| work(&session, path, &marks))?;
    let single = matches!(args.paths.as_slice(), [path] if !path.is_dir());
    said_of(&summary, single)
}

fn said_of(summary: &Summary<Remarked>, single: bool) -> Result<Said> {
    let mut said = Said::new(value(summary)?);
    let mut code = summary.code();
    for item in &summary.items {
        match item {
            Outcome::Done(done) => {
                said = said.line(done.path.display().to_string(), done.path.display().to_string());
                said = tell(said, &done.marks);
            }
            Outcome::Skipped(failure) | Outcome::Failed(failure) => {
                said = said.failure(failure);
                code = if single { Some(failure.code) } else { code };
            }
        }
    }
    Ok(match code {
        Some(code) => said.ending(code),
        None => said,
    })
}

/// What became of the marking on a document's pages.
pub fn tell(mut said: Said, marks: &MarkState) -> Said {
    let notes = match marks {
        MarkState::Untouched => return said,
        MarkState::Shown { line, watermark, places, notes } => {
            let across = watermark.as_ref().map_or(String::new(), |words| format!("、透かし「{words}」"));
            let across_en = watermark.as_ref().map_or(String::new(), |words| format!(", watermark \"{words}\""));
            said = said.line(
                format!("　{places} か所に表示しました（文書の内容が変わりました）：{line}{across}"),
                format!("  Shown in {places} places, which changed the content: {line}{across_en}"),
            );
            notes
        }
        MarkState::Removed { places, notes } => {
            said = said
                .line(format!("　表示を {places} か所から外しました。"), format!("  Taken off in {places} places."));
            notes
        }
        MarkState::NotShown { why } => {
            return said.line(
                format!("　ページに表示していません：{}", why.ja),
                format!("  Not shown on its pages: {}", why.en),
            );
        }
    };
    for note in notes {
        said = said.line(format!("　　{}", note.ja), format!("    {}", note.en));
    }
    said
}

/// The documents named and those in the folders named, as the library finds them.
pub fn one_folder(paths: &[PathBuf]) -> Result<&PathBuf> {
    match paths {
        [folder] if folder.is_dir() => Ok(folder),
        _ => Err(Error::new(
            kakuzuke::code::Code::Usage,
            kakuzuke::code::Text::fixed(
                "表を作るときは、フォルダを一つ指定してください。",
                "To write a table, name one folder.",
            ),
        )),
    }
}
