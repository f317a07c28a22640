//! 鍵サーバ. Releases a key only to an authorised subject, after a logged decision.

pub mod app;
pub mod approvals;
pub mod audit;
pub mod auth;
pub mod ca;
pub mod case;
pub mod changes;
pub mod command;
pub mod config;
pub mod decide;
pub mod directory;
pub mod founding;
pub mod keyring;
pub mod openapi;
pub mod random;
pub mod recovery;
pub mod refusal;
pub mod registration;
pub mod release;
pub mod routes;
pub mod serve;
pub mod server;
pub mod store;
pub mod tickets;
pub mod zones;
