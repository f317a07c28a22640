//! 鍵サーバ. The program: arguments in, the library does it.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use kakuzuke_keyserver::command::Cli;

fn main() -> ExitCode {
    match Cli::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _no_terminal = writeln!(std::io::stderr(), "kakuzuke-keyserver: {error}");
            ExitCode::FAILURE
        }
    }
}
