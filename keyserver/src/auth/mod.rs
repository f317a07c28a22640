//! 本人確認. The only maker of a [`Principal`]: who asks, from which device, proved anew for each request.
//!
//! Three things must agree: the client certificate of the connection, the signature over the request, and what
//! the store says of device and subject now. A token that was once good is worth nothing here.

mod attempts;
mod refusals;
mod repeats;
mod request;

pub use attempts::Attempts;
pub use refusals::Refusals;
pub use repeats::Repeats;
pub use request::{AuthError, Incoming, Principal, identify};
