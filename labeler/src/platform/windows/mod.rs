//! Windows.

mod registry;
mod verbs;

use std::fs::File;
use std::io;
use std::os::windows::io::AsHandle;

use signal_hook::consts::{SIGINT, SIGTERM};
use winapi_util::console::Console;

pub use self::verbs::shell;
pub use kakuzuke_windows::person::reads_japanese;

/// What asks a program to end. A closed window ends it at once.
pub const ENDING: [i32; 2] = [SIGTERM, SIGINT];

/// The keyboard: the console gives key by key as they are typed. The screen is made to understand control sequences.
pub struct Keys;

impl Keys {
    /// Takes it.
    pub fn take() -> io::Result<Self> {
        Console::stderr()?.set_virtual_terminal_processing(true)?;
        Ok(Self)
    }
}

/// Standard output for bytes as they are.
pub fn plain_output() -> io::Result<File> {
    Ok(File::from(io::stdout().as_handle().try_clone_to_owned()?))
}
