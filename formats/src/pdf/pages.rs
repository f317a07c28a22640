//! ページ. The pages of a document in their order (ISO 32000-2, 7.7.3), with what they inherit, one at a time.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::error::ReadError;
use crate::limits;

use super::document::Document;
use super::object::{Dict, Object, Reference};

/// Left, bottom, right, top in default user space.
pub(super) type Box4 = [f64; 4];

/// A page.
pub(super) struct Page {
    pub reference: Reference,
    pub dict: Dict,
    /// What is seen of it: the crop box within the media box (14.11.2).
    pub seen: Box4,
    /// Clockwise, in quarters.
    pub turned: u8,
    /// Points (1/72 inch) of a unit of user space.
    pub unit: f64,
    /// The object that says what the page's instructions may name; the page itself when nothing does.
    pub resources: Reference,
}

/// What pages have from the nodes above them.
#[derive(Clone, Default)]
struct Inherited {
    media: Option<Box4>,
    crop: Option<Box4>,
    turned: u8,
    resources: Option<Reference>,
}

const NONE: ReadError = ReadError::Damaged("the PDF has no pages");
/// What readers take where no box is given: Letter.
const LETTER: Box4 = [0.0, 0.0, 612.0, 792.0];
/// No side of a box is longer, in units: far beyond what readers show.
const LONGEST: f64 = 1e7;

/// Calls `visit` for every page, once each; it ends the walk by saying so.
pub(super) fn walk<E: From<ReadError>>(
    file: &Document<'_>,
    visit: &mut dyn FnMut(Page) -> Result<bool, E>,
) -> Result<(), E> {
    let root = super::label::catalog(file)?.1.get("Pages").and_then(Object::as_reference).ok_or(NONE)?;
    let (mut next, mut seen) = (vec![(root, Rc::new(Inherited::default()))], BTreeSet::new());
    while let Some((reference, above)) = next.pop() {
        if !seen.insert(reference) {
            continue;
        }
        if seen.len() > limits::PDF_PAGE_NODES {
            return Err(ReadError::Limit("pages of a PDF").into());
        }
        // Readers pass over what is no dictionary.
        let Some(dict) = file.dict(reference)? else { continue };
        let own = inherit(file, reference, &dict, &above)?;
        if let Object::Array(kids) = file.value(&dict, "Kids")? {
            let own = Rc::new(own);
            for kid in kids.iter().rev() {
                match kid {
                    Object::Reference(to) => next.push((*to, Rc::clone(&own))),
                    Object::Null => {}
                    _ => return Err(ReadError::Damaged("a page of the PDF is no object of its own").into()),
                }
            }
        } else if !visit(page(file, reference, dict, &own)?)? {
            return Ok(());
        }
    }
    Ok(())
}

fn inherit(file: &Document<'_>, reference: Reference, dict: &Dict, above: &Inherited) -> Result<Inherited, ReadError> {
    let resources = match file.value(dict, "Resources")? {
        Object::Dict(_) => Some(reference),
        _ => above.resources,
    };
    let turned = match number(&file.value(dict, "Rotate")?) {
        Some(degrees) => (degrees.rem_euclid(360.0) / 90.0).round() as u8 % 4,
        None => above.turned,
    };
    let media = rectangle(file, dict, "MediaBox")?.or(above.media);
    let crop = rectangle(file, dict, "CropBox")?.or(above.crop);
    Ok(Inherited { media, crop, turned, resources })
}

fn page(file: &Document<'_>, reference: Reference, dict: Dict, own: &Inherited) -> Result<Page, ReadError> {
    let media = own.media.unwrap_or(LETTER);
    let seen = own.crop.and_then(|crop| common(crop, media)).unwrap_or(media);
    let unit = number(&file.value(&dict, "UserUnit")?).filter(|unit| (1e-4..=1e5).contains(unit)).unwrap_or(1.0);
    let resources = own.resources.unwrap_or(reference);
    Ok(Page { reference, dict, seen, turned: own.turned, unit, resources })
}

/// The part two boxes share.
fn common(one: Box4, other: Box4) -> Option<Box4> {
    let [a, b, c, d] = one;
    let [e, f, g, h] = other;
    proper([a.max(e), b.max(f), c.min(g), d.min(h)])
}

/// A box that has an area.
fn proper(given: Box4) -> Option<Box4> {
    let [left, bottom, right, top] = given;
    let is_sound = given.iter().all(|n| n.is_finite() && n.abs() <= LONGEST);
    (is_sound && right - left > 1e-3 && top - bottom > 1e-3).then_some(given)
}

/// A rectangle, whichever corners it names (7.9.5).
fn rectangle(file: &Document<'_>, dict: &Dict, key: &str) -> Result<Option<Box4>, ReadError> {
    let Object::Array(corners) = file.value(dict, key)? else { return Ok(None) };
    let [a, b, c, d] = corners.as_slice() else { return Ok(None) };
    let mut found = [0.0; 4];
    for (place, corner) in found.iter_mut().zip([a, b, c, d]) {
        let Some(number) = number(&file.resolve(corner)?) else { return Ok(None) };
        *place = number;
    }
    let [a, b, c, d] = found;
    Ok(proper([a.min(c), b.min(d), a.max(c), b.max(d)]))
}

fn number(object: &Object) -> Option<f64> {
    match object {
        Object::Number(digits) => digits.parse().ok().filter(|n: &f64| n.is_finite()),
        _ => None,
    }
}
