//! 行の種類. Everything a decision rests on, and nothing else.

mod approval;
mod departure;
mod document;
mod register;
mod subject;
mod zone;

pub use approval::{ApprovalRow, Change, Decision, Post, PostKind};
pub use departure::{Departed, DepartureRow, Given, Printed};
pub use document::{DocumentRow, LineageRow, Opening, TicketRow};
pub use register::{AddresseeRow, Decided, DestinationClass, DestinationRow, MediumRow, RegisterRow};
pub use subject::{DeviceRow, EnrolmentRow, RoleSet, Standing, SubjectRow};
pub use zone::ZoneRow;
