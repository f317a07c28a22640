//! 隠れた情報. What a PDF holds beside its pages. The document is written anew from what its catalog leads to, so that
//! earlier revisions and objects that nothing refers to can't be in the result; streams keep their bytes.

mod actions;
mod content;
mod covered;
mod edit;
mod graph;
mod keys;
mod layers;
mod metadata;
mod notes;
mod shown;
mod write;

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::document::Document;
use super::object::{Dict, Object};
use crate::error::ReadError;
use crate::hidden::{Category, Ledger, Out, SanitiseError};
use crate::source::Source;
use edit::Editor;
use graph::Graph;
use layers::Layers;

/// Finds hidden data, and writes the document without those that are to go.
pub(super) fn clean(source: &dyn Source, ledger: &mut Ledger, out: Out<'_>) -> Result<(), SanitiseError> {
    let file = Document::open(source)?;
    let mut graph = Graph::load(&file)?;
    revisions(source, &file, &graph, ledger)?;
    let before = graph.reachable(&file.trailer);
    let leftovers = graph.leftovers(&before);
    for _ in 0..leftovers {
        let what = Text::fixed("どこからも参照されないオブジェクト", "objects that nothing refers to");
        ledger.found(Category::Leftovers, Unit::Whole, &what);
    }
    let off = Layers::hidden(&file, &graph).numbers(&graph);
    let shown = covered::find(source, &|number| off.contains(&number), ledger);
    let trailer = Editor::new(&file, source, &mut graph, ledger, &shown).clean(&before)?;
    if shown.is_over() {
        ledger.not_inspected(Text::fixed(
            "表示されない読み上げ用の文字などが多すぎて、最後までは調べられません",
            "there are too many words beside the pages to look for all of them on the pages",
        ));
    }
    let Some(out) = out else { return Ok(()) };
    let after = graph.reachable(&trailer);
    write::write(source, &file, &graph, &after, &trailer, out)
}

/// Earlier revisions: an update behind an earlier end (ISO 32000-2, 7.5.6), unless it is a linearised file's second table.
fn revisions(source: &dyn Source, file: &Document<'_>, graph: &Graph, ledger: &mut Ledger) -> Result<(), ReadError> {
    if file.trailer.get("Prev").is_none() {
        return Ok(());
    }
    let size = source.size()?;
    let is_linear =
        graph.dicts().any(|d| d.get("Linearized").is_some() && d.get("L").and_then(Object::as_u64) == Some(size));
    if !is_linear {
        let what = Text::fixed("増分更新の前の版", "what was there before an incremental update");
        ledger.found(Category::Revisions, Unit::Whole, &what);
    }
    Ok(())
}

/// The name in a dictionary.
fn name<'d>(dict: &'d Dict, key: &str) -> Option<&'d str> {
    dict.get(key).and_then(Object::as_name).and_then(|n| std::str::from_utf8(n).ok())
}
