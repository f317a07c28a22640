//! 出力. One voice for people, one for programs. The only room that writes to the terminal.

mod locale;
mod progress;
mod say;
pub mod table;

pub use locale::Locale;
pub use progress::Progress;
pub use say::{Output, Said, error_value};
