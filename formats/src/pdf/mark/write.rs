//! The update that puts a marking on every page, or takes it off.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use crate::marking::{MarkError, Marking};
use crate::pdf::document::Document;
use crate::pdf::object::{Dict, Object, Reference};
use crate::pdf::update::Update;

use super::balance::Balance;
use super::ink::{self, Drawn, Ink};
use super::ours::{self, KEY, PREFIX, Tag};
use super::place::{Place, Words};
use super::plan::{Edit, Plan, Sheet, ways};
use super::typeface::{Typeface, deflated};

/// Objects of a marking that pages share.
struct Shared<'p> {
    plan: &'p Plan,
    marking: &'p Marking,
    typeface: Typeface,
    /// What names of forms begin with: nobody else's.
    prefix: String,
    /// Forms by what they are and their lines.
    forms: BTreeMap<(bool, Vec<String>), (String, Reference)>,
    /// Streams in front of pages, by how often they open.
    openings: BTreeMap<u32, Reference>,
    /// Streams behind pages, by place and what is left open.
    closings: BTreeMap<(usize, Balance), Reference>,
}

/// Puts a marking on every page, in place of an earlier one.
pub(super) fn put(file: &Document<'_>, plan: &Plan, marking: &Marking, out: &mut dyn Write) -> Result<(), MarkError> {
    let mut update = Update::begin(file, out)?;
    let mut shared = Shared {
        plan,
        marking,
        typeface: Typeface::of(std::iter::once(marking.line()).chain(marking.watermark()))?,
        prefix: prefix(&plan.taken),
        forms: BTreeMap::new(),
        openings: BTreeMap::new(),
        closings: BTreeMap::new(),
    };
    shared.draw(&mut update)?;
    for sheet in &plan.sheets {
        let streams = shared.streams(&mut update, sheet)?;
        rewrite(file, plan, sheet, streams, &mut update, &|dict| shared.named(dict))?;
    }
    names(file, plan, &mut update, &|_| true, &|dict| shared.named(dict))?;
    finish(file, plan, update)
}

/// Takes the marking off every page.
pub(super) fn take_off(file: &Document<'_>, plan: &Plan, out: &mut dyn Write) -> Result<(), MarkError> {
    let mut update = Update::begin(file, out)?;
    for sheet in &plan.sheets {
        let has_names = plan.edits.get(&sheet.page).is_some_and(|edit| edit.has_ours);
        if sheet.is_marked || has_names {
            rewrite(file, plan, sheet, sheet.contents.clone(), &mut update, &|dict| dict)?;
        }
    }
    names(file, plan, &mut update, &|edit| edit.has_ours, &|dict| dict)?;
    finish(file, plan, update)
}

fn finish(file: &Document<'_>, plan: &Plan, mut update: Update<'_>) -> Result<(), MarkError> {
    let mut gone = BTreeSet::new();
    ours::reach(file, plan.old.iter().copied(), &mut gone)?;
    // Null, not free: some readers take a free entry in a stream for a fault.
    for reference in gone {
        update.put(reference, &Object::Null, None)?;
    }
    update.say(KEY, Object::number(file.size()));
    Ok(update.finish(file)?)
}

fn prefix(taken: &BTreeSet<String>) -> String {
    let is_free = |prefix: &String| !taken.iter().any(|name| name.starts_with(prefix.as_str()));
    (0..=taken.len()).map(|number| format!("{PREFIX}{number}-")).find(is_free).unwrap_or_else(|| PREFIX.to_owned())
}

/// Writes a page with other streams.
fn rewrite(
    file: &Document<'_>,
    plan: &Plan,
    sheet: &Sheet,
    streams: Vec<Reference>,
    update: &mut Update<'_>,
    add: &dyn Fn(Dict) -> Dict,
) -> Result<(), MarkError> {
    let mut dict = file.dict(sheet.page)?.unwrap_or_default();
    if let Some(edit) = plan.edits.get(&sheet.page) {
        dict = renamed(file, dict, edit, add)?;
    }
    match streams.as_slice() {
        [] => dict.remove("Contents"),
        [one] => dict = dict.with("Contents", *one),
        many => dict = dict.with("Contents", Object::Array(many.iter().copied().map(Object::from).collect())),
    }
    Ok(update.put(sheet.page, &dict.into(), None)?)
}

/// Writes the objects beside the pages in which drawn objects are named.
fn names(
    file: &Document<'_>,
    plan: &Plan,
    update: &mut Update<'_>,
    is_meant: &dyn Fn(&Edit) -> bool,
    add: &dyn Fn(Dict) -> Dict,
) -> Result<(), MarkError> {
    let pages: BTreeSet<Reference> = plan.sheets.iter().map(|sheet| sheet.page).collect();
    for (reference, edit) in plan.edits.iter().filter(|(reference, edit)| !pages.contains(reference) && is_meant(edit))
    {
        let dict = file.dict(*reference)?.unwrap_or_default();
        update.put(*reference, &renamed(file, dict, edit, add)?.into(), None)?;
    }
    Ok(())
}

/// An object with names of ours exchanged.
fn renamed(file: &Document<'_>, mut dict: Dict, edit: &Edit, add: &dyn Fn(Dict) -> Dict) -> Result<Dict, MarkError> {
    for way in ways(edit) {
        let names = ours::names(file, ours::follow(&dict, way).unwrap_or(&Dict::default()))?;
        dict = ours::edited(dict, way, &|inner| add(ours::without(inner, &names)));
    }
    Ok(dict)
}

impl Shared<'_> {
    /// Writes the font and every form that a place needs.
    fn draw(&mut self, update: &mut Update<'_>) -> Result<(), MarkError> {
        let tag = Tag::object(self.marking, "");
        let manner = self.plan.manner;
        let font = self.typeface.write(update, &tag, manner.archival == Some(1))?;
        let mut wanted = BTreeSet::new();
        for place in &self.plan.places {
            wanted.extend(self.words(place).into_iter().map(|(is_watermark, words)| (is_watermark, words.lines)));
        }
        let ink = Ink { typeface: &self.typeface, font, manner, tag };
        for (number, (is_watermark, lines)) in wanted.into_iter().enumerate() {
            let form = if is_watermark { ink.watermark(update, &lines)? } else { ink.line(update, &lines)? };
            self.forms.insert((is_watermark, lines), (format!("{}{number}", self.prefix), form));
        }
        Ok(())
    }

    /// The words of a place: the watermark first, so that the line stands above it.
    fn words(&self, place: &Place) -> Vec<(bool, Words)> {
        let face = &self.typeface.face;
        let watermark = self.marking.watermark().map(|words| (true, place.watermark(face, words)));
        watermark.into_iter().chain([(false, place.line(face, self.marking.line()))]).collect()
    }

    /// A dictionary of drawn objects with our names in it.
    fn named(&self, mut dict: Dict) -> Dict {
        for (name, form) in self.forms.values() {
            dict = dict.with(name, *form);
        }
        dict
    }

    /// A page's streams with ours around them, or in front.
    fn streams(&mut self, update: &mut Update<'_>, sheet: &Sheet) -> Result<Vec<Reference>, MarkError> {
        let closing = self.closing(update, sheet)?;
        if sheet.balance.is_beneath {
            return Ok(std::iter::once(closing).chain(sheet.contents.iter().copied()).collect());
        }
        let opening = self.opening(update, sheet.balance)?;
        Ok([opening].into_iter().chain(sheet.contents.iter().copied()).chain([closing]).collect())
    }

    fn opening(&mut self, update: &mut Update<'_>, balance: Balance) -> Result<Reference, MarkError> {
        if let Some(known) = self.openings.get(&balance.before) {
            return Ok(*known);
        }
        let dict = Dict::default().with(KEY, Tag::object(self.marking, ""));
        let opening = deflated(update, dict, ink::opening(balance).as_bytes())?;
        self.openings.insert(balance.before, opening);
        Ok(opening)
    }

    fn closing(&mut self, update: &mut Update<'_>, sheet: &Sheet) -> Result<Reference, MarkError> {
        let key = (sheet.place, sheet.balance);
        if let Some(known) = self.closings.get(&key) {
            return Ok(*known);
        }
        let words = self.plan.places.get(sheet.place).map(|place| self.words(place)).unwrap_or_default();
        let drawn: Vec<Drawn> = words
            .into_iter()
            .filter_map(|(is_watermark, words)| {
                let (name, _) = self.forms.get(&(is_watermark, words.lines))?;
                Some(Drawn { name: name.clone(), matrix: words.matrix, is_watermark })
            })
            .collect();
        let dict = Dict::default().with(KEY, Tag::object(self.marking, &self.plan.state(sheet)));
        let closing = deflated(update, dict, ink::closing(sheet.balance, &drawn).as_bytes())?;
        self.closings.insert(key, closing);
        Ok(closing)
    }
}
