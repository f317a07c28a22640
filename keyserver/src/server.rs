//! 運転. The server as it runs: on a socket, until it is told to stop. Used by the program, and by whoever embeds it.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{SystemTime, UNIX_EPOCH};

use kakuzuke_core::time::Timestamp;
use kakuzuke_core::trust::Service;
use rustls_pki_types::PrivatePkcs8KeyDer;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::app::{App, AppError, ServerClock};
use crate::keyring::IdentityName;
use crate::routes::router;
use crate::serve::{self, ServeError};

/// The server could not be started, or stopped with a fault.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The authority.
    #[error(transparent)]
    App(#[from] AppError),
    /// The socket or TLS.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// The socket or the threads.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// The clock of the machine.
#[must_use]
pub fn system_clock() -> ServerClock {
    Arc::new(|| {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        Timestamp::from_unix(i64::try_from(seconds).unwrap_or(i64::MAX))
    })
}

/// A server that listens.
pub struct Server {
    app: Arc<App>,
    address: SocketAddr,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<Result<(), ServeError>>>,
}

impl Server {
    /// Starts the server of a folder; `listen` overrides its configuration. Returns when it listens.
    ///
    /// # Errors
    /// [`RunError`] when it can't.
    pub fn start(dir: &Path, listen: Option<SocketAddr>, clock: ServerClock) -> Result<Self, RunError> {
        let app = Arc::new(App::open(dir, clock)?);
        let tls = tls(&app)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let listener = runtime.block_on(TcpListener::bind(listen.unwrap_or(app.config.listen)))?;
        let address = listener.local_addr()?;
        let (stop, stopped) = watch::channel(false);
        let routes = router(Arc::clone(&app));
        let counted = Arc::clone(&app);
        let thread = std::thread::Builder::new().name("keyserver".into()).spawn(move || {
            runtime.spawn(count_refusals(Arc::clone(&counted)));
            let outcome = runtime.block_on(serve::run(listener, tls, routes, stopped));
            // What was counted in the last minute.
            let _lost_with_the_store = counted.record_refusals();
            outcome
        })?;
        Ok(Self { app, address, stop, thread: Some(thread) })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The authority it serves.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Stops it: open requests are finished first.
    ///
    /// # Errors
    /// When it had stopped with a fault before.
    pub fn stop(mut self) -> Result<(), RunError> {
        self.end()
    }

    /// Waits until a signal asks to stop (SIGTERM, SIGINT), then stops.
    ///
    /// # Errors
    /// As [`Self::stop`].
    pub fn run_until_signal(mut self) -> Result<(), RunError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
            tokio::select! {
                _ = terminate.recv() => Ok(()),
                interrupted = tokio::signal::ctrl_c() => interrupted,
            }
        })?;
        self.end()
    }

    fn end(&mut self) -> Result<(), RunError> {
        let _nobody_listens = self.stop.send(true);
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(outcome)) => Ok(outcome?),
            _ => Ok(()),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _already_told = self.end();
    }
}

/// Every minute, what was refused before anybody was identified.
async fn count_refusals(app: Arc<App>) {
    let mut minute = tokio::time::interval(std::time::Duration::from_secs(60));
    loop {
        minute.tick().await;
        let app = Arc::clone(&app);
        let _lost_with_the_store = tokio::task::spawn_blocking(move || app.record_refusals()).await;
    }
}

fn tls(app: &App) -> Result<Arc<rustls::ServerConfig>, RunError> {
    let identity = app.keyring.identity(IdentityName::Service(Service::Tls)).map_err(AppError::from)?;
    let key = PrivatePkcs8KeyDer::from(identity.pkcs8().expose().to_vec());
    // The root goes along: a device that enrols knows it by its hash only.
    let chain = vec![identity.certificate().clone(), app.root.clone()];
    Ok(serve::tls_config(chain, key.into(), app.root.clone())?)
}
