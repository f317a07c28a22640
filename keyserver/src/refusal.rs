//! 拒否. What a request that is not fulfilled is answered with: the same for whoever must not know more.

use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::id::RequestId;
use kakuzuke_core::label::Taxonomy;
use kakuzuke_core::protocol::Problem;
use kakuzuke_core::time::Timestamp;

use crate::app::AppError;
use crate::audit::AuditorError;
use crate::auth::AuthError;
use crate::decide::Denial;
use crate::keyring::KeyringError;
use crate::store::StoreError;

/// A request was not fulfilled.
#[derive(Debug)]
pub struct Refusal(pub Box<Problem>);

impl Refusal {
    /// In the general words of a code.
    #[must_use]
    pub fn of(code: Code) -> Self {
        Self(Box::new(Problem::of(code)))
    }

    /// In words of its own.
    #[must_use]
    pub fn new(code: Code, text: Text) -> Self {
        Self(Box::new(Problem::of(code).with_detail(text)))
    }

    /// A decision that was no, with its clauses and what would change it.
    #[must_use]
    pub fn denied(denial: &Denial, taxonomy: &Taxonomy) -> Self {
        let mut problem = Problem::of(Code::Denied).with_detail(denial.text());
        problem.clauses = denial.clause_notes(taxonomy);
        problem.remedies = denial.remedies();
        Self(Box::new(problem))
    }

    /// With the number to give when asking about it.
    #[must_use]
    pub fn reference(mut self, request: RequestId) -> Self {
        self.0.reference = Some(request.to_string());
        self
    }

    /// With the server's clock.
    #[must_use]
    pub fn server_time(mut self, now: Timestamp) -> Self {
        self.0.server_time = Some(now);
        self
    }
}

/// Says to the operator what no caller is told.
fn tell(error: &dyn std::fmt::Display) {
    use std::io::Write;
    let _no_terminal = writeln!(std::io::stderr(), "{error}");
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tell(&error);
        Self::of(Code::Unready)
    }
}

impl From<KeyringError> for Refusal {
    fn from(error: KeyringError) -> Self {
        tell(&error);
        Self::of(Code::Internal)
    }
}

impl From<AppError> for Refusal {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Store(error) => error.into(),
            other => {
                tell(&other);
                Self::of(Code::Internal)
            }
        }
    }
}

impl From<AuditorError> for Refusal {
    fn from(error: AuditorError) -> Self {
        match error {
            AuditorError::Store(error) => error.into(),
            AuditorError::NoSuch => Self::of(Code::NotAvailable),
            other => {
                tell(&other);
                Self::of(Code::Internal)
            }
        }
    }
}

impl From<AuthError> for Refusal {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::Store(error) => error.into(),
            other => Self::of(other.code()),
        }
    }
}
