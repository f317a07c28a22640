//! 格付の道具. The command officers and scripts use: arguments in, one story told, an exit code out.

mod args;
mod commands;
#[cfg(feature = "embedded")]
mod demo;
mod output;
mod platform;
mod report;
mod table;

use std::process::ExitCode;

use clap::Parser;

use args::Cli;
use output::{Locale, Output};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let output = Output { locale: Locale::choose(cli.lang), json: cli.json };
    output.finish(commands::run(cli, output))
}
