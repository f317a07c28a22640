//! 窓口. HTTP in, one domain call, HTTP out. Nothing is decided here.

use std::sync::Arc;

use axum::body::Bytes as Body;
use axum::extract::rejection::{BytesRejection, PathRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, Extension, Path, Query, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, extract::FromRequest};
use kakuzuke_core::audit::{EntryKind, Outcome};
use kakuzuke_core::code::Code;
use kakuzuke_core::id::{DeviceId, DocumentId, SubjectId};
use kakuzuke_core::protocol::{REQUEST_HEADER, SignedAuthority, WantedDepartures, paths};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::audit::Detail;
use crate::auth::{AuthError, Incoming, Principal, identify};
use crate::case::subject_facts;
use crate::decide::Action;
use crate::random::generator;
use crate::refusal::Refusal;
use crate::serve::Peer;
use crate::{approvals, changes, departures, directory, media, registers, registration, release, tickets, zones};

/// Longest body, in bytes: 256 heads of the usual size with room to spare.
const BODY: usize = 16 << 20;
/// Entries of one page of the log.
const PAGE: u64 = 100_000;

/// The interface.
pub fn router(app: Arc<App>) -> Router {
    let document = |last: &str| format!("{}/{{id}}/{last}", paths::DOCUMENTS);
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .route(paths::ENROLMENTS, post(enrol))
        .route(paths::AUTHORITY, get(authority))
        .route(paths::TICKETS, post(|call: Call| answer(call, |app, who, body| tickets::issue(app, who, &body))))
        .route(
            paths::DOCUMENTS,
            post(|call: Call| answer(call, |app, who, body| registration::register(app, who, &body))).get(search),
        )
        .route(paths::LICENCES, post(|call: Call| answer(call, |app, who, body| release::licences(app, who, &body))))
        .route(&document(paths::RELABEL), post(relabel))
        .route(&document(paths::REVOKE), post(revoke))
        .route(&document(paths::DESTROY), post(destroy))
        .route(
            paths::REQUESTS,
            post(|call: Call| answer(call, |app, who, body| approvals::request(app, who, &body))).get(requests),
        )
        .route(&format!("{}/{{number}}/{}", paths::REQUESTS, paths::DECISION), post(decision))
        .route(&format!("{}/{{id}}/{}", paths::SUBJECTS, paths::REVOKE), post(revoke_subject))
        .route(&format!("{}/{{id}}/{}", paths::DEVICES, paths::REVOKE), post(revoke_device))
        .route(paths::ZONES, get(zones_in_force))
        .merge(leaving())
        .route(paths::CHECKPOINT, get(checkpoint))
        .route(paths::PROOF, get(proof))
        .route(paths::ENTRIES, get(entries))
        .fallback(|| async { failure(Refusal::of(Code::NotAvailable)) })
        .method_not_allowed_fallback(|| async { failure(Refusal::of(Code::NotAvailable)) })
        .layer(DefaultBodyLimit::max(BODY))
        .with_state(app)
}

/// What leaves, and what decisions on it rest on.
fn leaving() -> Router<Arc<App>> {
    let departure = |last: &str| format!("{}/{last}", paths::DEPARTURES);
    let medium = |last: &str| format!("{}/{{id}}/{last}", paths::MEDIA);
    Router::new()
        .route(paths::REGISTERS, get(registers_in_force))
        .route(&medium(paths::MARK), post(mark_medium))
        .route(&medium(paths::RETURN), post(return_medium))
        .route(&medium(paths::LOST), post(lose_medium))
        .route(paths::DEPARTURES, get(ledger))
        .route(
            &departure(paths::SEND),
            post(|call: Call| answer(call, |app, who, body| departures::send(app, who, &body))),
        )
        .route(
            &departure(paths::TAKE_OUT),
            post(|call: Call| answer(call, |app, who, body| departures::take_out(app, who, &body))),
        )
        .route(
            &departure(paths::PRINT),
            post(|call: Call| answer(call, |app, who, body| departures::print(app, who, &body))),
        )
        .route(&departure(&format!("{{number}}/{}", paths::SETTLE)), post(settle))
        .route(paths::RECALLS, post(|call: Call| answer(call, |app, who, body| departures::recall(app, who, &body))))
}

/// A request as it came in, its body read.
struct Call {
    app: Arc<App>,
    method: Method,
    path: String,
    signature: Option<String>,
    peer: Peer,
    body: Body,
}

impl FromRequest<Arc<App>> for Call {
    type Rejection = Response;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let peer = parts.extensions.get::<Peer>().cloned();
        let peer = peer.ok_or_else(|| failure(Refusal::of(Code::Internal)))?;
        let signature = parts.headers.get(REQUEST_HEADER).and_then(|value| value.to_str().ok()).map(ToOwned::to_owned);
        let path = parts.uri.path_and_query().map_or_else(|| parts.uri.path().to_owned(), ToString::to_string);
        let method = parts.method.clone();
        let body = Body::from_request(Request::from_parts(parts, body), app).await;
        let body = body.map_err(|_| failure(Refusal::of(Code::LimitExceeded)))?;
        Ok(Self { app: Arc::clone(app), method, path, signature, peer, body })
    }
}

impl Call {
    fn identify(&self) -> Result<Principal, Refusal> {
        let incoming = Incoming {
            method: self.method.as_str(),
            path: &self.path,
            body: &self.body,
            signature: self.signature.as_deref(),
            peer: &self.peer,
        };
        let who = self.app.store.read(|reader| identify(&self.app, reader, &incoming));
        who.map_err(|error| {
            if !matches!(error, AuthError::Store(_)) {
                self.app.refusals.note(self.peer.address.ip());
            }
            Refusal::from(error).server_time(self.app.now())
        })
    }
}

/// Identifies, reads the body, calls, answers; on a thread that may wait for the disk.
async fn answer<T, R>(
    call: Call,
    act: impl FnOnce(&App, &Principal, T) -> Result<R, Refusal> + Send + 'static,
) -> Response
where
    T: for<'b> Deserialize<'b> + 'static,
    R: Serialize + Send + 'static,
{
    run(call, move |call, who| {
        let body: T = serde_json::from_slice(&call.body).map_err(|_| Refusal::of(Code::Usage))?;
        Ok(json(&act(&call.app, who, body)?))
    })
    .await
}

/// The same for requests without a body, and for answers that are not JSON.
async fn run(
    call: Call,
    act: impl FnOnce(&Call, &Principal) -> Result<Response, Refusal> + Send + 'static,
) -> Response {
    let work = move || {
        let who = call.identify()?;
        act(&call, &who).map_err(|refusal| refusal.reference(who.request()))
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(response)) => response,
        Ok(Err(refusal)) => failure(refusal),
        Err(_panicked) => failure(Refusal::of(Code::Internal)),
    }
}

fn json<R: Serialize>(value: &R) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
        Err(_) => failure(Refusal::of(Code::Internal)),
    }
}

fn failure(refusal: Refusal) -> Response {
    let status = StatusCode::from_u16(refusal.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = serde_json::to_vec(&refusal.0).unwrap_or_default();
    (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response()
}

async fn ready(State(app): State<Arc<App>>) -> Response {
    let copy_missing = app.config.copy.is_some() && !app.store.is_copied();
    if app.store.is_ready() {
        if copy_missing { "ready, without its copy" } else { "ready" }.into_response()
    } else {
        failure(Refusal::of(Code::Unready))
    }
}

/// The one request without a certificate that changes something; guarded by the code's secret.
async fn enrol(
    State(app): State<Arc<App>>,
    Extension(peer): Extension<Peer>,
    body: Result<Body, BytesRejection>,
) -> Response {
    let work = move || {
        let body = body.map_err(|_| Refusal::of(Code::LimitExceeded))?;
        if !app.attempts.admit(peer.address.ip(), app.now()) {
            app.refusals.note(peer.address.ip());
            return Err(Refusal::of(Code::Unready));
        }
        let request = serde_json::from_slice(&body).map_err(|_| Refusal::of(Code::Usage))?;
        let outcome = directory::enrol(&app, &request);
        if outcome.is_err() {
            app.attempts.failed(peer.address.ip(), app.now());
            app.refusals.note(peer.address.ip());
        }
        outcome
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(done)) => json(&done),
        Ok(Err(refusal)) => failure(refusal),
        Err(_panicked) => failure(Refusal::of(Code::Internal)),
    }
}

async fn authority(State(app): State<Arc<App>>) -> Response {
    let work = move || app.store.read(|reader| app.description(reader)).map_err(Refusal::from);
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(description)) => json(&SignedAuthority { description }),
        Ok(Err(refusal)) => failure(refusal),
        Err(_panicked) => failure(Refusal::of(Code::Internal)),
    }
}

#[derive(Deserialize)]
struct ByTitle {
    #[serde(default)]
    title: String,
}

/// What the path names; what is no id names nothing. Said only to whoever has been identified.
type Named<T> = Result<Path<T>, PathRejection>;
/// What the query asks.
type Asked<T> = Result<Query<T>, QueryRejection>;

fn named<T>(path: Named<T>) -> Result<T, Refusal> {
    path.map(|Path(id)| id).map_err(|_| Refusal::of(Code::NotAvailable))
}

fn asked<T>(query: Asked<T>) -> Result<T, Refusal> {
    query.map(|Query(query)| query).map_err(|_| Refusal::of(Code::Usage))
}

async fn search(query: Asked<ByTitle>, call: Call) -> Response {
    let query = asked(query);
    run(call, move |call, who| Ok(json(&changes::search(&call.app, who, &query?.title)?))).await
}

async fn relabel(id: Named<DocumentId>, call: Call) -> Response {
    let id = named(id);
    answer(call, move |app, who, body| changes::relabel(app, who, &id?, &body)).await
}

async fn revoke(id: Named<DocumentId>, call: Call) -> Response {
    let id = named(id);
    answer(call, move |app, who, body| changes::revoke(app, who, &id?, &body)).await
}

async fn destroy(id: Named<DocumentId>, call: Call) -> Response {
    let id = named(id);
    answer(call, move |app, who, body| changes::destroy(app, who, &id?, &body)).await
}

async fn revoke_subject(id: Named<SubjectId>, call: Call) -> Response {
    let id = named(id);
    answer(call, move |app, who, body| changes::revoke_subject(app, who, &id?, &body)).await
}

async fn revoke_device(id: Named<DeviceId>, call: Call) -> Response {
    let id = named(id);
    answer(call, move |app, who, body| changes::revoke_device(app, who, &id?, &body)).await
}

async fn requests(call: Call) -> Response {
    run(call, |call, who| Ok(json(&approvals::list(&call.app, who)?))).await
}

async fn zones_in_force(call: Call) -> Response {
    run(call, |call, who| {
        // How the agency's network is laid out is no outsider's to know.
        if who.subject().roles.is_recipient() {
            return Err(Refusal::of(Code::NotAvailable));
        }
        Ok(json(&zones::list(&call.app)?))
    })
    .await
}

async fn registers_in_force(call: Call) -> Response {
    run(call, |call, who| Ok(json(&registers::list(&call.app, who)?))).await
}

async fn ledger(query: Asked<WantedDepartures>, call: Call) -> Response {
    let query = asked(query);
    run(call, move |call, who| Ok(json(&departures::list(&call.app, who, &query?)?))).await
}

async fn settle(number: Named<u64>, call: Call) -> Response {
    let number = named(number);
    answer(call, move |app, who, body| departures::settle(app, who, number?, &body)).await
}

async fn mark_medium(id: Named<String>, call: Call) -> Response {
    let id = named(id);
    answer(call, move |app, who, body| media::mark(app, who, &id?, &body)).await
}

async fn return_medium(id: Named<String>, call: Call) -> Response {
    let id = named(id);
    answer(call, move |app, who, body| media::give_back(app, who, &id?, &body)).await
}

async fn lose_medium(id: Named<String>, call: Call) -> Response {
    let id = named(id);
    answer(call, move |app, who, body| media::lost(app, who, &id?, &body)).await
}

async fn decision(number: Named<u64>, call: Call) -> Response {
    let number = named(number);
    answer(call, move |app, who, body| approvals::decide(app, who, number?, &body)).await
}

async fn checkpoint(call: Call) -> Response {
    run(call, |call, _| Ok(call.app.auditor.checkpoint()?.into_response())).await
}

#[derive(Deserialize)]
struct ProofOf {
    index: Option<u64>,
    old: Option<u64>,
    size: u64,
}

async fn proof(query: Asked<ProofOf>, call: Call) -> Response {
    let query = asked(query);
    run(call, move |call, _| {
        let query = query?;
        match (query.index, query.old) {
            (Some(index), None) => Ok(json(&call.app.auditor.inclusion(index, query.size)?)),
            (None, Some(old)) => Ok(json(&call.app.auditor.consistency(old, query.size)?)),
            _ => Err(Refusal::of(Code::Usage)),
        }
    })
    .await
}

#[derive(Deserialize)]
struct Pages {
    #[serde(default)]
    from: u64,
    #[serde(default = "page")]
    count: u64,
}

const fn page() -> u64 {
    PAGE
}

/// The log as JSON Lines: whole to auditors, who leave an entry; hashes only to everybody else.
async fn entries(query: Asked<Pages>, call: Call) -> Response {
    let query = asked(query);
    run(call, move |call, who| {
        let query = query?;
        let app = &call.app;
        let detail = match app.engine.decide(Action::ReadLog, &subject_facts(app, who)) {
            Ok(granted) => {
                let mut entry = who.entry(app.now(), EntryKind::LogRead, Outcome::Done);
                entry.text.policies = granted.policies().to_vec();
                let entry = entry.finish(&mut generator());
                app.store.write(move |tx| tx.append(entry).map(drop))?;
                Detail::Full
            }
            Err(_) => Detail::Hashes,
        };
        let export = app.auditor.export(query.from, query.count.min(PAGE), detail)?;
        Ok(([(header::CONTENT_TYPE, "application/jsonl")], export).into_response())
    })
    .await
}
