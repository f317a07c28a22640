//! 実演. The whole promise on real documents, told step by step: an agency on this machine, its key server on
//! loopback, an administrator and three officers. Everything is the product itself; nothing is acted.

mod samples;
mod server;
mod stage;
mod story;
mod teller;

use std::path::{Path, PathBuf};

use kakuzuke::code::{Code, Text};
use kakuzuke::{Error, Result};
use serde_json::json;

use crate::args::Demo;
use crate::output::{Output, Said};
use stage::Stage;
use teller::Teller;

/// `demo [FILES…]`
///
/// # Errors
/// The first step that did not go as the story says; everything done so far is left to look at.
pub fn run(args: &Demo, output: Output) -> Result<Said> {
    let dir = new_folder(&args.dir)?;
    let mut teller = Teller::new(output);
    let stage = Stage::set(&dir, &args.files, &mut teller)?;
    story::tell(&stage, &mut teller)?;
    let documents = stage.documents_dir();
    stage.close();
    Ok(Said::new(json!({ "dir": dir.display().to_string(), "steps": teller.steps() })).line("", "").line(
        format!("見てください：{}（どのソフトで開いても表紙だけが見えます）", documents.display()),
        format!("Have a look: {} (any program shows the cover page only)", documents.display()),
    ))
}

/// The folder asked for, or the next free name beside it: earlier results are never touched.
fn new_folder(asked: &Path) -> Result<PathBuf> {
    let asked = std::path::absolute(asked).map_err(|e| Error::io(asked, e))?;
    let name = asked.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let candidates =
        std::iter::once(asked.clone()).chain((2..1000).map(|n| asked.with_file_name(format!("{name}-{n}"))));
    for candidate in candidates {
        match std::fs::create_dir(&candidate) {
            Ok(()) => return Ok(candidate),
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(e) => return Err(Error::io(&candidate, e)),
        }
    }
    let full = Text::fixed(
        "空いているフォルダ名がありません。--dir で指定してください。",
        "No free folder name. Give one with --dir.",
    );
    Err(Error::new(Code::Io, full).at(&asked))
}
