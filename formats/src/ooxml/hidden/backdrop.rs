//! What a slide stands before: the ground and the shapes of its layout and its master, and the colours of its theme.

use std::collections::HashMap;
use std::rc::Rc;

use super::drawn::{self, Drawn, Ground, Paint, Shape};
use super::graph::{Graph, Link};
use crate::error::ReadError;
use crate::hidden::Rgb;
use crate::text::{Node, walk};

/// The colours of a theme by their names (ISO/IEC 29500-1, 20.1.6.2).
type Theme = HashMap<String, Rgb>;

/// What lies behind the slides of a layout.
#[derive(Default)]
pub(super) struct Backdrop {
    theme: Theme,
    /// Of the layout, then of the master.
    layers: Vec<Drawn>,
}

/// The colours that the names of a slide stand for.
pub(super) struct Colours<'b> {
    theme: &'b Theme,
    names: Option<&'b HashMap<String, String>>,
}

impl Colours<'_> {
    /// The name in the theme.
    fn name<'n>(&'n self, name: &'n str) -> &'n str {
        let usual = match name {
            "bg1" => "lt1",
            "tx1" => "dk1",
            "bg2" => "lt2",
            "tx2" => "dk2",
            other => other,
        };
        self.names.and_then(|names| names.get(name)).map_or(usual, String::as_str)
    }

    /// The colour, where it is known.
    pub fn of(&self, paint: &Paint) -> Option<Rgb> {
        match paint {
            Paint::Plain(rgb) => Some(*rgb),
            Paint::Theme(name) => self.theme.get(self.name(name)).copied(),
            Paint::Clear | Paint::Other => None,
        }
    }

    /// Whether nobody tells words from what is behind them.
    pub fn are_alike(&self, ink: &Paint, ground: &Paint) -> bool {
        match (self.of(ink).zip(self.of(ground)), ink, ground) {
            (Some((ink, ground)), ..) => !ink.is_told_from(ground),
            (None, Paint::Theme(ink), Paint::Theme(ground)) => self.name(ink) == self.name(ground),
            _ => false,
        }
    }
}

impl Backdrop {
    /// The colours of a slide that has names of its own, or none.
    pub fn colours<'b>(&'b self, own: Option<&'b HashMap<String, String>>) -> Colours<'b> {
        let names = own.or_else(|| self.layers.iter().find_map(|layer| layer.names.as_ref()));
        Colours { theme: &self.theme, names }
    }

    /// The colour behind everything; `None` where it is a picture, or not known.
    pub fn ground(&self) -> Option<Rgb> {
        let layer = self.layers.iter().position(|layer| layer.ground != Ground::Inherited);
        let Some((at, Ground::Is(paint))) = layer.and_then(|at| Some((at, &self.layers.get(at)?.ground))) else {
            return Some(self.colours(None).of(&Paint::Theme("bg1".to_owned())).unwrap_or(Rgb::WHITE));
        };
        let names = self.layers.iter().skip(at).find_map(|layer| layer.names.as_ref());
        Colours { theme: &self.theme, names }.of(paint)
    }

    /// What may be between the ground and a shape.
    pub fn covers(&self, shape: &Shape) -> impl Iterator<Item = &Shape> {
        let inherits = shape.is_placeholder;
        // Placeholders of a layout are drawn as those of the slide.
        let covers = move |other: &&Shape| other.is_filled && (inherits || !other.is_placeholder);
        self.layers.iter().flat_map(|layer| &layer.shapes).filter(covers)
    }
}

/// The backdrops of all slides, by the slide's part.
pub(super) fn all(
    graph: &Graph,
    read: &dyn Fn(&str) -> Result<Option<String>, ReadError>,
) -> Result<HashMap<String, Rc<Backdrop>>, ReadError> {
    let next = |source: &str, tail: &str| graph.from(source).find(|link| link.tail == tail).and_then(Link::part);
    let (mut slides, mut known) = (HashMap::new(), HashMap::<&str, Rc<Backdrop>>::new());
    for (slide, layout) in graph
        .links
        .iter()
        .filter(|link| link.tail == "slideLayout")
        .filter_map(|link| Some((&link.source, link.part()?)))
    {
        if let Some(backdrop) = known.get(layout) {
            slides.insert(slide.clone(), Rc::clone(backdrop));
            continue;
        }
        let master = next(layout, "slideMaster");
        let mut backdrop = Backdrop::default();
        for part in std::iter::once(layout).chain(master) {
            // A part that is broken is told when it is cleaned.
            let layer = read(part)?.and_then(|text| drawn::read(&text).ok());
            backdrop.layers.extend(layer);
        }
        let theme = master.and_then(|master| next(master, "theme")).map_or(Ok(None), read)?;
        backdrop.theme = theme.map(|theme| colours(&theme)).unwrap_or_default();
        let backdrop = Rc::new(backdrop);
        known.insert(layout, Rc::clone(&backdrop));
        slides.insert(slide.clone(), backdrop);
    }
    Ok(slides)
}

/// The colours of a theme, as far as it can be read.
fn colours(theme: &str) -> Theme {
    let (mut path, mut found) = (Vec::<String>::new(), Theme::new());
    let _as_far_as_it_goes = walk(theme, &mut |node| {
        match node {
            Node::Start(tag) => {
                let written = if tag.name == "sysClr" { "lastClr" } else { "val" };
                if let [.., scheme, name] = path.as_slice()
                    && scheme == "clrScheme"
                    && let Some(rgb) = tag.get(written).and_then(|value| Rgb::hex(&value))
                {
                    found.entry(name.clone()).or_insert(rgb);
                }
                path.push(tag.name.to_owned());
            }
            Node::End(_) => drop(path.pop()),
            Node::Text(_) => {}
        }
        Ok(())
    });
    found
}
