//! 文字列. In the headers of sheets, which hold words only and keep no names, our line is a run whose font for other
//! scripts, which no Japanese text needs, has our name; so it is known when another program has saved it.

use std::collections::HashMap;

use super::names::{self, is};
use super::part::Part;

/// What a run of ours is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Run {
    /// The line.
    Line,
    /// A blank line that keeps others in their place, so many twentieths of an inch high.
    Space(i64),
}

/// Styles of runs of ours, by name.
pub(super) fn of(part: &Part<'_>) -> HashMap<String, Run> {
    let mut found = HashMap::new();
    for (at, style) in part.elements.iter().enumerate().filter(|(_, e)| is(e, names::STYLE, "style")) {
        let run = part.children(at).filter(|(_, e)| e.name == "text-properties").find_map(|(_, properties)| {
            let font =
                ["font-name-complex", "font-family-complex"].iter().find_map(|n| properties.attribute_local(n))?;
            named(font.trim_matches(['\'', '"']))
        });
        if let Some((run, name)) = run.zip(style.attribute_local("name")) {
            found.insert(name.to_owned(), run);
        }
    }
    found
}

fn named(font: &str) -> Option<Run> {
    if names::is_named(font, names::LINE) {
        return Some(Run::Line);
    }
    let steps = font.strip_prefix(names::SPACE)?.split(' ').next()?;
    steps.parse().ok().filter(|steps| (0..=20).contains(steps)).map(Run::Space)
}

/// Of a paragraph that is made of our runs only, the room it took in twentieths of an inch.
pub(super) fn paragraph(part: &Part<'_>, at: usize, styles: &HashMap<String, Run>) -> Option<i64> {
    let paragraph = part.elements.get(at)?;
    let (mut steps, mut done) = (0, part.inner(paragraph)?.start);
    let mut is_empty = true;
    for (_, span) in part.children(at) {
        let between = part.text.get(done..span.span.start)?;
        let run = styles.get(span.attribute_local("style-name")?).filter(|_| is(span, names::TEXT, "span"))?;
        if !between.trim().is_empty() {
            return None;
        }
        if let Run::Space(room) = run {
            steps = steps.max(*room);
        }
        (is_empty, done) = (false, span.span.end);
    }
    let rest = part.text.get(done..part.inner(paragraph)?.end)?;
    (!is_empty && rest.trim().is_empty()).then_some(steps)
}
