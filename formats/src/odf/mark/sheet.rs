//! 表計算. Markings in the headers of sheets, which hold words in three regions and no objects. A header that is there keeps
//! its regions; one more line above them takes its room from the top margin, so that no cell moves.

use std::collections::HashMap;

use super::job::Job;
use super::layout::{self, Layouts, NEW, ROOM};
use super::length::{Length, STEP};
use super::names::{self, OURS, SPACES, is};
use super::object::{self, Styles};
use super::page::{self, Fitted, Paper, layout_of};
use super::part::{Edits, End, Part};
use super::room::{self, Scale};
use super::runs::{self, Run};
use super::{header, section};
use crate::marking::{MarkError, Marking};
use crate::xml::Element;

/// The height of a line, in twentieths of an inch, from the usual to the least.
const LINES: [i64; 3] = [4, 3, 2];
/// The least size of the line.
const SMALL: f64 = 4.5;
/// The usual size of the line.
const USUAL: f64 = 9.9;
/// Room between a header of ours and the cells, and what is left above it at least.
const GAP: i64 = 2;

/// The size at which a line is so many twentieths of an inch high.
fn size_of(steps: i64) -> f64 {
    (steps as f64 * STEP / page::LEADING).min(USUAL)
}

/// Puts the marking into the page styles of a spreadsheet.
pub(super) fn mark(text: &str, marking: &Marking, job: &mut Job) -> Result<String, MarkError> {
    let part = Part::read(text, names::DEEP)?;
    let mut marker =
        Marker { part: &part, line: marking.line(), styles: Styles::default(), layouts: Layouts::default() };
    let mut edits = Edits::default();
    let masters = section::masters(&part);
    if masters.is_empty() {
        return Err(MarkError::Refused("the spreadsheet has no page style"));
    }
    for at in masters {
        marker.master(at, &mut edits, job)?;
    }
    if marking.watermark().is_some() {
        job.no_watermark();
    }
    section::add(&part, "", &format!("{}{}", marker.layouts.xml(), marker.styles.xml()), None, &mut edits)?;
    edits.apply(text)
}

struct Marker<'m, 'p> {
    part: &'m Part<'p>,
    line: &'m str,
    styles: Styles,
    layouts: Layouts,
}

/// The size of the line in a page style.
#[derive(Clone, Copy)]
struct Sized {
    on_paper: Fitted,
    /// As it has to be written.
    written: Fitted,
    /// The scale of the sheet.
    percent: i64,
}

impl Sized {
    /// The size, as it has to be written, at which a line is so many twentieths of an inch high.
    fn whole(self, steps: i64) -> f64 {
        size_of(steps) * 100.0 / self.percent as f64
    }
}

/// Where the line of a page style goes.
enum Plan {
    /// Into the header, which is empty and high enough.
    Within(f64),
    /// Above what the header says, so many twentieths of an inch high.
    Above(i64),
    /// Into a header of ours.
    New(i64),
}

impl Marker<'_, '_> {
    fn master(&mut self, at: usize, edits: &mut Edits, job: &mut Job) -> Result<(), MarkError> {
        let Some(master) = self.part.elements.get(at) else { return Ok(()) };
        let layout = layout_of(self.part, master.attribute_local("page-layout-name"));
        let shown = header::shown(self.part, at, "header");
        let own = header::header(self.part, at);
        if shown.is_empty() && own.is_some_and(|own| header::is_written(self.part, own)) {
            job.switched_off(section::name(master));
            return Ok(());
        }
        let Some(plan) = self.plan(layout, &shown) else {
            job.full(section::name(master));
            return Ok(());
        };
        if !matches!(plan, Plan::Within(_)) && room::scale(self.part, layout) == Scale::Fit {
            job.fitted(section::name(master));
        }
        match plan {
            Plan::Within(size) => self.fill(master, &shown, size, 0, edits)?,
            Plan::Above(steps) => {
                self.fill(master, &shown, size_of(steps), steps, edits)?;
                let part = self.part;
                self.layouts.exchange(part, master, ROOM, edits, |layout, inner| {
                    room::narrow(part, layout, steps, inner);
                    room::heighten(part, layout, steps, inner);
                    Ok(String::new())
                })?;
            }
            Plan::New(steps) => self.make(master, own, steps, edits)?,
        }
        job.place()
    }

    /// Where the line can go without moving a cell; `None` when there is no room.
    fn plan(&self, layout: Option<usize>, shown: &[usize]) -> Option<Plan> {
        let top = room::top(self.part, layout)?.whole_steps();
        let lines = LINES.into_iter().find(|steps| *steps <= top);
        if shown.is_empty() {
            let lines = lines?;
            return Some(Plan::New(if top >= lines + 2 * GAP { lines + GAP } else { lines }));
        }
        let (height, distance) = room::header(self.part, layout)?;
        let percent = room::scale(self.part, layout).percent();
        let inside = (height.points() - distance) * percent as f64 / 100.0 / page::LEADING;
        let is_filled = shown.iter().any(|at| header::is_filled(self.part, *at));
        match lines {
            _ if !is_filled && inside >= SMALL => Some(Plan::Within(inside.min(USUAL))),
            lines => lines.map(Plan::Above),
        }
    }

    /// The line at a size of at most `most` points on paper; headers are scaled with their sheet.
    fn fitted(&self, master: &Element, most: f64) -> Sized {
        let name = master.attribute_local("page-layout-name");
        let percent = room::scale(self.part, layout_of(self.part, name)).percent();
        let fitted = page::fit(self.line, Paper::of(self.part, name).between(), SMALL.min(most), most);
        let tenths = (f64::from(fitted.tenths) * 100.0 / percent as f64).floor() as u32;
        Sized { on_paper: fitted, written: Fitted { tenths, ..fitted }, percent }
    }

    /// The paragraph with the line; `steps` keep its height when its words are small.
    fn paragraph(&mut self, size: Sized, steps: i64, opened: bool) -> String {
        let space = if steps > 0 && size.on_paper.size() + 0.1 < size_of(steps) {
            let space = self.styles.space(steps, size.whole(steps));
            format!("<text:span text:style-name=\"{space}\">　</text:span>")
        } else {
            String::new()
        };
        let run = self.styles.run(size.written);
        let words = object::spaced(self.line);
        let opened = object::remark(opened);
        format!("<text:p {SPACES}{opened}>{space}<text:span text:style-name=\"{run}\">{words}</text:span></text:p>")
    }

    /// A blank line as high as the line, which keeps another region's words in their place.
    fn blank(&mut self, size: Sized, steps: i64) -> String {
        let space = self.styles.space(steps, size.whole(steps));
        format!("<text:p {SPACES}><text:span text:style-name=\"{space}\">　</text:span></text:p>")
    }

    /// Puts the line into headers that are there: the first line of the right region; above others a blank one.
    fn fill(
        &mut self,
        master: &Element,
        shown: &[usize],
        most: f64,
        steps: i64,
        edits: &mut Edits,
    ) -> Result<(), MarkError> {
        let size = self.fitted(master, most);
        let part = self.part;
        for at in shown {
            let Some(own) = part.elements.get(*at) else { continue };
            let is_region = |e: &Element| e.namespace == names::STYLE && e.name.starts_with("region-");
            let regions: Vec<_> = part.children(*at).filter(|(_, e)| is_region(e)).collect();
            if regions.is_empty() && header::is_filled(part, *at) {
                self.wrap(own, size, steps, edits)?;
            }
            for (place, region) in &regions {
                if steps > 0 && region.name != "region-right" && header::is_filled(part, *place) {
                    let blank = self.blank(size, steps);
                    edits.put(part, region, End::First, |_| blank)?;
                }
            }
            match regions.iter().find(|(_, e)| e.name == "region-right") {
                Some((_, right)) => {
                    let line = self.paragraph(size, steps, right.end_tag.is_none());
                    edits.put(part, right, End::First, |_| line)?;
                }
                None => {
                    let line = self.paragraph(size, steps, false);
                    edits.put(part, own, End::Last, |opened| region("right", &line, opened))?;
                }
            }
        }
        Ok(())
    }

    /// Words that stand in a header without region stand in the middle.
    fn wrap(&mut self, own: &Element, size: Sized, steps: i64, edits: &mut Edits) -> Result<(), MarkError> {
        let blank = if steps > 0 { self.blank(size, steps) } else { String::new() };
        let made = region("center", &blank, false);
        let (open, close) = made.rsplit_once("</").unwrap_or((&made, ""));
        edits.put(self.part, own, End::First, |_| open.to_owned())?;
        edits.put(self.part, own, End::Last, |_| format!("</{close}"))
    }

    /// A header of ours, above the cells, in room of the top margin.
    fn make(&mut self, master: &Element, own: Option<usize>, steps: i64, edits: &mut Edits) -> Result<(), MarkError> {
        let size = self.fitted(master, size_of(steps.min(4)));
        let held = region("right", &self.paragraph(size, 0, false), false);
        let part = self.part;
        match own.and_then(|own| part.elements.get(own)) {
            Some(own) => {
                let was = part.text.get(own.span.clone());
                edits.replace(own.span.clone(), header::made(&held, was, false));
            }
            None => edits.put(part, master, End::First, |opened| header::made(&held, None, opened))?,
        }
        self.layouts.exchange(part, master, NEW, edits, |layout, inner| {
            let properties = room::narrow(part, layout, steps, inner).unwrap_or_default();
            let height = Length::steps(0).moved(steps, room::scale(part, layout).percent());
            let header = layout::header(part, layout, &height.to_string(), inner)?;
            Ok(properties + &header)
        })
    }
}

/// A region of ours.
fn region(name: &str, held: &str, opened: bool) -> String {
    let opened = object::remark(opened).replace(OURS, "");
    format!(
        "<style:region-{name} xmlns:style=\"{}\" {OURS} kakuzuke:made=\"1\"{opened}>{held}</style:region-{name}>",
        names::STYLE
    )
}

/// The line in the headers of a spreadsheet.
pub(super) fn read(text: &str) -> Result<Option<String>, MarkError> {
    let part = Part::read(text, names::DEEP)?;
    let styles: HashMap<String, Run> = runs::of(&part);
    for master in section::masters(&part) {
        for (at, _) in part.inside(master).filter(|(_, e)| is(e, names::TEXT, "p")) {
            if runs::paragraph(&part, at, &styles).is_none() {
                continue;
            }
            let is_line = |e: &Element| e.attribute_local("style-name").and_then(|s| styles.get(s)) == Some(&Run::Line);
            let spans = part.children(at).filter(|(_, e)| is_line(e));
            let line: String = spans.filter_map(|(_, e)| super::words(&part, e)).collect();
            if !line.is_empty() {
                return Ok(Some(line));
            }
        }
    }
    Ok(None)
}
