//! Word's styles: how text of each looks, with what it takes over from the style it is based on (ISO/IEC 29500-1, 17.7).

use std::collections::{HashMap, HashSet};

use super::ink::Look;
use crate::error::ReadError;
use crate::text::{Halt, Node, Tag, is_on, walk};

/// A style as it is written.
#[derive(Default)]
struct Style {
    based_on: Option<String>,
    hides: Option<bool>,
    look: Look,
}

/// The styles of a document.
#[derive(Default)]
pub(super) struct Styles {
    hidden: HashSet<String>,
    looks: HashMap<String, Look>,
    /// How text of no style looks.
    pub usual: Look,
    /// Whether text of no style is hidden.
    pub hides_all: bool,
}

impl Styles {
    /// Reads the part of the styles.
    pub fn read(part: &str) -> Result<Self, ReadError> {
        let mut reading = Reading::default();
        let done = walk(part, &mut |node| {
            match node {
                Node::Start(tag) => reading.start(tag),
                Node::End(name) => reading.end(name),
                Node::Text(_) => {}
            }
            Ok(())
        });
        match done {
            Ok(()) | Err(Halt::Over) => Ok(reading.finish()),
            Err(Halt::Read(e)) => Err(e),
        }
    }

    /// Whether text of a style is not shown.
    pub fn hides(&self, style: Option<&str>) -> bool {
        style.is_some_and(|style| self.hidden.contains(style))
    }

    /// How text of a style looks.
    pub fn look(&self, style: &str) -> Look {
        self.looks.get(style).cloned().unwrap_or_default()
    }
}

#[derive(Default)]
struct Reading {
    styles: HashMap<String, Style>,
    /// What every text begins with, and the style of paragraphs that name none.
    all: Style,
    usual: Option<String>,
    current: Option<(String, Style)>,
    is_conditional: bool,
    is_property: bool,
    is_all: bool,
}

impl Reading {
    fn start(&mut self, tag: &Tag<'_>) {
        match tag.name {
            "rPrDefault" => self.is_all = true,
            "style" => {
                let id = tag.get("styleId").unwrap_or_default();
                if tag.is("default") && tag.get("type").as_deref() == Some("paragraph") {
                    self.usual = Some(id.clone());
                }
                self.current = Some((id, Style::default()));
            }
            // Of parts of a table.
            "tblStylePr" => self.is_conditional = true,
            "rPr" | "pPr" => self.is_property = true,
            _ => {}
        }
        if self.is_conditional {
            return;
        }
        let style = match (&mut self.current, self.is_all) {
            (Some((_, style)), _) => style,
            (None, true) => &mut self.all,
            (None, false) => return,
        };
        match tag.name {
            "basedOn" => style.based_on = tag.get("val"),
            "vanish" if self.is_property => style.hides = Some(tag.get("val").is_none_or(|val| is_on(&val))),
            _ if self.is_property => style.look.take(tag),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "rPrDefault" => self.is_all = false,
            "tblStylePr" => self.is_conditional = false,
            "rPr" | "pPr" => self.is_property = false,
            "style" => self.styles.extend(self.current.take()),
            _ => {}
        }
    }

    fn finish(self) -> Styles {
        let mut whole: HashMap<&str, (bool, Look)> = HashMap::new();
        let of_all = (self.all.hides.unwrap_or(false), self.all.look.clone());
        for id in self.styles.keys() {
            // The way up to a style that is known, or to the end; a circle ends where it would begin again.
            let (mut way, mut met, mut next) = (Vec::new(), HashSet::new(), Some(id.as_str()));
            while let Some((name, style)) = next.and_then(|id| self.styles.get_key_value(id)) {
                if whole.contains_key(name.as_str()) || !met.insert(name) {
                    break;
                }
                way.push((name.as_str(), style));
                next = style.based_on.as_deref();
            }
            let mut from = next.and_then(|id| whole.get(id)).unwrap_or(&of_all).clone();
            for (name, style) in way.into_iter().rev() {
                from = (style.hides.unwrap_or(from.0), style.look.over(&from.1));
                whole.insert(name, from.clone());
            }
        }
        let usual = self.usual.as_deref().and_then(|id| whole.get(id)).unwrap_or(&of_all);
        let (hides_all, usual) = usual.clone();
        let hidden = whole.iter().filter(|(_, (hides, _))| *hides).map(|(id, _)| (*id).to_owned()).collect();
        let looks = whole.into_iter().map(|(id, (_, look))| (id.to_owned(), look)).collect();
        Styles { hidden, looks, usual, hides_all }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_style_hides_by_what_it_is_based_on() {
        let style = |id: &str, base: &str, inner: &str| {
            format!("<w:style w:styleId=\"{id}\"><w:basedOn w:val=\"{base}\"/><w:rPr>{inner}</w:rPr></w:style>")
        };
        let part = [
            style("c", "b", ""),
            style("b", "a", ""),
            style("a", "", "<w:vanish/>"),
            style("shown", "c", "<w:vanish w:val=\"0\"/>"),
            style("x", "y", ""),
            style("y", "x", ""),
        ];
        let styles = Styles::read(&format!("<w:styles>{}</w:styles>", part.concat())).unwrap();
        assert!(["a", "b", "c"].into_iter().all(|id| styles.hides(Some(id))));
        assert!(!["shown", "x", "y", "z"].into_iter().any(|id| styles.hides(Some(id))));
        assert!(!styles.hides_all);
    }
}
