//! 電子署名. Whether a document is signed or certified (ISO 32000-2, 12.7.5.5 and 12.8): a visible mark would break that.

use std::collections::BTreeSet;

use crate::error::ReadError;
use crate::limits;
use crate::pdf::document::Document;
use crate::pdf::label::catalog;
use crate::pdf::object::{Dict, Object};

/// Whether any signature is there: in a field, or over the whole document.
pub(super) fn is_signed(file: &Document<'_>) -> Result<bool, ReadError> {
    let (_, catalog) = catalog(file)?;
    if let Object::Dict(permissions) = file.value(&catalog, "Perms")?
        && permissions.entries().next().is_some()
    {
        return Ok(true);
    }
    let Object::Dict(form) = file.value(&catalog, "AcroForm")? else { return Ok(false) };
    let Object::Array(fields) = file.value(&form, "Fields")? else { return Ok(false) };
    match search(file, fields) {
        // Where not all fields can be looked at, what the form says of itself counts (12.7.3, SignaturesExist).
        Err(ReadError::Damaged(_) | ReadError::Limit(_)) => {
            Ok(file.value(&form, "SigFlags")?.as_u64().is_some_and(|flags| flags & 1 == 1))
        }
        found => found,
    }
}

/// Looks for a field of signatures that has a value.
fn search(file: &Document<'_>, fields: Vec<Object>) -> Result<bool, ReadError> {
    let mut next: Vec<(Object, bool)> = fields.into_iter().map(|field| (field, false)).collect();
    let (mut seen, mut looked) = (BTreeSet::new(), 0);
    while let Some((field, is_inherited)) = next.pop() {
        looked += 1;
        if looked > limits::PDF_NODES {
            return Err(ReadError::Limit("fields of a PDF"));
        }
        if field.as_reference().is_some_and(|reference| !seen.insert(reference)) {
            continue;
        }
        let Object::Dict(field) = file.resolve(&field)? else { continue };
        let is_signature = match file.value(&field, "FT")?.as_name() {
            Some(kind) => kind == b"Sig",
            None => is_inherited,
        };
        if is_signature && has_value(file, &field)? {
            return Ok(true);
        }
        if let Object::Array(kids) = file.value(&field, "Kids")? {
            next.extend(kids.into_iter().map(|kid| (kid, is_signature)));
        }
    }
    Ok(false)
}

fn has_value(file: &Document<'_>, field: &Dict) -> Result<bool, ReadError> {
    match file.value(field, "V") {
        Ok(Object::Null) => Ok(false),
        // One that can't be read is one.
        Ok(_) | Err(ReadError::Damaged(_)) => Ok(true),
        Err(e) => Err(e),
    }
}
