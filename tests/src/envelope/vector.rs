//! One fact about the format: a file, what a reader is given beside it, and what has to come out.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// A vector as it stands in its JSON file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Vector {
    /// The fact, in a sentence.
    pub fact: String,
    /// Clauses of the specification it belongs to.
    pub clauses: Vec<String>,
    /// What a reader has to do.
    pub operation: Operation,
    /// The file, beside this one.
    pub file: String,
    /// The native file beside a detached one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub native: Option<String>,
    /// The time, in seconds since 1970 UTC.
    pub at: i64,
    /// Pinned root certificates (DER), files beside this one.
    pub anchors: Vec<String>,
    /// The lowest key suite that is accepted.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub minimum_suite: Option<u8>,
    /// The label section (hex) that is current before a revision.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub current: Option<String>,
    /// What the authorities hold.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub keys: Vec<HeldKey>,
    /// What the licence says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub licence: Option<LicenceSays>,
    /// What has to come out.
    pub outcome: Outcome,
}

/// What to do with the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// Sections 2 to 8, every byte of the payload included.
    Open,
    /// Section 9: the file is the signature beside a native one.
    Detached,
    /// Section 3 alone: the file is a label section.
    Label,
    /// Section 3: the file is a label section that has to follow `current`.
    Revision,
    /// Section 5: head, label, and every counter-signature in the evidence.
    Countersignature,
}

/// A key-encryption key and the document's secret at one authority; all hex.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeldKey {
    /// Authority id.
    pub authority: String,
    /// Key id.
    pub key: String,
    /// Key suite.
    pub suite: u8,
    /// Private key, 32 bytes.
    pub private: String,
    /// S, 32 bytes.
    pub secret: String,
}

/// What a reader takes from a licence; all hex.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LicenceSays {
    /// The label section that is current.
    pub label_section: String,
    /// The root, where there is a trailer.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub root: Option<String>,
    /// K. Where it is absent, K comes from the grants and `keys`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub key: Option<String>,
}

/// What comes out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It is refused: the refusal's name in section 10.
    Refused(String),
    /// It is good, and says this.
    Accepted(Box<Accepted>),
}

/// What a good file says. Hex where it is bytes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Accepted {
    /// Document id.
    pub document: String,
    /// Lineage id.
    pub lineage: String,
    /// Revision of the label in the file.
    pub revision: u32,
    /// Its hash.
    pub label_hash: String,
    /// 機密性, 完全性, 可用性 in the file's label.
    pub grades: [u8; 3],
    /// Who signed the label: the URI of the certificate.
    pub signer: String,
    /// Whether the file's label is the licence's.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub label_is_current: Option<bool>,
    /// Name.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<String>,
    /// Media type.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub media_type: Option<String>,
    /// Title.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub title: Option<String>,
    /// Bytes of content.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub length: Option<u64>,
    /// SHA-256 of the content.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub content: Option<String>,
    /// The root the author signed; absent means 改ざん検知なし.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub root: Option<String>,
}

/// A vector with the bytes of its files.
#[derive(Debug, Clone)]
pub struct Made {
    /// Name of its JSON file, without the end.
    pub name: String,
    /// The vector.
    pub vector: Vector,
    /// Files: name and bytes.
    pub files: Vec<(String, Vec<u8>)>,
}

impl Vector {
    /// Its JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("JSON") + "\n"
    }

    /// The vector of a name.
    pub fn load(folder: &Path, name: &str) -> Self {
        let text = std::fs::read_to_string(folder.join(format!("{name}.json"))).expect("a vector");
        serde_json::from_str(&text).expect("a vector")
    }
}

/// Where the vectors are.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors").join("envelope")
}

/// The names of the vectors in a folder, in order.
pub fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("a folder")
        .filter_map(|entry| entry.expect("an entry").file_name().to_str()?.strip_suffix(".json").map(ToOwned::to_owned))
        .collect();
    names.sort_unstable();
    names
}

/// Hex.
pub fn hex(bytes: impl AsRef<[u8]>) -> String {
    data_encoding::HEXLOWER.encode(bytes.as_ref())
}

/// Bytes of hex.
pub fn unhex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(text.as_bytes()).expect("hex")
}
