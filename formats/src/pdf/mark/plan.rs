//! What is to be done to a document, found out before a byte is written: its pages, how each is seen, what it leaves open,
//! and what of ours is there already.

use std::collections::{BTreeMap, BTreeSet};

use kakuzuke_core::code::Text;

use crate::error::ReadError;
use crate::limits;
use crate::marking::{MarkError, Marked, Marking};
use crate::pdf::document::Document;
use crate::pdf::label;
use crate::pdf::object::{Object, Reference};
use crate::pdf::pages::{self, Page};

use super::balance::{self, Balance};
use super::ink::Manner;
use super::ours::{self, Tag, WAYS, Way};
use super::place::Place;
use super::typeface::Typeface;

/// Of the way in which everything is drawn; another number, and every page gets a new mark.
const VERSION: u32 = 1;

/// A page.
pub(super) struct Sheet {
    pub page: Reference,
    /// Its streams that are not ours.
    pub contents: Vec<Reference>,
    pub balance: Balance,
    /// Which of the plan's places.
    pub place: usize,
    /// Whether streams of ours are there.
    pub is_marked: bool,
    tag: Option<Tag>,
}

/// Where names of drawn objects are written.
#[derive(Default)]
pub(super) struct Edit {
    pub ways: BTreeSet<Way>,
    /// Whether some of them are ours.
    pub has_ours: bool,
}

/// What is to be done.
#[derive(Default)]
pub(super) struct Plan {
    pub sheets: Vec<Sheet>,
    pub places: Vec<Place>,
    pub edits: BTreeMap<Reference, Edit>,
    /// Streams and forms of ours.
    pub old: BTreeSet<Reference>,
    /// Names that begin like ours and that a mark must not take.
    pub taken: BTreeSet<String>,
    pub manner: Manner,
    known: BTreeMap<String, usize>,
    streams: usize,
    unchecked: u64,
}

impl Plan {
    /// Looks at every page.
    pub fn of(file: &Document<'_>) -> Result<Self, MarkError> {
        let mut plan = Self { manner: manner(file)?, ..Self::default() };
        let mut budget = limits::PDF_BALANCED;
        pages::walk::<MarkError>(file, &mut |page| {
            plan.add(file, &page, &mut budget)?;
            Ok(true)
        })?;
        if plan.sheets.is_empty() {
            return Err(MarkError::Refused("the PDF has no pages"));
        }
        Ok(plan)
    }

    fn add(&mut self, file: &Document<'_>, page: &Page, budget: &mut u64) -> Result<(), MarkError> {
        let contents = ours::contents(file, &page.dict)?;
        self.streams += contents.others.len();
        if self.sheets.len() >= limits::PDF_MARKED_PAGES || self.streams > limits::PDF_PAGE_NODES {
            return Err(ReadError::Limit("pages of a PDF").into());
        }
        let balance = balance::of(file, &contents.others, budget).unwrap_or_else(|| {
            self.unchecked += 1;
            Balance::EVEN
        });
        let place = Place::of(page);
        let next = self.places.len();
        let number = *self.known.entry(place.key()).or_insert(next);
        if number == next {
            self.places.push(place);
        }
        self.names(file, page, !contents.ours.is_empty())?;
        self.old.extend(contents.ours.iter().copied());
        let is_marked = !contents.ours.is_empty();
        let tag = contents.tag.filter(|_| contents.is_whole);
        self.sheets.push(Sheet {
            page: page.reference,
            contents: contents.others,
            balance,
            place: number,
            is_marked,
            tag,
        });
        Ok(())
    }

    fn names(&mut self, file: &Document<'_>, page: &Page, is_marked: bool) -> Result<(), MarkError> {
        let (at, way) = ours::names_of(file, page.resources)?;
        let dict = if at == page.reference { None } else { file.dict(at)? };
        let edit = self.edits.entry(at).or_default();
        if !edit.ways.insert(way) && is_marked {
            return Ok(());
        }
        let Some(inner) = ours::follow(dict.as_ref().unwrap_or(&page.dict), way) else { return Ok(()) };
        let names = ours::names(file, inner)?;
        edit.has_ours |= !names.ours.is_empty();
        self.taken.extend(names.others);
        for (name, form) in names.ours {
            self.old.insert(form);
            // Without streams of ours, instructions of another program may still say the name.
            if !is_marked {
                self.taken.insert(name);
            }
        }
        Ok(())
    }

    /// How many pages show a marking of ours.
    pub fn marked(&self) -> u64 {
        self.sheets.iter().filter(|sheet| sheet.is_marked).count() as u64
    }

    /// Whether names of ours are there.
    pub fn has_names(&self) -> bool {
        self.edits.values().any(|edit| edit.has_ours)
    }

    /// Whether every page shows this marking already, just as it would be put.
    pub fn shows(&self, marking: &Marking) -> Result<bool, MarkError> {
        let is_same = |sheet: &Sheet| {
            sheet.tag.as_ref().is_some_and(|tag| tag.marking == *marking && tag.state == self.state(sheet))
        };
        Ok(self.sheets.iter().all(is_same))
    }

    /// What a page's mark is made for.
    pub fn state(&self, sheet: &Sheet) -> String {
        let place = self.places.get(sheet.place).map(Place::key).unwrap_or_default();
        let Balance { before, after, marked, is_text, is_beneath } = sheet.balance;
        let Manner { archival, is_translucent } = self.manner;
        let archival = archival.unwrap_or(0);
        let flags = [is_text, is_beneath, is_translucent].map(|flag| if flag { '+' } else { '-' });
        format!("{VERSION} {place} {before} {after} {marked} {archival} {}", flags.iter().collect::<String>())
    }

    /// What was done, to be told.
    pub fn said(&self, marking: Option<&Marking>, places: u64) -> Result<Marked, MarkError> {
        let mut notes = Vec::new();
        let Some(marking) = marking else { return Ok(Marked { places, notes }) };
        let lacking = Typeface::of(std::iter::once(marking.line()).chain(marking.watermark()))?.lacking();
        if !lacking.is_empty() {
            notes.push(Text::new(
                format!("書体にない文字を〓で表示します（検索・複写では元の文字になります）：{lacking}"),
                format!(
                    "characters the font lacks are drawn as 〓; searched and copied they are themselves: {lacking}"
                ),
            ));
        }
        if marking.watermark().is_some() && !self.manner.is_translucent {
            notes.push(Text::fixed(
                "PDF/Aでは透過を使わないため、透かしは文字の輪郭だけを淡い灰色で描きます。",
                "PDF/A: without transparency, the watermark is drawn as outlines in light grey",
            ));
        }
        let beneath = self.sheets.iter().filter(|sheet| sheet.balance.is_beneath).count();
        if beneath > 0 {
            notes.push(Text::new(
                format!("{beneath}ページは描画命令が閉じていないため、表示を本文の下に描きます。本文の図や塗りつぶしに隠れることがあります。"),
                format!("{beneath} pages do not close what they open: the marking is drawn below their content, which may hide it"),
            ));
        }
        if self.unchecked > 0 {
            notes.push(Text::new(
                format!("{}ページは描画命令を調べられません。表示の位置を画面で確かめてください。", self.unchecked),
                format!(
                    "the instructions of {} pages can't be looked through: see whether the marking stands right",
                    self.unchecked
                ),
            ));
        }
        Ok(Marked { places, notes })
    }
}

/// What the document allows.
fn manner(file: &Document<'_>) -> Result<Manner, MarkError> {
    let archival = label::archival(file)?;
    let is_translucent = match archival {
        None => true,
        // Transparency wants to know the colours of the output (ISO 19005-2, 6.2.10).
        Some(part) => part > 1 && has_output_intent(file)?,
    };
    Ok(Manner { archival, is_translucent })
}

fn has_output_intent(file: &Document<'_>) -> Result<bool, ReadError> {
    let Object::Array(intents) = file.value(&label::catalog(file)?.1, "OutputIntents")? else { return Ok(false) };
    for intent in intents {
        if let Object::Dict(intent) = file.resolve(&intent)?
            && file.value(&intent, "S")?.as_name() == Some(b"GTS_PDFA1")
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Every way, in the order in which an object is edited.
pub(super) fn ways(edit: &Edit) -> impl Iterator<Item = Way> {
    WAYS.into_iter().filter(|way| edit.ways.contains(way))
}
