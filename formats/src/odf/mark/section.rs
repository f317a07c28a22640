//! 節. The sections of a part that our styles and page styles go into.

use super::names::{self, OURS};
use super::object::remark;
use super::part::{Edits, End, Part};
use crate::marking::MarkError;
use crate::xml::Element;

/// The places of all page styles.
pub(super) fn masters(part: &Part<'_>) -> Vec<usize> {
    let masters = part.section("master-styles").map(|(at, _)| at).into_iter();
    masters.flat_map(|at| part.children(at)).filter(|(_, e)| super::text::is_master(e)).map(|(at, _)| at).collect()
}

/// The name of a page style, as people see it.
pub(super) fn name(master: &Element) -> &str {
    master.attribute_local("display-name").or_else(|| master.attribute_local("name")).unwrap_or_default()
}

/// Adds styles that people see, styles that they don't, and a page style.
pub(super) fn add(
    part: &Part<'_>,
    common: &str,
    automatic: &str,
    master: Option<&str>,
    edits: &mut Edits,
) -> Result<(), MarkError> {
    // What comes next, in the order that the standard has (ISO/IEC 26300-3, 3.1.3.3).
    let next = |names: &[&str]| names.iter().find_map(|name| part.section(name)).map(|(_, e)| e.span.start);
    into(part, "styles", common, next(&["automatic-styles", "master-styles", "body"]), edits)?;
    into(part, "automatic-styles", automatic, next(&["master-styles", "body"]), edits)?;
    into(part, "master-styles", master.unwrap_or_default(), next(&["body"]), edits)
}

fn into(part: &Part<'_>, name: &str, added: &str, before: Option<usize>, edits: &mut Edits) -> Result<(), MarkError> {
    if added.is_empty() {
        return Ok(());
    }
    let made = |opened: bool| {
        let opened = remark(opened).replace(OURS, "");
        format!(
            "<office:{name} xmlns:office=\"{}\" {OURS} kakuzuke:made=\"1\"{opened}>{added}</office:{name}>",
            names::OFFICE
        )
    };
    match (part.section(name), before, part.elements.first()) {
        (Some((_, section)), _, _) => edits.put(part, section, End::Last, |opened| remarked(added, opened)),
        (None, Some(before), _) => {
            edits.insert(before, made(false));
            Ok(())
        }
        (None, None, Some(root)) => edits.put(part, root, End::Last, made),
        (None, None, None) => Ok(()),
    }
}

/// Elements, the first with a remark that the one around was `<empty/>`.
fn remarked(added: &str, opened: bool) -> String {
    match added.split_once(char::is_whitespace).filter(|_| opened) {
        Some((name, rest)) if rest.contains("kakuzuke:made") => {
            format!("{name} kakuzuke:opened=\"1\" {rest}")
        }
        Some((name, rest)) => format!("{name}{} {rest}", remark(true)),
        None => added.to_owned(),
    }
}
