//! 用紙設定. Page layouts of ours, made from those that are there: the old ones stay as they are, and a page style goes back to
//! its own by its name.

use std::collections::BTreeMap;

use super::names::{self, STYLE_SPACES, is};
use super::page::{layout_of, properties};
use super::part::{Edits, End, Part};
use crate::marking::MarkError;
use crate::xml::{Element, escape};

/// Layouts with a header of our own.
pub(super) const NEW: &str = names::LAYOUTS[0];
/// Layouts with more room in the header that is there.
pub(super) const ROOM: &str = names::LAYOUTS[1];

/// Layouts of ours by name.
#[derive(Default)]
pub(super) struct Layouts(BTreeMap<String, String>);

impl Layouts {
    /// All of them.
    pub fn xml(&self) -> String {
        self.0.values().map(String::as_str).collect()
    }

    /// A layout that is made from no other.
    pub fn plain(&mut self, name: &str, held: &str) {
        let written =
            format!("<style:page-layout {STYLE_SPACES} style:name=\"{}\">{held}</style:page-layout>", escape(name));
        self.0.insert(name.to_owned(), written);
    }

    /// Has a page style use a layout made from its own by `change`, under a name that begins with `prefix`.
    pub fn exchange(
        &mut self,
        part: &Part<'_>,
        master: &Element,
        prefix: &str,
        edits: &mut Edits,
        change: impl FnOnce(Option<usize>, &mut Edits) -> Result<String, MarkError>,
    ) -> Result<(), MarkError> {
        let own = master.attribute_local("page-layout-name");
        match part.attribute(master, "page-layout-name") {
            Some(attribute) => edits.insert(attribute.value.start, prefix),
            None => {
                let name = part.qualified(master).unwrap_or_default();
                let spaced = name.strip_suffix("master-page").unwrap_or_default();
                let at = master.span.start + 1 + name.len();
                edits.insert(at, format!(" {spaced}page-layout-name=\"{prefix}\""));
            }
        }
        let named = format!("{prefix}{}", own.unwrap_or_default());
        if self.0.contains_key(&named) {
            return Ok(());
        }
        let layout = layout_of(part, own);
        let mut inner = Edits::default();
        let made = change(layout, &mut inner)?;
        let written = match layout.and_then(|at| part.elements.get(at)) {
            Some(element) => {
                if let Some(name) = part.attribute(element, "name") {
                    inner.replace(name.value, escape(&named));
                }
                inner.apply_within(part.text, element.span.clone())?
            }
            None => {
                self.plain(&named, &made);
                return Ok(());
            }
        };
        self.0.insert(named, written);
        Ok(())
    }
}

/// A header of a fixed height in place of the one that a layout has; returned, too, for layouts that are not there.
pub(super) fn header(
    part: &Part<'_>,
    layout: Option<usize>,
    height: &str,
    edits: &mut Edits,
) -> Result<String, MarkError> {
    let made = format!(
        "<style:header-style {STYLE_SPACES}><style:header-footer-properties svg:height=\"{height}\" \
         fo:margin=\"0cm\" fo:padding=\"0cm\" fo:border=\"none\" style:dynamic-spacing=\"false\"/></style:header-style>"
    );
    let Some((at, element)) = layout.and_then(|at| Some((at, part.elements.get(at)?))) else { return Ok(made) };
    match part.children(at).find(|(_, e)| is(e, names::STYLE, "header-style")) {
        Some((_, old)) => edits.replace(old.span.clone(), made.clone()),
        None => match properties(part, at) {
            Some((_, before)) => edits.insert(before.span.end, made.clone()),
            None => edits.put(part, element, End::First, |_| made.clone())?,
        },
    }
    Ok(made)
}
