//! Schemas of the types that are strings in JSON, for the generated OpenAPI document.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::address::MailAddress;
use crate::code::Code;
use crate::id::{
    ApprovalId, AuthorityId, CertHash, DeviceId, Digest, DocumentId, KeyId, LabelHash, LineageId, LogHash, PayloadRoot,
    RequestId, SubjectId,
};
use crate::licence::{Right, Rights};
use crate::protocol::Bytes;
use crate::time::Timestamp;

fn string(description: &str, pattern: &str) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(SchemaType::new(Type::String))
        .description(Some(description))
        .pattern(Some(pattern))
        .into()
}

macro_rules! strings {
    ($($name:ty: $description:literal, $pattern:literal;)*) => {$(
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                string($description, $pattern)
            }
        }
        impl ToSchema for $name {}
    )*};
}

strings! {
    DocumentId: "UUIDv7 (RFC 9562 5.7)", "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$";
    LineageId: "UUIDv7 of the first version", "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$";
    RequestId: "128 random bits, hexadecimal", "^[0-9a-f]{32}$";
    ApprovalId: "128 bits, hexadecimal", "^[0-9a-f]{32}$";
    KeyId: "128 bits, hexadecimal", "^[0-9a-f]{32}$";
    AuthorityId: "SHA-256, hexadecimal", "^[0-9a-f]{64}$";
    DeviceId: "SHA-256, hexadecimal", "^[0-9a-f]{64}$";
    CertHash: "SHA-256, hexadecimal", "^[0-9a-f]{64}$";
    LabelHash: "SHA-256, hexadecimal", "^[0-9a-f]{64}$";
    PayloadRoot: "SHA-256, hexadecimal", "^[0-9a-f]{64}$";
    LogHash: "SHA-256, hexadecimal", "^[0-9a-f]{64}$";
    Digest: "SHA-256, hexadecimal", "^[0-9a-f]{64}$";
    SubjectId: "1 to 64 characters", "^[a-z0-9._@-]{1,64}$";
    MailAddress: "RFC 5321 Mailbox, lower case", "^[^@\\s]+@[a-z0-9.-]+$";
    Bytes: "base64url without padding (RFC 4648 5)", "^[A-Za-z0-9_-]*$";
}

impl PartialSchema for Timestamp {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::Integer))
            .description(Some("seconds since 1970-01-01T00:00:00Z"))
            .into()
    }
}
impl ToSchema for Timestamp {}

impl PartialSchema for Code {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::String))
            .enum_values(Some(Self::ALL.iter().map(|c| c.slug())))
            .into()
    }
}
impl ToSchema for Code {}

impl PartialSchema for Rights {
    fn schema() -> RefOr<Schema> {
        let right = ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::String))
            .enum_values(Some(Right::ALL.iter().map(|r| r.slug())));
        ArrayBuilder::new().items(RefOr::T(Schema::from(right))).into()
    }
}
impl ToSchema for Rights {}
