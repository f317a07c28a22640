//! 一覧での決定. Suggestions in one table on the terminal: sure ones are taken with one key, others looked at one by one.

mod rows;
mod screen;

use std::io;

use console::Term;

use crate::output::Locale;
use rows::Next;
pub use rows::Rows;
use screen::Screen;

/// How it ended.
pub enum Ending {
    /// What is to be done.
    Decided(Rows),
    /// The officer left; nothing is to be done.
    Left,
}

/// Puts the table before the officer until they have decided or left.
///
/// # Errors
/// When the terminal can't be read or written.
pub fn decide(mut rows: Rows, locale: Locale) -> io::Result<Ending> {
    let screen = Screen::open(Term::stderr(), locale)?;
    loop {
        screen.draw(&mut rows)?;
        match rows.press(&screen.key()?) {
            Next::Stay => {}
            Next::Done => return Ok(Ending::Decided(rows)),
            Next::Leave => return Ok(Ending::Left),
        }
    }
}
