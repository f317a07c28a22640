//! 行の種類. Everything a decision rests on, and nothing else.

mod approval;
mod document;
mod subject;
mod zone;

pub use approval::{ApprovalRow, Change, Decision, Post, PostKind};
pub use document::{DocumentRow, LineageRow, Opening, TicketRow};
pub use subject::{DeviceRow, EnrolmentRow, RoleSet, Standing, SubjectRow};
pub use zone::ZoneRow;
