//! Headers of messages and their parts.

use crate::hidden::Category;

/// Whose headers they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Message,
    Part,
}

/// A judgement: which category, and what it is.
pub(super) type Judged = (Category, &'static str, &'static str);

/// Headers in their order, each with its folded lines.
pub(super) struct Head<'b> {
    fields: Vec<Field<'b>>,
    /// The empty line, if it is there.
    end: &'b [u8],
}

struct Field<'b> {
    /// Small letters; empty for a line that is no header.
    name: String,
    raw: std::borrow::Cow<'b, [u8]>,
}

impl Field<'_> {
    /// The value, unfolded.
    fn value(&self) -> String {
        let words = String::from_utf8_lossy(&self.raw).into_owned();
        let value = words.split_once(':').map_or("", |(_, value)| value);
        value.replace(['\r', '\n'], "").trim().to_owned()
    }
}

impl<'b> Head<'b> {
    /// Headers, and what follows the empty line.
    pub fn split(bytes: &'b [u8]) -> (Self, &'b [u8]) {
        let (mut fields, mut at): (Vec<(usize, usize)>, usize) = (Vec::new(), 0);
        let mut end: &[u8] = b"";
        while at < bytes.len() {
            let rest = bytes.get(at..).unwrap_or_default();
            let length = rest.iter().position(|b| *b == b'\n').map_or(rest.len(), |place| place + 1);
            let line = rest.get(..length).unwrap_or_default();
            if line.iter().all(|b| matches!(b, b'\r' | b'\n')) {
                end = line;
                at += length;
                break;
            }
            match fields.last_mut() {
                Some(last) if line.starts_with(b" ") || line.starts_with(b"\t") => last.1 = at + length,
                _ => fields.push((at, at + length)),
            }
            at += length;
        }
        let field = |(from, to): (usize, usize)| {
            let raw = bytes.get(from..to).unwrap_or_default();
            let colon = raw.iter().position(|b| *b == b':').unwrap_or(0);
            let name = String::from_utf8_lossy(raw.get(..colon).unwrap_or_default()).trim().to_ascii_lowercase();
            Field { name, raw: raw.into() }
        };
        let fields = fields.into_iter().map(field).collect();
        (Self { fields, end }, bytes.get(at..).unwrap_or_default())
    }

    /// Drops the headers that are hidden data, where `goes` says so.
    pub fn sift(&mut self, role: Role, goes: &mut dyn FnMut(Judged) -> bool) {
        self.fields.retain(|field| judge(&field.name, &field.value(), role).is_none_or(|judged| !goes(judged)));
    }

    pub fn value(&self, name: &str) -> Option<String> {
        self.fields.iter().find(|field| field.name == name).map(Field::value)
    }

    /// The media type, small letters; empty when it is not said.
    pub fn media_type(&self) -> String {
        let value = self.value("content-type").unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// A parameter of the media type.
    pub fn parameter(&self, wanted: &str) -> Option<String> {
        let value = self.value("content-type")?;
        // Also where a boundary has a semicolon in its quotes.
        let lower = value.to_ascii_lowercase();
        let at = lower.find(&format!("{wanted}="))?;
        let rest = value.get(at + wanted.len() + 1..)?.trim_start();
        let inside = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next()?,
            None => rest.split([';', ' ', '\t']).next()?,
        };
        (!inside.is_empty()).then(|| inside.to_owned())
    }

    /// The transfer encoding, small letters.
    pub fn encoding(&self) -> String {
        self.value("content-transfer-encoding").unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// Says that the body is in base64 from now on, unless it can stay as text is; the way it is written then.
    pub fn encode_as_base64(&mut self, body: &[u8], decoded: &[u8]) -> String {
        if body == decoded {
            return String::new();
        }
        self.set("Content-Transfer-Encoding", "base64");
        "base64".to_owned()
    }

    /// A body that was signed is no longer.
    pub fn unsign(&mut self, boundary: &str) {
        self.set("Content-Type", &format!("multipart/mixed; boundary=\"{boundary}\""));
    }

    fn set(&mut self, name: &str, value: &str) {
        let raw = format!("{name}: {value}\r\n").into_bytes();
        let lower = name.to_ascii_lowercase();
        match self.fields.iter_mut().find(|field| field.name == lower) {
            Some(field) => field.raw = raw.into(),
            None => self.fields.push(Field { name: lower, raw: raw.into() }),
        }
    }

    pub fn bytes(&self) -> Vec<u8> {
        let fields = self.fields.iter().flat_map(|field| field.raw.iter().copied());
        fields.chain(self.end.iter().copied()).collect()
    }
}

/// What a header is, if it is hidden data. Of a message, what readers see stays; everything not known goes.
fn judge(name: &str, value: &str, role: Role) -> Option<Judged> {
    const SEEN: &[&str] = &[
        "from",
        "to",
        "cc",
        "reply-to",
        "sender",
        "subject",
        "date",
        "mime-version",
        "importance",
        "priority",
        "sensitivity",
        "organization",
        "content-type",
        "content-transfer-encoding",
        "content-disposition",
        "content-id",
        "content-description",
        "content-language",
        "x-unsent",
        "x-priority",
        "resent-from",
        "resent-to",
        "resent-cc",
        "resent-date",
        "content-location",
        "content-class",
    ];
    if name == "content-location" && value.to_ascii_lowercase().contains("file:") {
        return Some((Category::Links, "ファイルの場所", "the place of a file"));
    }
    // What says how a part is read.
    const OF_PARTS: &[&str] =
        &["content-md5", "content-duration", "content-features", "content-base", "content-alternative"];
    let is_known = SEEN.contains(&name) || role == Role::Part && OF_PARTS.contains(&name);
    if is_known || value.is_empty() && !name.is_empty() {
        return None;
    }
    if crate::mail::is_label(name) {
        return Some((Category::Label, "格付の記録", "the stored label"));
    }
    Some(match name {
        "keywords" | "comments" => (
            Category::Properties,
            "表示されないヘッダー（備考・キーワード）",
            "headers that are not shown (comments, keywords)",
        ),
        "bcc" | "resent-bcc" => (Category::Bcc, "BCCの宛先", "blind copy addressees"),
        "disposition-notification-to" | "return-receipt-to" => {
            (Category::Scripts, "開封通知の要求", "a request to report the opening")
        }
        "dkim-signature" | "domainkey-signature" | "arc-seal" | "arc-message-signature" => {
            (Category::Signatures, "送信サーバーの署名", "signatures of mail servers")
        }
        "received"
        | "x-received"
        | "return-path"
        | "delivered-to"
        | "x-originating-ip"
        | "received-spf"
        | "authentication-results"
        | "arc-authentication-results"
        | "x-original-to"
        | "envelope-to" => {
            (Category::MailRoute, "経由したサーバー・IPアドレス", "servers and addresses it went through")
        }
        "message-id" | "in-reply-to" | "references" | "thread-index" | "thread-topic" | "resent-message-id" => (
            Category::MailRoute,
            "メールの識別子（端末名を含むことがあります）",
            "ids of mails, which may name machines",
        ),
        "x-mailer" | "user-agent" => (Category::MailRoute, "メールソフトの名前", "the mail program"),
        "" => (Category::MailRoute, "ヘッダーではない行", "lines that are no headers"),
        _ => (Category::MailRoute, "その他のヘッダー", "other headers"),
    })
}
