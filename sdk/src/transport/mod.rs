//! 接続. HTTPS to the key servers this profile knows, and to no others: TLS 1.3 under the pinned root, the device's
//! certificate, every request signed by the device.

mod call;
mod connector;
mod discover;
mod patience;
mod tls;

pub(crate) use call::{Caller, Method, Server};
pub(crate) use discover::discover_root;
