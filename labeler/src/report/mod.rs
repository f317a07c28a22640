//! 報告書. What a scan found, for whoever answers for the share: one page that needs nothing else, and a list for spreadsheets.

mod chart;
mod list;
mod page;
mod todo;

pub use list::{list, state};
pub use page::page;
