//! 元に戻す. A marking that was added last, and alone, is cut off again: what is left is the file as it was, byte for byte.

use crate::error::ReadError;
use crate::pdf::document::Document;
use crate::pdf::object::{Dict, Object, Reference};
use crate::pdf::xref::Entry;
use crate::source::{Source, Window};

use super::ours::{self, KEY, WAYS};

/// The length of the file before its last update, when that update is a marking of ours and nothing else: it speaks only of
/// objects of ours, and of objects that are the same as before but for what we put in.
pub(super) fn length(source: &dyn Source, file: &Document<'_>) -> Result<Option<u64>, ReadError> {
    let Some(length) = file.trailer.get(KEY).and_then(Object::as_u64) else { return Ok(None) };
    if length >= file.newest || length >= file.size() {
        return Ok(None);
    }
    let window = Window::new(source, 0..length);
    let before = match Document::open(&window) {
        Ok(before) => before,
        Err(ReadError::Io(e)) => return Err(e.into()),
        Err(_) => return Ok(None),
    };
    before.allow(crate::limits::PDF_MARKED);
    match is_alone(file, &before, length) {
        Ok(is_alone) => Ok(is_alone.then_some(length)),
        Err(ReadError::Damaged(_)) => Ok(None),
        Err(e) => Err(e),
    }
}

fn is_alone(file: &Document<'_>, before: &Document<'_>, length: u64) -> Result<bool, ReadError> {
    let follows = file.trailer.get("Prev").and_then(Object::as_u64) == Some(before.newest);
    let same = ["Root", "Info", "ID", "Encrypt"].iter().all(|key| file.trailer.get(key) == before.trailer.get(key));
    let (Some(numbers), Some(next)) = (file.newest_numbers(), before.next_number()) else { return Ok(false) };
    if !follows || !same {
        return Ok(false);
    }
    for number in numbers {
        let is_same = match file.entry(number)? {
            Entry::At(at, generation) if at >= length => {
                let reference = Reference { number, generation };
                if number >= next { is_ours(file, reference)? } else { is_kept(file, before, reference)? }
            }
            _ => false,
        };
        if !is_same {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A new object: it bears our key, or is the table of the update itself.
fn is_ours(file: &Document<'_>, reference: Reference) -> Result<bool, ReadError> {
    Ok(match file.get(reference)? {
        Object::Dict(dict) => dict.get(KEY).is_some(),
        _ => false,
    })
}

/// Whether an object is as it was, but for what we put in; what is no more must have been ours.
fn is_kept(file: &Document<'_>, before: &Document<'_>, reference: Reference) -> Result<bool, ReadError> {
    if file.get(reference)? == Object::Null {
        return Ok(ours::tagged(before, reference)?.is_some());
    }
    Ok(match (file.dict(reference)?, before.dict(reference)?) {
        (Some(now), Some(then)) => bare(file, now)? == bare(before, then)?,
        _ => false,
    })
}

/// An object without what we put in, its keys in order.
fn bare(file: &Document<'_>, mut dict: Dict) -> Result<Object, ReadError> {
    if dict.get("Contents").is_some() {
        let contents = ours::contents(file, &dict)?;
        let streams = contents.others.into_iter().map(Object::from).collect();
        dict = dict.with("Contents", Object::Array(streams));
    }
    for key in ["Resources", "XObject"] {
        // What is no dictionary gave way to one of ours.
        if dict
            .get(key)
            .and_then(Object::as_reference)
            .map_or(Ok(false), |to| Ok::<_, ReadError>(file.dict(to)?.is_none()))?
        {
            dict.remove(key);
        }
    }
    for way in WAYS {
        let Some(inner) = ours::follow(&dict, way) else { continue };
        let names = ours::names(file, inner)?;
        dict = ours::edited(dict, way, &|inner| ours::without(inner, &names));
    }
    for [outer, inner] in [["Resources", "XObject"], ["", "Resources"], ["", "XObject"], ["", "Contents"]] {
        dict = pruned(dict, outer, inner);
    }
    Ok(sorted(&dict.into()))
}

/// The dictionary without `inner` in `outer` (in itself, without a name) where there is nothing in it.
fn pruned(mut dict: Dict, outer: &str, inner: &str) -> Dict {
    let is_empty = |value: &Object| match value {
        Object::Dict(dict) => dict.entries().next().is_none(),
        Object::Array(items) => items.is_empty(),
        _ => false,
    };
    if outer.is_empty() {
        if dict.get(inner).is_some_and(is_empty) {
            dict.remove(inner);
        }
        return dict;
    }
    match dict.get(outer).and_then(Object::as_dict).cloned() {
        Some(within) => dict.with(outer, pruned(within, "", inner)),
        None => dict,
    }
}

fn sorted(object: &Object) -> Object {
    match object {
        Object::Array(items) => Object::Array(items.iter().map(sorted).collect()),
        Object::Dict(dict) => {
            let mut entries: Vec<_> = dict.entries().map(|(key, value)| (key.to_vec(), sorted(value))).collect();
            entries.sort_by(|(one, _), (other, _)| one.cmp(other));
            let mut whole = Dict::default();
            entries.into_iter().for_each(|(key, value)| whole.push(&key, value));
            whole.into()
        }
        other => other.clone(),
    }
}
