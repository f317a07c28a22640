//! 他の方式の格付. Labels that other programs put into documents: read and told, never written. What they stand for here says
//! an agency's mapping (`kakuzuke_core::label::Mapping`), and only people decide.

use std::collections::BTreeMap;

use kakuzuke_core::label::Scheme;

use crate::detect::State;
use crate::error::{LabelError, ReadError};
use crate::format;
use crate::limits;
use crate::source::Source;

/// A label of another scheme, as it lies in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignLabel {
    /// Whose.
    pub scheme: Scheme,
    /// Its id: a GUID of Microsoft's labels, the identifier of a category of the others; in lower case.
    pub id: String,
    /// Whose tenant, or which authority's, it is; in lower case.
    pub site: Option<String>,
    /// What people call it.
    pub name: Option<String>,
    /// How it was chosen: `Privileged` by a person, `Standard` by default.
    pub method: Option<String>,
    /// When, as written.
    pub set: Option<String>,
}

/// Names and values that stand in a document's metadata.
pub(crate) type Words = Vec<(String, String)>;

/// The labels of other schemes in a document, each once. Damage of the metadata that hold them is an error; that there are
/// none is not.
///
/// # Errors
/// When the document can't be read.
pub fn foreign_labels(source: &dyn Source, name: Option<&str>) -> Result<Vec<ForeignLabel>, ReadError> {
    let detection = crate::detect(source, name)?;
    if detection.state != State::Open {
        return Ok(Vec::new());
    }
    match format::of(detection.kind).foreign(source) {
        Ok(labels) => Ok(labels),
        Err(LabelError::Read(e)) => Err(e),
        // What can't hold a label of ours may well hold nothing of others.
        Err(_) => Ok(Vec::new()),
    }
}

/// The labels that properties of a document stand for.
pub(crate) fn of_words<'w>(words: impl Iterator<Item = (&'w str, &'w str)>) -> Vec<ForeignLabel> {
    let mut microsoft: BTreeMap<String, BTreeMap<String, &str>> = BTreeMap::new();
    let mut tscp: BTreeMap<String, BTreeMap<String, &str>> = BTreeMap::new();
    for (name, value) in words {
        let (labels, found) = match (msip(name), bails(name)) {
            (Some(found), _) => (&mut microsoft, found),
            (None, Some(found)) => (&mut tscp, found),
            (None, None) => continue,
        };
        if labels.len() < limits::FOREIGN_LABELS || labels.contains_key(&found.0) {
            labels.entry(found.0).or_default().entry(found.1).or_insert(value);
        }
    }
    let microsoft = microsoft.into_iter().filter_map(|(id, parts)| of_msip(id, &parts));
    microsoft.chain(tscp.into_values().filter_map(|parts| of_bails(&parts))).collect()
}

/// `MSIP_Label_<guid>_<key>`: the id and the key, both in lower case.
fn msip(name: &str) -> Option<(String, String)> {
    const PREFIX: &str = "msip_label_";
    let name = name.get(..PREFIX.len() + 36 + 33).unwrap_or(name).to_ascii_lowercase();
    let rest = name.strip_prefix(PREFIX)?;
    let (id, key) = rest.split_at_checked(36)?;
    let key = key.strip_prefix('_')?;
    is_guid(id).then(|| (id.to_owned(), key.to_owned()))
}

/// Whether words are a GUID, without braces.
pub(crate) fn is_guid(text: &str) -> bool {
    let dash = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    text.len() == 36 && text.bytes().enumerate().all(|(at, b)| if dash(at) { b == b'-' } else { b.is_ascii_hexdigit() })
}

fn of_msip(id: String, parts: &BTreeMap<String, &str>) -> Option<ForeignLabel> {
    // A label that was taken off stays behind with this said.
    if !parts.get("enabled").is_some_and(|on| on.trim().eq_ignore_ascii_case("true") || on.trim() == "1") {
        return None;
    }
    let part = |key: &str| parts.get(key).and_then(|value| short(value));
    let site = part("siteid").map(|site| guid(&site));
    Some(ForeignLabel {
        scheme: Scheme::Msip,
        id,
        site,
        name: part("name"),
        method: part("method"),
        set: part("setdate"),
    })
}

/// `urn:bails:<policy>:<key>`: the policy, and the key in lower case (TSCP BAILS 1.1, as office programs write it).
fn bails(name: &str) -> Option<(String, String)> {
    let rest = name.strip_prefix("urn:bails:")?;
    let (policy, key) = rest.split_once(':')?;
    (!policy.is_empty() && policy.len() <= 64 && key.len() <= 200)
        .then(|| (policy.to_owned(), key.to_ascii_lowercase()))
}

fn of_bails(parts: &BTreeMap<String, &str>) -> Option<ForeignLabel> {
    let ending = |end: &str| parts.iter().find(|(key, _)| key.ends_with(end)).and_then(|(_, value)| short(value));
    let id = ending("businessauthorizationcategory:identifier")?.to_ascii_lowercase();
    let name = ending("businessauthorizationcategory:name");
    let site = ending("authority:identifier").or_else(|| ending("authority:name"));
    Some(ForeignLabel { scheme: Scheme::Bails, id, site, name, method: None, set: ending("start:validity") })
}

/// A GUID without braces, in lower case.
pub(crate) fn guid(text: &str) -> String {
    text.trim().trim_matches(['{', '}']).to_ascii_lowercase()
}

/// Words in one line, so long as they may be; none when there are none.
pub(crate) fn short(text: &str) -> Option<String> {
    let words: String = text.trim().chars().filter(|c| !c.is_control()).take(limits::FOREIGN_WORDS).collect();
    (!words.is_empty()).then_some(words)
}

/// A header or property that holds several: `MSIP_Label_…_Enabled=True; MSIP_Label_…_SiteId=…;`.
pub(crate) fn of_list(list: &str) -> Words {
    let pairs = list.split(';').filter_map(|pair| pair.split_once('='));
    pairs
        .take(limits::FOREIGN_LABELS * 16)
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect()
}

/// The same of words that are held.
pub(crate) fn of_pairs(words: &Words) -> Vec<ForeignLabel> {
    of_words(words.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}
