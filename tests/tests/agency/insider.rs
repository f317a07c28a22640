//! An enrolled insider with a client of their own: whatever is sent, nothing is given away and the server goes on.

use std::fs;
use std::path::Path;

use data_encoding::BASE64URL_NOPAD;
use kakuzuke_tests::agency::{Agency, Said};
use kakuzuke_tests::client::Client;
use kakuzuke_tests::envelope::seeded::Seeded;
use serde_json::{Value, json};

use super::text;

const OTHER_UNIT: [&str; 6] = ["--name", "田中", "--role", "officer", "--unit", "会計課"];

/// The whole head of an envelope, as a message carries it.
pub(super) fn head(path: &Path) -> String {
    let bytes = fs::read(path).unwrap();
    let length = usize::try_from(u32::from_be_bytes(bytes[12..16].try_into().unwrap())).unwrap();
    BASE64URL_NOPAD.encode(&bytes[..length])
}

/// The signed core at the end of an envelope.
fn core(path: &Path) -> String {
    let bytes = fs::read(path).unwrap();
    let trailer = &bytes[..bytes.len() - 16];
    let (rest, length) = trailer.split_last_chunk::<4>().unwrap();
    let length = usize::try_from(u32::from_be_bytes(*length)).unwrap();
    BASE64URL_NOPAD.encode(&rest[rest.len() - length..])
}

fn licence(path: &Path) -> Value {
    json!({ "items": [{ "head": head(path), "core": core(path), "wanted": ["view"], "request": "00".repeat(16) }] })
}

#[test]
fn whoever_finds_a_document_not_yet_registered_does_not_say_who_may_read_it() {
    let mut agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let tanaka = Client::enrol(&agency, "tanaka", &OTHER_UNIT);
    sato.labeler(["sync", "--tickets", "1"]).good();
    let path = text(&agency.place("文書"), "a.txt", b"text");
    agency.kill();
    let mut command = sato.command();
    command.arg("protect").arg(&path).args(["--grade", "C2I1A1", "--offline"]);
    Said::from(command.output().unwrap()).good();
    agency.start();
    let path = path.with_file_name("a.txt.kkz");
    let readers = json!({ "subjects": ["tanaka"], "units": ["会計課"] });
    let item = json!({ "head": head(&path), "core": core(&path), "title": "偽", "readers": readers });
    let said = tanaka.post("/v1/documents", &json!({ "items": [item] }));
    let answer = tanaka.post("/v1/licences", &licence(&path));
    assert!(answer.json()[0]["err"].is_object(), "{}", said.status);
    // The author's own registration still comes, and says what it says.
    sato.labeler(["sync"]).good();
    assert!(!sato.labeler(["find", "偽", "--json"]).out.contains("偽"));
    sato.open(&path, &agency.place("o").join("a")).good();
}

#[test]
fn the_last_opening_asked_for_again_is_the_same_opening() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let suzuki = Client::enrol(&agency, "suzuki", &["--name", "鈴木", "--role", "officer", "--unit", "総務課"]);
    let path = text(&agency.place("文書"), "a.txt", b"text");
    sato.protect(&path, "C2I1A1", &["読後廃棄"]).good();
    let path = path.with_file_name("a.txt.kkz");
    let ask = |request: &str| {
        let item = json!({ "head": head(&path), "wanted": ["view"], "request": request.repeat(16) });
        suzuki.post("/v1/licences", &json!({ "items": [item] })).json()[0]["ok"].is_string()
    };
    assert!(ask("01"));
    assert!(ask("01"), "the answer was lost on the way");
    assert!(!ask("02"), "another opening");
    // Twice in one batch is once.
    let item = |request: &str| json!({ "head": head(&path), "wanted": ["view"], "request": request.repeat(16) });
    let both = suzuki.post("/v1/licences", &json!({ "items": [item("03"), item("04")] })).json();
    assert!(both[0]["err"].is_object() && both[1]["err"].is_object());
}

#[test]
fn a_request_is_good_for_itself_alone() {
    let agency = Agency::open();
    agency.officer("sato", "佐藤");
    let tanaka = Client::enrol(&agency, "tanaka", &OTHER_UNIT);
    let ito = Client::enrol(&agency, "ito", &OTHER_UNIT);
    let (path, body) = ("/v1/tickets", br#"{"count":1}"#.as_slice());
    assert_eq!(tanaka.send("POST", path, body).status, 200);
    let refused = |what: &str, reply: kakuzuke_tests::client::Reply| {
        assert_eq!(reply.status, 401, "{what}: {}", reply.problem().unwrap());
    };
    let honest = tanaka.claims("POST", path, body);
    refused("no signature", tanaka.send_unsigned("POST", path, body));
    refused("another body", tanaka.send_as(&honest, "POST", path, br#"{"count":2}"#));
    refused("another path", tanaka.send_as(&honest, "POST", "/v1/documents", body));
    refused("a query", tanaka.send_as(&honest, "POST", "/v1/tickets?x", body));
    refused("another method", tanaka.send_as(&honest, "GET", "/v1/zones", body));
    let mut claims = honest.clone();
    claims.authority = kakuzuke_core::id::AuthorityId::from_bytes([7; 32]);
    refused("another authority", tanaka.send_as(&claims, "POST", path, body));
    refused("another device's connection", ito.send_as(&honest, "POST", path, body));
    let mut claims = honest.clone();
    claims.device = ito.claims("POST", path, body).device;
    refused("another device's name", tanaka.send_as(&claims, "POST", path, body));
    for time in [i64::MIN, 0, honest.time.unix() - 301, honest.time.unix() + 400, i64::MAX] {
        let mut claims = honest.clone();
        claims.time = kakuzuke_core::time::Timestamp::from_unix(time);
        let reply = tanaka.send_as(&claims, "POST", path, body);
        assert_eq!(reply.problem().as_deref(), Some("clock-skew"), "{time}");
    }
    // The same id over something else.
    assert_eq!(tanaka.send_as(&honest, "POST", path, body).status, 200);
    let mut claims = tanaka.claims("POST", path, br#"{"count":2}"#);
    claims.request = honest.request;
    refused("an id used before", tanaka.send_as(&claims, "POST", path, br#"{"count":2}"#));
}

#[test]
fn a_document_of_others_and_one_that_does_not_exist_are_told_apart_by_nobody() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let tanaka = Client::enrol(&agency, "tanaka", &OTHER_UNIT);
    let path = text(&agency.place("文書"), "a.txt", b"text");
    sato.protect(&path, "C2I1A1", &[]).good();
    let document = sato.show(&path.with_file_name("a.txt.kkz"))["label"]["document"].as_str().unwrap().to_owned();
    let absent = format!("{}{}", &document[..document.len() - 4], "0000");
    let plain = |path: &str, body: Value| {
        let reply = tanaka.post(path, &body);
        let mut said = reply.json();
        said["reference"].take();
        (reply.status, said)
    };
    // Listed by nobody but those it concerns.
    assert_eq!(tanaka.send("GET", &format!("/v1/documents?title={document}"), b"").json(), json!([]));
    let asked = |id: &str| plain("/v1/requests", json!({ "kind": "destroy", "document": id, "reason": " " }));
    assert_eq!(asked(&document), asked(&absent));
}

/// Values no honest client sends.
struct Nonsense {
    rng: Seeded,
    schemas: Value,
}

impl Nonsense {
    fn below(&mut self, limit: usize) -> usize {
        usize::from(u16::from_be_bytes(self.rng.array())) % limit
    }

    fn text(&mut self) -> String {
        const TEXTS: [&str; 22] = [
            "",
            "sato",
            "tanaka",
            "document",
            "resume",
            "view",
            "take-out",
            "approve",
            "set",
            "01a20903-1658-70e5-833b-bf839ffc3ee0",
            "00000000000000000000000000000000",
            "AAAA",
            "iVNLWg0KGgo",
            "\u{0}",
            "\u{202e}\u{200b}\u{feff}",
            "\u{1b}[2J\r\n",
            "18446744073709551615",
            "-1",
            "../../etc/passwd",
            "'; drop table rows; --",
            "%00%ff",
            "総務課",
        ];
        match self.below(12) {
            0 => "\u{1f}".repeat(4_000),
            1 => "界".repeat(self.below(6_000)),
            2 => BASE64URL_NOPAD.encode(&self.rng.bytes(300)),
            _ => TEXTS[self.below(TEXTS.len())].to_owned(),
        }
    }

    fn number(&mut self) -> Value {
        const NUMBERS: [i64; 10] = [0, 1, -1, 255, 65_535, 65_536, 4_294_967_296, i64::MAX, i64::MIN, 253_402_300_800];
        match self.below(12) {
            0 => json!(u64::MAX),
            1 => json!(1e308),
            _ => json!(NUMBERS[self.below(NUMBERS.len())]),
        }
    }

    /// A parameter of a query; sometimes none.
    fn asked(&mut self, parameter: &Value) -> Option<String> {
        let wanted = parameter["in"] == "query" && self.below(4) > 0;
        let value = if self.below(3) == 0 { self.text() } else { self.number().to_string() };
        wanted.then(|| format!("{}={}", parameter["name"].as_str().unwrap(), part(&value)))
    }

    /// Something of a schema, more or less.
    fn of(&mut self, schema: &Value, depth: usize) -> Value {
        if depth > 6 || self.below(25) == 0 {
            return [json!(null), json!([]), json!({}), json!(true), json!(1.5)][self.below(5)].clone();
        }
        if let Some(name) = schema["$ref"].as_str() {
            let name = name.rsplit('/').next().unwrap();
            return self.of(&self.schemas[name].clone(), depth + 1);
        }
        for choice in ["oneOf", "anyOf", "allOf"] {
            if let Some(all) = schema[choice].as_array().filter(|all| !all.is_empty()) {
                let place = self.below(all.len());
                return self.of(&all[place].clone(), depth + 1);
            }
        }
        if let Some(values) = schema["enum"].as_array() {
            return values[self.below(values.len())].clone();
        }
        let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str()).unwrap_or_default();
        match kind {
            "object" => {
                let fields = schema["properties"].as_object().cloned().unwrap_or_default();
                let kept = fields.into_iter().filter(|_| self.below(12) > 0).collect::<Vec<_>>();
                kept.into_iter().map(|(name, field)| (name, self.of(&field, depth + 1))).collect()
            }
            "array" => {
                let count = if self.below(15) == 0 { 1_001 } else { self.below(4) };
                (0..count).map(|_| self.of(&schema["items"], depth + 1)).collect()
            }
            "integer" | "number" => self.number(),
            "boolean" => json!(self.below(2) == 0),
            _ => json!(self.text()),
        }
    }
}

/// A text as a part of a path or a query.
fn part(text: &str) -> String {
    text.bytes().take(2_000).map(|byte| format!("%{byte:02x}")).collect()
}

#[test]
fn whatever_is_sent_the_answer_is_one_the_interface_knows_and_the_server_goes_on() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let tanaka = Client::enrol(&agency, "tanaka", &OTHER_UNIT);
    let document = fs::read(kakuzuke_tests::programs::repository().join("docs/openapi.json")).unwrap();
    let document: Value = serde_json::from_slice(&document).unwrap();
    let schemas = document["components"]["schemas"].clone();
    let mut nonsense = Nonsense { rng: Seeded::new("nonsense"), schemas };
    let (mut requests, mut done) = (0, 0);
    for (template, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            for _ in 0..25 {
                let mut path = template.clone();
                while let Some((start, end)) = path.find('{').zip(path.find('}')) {
                    let text = nonsense.text();
                    path.replace_range(start..=end, &part(&text));
                }
                let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
                let query: Vec<String> = parameters.iter().filter_map(|p| nonsense.asked(p)).collect();
                if !query.is_empty() {
                    path = format!("{path}?{}", query.join("&"));
                }
                let body = match (schema.is_null(), nonsense.below(20)) {
                    (true, _) => String::new(),
                    (false, 0) => nonsense.text(),
                    (false, _) => nonsense.of(schema, 0).to_string(),
                };
                let reply = tanaka.send(&method.to_uppercase(), &path, body.as_bytes());
                requests += 1;
                done += usize::from(reply.status == 200);
                let shown = |text: &str| text.chars().take(300).collect::<String>();
                let what = format!("{method} {} {} -> {}", shown(&path), shown(&body), reply.status);
                // Codes that were tried too often are put off.
                let put_off = template == "/v1/enrolments" && reply.status == 503;
                assert!(reply.status == 200 || reply.problem().is_some(), "{what}: {}", reply.media);
                assert!(reply.status < 500 || put_off, "{what}");
            }
        }
    }
    assert!(requests >= 300 && done > 20, "{done} of {requests}");
    for (method, path) in [("PUT", "/v1/tickets"), ("GET", "/v1/nothing"), ("DELETE", "/v1/documents/x/destroy")] {
        assert_eq!(tanaka.send(method, path, b"").problem().as_deref(), Some("not-available"), "{method} {path}");
    }
    let path = text(&agency.place("文書"), "a.txt", b"text");
    sato.protect(&path, "C2I1A1", &[]).good();
    sato.open(&path.with_file_name("a.txt.kkz"), &agency.place("o").join("a")).good();
    sato.labeler(["audit", "verify"]).good();
}
