//! Windows の扉. What the sdk needs of Windows and no safe library offers: who may read a file, secrets only this user's account
//! opens, a name given only while it is free, removable media, programs that end together, the registered program,
//! the language.
//!
//! Floor 0 of the house: it knows nothing of documents. Each function is one call of the system with what belongs to it; everything
//! that goes in is checked by its type, everything the system hands out is copied and given back. Empty on other systems.
#![cfg(windows)]

pub mod access;
pub mod account;
pub mod attributes;
pub mod job;
pub mod media;
pub mod names;
pub mod person;
pub mod secret;
pub mod shell;
mod wide;
