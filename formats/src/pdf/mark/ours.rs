//! 当システムの表示の見分け方. Everything a marking adds to a PDF bears a key of ours; only what bears it is ever replaced or taken
//! off. What people drew themselves is never touched.

use std::borrow::Cow;
use std::collections::BTreeSet;

use kakuzuke_core::code::Text;

use crate::error::{LabelError, ReadError};
use crate::limits;
use crate::marking::Marking;
use crate::pdf::document::Document;
use crate::pdf::object::{Dict, Object, Reference};

/// The key that everything of ours bears: in streams and dictionaries what is shown; in the trailer of an update of ours
/// the length of the file before it.
pub(in crate::pdf) const KEY: &str = "KakuzukeMarking";
/// What names in resources begin with.
pub(super) const PREFIX: &str = "Kakuzuke";

/// What an object of ours says of itself.
pub(super) struct Tag {
    pub marking: Marking,
    /// What it was made for; a page that would get the same needs no other.
    pub state: String,
}

impl Tag {
    /// As it is written.
    pub fn object(marking: &Marking, state: &str) -> Object {
        let mut tag = Dict::default().with("Line", Object::words(marking.line()));
        if let Some(words) = marking.watermark() {
            tag = tag.with("Watermark", Object::words(words));
        }
        tag.with("State", Object::words(state)).into()
    }

    /// Of a dictionary that bears it in due form.
    pub fn of(dict: &Dict) -> Option<Self> {
        let tag = dict.get(KEY)?.as_dict()?;
        let line = tag.get("Line")?.as_words()?;
        let watermark = tag.get("Watermark").and_then(Object::as_words);
        let marking = Marking::new(&line, watermark.as_deref()).ok()?;
        Some(Self { marking, state: tag.get("State").and_then(Object::as_words)? })
    }
}

/// What lies at a reference, if it bears our key: the dictionary of a stream too.
pub(super) fn tagged(file: &Document<'_>, reference: Reference) -> Result<Option<Dict>, ReadError> {
    match file.get(reference) {
        Ok(Object::Dict(dict)) if dict.get(KEY).is_some() => Ok(Some(dict)),
        Ok(_) | Err(ReadError::Damaged(_)) => Ok(None),
        Err(e) => Err(e),
    }
}

/// What a page's instructions are made of.
pub(super) struct Contents {
    /// Streams that are not ours, in their order.
    pub others: Vec<Reference>,
    /// Streams of ours.
    pub ours: Vec<Reference>,
    /// What the last of ours says.
    pub tag: Option<Tag>,
    /// Whether ours stand as they were put: around the others, or in front of them.
    pub is_whole: bool,
}

/// The streams of a page.
pub(super) fn contents(file: &Document<'_>, page: &Dict) -> Result<Contents, ReadError> {
    let streams: Vec<Reference> = match (page.get("Contents"), file.value(page, "Contents")) {
        (_, Ok(Object::Array(items))) => items.iter().filter_map(Object::as_reference).collect(),
        // What can't be read is somebody's all the same.
        (Some(Object::Reference(one)), Ok(Object::Dict(_)) | Err(ReadError::Damaged(_))) => vec![*one],
        (_, Ok(_)) => Vec::new(),
        (_, Err(e)) => return Err(e),
    };
    if streams.len() > limits::PDF_PAGE_NODES {
        return Err(ReadError::Limit("streams of a PDF's page"));
    }
    let mut found = Contents { others: Vec::new(), ours: Vec::new(), tag: None, is_whole: false };
    let mut places = Vec::new();
    for (place, stream) in streams.iter().enumerate() {
        match tagged(file, *stream)? {
            Some(dict) => {
                found.ours.push(*stream);
                found.tag = Tag::of(&dict).or(found.tag);
                places.push(place);
            }
            None => found.others.push(*stream),
        }
    }
    let last = streams.len().wrapping_sub(1);
    found.is_whole = places == [0, last] || places == [0];
    Ok(found)
}

/// Everything of ours that is reached from `from` through objects of ours.
pub(super) fn reach(
    file: &Document<'_>,
    from: impl IntoIterator<Item = Reference>,
    found: &mut BTreeSet<Reference>,
) -> Result<(), ReadError> {
    let mut next: Vec<Reference> = from.into_iter().collect();
    while let Some(reference) = next.pop() {
        if found.contains(&reference) {
            continue;
        }
        if let Some(dict) = tagged(file, reference)? {
            found.insert(reference);
            references(&dict.into(), &mut next);
        }
    }
    Ok(())
}

fn references(object: &Object, found: &mut Vec<Reference>) {
    match object {
        Object::Reference(to) => found.push(*to),
        Object::Array(items) => items.iter().for_each(|item| references(item, found)),
        Object::Dict(dict) => dict.entries().for_each(|(_, value)| references(value, found)),
        _ => {}
    }
}

/// Where a dictionary of drawn objects is to be found from an object that is written anew.
pub(super) type Way = &'static [&'static str];
/// From a page or a node above it, from its resources, from the dictionary itself.
pub(super) const WAYS: [Way; 3] = [&["Resources", "XObject"], &["XObject"], &[]];

/// The object in which the names of a page's drawn objects are written, and the way there in it.
pub(super) fn names_of(file: &Document<'_>, resources: Reference) -> Result<(Reference, Way), ReadError> {
    const ODD: ReadError = ReadError::Damaged("the resources of a page are no dictionary");
    let (mut at, [mut way, by_resources, by_names]) = (resources, WAYS);
    let mut dict = file.dict(at)?.ok_or(ODD)?;
    for (key, rest) in [("Resources", by_resources), ("XObject", by_names)] {
        match dict.get(key) {
            Some(Object::Reference(to)) => match file.dict(*to)? {
                Some(there) => (at, way, dict) = (*to, rest, there),
                None => break,
            },
            Some(Object::Dict(there)) => dict = there.clone(),
            _ => break,
        }
    }
    Ok((at, way))
}

/// The dictionary at the end of a way.
pub(super) fn follow(dict: &Dict, way: Way) -> Option<&Dict> {
    way.iter().try_fold(dict, |dict, key| dict.get(key)?.as_dict())
}

/// The object with another dictionary at the end of a way.
pub(super) fn edited(dict: Dict, way: Way, edit: &dyn Fn(Dict) -> Dict) -> Dict {
    let Some((key, rest)) = way.split_first() else { return edit(dict) };
    let inner = dict.get(key).and_then(Object::as_dict).cloned().unwrap_or_default();
    dict.with(key, edited(inner, rest, edit))
}

/// Names of drawn objects that begin as ours do: those of ours with what they name, and those of others.
#[derive(Default)]
pub(super) struct Names {
    pub ours: Vec<(String, Reference)>,
    pub others: BTreeSet<String>,
}

/// The names in a dictionary of drawn objects.
pub(super) fn names(file: &Document<'_>, dict: &Dict) -> Result<Names, ReadError> {
    let mut found = Names::default();
    for (key, value) in dict.entries() {
        let Some(name) = std::str::from_utf8(key).ok().filter(|name| name.starts_with(PREFIX)) else { continue };
        match value.as_reference() {
            Some(to) if tagged(file, to)?.is_some() => found.ours.push((name.to_owned(), to)),
            _ => {
                found.others.insert(name.to_owned());
            }
        }
    }
    Ok(found)
}

/// The dictionary without names of ours.
pub(super) fn without(mut dict: Dict, names: &Names) -> Dict {
    for (name, _) in &names.ours {
        dict.remove(name);
    }
    dict
}

impl From<LabelError> for crate::marking::MarkError {
    fn from(e: LabelError) -> Self {
        match e {
            LabelError::Read(e) => e.into(),
            LabelError::Write(e) => Self::Write(e),
            LabelError::Refused(Text { en: Cow::Borrowed(why), .. }) => Self::Refused(why),
            _ => Self::Refused("the PDF can't be added to"),
        }
    }
}
