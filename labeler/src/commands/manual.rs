//! 手引. Shell completions and manual pages, made from the arguments themselves.

use std::io;
use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;
use kakuzuke::{Error, Result};
use serde_json::json;

use crate::args::Cli;
use crate::output::Said;

/// `completions SHELL`
pub fn completions(shell: Shell) -> Result<Said> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "labeler", &mut script);
    io::Write::write_all(&mut io::stdout().lock(), &script).map_err(|e| Error::io(Path::new("-"), e))?;
    Ok(Said::nothing())
}

/// `man DIR`
pub fn pages(dir: &Path) -> Result<Said> {
    std::fs::create_dir_all(dir).map_err(|e| Error::io(dir, e))?;
    clap_mangen::generate_to(Cli::command(), dir).map_err(|e| Error::io(dir, e))?;
    let path = dir.display();
    Ok(Said::new(json!({ "dir": path.to_string() }))
        .line(format!("マニュアルページを書きました：{path}"), format!("Manual pages written to {path}")))
}
