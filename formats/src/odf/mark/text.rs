//! 文書. Markings in the page styles of a text: objects on the header or footer that is there, which move nothing; without
//! one, on a header of no height.

use super::job::Job;
use super::layout::{self, Layouts, NEW};
use super::names::{self, HEADER, OURS, SPACES, is};
use super::object::{self, Anchor, Object, Styles};
use super::page::Paper;
use super::part::{Edits, End, Part};
use super::{header, section};
use crate::marking::{MarkError, Marking};

/// The page style of every text that names no other.
const STANDARD: &str = "Standard";

/// Puts the marking into the styles of a text.
pub(super) fn mark(text: &str, marking: &Marking, job: &mut Job) -> Result<String, MarkError> {
    let part = Part::read(text, names::DEEP)?;
    let mut marker =
        Marker { part: &part, marking, styles: Styles::default(), layouts: Layouts::default(), is_header_made: false };
    let mut edits = Edits::default();
    let masters = section::masters(&part);
    for at in &masters {
        marker.master(*at, &mut edits, job)?;
    }
    let is_standard = |at: &usize| part.elements.get(*at).and_then(|e| e.attribute_local("name")) == Some(STANDARD);
    let mut added = None;
    if !masters.iter().any(is_standard) {
        added = Some(marker.standard()?);
        job.place()?;
    }
    let common = if marker.is_header_made { object::header_style() } else { String::new() };
    let automatic = format!("{}{}", marker.layouts.xml(), marker.styles.xml());
    section::add(&part, &common, &automatic, added.as_deref(), &mut edits)?;
    edits.apply(text)
}

struct Marker<'m, 'p> {
    part: &'m Part<'p>,
    marking: &'m Marking,
    styles: Styles,
    layouts: Layouts,
    is_header_made: bool,
}

impl Marker<'_, '_> {
    fn objects(&mut self, paper: &Paper) -> (Vec<Object>, bool) {
        let (line, has_room) = object::running_line(self.marking.line(), paper, &mut self.styles);
        let across = self.marking.watermark().map(|w| object::across(w, paper, Anchor::Header, &mut self.styles));
        (across.into_iter().chain([line]).collect(), has_room)
    }

    fn master(&mut self, at: usize, edits: &mut Edits, job: &mut Job) -> Result<(), MarkError> {
        let Some(master) = self.part.elements.get(at) else { return Ok(()) };
        let paper = Paper::of(self.part, master.attribute_local("page-layout-name"));
        let (objects, has_room) = self.objects(&paper);
        if !has_room {
            job.narrow(section::name(master));
        }
        let own = header::header(self.part, at);
        for base in ["header", "footer"] {
            let standing = header::standing(self.part, at, base);
            let is_there = |at: &usize| self.part.elements.get(*at).is_some_and(|e| !self.part.is_blank(e));
            if standing.first().is_some_and(is_there) {
                for place in standing {
                    self.hang(place, &objects, edits)?;
                }
                return job.place();
            }
        }
        let held = made(&objects);
        match own.and_then(|own| self.part.elements.get(own)) {
            Some(own) => {
                let was = self.part.text.get(own.span.clone());
                edits.replace(own.span.clone(), header::made(&held, was, false));
            }
            None => edits.put(self.part, master, End::First, |opened| header::made(&held, None, opened))?,
        }
        self.is_header_made = true;
        let part = self.part;
        self.layouts.exchange(part, master, NEW, edits, |own, inner| layout::header(part, own, "0cm", inner))?;
        job.place()
    }

    /// Hangs the objects on the first paragraph of a header or footer.
    fn hang(&self, place: usize, objects: &[Object], edits: &mut Edits) -> Result<(), MarkError> {
        match header::paragraph(self.part, place) {
            Some(paragraph) => edits.put(self.part, paragraph, End::First, |opened| write(objects, opened)),
            None => {
                let Some(place) = self.part.elements.get(place) else { return Ok(()) };
                edits.put(self.part, place, End::First, |opened| {
                    let opened = object::remark(opened).replace(OURS, "");
                    let held = write(objects, false);
                    format!("<text:p {SPACES} {OURS} kakuzuke:made=\"1\"{opened}>{held}</text:p>")
                })
            }
        }
    }

    /// The page style that a text has although it does not say so.
    fn standard(&mut self) -> Result<String, MarkError> {
        let paper = Paper::of(self.part, None);
        let (objects, _) = self.objects(&paper);
        self.is_header_made = true;
        self.layouts.plain(NEW, &layout::header(self.part, None, "0cm", &mut Edits::default())?);
        Ok(format!(
            "<style:master-page xmlns:style=\"{}\" {OURS} kakuzuke:made=\"1\" style:name=\"{STANDARD}\" \
             style:page-layout-name=\"{NEW}\">{}</style:master-page>",
            names::STYLE,
            header::made(&made(&objects), None, false)
        ))
    }
}

fn write(objects: &[Object], opened: bool) -> String {
    objects.iter().map(|object| object.xml(opened)).collect()
}

/// The paragraph of a header that is there for the marking only.
fn made(objects: &[Object]) -> String {
    format!("<text:p {OURS} kakuzuke:made=\"1\" text:style-name=\"{HEADER}\">{}</text:p>", write(objects, false))
}

/// The line and the watermark of a text or of pages that hold drawings.
pub(super) fn read(text: &str) -> Result<(Option<String>, Option<String>), MarkError> {
    let part = Part::read(text, names::DEEP)?;
    let find = |ours: &str| {
        let is_it = |e: &&crate::xml::Element| {
            names::is_object(e) && e.attribute_local("name").is_some_and(|name| names::is_named(name, ours))
        };
        part.elements.iter().find(is_it).and_then(|e| super::words(&part, e))
    };
    Ok((find(names::LINE), find(names::WATERMARK)))
}

/// Whether an element is a page style.
pub(super) fn is_master(element: &crate::xml::Element) -> bool {
    is(element, names::STYLE, "master-page")
}
