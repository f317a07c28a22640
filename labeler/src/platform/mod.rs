//! 機種. Where the command differs from system to system: the terminal, signals, Explorer.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub use self::unix::{ENDING, Keys, plain_output, reads_japanese, shell};
#[cfg(windows)]
pub use self::windows::{ENDING, Keys, plain_output, reads_japanese, shell};
