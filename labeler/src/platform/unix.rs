//! Linux and its kin.

use std::fs::File;
use std::io;
use std::os::fd::AsFd;

use kakuzuke::code::{Code, Text};
use kakuzuke::{Error, Result};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::args::Shell;
use crate::commands::Desk;
use crate::output::Said;

/// What asks a program to end.
pub const ENDING: [i32; 3] = [SIGTERM, SIGINT, SIGHUP];

/// The keyboard, key by key as they are typed; given back as it was when dropped.
pub struct Keys(Termios);

impl Keys {
    /// Takes it.
    pub fn take() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut raw = before.clone();
        raw.make_raw();
        tcsetattr(io::stdin(), OptionalActions::Drain, &raw)?;
        Ok(Self(before))
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        let _terminal_gone = tcsetattr(io::stdin(), OptionalActions::Drain, &self.0);
    }
}

/// Standard output for bytes as they are.
pub fn plain_output() -> io::Result<File> {
    Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?))
}

/// Never by itself: the environment says it here.
pub const fn reads_japanese() -> bool {
    false
}

/// エクスプローラー. There is none on this system, and that is said.
pub fn shell(_desk: &Desk, _command: Shell) -> Result<Said> {
    let text = Text::fixed(
        "エクスプローラーのメニューは Windows にだけあります。",
        "Menus of Explorer are there on Windows only.",
    );
    Err(Error::new(Code::Unsupported, text))
}
