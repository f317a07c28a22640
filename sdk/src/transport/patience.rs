//! 待つ. Between the socket and TLS: a call somebody gives up does not wait for a server that says nothing.

use std::fmt;
use std::time::{Duration, Instant};

use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

use crate::cancel;

/// How long is waited before it is asked again whether the call was given up.
const LOOK: Duration = Duration::from_millis(50);

/// Puts patience over whatever connection it is given.
#[derive(Debug)]
pub(super) struct PatientConnector;

impl<In: Transport> Connector<In> for PatientConnector {
    type Out = Patient<In>;

    fn connect(&self, _: &ConnectionDetails, below: Option<In>) -> Result<Option<Patient<In>>, ureq::Error> {
        Ok(below.map(Patient))
    }
}

/// A connection that is waited for in small steps.
pub(super) struct Patient<T>(T);

impl<T: Transport> fmt::Debug for Patient<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Patient")
    }
}

impl<T: Transport> Transport for Patient<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        cancel::check()?;
        self.0.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let Some(running) = cancel::running() else { return self.0.await_input(timeout) };
        let begun = Instant::now();
        loop {
            running.check()?;
            let left = timeout.after.saturating_sub(begun.elapsed());
            let step = NextTimeout { after: left.min(LOOK).into(), ..timeout };
            match self.0.await_input(step) {
                Err(ureq::Error::Timeout(_)) if left > LOOK => {}
                outcome => return outcome,
            }
        }
    }

    fn is_open(&mut self) -> bool {
        self.0.is_open()
    }

    fn is_tls(&self) -> bool {
        self.0.is_tls()
    }
}
