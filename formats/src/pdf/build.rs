//! Makes the wrapper: the drawn cover with a catalog that names the embedded file, then the revision that holds it.

use lopdf::{Dictionary, Document, Object, StringFormat};

use crate::error::WrapError;

/// Name of the embedded file.
pub(super) const FILE_NAME: &str = "kakuzuke-envelope.kkz";
/// How the embedded file's object begins after its number, up to the length.
pub(super) const STREAM_HEAD: &str =
    " 0 obj\n<< /Type /EmbeddedFile /Subtype /application#2Fvnd.kakuzuke.envelope /Length ";
/// What stands between the length and the bytes.
pub(super) const STREAM_OPEN: &str = " >>\nstream\n";
/// What follows the bytes.
pub(super) const STREAM_CLOSE: &str = "\nendstream\nendobj\n";

const NOT_BUILT: WrapError = WrapError::Cover("the cover can't be drawn");

/// The first revision, whole.
pub(super) struct Base {
    bytes: Vec<u8>,
    /// Object number of the stream that follows.
    stream: u32,
    root: u32,
    /// Where its cross-reference table starts.
    table: usize,
    id: String,
}

impl Base {
    /// From a drawn page.
    pub(super) fn new(page: &[u8]) -> Result<Self, WrapError> {
        let mut document = Document::load_mem(page).map_err(|_| NOT_BUILT)?;
        document.version = "2.0".to_owned();
        document.reference_table.cross_reference_type = lopdf::xref::XrefType::CrossReferenceTable;
        let root = document.trailer.get(b"Root").and_then(Object::as_reference).map_err(|_| NOT_BUILT)?;
        let spec = document.max_id + 1;
        let stream = spec + 1;
        document.max_id = spec;
        document.objects.insert((spec, 0), Object::Dictionary(file_spec(stream)));
        let catalog = document.get_object_mut(root).and_then(Object::as_dict_mut).map_err(|_| NOT_BUILT)?;
        name_file(catalog, spec);
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).map_err(|_| NOT_BUILT)?;
        let table = last_table(&bytes).ok_or(NOT_BUILT)?;
        let id = document.trailer.get(b"ID").ok().map(printed_id).unwrap_or_default();
        Ok(Self { bytes, stream, root: root.0, table, id })
    }

    /// What stands before and after an envelope of a length.
    pub(super) fn around(&self, length: u64) -> (Vec<u8>, Vec<u8>) {
        let mut prefix = self.bytes.clone();
        if prefix.last() != Some(&b'\n') {
            prefix.push(b'\n');
        }
        let object = prefix.len();
        prefix.extend_from_slice(format!("{}{STREAM_HEAD}{length}{STREAM_OPEN}", self.stream).as_bytes());
        let table = (prefix.len() as u64).saturating_add(length).saturating_add(STREAM_CLOSE.len() as u64);
        let (stream, root, previous, id) = (self.stream, self.root, self.table, &self.id);
        let size = u64::from(stream) + 1;
        let suffix = format!(
            "{STREAM_CLOSE}xref\n{stream} 1\n{object:010} 00000 n \ntrailer\n<< /Size {size} /Root {root} 0 R \
             /Prev {previous}{id} >>\nstartxref\n{table}\n%%EOF\n"
        );
        (prefix, suffix.into_bytes())
    }
}

/// The file specification of the embedded file (ISO 32000-2, 7.11.3, and 7.6.7 for the encrypted payload).
fn file_spec(stream: u32) -> Dictionary {
    let text = |bytes: &[u8]| Object::String(bytes.to_vec(), StringFormat::Literal);
    let mut files = Dictionary::new();
    files.set("F", Object::Reference((stream, 0)));
    files.set("UF", Object::Reference((stream, 0)));
    let mut payload = Dictionary::new();
    payload.set("Type", Object::Name(b"EncryptedPayload".to_vec()));
    payload.set("Subtype", Object::Name(b"Kakuzuke".to_vec()));
    payload.set("Version", text(b"1"));
    let mut spec = Dictionary::new();
    spec.set("Type", Object::Name(b"Filespec".to_vec()));
    spec.set("F", text(FILE_NAME.as_bytes()));
    spec.set("UF", text(FILE_NAME.as_bytes()));
    spec.set("EF", Object::Dictionary(files));
    spec.set("AFRelationship", Object::Name(b"EncryptedPayload".to_vec()));
    spec.set("EP", Object::Dictionary(payload));
    spec.set("Desc", text(b"Protected document (Kakuzuke)"));
    spec
}

/// The catalog names the file, and says that it is the document (7.6.7).
fn name_file(catalog: &mut Dictionary, spec: u32) {
    let reference = || Object::Reference((spec, 0));
    let name = || Object::String(FILE_NAME.as_bytes().to_vec(), StringFormat::Literal);
    let mut tree = Dictionary::new();
    tree.set("Names", Object::Array(vec![name(), reference()]));
    let mut names = Dictionary::new();
    names.set("EmbeddedFiles", Object::Dictionary(tree));
    let mut collection = Dictionary::new();
    collection.set("Type", Object::Name(b"Collection".to_vec()));
    collection.set("D", name());
    collection.set("View", Object::Name(b"H".to_vec()));
    catalog.set("Names", Object::Dictionary(names));
    catalog.set("AF", Object::Array(vec![reference()]));
    catalog.set("Collection", Object::Dictionary(collection));
}

/// The offset the file's last `startxref` names.
fn last_table(bytes: &[u8]) -> Option<usize> {
    let tail = bytes.get(bytes.len().saturating_sub(64)..)?;
    let text = String::from_utf8_lossy(tail).into_owned();
    let (_, after) = text.rsplit_once("startxref")?;
    after.split_whitespace().next()?.parse().ok()
}

/// The file identifier as it stands in a trailer, with a leading space.
fn printed_id(id: &Object) -> String {
    let Ok(parts) = id.as_array() else { return String::new() };
    let hex = |part: &Object| part.as_str().map(|bytes| data_encoding::HEXLOWER.encode(bytes)).unwrap_or_default();
    format!(" /ID [{}]", parts.iter().map(|part| format!("<{}>", hex(part))).collect::<Vec<_>>().join(" "))
}
