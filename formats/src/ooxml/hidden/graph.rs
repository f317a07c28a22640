//! Which part leads to which (ISO/IEC 29500-2, 6.5).

use std::collections::{HashMap, HashSet};

use super::super::opc;
use crate::error::ReadError;
use crate::limits;
use crate::xml;
use crate::zip::Archive;

/// A relationship.
pub(super) struct Link {
    /// The part it starts from; empty for the package.
    pub source: String,
    pub id: String,
    /// The last piece of its type.
    pub tail: String,
    /// Whether its type is of those who make the format.
    pub is_of_format: bool,
    pub target: Target,
}

impl Link {
    /// What stands for it in a set.
    pub fn key(&self) -> (String, String) {
        (self.source.clone(), self.id.clone())
    }

    /// The part that it leads to.
    pub fn part(&self) -> Option<&str> {
        if let Target::Part(name) = &self.target { Some(name) } else { None }
    }
}

/// Where a relationship leads.
pub(super) enum Target {
    Part(String),
    Outside(String),
    Nowhere,
}

/// All relationships of a package.
pub(super) struct Graph {
    pub links: Vec<Link>,
    /// Places among them: by source and id, by source, and by the part they lead to.
    ids: HashMap<(String, String), usize>,
    from: HashMap<String, Vec<usize>>,
    to: HashMap<String, Vec<usize>>,
}

/// Whose types of relationships are known.
const OF_FORMAT: [&str; 3] =
    ["http://schemas.openxmlformats.org/", "http://purl.oclc.org/ooxml/", "http://schemas.microsoft.com/office/"];

/// The part whose relationships a part holds: `a/b.xml` for `a/_rels/b.xml.rels`.
pub(super) fn source_of(name: &str) -> Option<String> {
    let (folder, file) = name.rsplit_once('/')?;
    let file = file.strip_suffix(".rels")?;
    let folder = folder.strip_suffix("_rels")?;
    Some(format!("{folder}{file}"))
}

impl Graph {
    pub fn read(archive: &Archive<'_>) -> Result<Self, ReadError> {
        let names: HashMap<String, &str> = archive
            .entries()
            .iter()
            .map(|e| (e.name.trim_start_matches('/').to_ascii_lowercase(), e.name.as_str()))
            .collect();
        let mut links = Vec::new();
        for entry in archive.entries() {
            let Some(source) = source_of(&entry.name) else { continue };
            for element in xml::elements(&opc::read(archive, entry)?, 1)?.iter().filter(|e| e.depth == 1) {
                if links.len() >= limits::RELATIONSHIPS {
                    return Err(ReadError::Limit("relationships of a package"));
                }
                let Some((id, kind)) = element.attribute("Id").zip(element.attribute("Type")) else { continue };
                let target = element.attribute("Target").unwrap_or_default();
                let target = if element.attribute("TargetMode") == Some("External") {
                    Target::Outside(target.to_owned())
                } else {
                    let name = resolve(&source, target).to_ascii_lowercase();
                    names.get(&name).map_or(Target::Nowhere, |name| Target::Part((*name).to_owned()))
                };
                let tail = kind.rsplit('/').next().unwrap_or_default().to_owned();
                let is_of_format = OF_FORMAT.iter().any(|begin| kind.starts_with(begin));
                links.push(Link { source: source.clone(), id: id.to_owned(), tail, is_of_format, target });
            }
        }
        Ok(Self::of(links))
    }

    fn of(links: Vec<Link>) -> Self {
        let (mut from, mut to) = (HashMap::<String, Vec<usize>>::new(), HashMap::<String, Vec<usize>>::new());
        let mut ids = HashMap::new();
        for (place, link) in links.iter().enumerate() {
            ids.entry(link.key()).or_insert(place);
            from.entry(link.source.clone()).or_default().push(place);
            if let Target::Part(name) = &link.target {
                to.entry(name.clone()).or_default().push(place);
            }
        }
        Self { links, ids, from, to }
    }

    /// The part that a relationship leads to.
    pub fn target(&self, source: &str, id: &str) -> Option<&str> {
        let place = self.ids.get(&(source.to_owned(), id.to_owned()))?;
        self.links.get(*place).and_then(Link::part)
    }

    /// The relationships that start from a part.
    pub fn from(&self, source: &str) -> impl Iterator<Item = &Link> {
        self.from.get(source).into_iter().flatten().filter_map(|place| self.links.get(*place))
    }

    /// The relationships that lead to a part.
    pub fn to(&self, part: &str) -> impl Iterator<Item = &Link> {
        self.to.get(part).into_iter().flatten().filter_map(|place| self.links.get(*place))
    }

    /// The parts that can be reached over the links that `goes` does not take away.
    pub fn reachable(&self, goes: &dyn Fn(&Link) -> bool) -> HashSet<&str> {
        let mut from: HashMap<&str, Vec<&Link>> = HashMap::new();
        for link in self.links.iter().filter(|link| !goes(link)) {
            from.entry(link.source.as_str()).or_default().push(link);
        }
        let (mut seen, mut next) = (HashSet::new(), vec![""]);
        while let Some(source) = next.pop() {
            for link in from.get(source).into_iter().flatten() {
                if let Target::Part(name) = &link.target
                    && seen.insert(name.as_str())
                {
                    next.push(name);
                }
            }
        }
        seen
    }
}

/// A target counted from the package's root, for a part that names it.
fn resolve(source: &str, target: &str) -> String {
    let target = target.split('#').next().unwrap_or_default();
    if let Some(whole) = target.strip_prefix('/') {
        return whole.to_owned();
    }
    let mut pieces: Vec<&str> = source.rsplit_once('/').map_or(Vec::new(), |(folder, _)| folder.split('/').collect());
    for piece in target.split('/') {
        match piece {
            ".." => {
                pieces.pop();
            }
            "." | "" => {}
            other => pieces.push(other),
        }
    }
    pieces.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_counted_from_their_source() {
        assert_eq!(resolve("word/document.xml", "media/a.png"), "word/media/a.png");
        assert_eq!(resolve("ppt/slides/slide1.xml", "../media/a.png"), "ppt/media/a.png");
        assert_eq!(resolve("", "word/document.xml"), "word/document.xml");
        assert_eq!(resolve("a/b.xml", "/c/d.xml"), "c/d.xml");
        assert_eq!(resolve("a/b.xml", "../../../c.xml"), "c.xml");
        assert_eq!(source_of("_rels/.rels").as_deref(), Some(""));
        assert_eq!(source_of("word/_rels/document.xml.rels").as_deref(), Some("word/document.xml"));
    }
}
