//! 格付 core: labels, envelopes, licences and the cryptography behind them.
//!
//! Floor 0 of the house. Pure: no clock, no disk, no socket, no log, no async. Time and
//! randomness are parameters; every parser is sans-IO and serves all callers.

pub mod address;
pub mod audit;
pub mod cbor;
pub mod classify;
pub mod code;
pub mod cose;
pub mod crypto;
pub mod envelope;
pub mod id;
pub mod label;
pub mod licence;
#[cfg(feature = "openapi")]
mod openapi;
pub mod passage;
pub mod protocol;
pub mod time;
pub mod trust;
