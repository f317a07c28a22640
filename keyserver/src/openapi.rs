//! インタフェースの定義. The OpenAPI document, generated from the message types and the paths both sides use.

use kakuzuke_core::audit::{ConsistencyProof, InclusionProof};
use kakuzuke_core::protocol::{
    Answer, ApprovalDecision, ApprovalRecord, ApprovalRequest, Bytes, Departure, DestroyRequest, DocumentSummary,
    EnrolmentRequest, EnrolmentResponse, LicenceRequest, MarkAnswer, MarkRequest, MediumRecord, MediumRequest,
    PrintRequest, Problem, REQUEST_HEADER, RecallReport, RecallRequest, Registers, RegistrationReceipt,
    RegistrationRequest, RelabelRequest, RevokeRequest, SendRequest, Settlement, SignedAuthority, StateChange,
    TakeOutRequest, TicketBatch, TicketRequest, Zone, paths,
};
use utoipa::openapi::path::{OperationBuilder, Parameter, ParameterBuilder, ParameterIn, PathItemBuilder};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ArrayBuilder, ComponentsBuilder, Schema};
use utoipa::openapi::{
    ContentBuilder, HttpMethod, InfoBuilder, OpenApiBuilder, PathsBuilder, Ref, RefOr, Required, ResponseBuilder,
};
use utoipa::{PartialSchema, ToSchema};

type Schemas = Vec<(String, RefOr<Schema>)>;

/// One request of the interface.
struct Operation {
    method: HttpMethod,
    path: String,
    summary: &'static str,
    /// Whether the request must carry the device's signature.
    signed: bool,
    query: &'static [&'static str],
    body: Option<RefOr<Schema>>,
    answer: Option<RefOr<Schema>>,
}

/// The document, as indented JSON.
///
/// # Errors
/// When it can't be written, which no build of ours has.
pub fn document() -> Result<String, serde_json::Error> {
    let mut schemas = Schemas::new();
    let problem = named::<Problem>(&mut schemas);
    let mut all = PathsBuilder::new();
    for operation in operations(&mut schemas) {
        all = all.path(operation.path.clone(), item(operation, &problem));
    }
    let components = ComponentsBuilder::new().schemas_from_iter(schemas).build();
    let info = InfoBuilder::new()
        .title("Kakuzuke key server")
        .version("1")
        .description(Some(
            "TLS 1.3 with the device's client certificate. Requests marked signed carry, in the header \
             `kakuzuke-request`, a COSE_Sign1 by the device over method, path, body digest, authority, request id and time.",
        ))
        .build();
    let document = OpenApiBuilder::new().info(info).paths(all.build()).components(Some(components)).build();
    serde_json::to_string_pretty(&document)
}

fn operations(s: &mut Schemas) -> Vec<Operation> {
    let mut all = documents(s);
    all.extend(people(s));
    all.extend(leaving(s));
    all.extend(log(s));
    all
}

fn documents(s: &mut Schemas) -> Vec<Operation> {
    let part = |last: &str| format!("{}/{{id}}/{last}", paths::DOCUMENTS);
    vec![
        signed(
            HttpMethod::Post,
            paths::TICKETS,
            "Tickets for protecting",
            s,
            named::<TicketRequest>,
            named::<TicketBatch>,
        ),
        signed(
            HttpMethod::Post,
            paths::DOCUMENTS,
            "Register sealed documents, at most 256",
            s,
            named::<RegistrationRequest>,
            answers::<RegistrationReceipt>,
        ),
        Operation {
            query: &["title"],
            ..read(paths::DOCUMENTS, "Documents the caller may know of", s, list::<DocumentSummary>)
        },
        signed(
            HttpMethod::Post,
            paths::LICENCES,
            "Licences, at most 256; each a COSE_Sign1 or a problem",
            s,
            named::<LicenceRequest>,
            answers::<Bytes>,
        ),
        signed(
            HttpMethod::Post,
            &part(paths::RELABEL),
            "Change the label",
            s,
            named::<RelabelRequest>,
            named::<StateChange>,
        ),
        signed(
            HttpMethod::Post,
            &part(paths::REVOKE),
            "Suspend, resume, revoke a reader",
            s,
            named::<RevokeRequest>,
            named::<StateChange>,
        ),
        signed(
            HttpMethod::Post,
            &part(paths::DESTROY),
            "Erase the keys of all versions",
            s,
            named::<DestroyRequest>,
            named::<StateChange>,
        ),
    ]
}

fn people(s: &mut Schemas) -> Vec<Operation> {
    let of = |collection: &str, name: &str, last: &str| format!("{collection}/{{{name}}}/{last}");
    vec![
        Operation {
            signed: false,
            ..signed(
                HttpMethod::Post,
                paths::ENROLMENTS,
                "Enrol a device with a one-time code",
                s,
                named::<EnrolmentRequest>,
                named::<EnrolmentResponse>,
            )
        },
        Operation {
            signed: false,
            ..read(paths::AUTHORITY, "The signed description of the authority", s, named::<SignedAuthority>)
        },
        signed(
            HttpMethod::Post,
            paths::REQUESTS,
            "Ask for permission",
            s,
            named::<ApprovalRequest>,
            named::<ApprovalRecord>,
        ),
        read(paths::REQUESTS, "Own applications, and those the caller may decide", s, list::<ApprovalRecord>),
        signed(
            HttpMethod::Post,
            &of(paths::REQUESTS, "number", paths::DECISION),
            "Permit or reject",
            s,
            named::<ApprovalDecision>,
            named::<ApprovalRecord>,
        ),
        read(paths::ZONES, "The zones in force", s, list::<Zone>),
        signed(
            HttpMethod::Post,
            &of(paths::SUBJECTS, "id", paths::REVOKE),
            "Revoke a subject",
            s,
            named::<RevokeRequest>,
            named::<StateChange>,
        ),
        signed(
            HttpMethod::Post,
            &of(paths::DEVICES, "id", paths::REVOKE),
            "Revoke a device",
            s,
            named::<RevokeRequest>,
            named::<StateChange>,
        ),
    ]
}

fn leaving(s: &mut Schemas) -> Vec<Operation> {
    let departure = |last: &str| format!("{}/{last}", paths::DEPARTURES);
    let medium = |last: &str| format!("{}/{{id}}/{last}", paths::MEDIA);
    let settle = departure(&format!("{{number}}/{}", paths::SETTLE));
    let post = HttpMethod::Post;
    let (mark, back, lost) = (medium(paths::MARK), medium(paths::RETURN), medium(paths::LOST));
    let (send, out, print) = (departure(paths::SEND), departure(paths::TAKE_OUT), departure(paths::PRINT));
    vec![
        read(paths::REGISTERS, "Destinations, addressees and media in force", s, named::<Registers>),
        signed(post.clone(), &mark, "The mark a medium is known by", s, named::<MarkRequest>, named::<MarkAnswer>),
        signed(post.clone(), &back, "A medium was given back", s, named::<MediumRequest>, named::<MediumRecord>),
        signed(post.clone(), &lost, "A medium was lost", s, named::<MediumRequest>, named::<RecallReport>),
        Operation {
            query: &["before", "out", "count"],
            ..read(paths::DEPARTURES, "The ledger of what left, newest first, at most 1,000", s, list::<Departure>)
        },
        signed(post.clone(), &send, "Send documents by mail", s, named::<SendRequest>, named::<Departure>),
        signed(post.clone(), &out, "Take documents out on a medium", s, named::<TakeOutRequest>, named::<Departure>),
        signed(post.clone(), &print, "Print a document, numbered", s, named::<PrintRequest>, named::<Departure>),
        signed(post.clone(), &settle, "Returned, collected, shredded", s, named::<Settlement>, named::<Departure>),
        signed(post, paths::RECALLS, "Call back what left", s, named::<RecallRequest>, named::<RecallReport>),
    ]
}

fn log(s: &mut Schemas) -> Vec<Operation> {
    let text =
        |path: &str, summary| Operation { answer: None, ..read(path, summary, &mut Schemas::new(), named::<Bytes>) };
    // Which of the two comes back is told by the query.
    named::<ConsistencyProof>(s);
    vec![
        text(paths::CHECKPOINT, "The newest checkpoint (C2SP tlog-checkpoint)"),
        Operation {
            query: &["from", "count"],
            ..text(paths::ENTRIES, "The log as JSON Lines; hashes only unless auditor")
        },
        Operation {
            query: &["index", "old", "size"],
            ..read(paths::PROOF, "Inclusion (index, size) or consistency (old, size) proof", s, named::<InclusionProof>)
        },
    ]
}

type Describe = fn(&mut Schemas) -> RefOr<Schema>;

fn signed(
    method: HttpMethod,
    path: &str,
    summary: &'static str,
    s: &mut Schemas,
    body: Describe,
    answer: Describe,
) -> Operation {
    let (body, answer) = (Some(body(s)), Some(answer(s)));
    Operation { method, path: path.to_owned(), summary, signed: true, query: &[], body, answer }
}

fn read(path: &str, summary: &'static str, s: &mut Schemas, answer: Describe) -> Operation {
    let answer = Some(answer(s));
    Operation { method: HttpMethod::Get, path: path.to_owned(), summary, signed: true, query: &[], body: None, answer }
}

/// A reference to a type, which is described once among the components with all it is made of.
fn named<T: ToSchema + PartialSchema>(schemas: &mut Schemas) -> RefOr<Schema> {
    let name = T::name().into_owned();
    if schemas.iter().all(|(known, _)| *known != name) {
        schemas.push((name.clone(), T::schema()));
        T::schemas(schemas);
    }
    Ref::from_schema_name(name).into()
}

fn list<T: ToSchema + PartialSchema>(schemas: &mut Schemas) -> RefOr<Schema> {
    Schema::Array(ArrayBuilder::new().items(named::<T>(schemas)).build()).into()
}

/// One answer for each item, in order.
fn answers<T: ToSchema + PartialSchema>(schemas: &mut Schemas) -> RefOr<Schema>
where
    Answer<T>: ToSchema + PartialSchema,
{
    named::<T>(schemas);
    named::<Problem>(schemas);
    Schema::Array(ArrayBuilder::new().items(Answer::<T>::schema()).build()).into()
}

fn item(operation: Operation, problem: &RefOr<Schema>) -> utoipa::openapi::PathItem {
    let content = |schema: &RefOr<Schema>| ContentBuilder::new().schema(Some(schema.clone())).build();
    let answer = match &operation.answer {
        Some(schema) => ResponseBuilder::new().content("application/json", content(schema)),
        None => ResponseBuilder::new().content("text/plain", ContentBuilder::new().build()),
    };
    let refusal = ResponseBuilder::new()
        .description("A problem (RFC 9457)")
        .content("application/problem+json", content(problem));
    let mut built = OperationBuilder::new()
        .summary(Some(operation.summary))
        .response("200", answer.description("Done").build())
        .response("default", refusal.build());
    for parameter in parameters(&operation) {
        built = built.parameter(parameter);
    }
    if let Some(body) = &operation.body {
        let body = RequestBodyBuilder::new().required(Some(Required::True)).content("application/json", content(body));
        built = built.request_body(Some(body.build()));
    }
    PathItemBuilder::new().operation(operation.method, built.build()).build()
}

fn parameters(operation: &Operation) -> Vec<Parameter> {
    let text = || Some(<String as PartialSchema>::schema());
    let parameter = |name: &str, place, required| {
        ParameterBuilder::new().name(name).parameter_in(place).required(required).schema(text()).build()
    };
    let mut all = Vec::new();
    if operation.signed {
        all.push(parameter(REQUEST_HEADER, ParameterIn::Header, Required::True));
    }
    let in_path = operation.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    all.extend(in_path.map(|name| parameter(name, ParameterIn::Path, Required::True)));
    all.extend(operation.query.iter().map(|name| parameter(name, ParameterIn::Query, Required::False)));
    all
}
