//! What is hidden data in a dictionary, and the dictionary without it.

use std::collections::{BTreeSet, HashMap};

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::graph::{Data, Graph};
use super::layers::{self, Layers};
use super::shown::Shown;
use super::{metadata, name};
use crate::error::ReadError;
use crate::hidden::{Category, Ledger};
use crate::image::{self, Picture};
use crate::limits;
use crate::pdf::document::Document;
use crate::pdf::object::{Dict, Object};
use crate::source::{Source, read_range};

/// Cleans the objects of a graph.
pub(super) struct Editor<'e> {
    pub file: &'e Document<'e>,
    source: &'e dyn Source,
    pub graph: &'e mut Graph,
    pub ledger: &'e mut Ledger,
    /// What the pages show.
    pub shown: &'e Shown,
    /// Pages by the numbers of their objects.
    pub units: HashMap<u32, Unit>,
    /// The page tree with its pages.
    pub tree: BTreeSet<u32>,
    pub unit: Unit,
}

impl<'e> Editor<'e> {
    pub fn new(
        file: &'e Document<'e>,
        source: &'e dyn Source,
        graph: &'e mut Graph,
        ledger: &'e mut Ledger,
        shown: &'e Shown,
    ) -> Self {
        let (units, tree) = (HashMap::new(), BTreeSet::new());
        Self { file, source, graph, ledger, shown, units, tree, unit: Unit::Whole }
    }

    /// Cleans every object that can be reached; the trailer from then on.
    pub fn clean(mut self, reached: &BTreeSet<u32>) -> Result<Dict, ReadError> {
        let trailer = metadata::information(self.file, self.graph, self.ledger)?;
        metadata::packet(self.file, self.graph, self.ledger)?;
        self.number_pages();
        self.stray_pages(reached);
        self.undrawn_pictures();
        self.layers(reached)?;
        self.form_data();
        for number in reached {
            let Some(node) = self.graph.nodes.get(number) else { continue };
            let object = node.object.clone();
            self.unit = self.units.get(number).cloned().unwrap_or_default();
            let mut object = object;
            if let Object::Dict(dict) = &mut object {
                self.own_keys(*number, dict);
            }
            let edited = self.edit(&object, limits::PDF_DEPTH);
            self.picture(*number, &edited)?;
            if let Some(node) = self.graph.nodes.get_mut(number) {
                node.object = edited;
            }
        }
        Ok(trailer)
    }

    pub fn found(&mut self, category: Category, ja: &'static str, en: &'static str) -> bool {
        self.ledger.found(category, self.unit.clone(), &Text::fixed(ja, en))
    }

    /// The name that is the value of a key.
    pub fn kind<'d>(&'d self, dict: &'d Dict, key: &str) -> Option<&'d str> {
        self.graph.value(dict, key).as_name().and_then(|name| std::str::from_utf8(name).ok())
    }

    /// Pages in their order.
    fn number_pages(&mut self) {
        let (mut next, mut number, mut seen) = (Vec::new(), 0_u32, BTreeSet::new());
        let Object::Dict(catalog) = self.graph.value(&self.file.trailer, "Root").clone() else { return };
        next.extend(catalog.get("Pages").and_then(Object::as_reference));
        while let Some(reference) = next.pop() {
            if !seen.insert(reference.number) {
                continue;
            }
            let Some(dict) = self.graph.nodes.get(&reference.number).and_then(|n| n.object.as_dict()) else { continue };
            match self.graph.value(dict, "Kids") {
                Object::Array(kids) => next.extend(kids.iter().rev().filter_map(Object::as_reference)),
                _ => {
                    number = number.saturating_add(1);
                    self.units.insert(reference.number, Unit::Page(number));
                }
            }
        }
        self.tree = seen;
    }

    fn edit(&mut self, object: &Object, depth: u32) -> Object {
        let Some(deeper) = depth.checked_sub(1) else { return object.clone() };
        match object {
            Object::Array(items) => Object::Array(items.iter().map(|item| self.edit(item, deeper)).collect()),
            Object::Dict(dict) => {
                let mut dict = dict.clone();
                self.edit_dict(&mut dict);
                let mut whole = Dict::default();
                for (key, value) in dict.entries() {
                    whole.push(key, self.edit(value, deeper));
                }
                whole.into()
            }
            other => other.clone(),
        }
    }

    fn edit_dict(&mut self, dict: &mut Dict) {
        self.private(dict);
        self.actions(dict);
        self.attachments(dict);
        self.annotations(dict);
        self.signature(dict);
        self.structure(dict);
        if name(dict, "Subtype") == Some("Widget") && self.ledger.removes(Category::FormData) {
            for key in ["V", "DV", "RV", "Opt", "TU", "TM", "Parent", "T"] {
                dict.remove(key);
            }
        }
    }

    fn private(&mut self, dict: &mut Dict) {
        if dict.get("PieceInfo").is_some()
            && self.found(Category::PrivateData, "アプリケーションの内部データ", "private data of a program")
        {
            dict.remove("PieceInfo");
        }
        if dict.get("Thumb").is_some() && self.found(Category::Thumbnails, "縮小版の画像", "a thumbnail") {
            dict.remove("Thumb");
        }
        // The catalog's own packet was judged before.
        let is_catalog = name(dict, "Type") == Some("Catalog");
        if !is_catalog
            && dict.get("Metadata").is_some()
            && self.found(Category::PictureData, "画像・ページのXMP情報", "XMP of a picture or page")
        {
            dict.remove("Metadata");
        }
        if is_catalog
            && dict.get("SpiderInfo").is_some()
            && self.found(Category::PrivateData, "取得元", "where it was fetched")
        {
            dict.remove("SpiderInfo");
        }
    }

    /// Takes a key away, and what it referred to.
    pub fn ban(&mut self, dict: &mut Dict, key: &str) {
        if let Some(reference) = dict.get(key).and_then(Object::as_reference) {
            self.graph.banned.insert(reference.number);
        }
        dict.remove(key);
    }

    fn attachments(&mut self, dict: &mut Dict) {
        for key in ["EmbeddedFiles", "AF", "EF", "Collection"] {
            if dict.get(key).is_some() && self.found(Category::Attachments, "添付ファイル", "attached files") {
                dict.remove(key);
            }
        }
    }

    fn signature(&mut self, dict: &mut Dict) {
        let is_field = name(dict, "FT") == Some("Sig") && dict.get("V").is_some();
        if is_field && self.found(Category::Signatures, "電子署名", "digital signatures") {
            self.ban(dict, "V");
        }
        if self.ledger.removes(Category::Signatures) {
            for key in ["Perms", "DSS", "SigFlags"] {
                dict.remove(key);
            }
        }
    }

    /// Layers that are not shown (8.11.4).
    fn layers(&mut self, reached: &BTreeSet<u32>) -> Result<(), ReadError> {
        let layers = Layers::hidden(self.file, self.graph);
        if layers.is_empty() || !self.found(Category::HiddenLayers, "表示されないレイヤー", "layers that are not shown")
        {
            return Ok(());
        }
        let left = layers::drop_hidden(self.file, self.graph, &layers, reached)?;
        if left > 0 {
            let what = Text::fixed("除去できないレイヤー", "layers that can't be taken out");
            self.ledger.kept(Category::HiddenLayers, Unit::Whole, &what);
            return Ok(());
        }
        self.forget_layers();
        Ok(())
    }

    /// With nothing on them, hidden layers need not be listed: all that is left is shown.
    fn forget_layers(&mut self) {
        let Some(root) = self.file.trailer.get("Root").and_then(Object::as_reference) else { return };
        if let Some(node) = self.graph.nodes.get_mut(&root.number)
            && let Object::Dict(catalog) = &node.object
        {
            let mut catalog = catalog.clone();
            catalog.remove("OCProperties");
            node.object = catalog.into();
        }
    }

    /// What fields keep beside their values and do not show: defaults, and descriptions that the pages do not say.
    fn beside_fields(&self) -> usize {
        let says = |dict: &Dict| {
            let words = |key: &str| self.graph.value(dict, key).as_words().filter(|words| !words.trim().is_empty());
            let is_default = words("DV").is_some_and(|default| words("V").as_ref() != Some(&default));
            is_default || words("TU").is_some_and(|words| !self.shown.says(&Unit::Whole, &words))
        };
        self.graph
            .dicts()
            .filter(|dict| dict.get("FT").is_some() || dict.get("T").is_some())
            .filter(|dict| says(dict))
            .count()
    }

    /// Values that were filled into a form (12.7).
    fn form_data(&mut self) {
        let filled = |dict: &&Dict| {
            let is_value =
                dict.get("FT").is_some() || name(dict, "Subtype") == Some("Widget") || dict.get("Kids").is_some();
            is_value
                && match dict.get("V") {
                    Some(Object::Text(text)) => !text.is_empty(),
                    Some(Object::Name(value)) => value != b"Off",
                    Some(Object::Array(values)) => !values.is_empty(),
                    // A value elsewhere is a value.
                    Some(value) => value.as_reference().is_some(),
                    None => false,
                }
        };
        let mut count = self.graph.dicts().filter(filled).count();
        for _ in 0..count {
            self.found(Category::FormData, "入力された値", "values filled in");
        }
        let beside = self.beside_fields();
        for _ in 0..beside {
            self.found(Category::FormData, "入力欄の既定値・説明", "defaults and descriptions of form fields");
        }
        count += beside;
        let Some(root) = self.file.trailer.get("Root").and_then(Object::as_reference) else { return };
        let has_xfa = self.graph.dicts().any(|dict| dict.get("XFA").is_some());
        if has_xfa {
            self.found(Category::FormData, "XFAフォーム", "an XFA form");
        }
        if self.ledger.removes(Category::FormData)
            && (count > 0 || has_xfa)
            && let Some(node) = self.graph.nodes.get_mut(&root.number)
            && let Object::Dict(catalog) = &node.object
        {
            let mut catalog = catalog.clone();
            catalog.remove("AcroForm");
            node.object = catalog.into();
        }
    }

    /// Photographs keep what the camera wrote.
    fn picture(&mut self, number: u32, object: &Object) -> Result<(), ReadError> {
        let Object::Dict(dict) = object else { return Ok(()) };
        let is_picture = name(dict, "Subtype") == Some("Image");
        let filter = match dict.get("Filter") {
            Some(Object::Array(one)) if one.len() == 1 => one.first().and_then(Object::as_name),
            Some(Object::Array(several)) if several.iter().any(|one| one.as_name() == Some(b"DCTDecode")) => {
                self.ledger.not_inspected(UNREADABLE_PHOTO);
                return Ok(());
            }
            Some(one) if is_picture && one.as_reference().is_some() => {
                self.ledger.not_inspected(UNREADABLE_PHOTO);
                return Ok(());
            }
            Some(one) => one.as_name(),
            None => None,
        };
        let Some(Data::There(range)) = self.graph.nodes.get(&number).map(|node| &node.data) else { return Ok(()) };
        if is_picture && filter == Some(b"JPXDecode") {
            self.ledger.not_inspected(UNREADABLE_PHOTO);
        }
        if filter != Some(b"DCTDecode") {
            return Ok(());
        }
        if range.end - range.start > limits::PDF_STREAM {
            self.ledger.not_inspected(UNREADABLE_PHOTO);
            return Ok(());
        }
        let bytes = read_range(self.source, range.clone())?;
        if Picture::of(&bytes) == Some(Picture::Jpeg)
            && let Ok(cleaned) = image::clean(&bytes, Picture::Jpeg, self.ledger)
            && cleaned != bytes
            && let Some(node) = self.graph.nodes.get_mut(&number)
        {
            node.data = Data::Here(cleaned);
        }
        Ok(())
    }
}

const UNREADABLE_PHOTO: Text = Text::fixed(
    "JPEG 2000や二重に圧縮された写真など、撮影情報を調べられない写真",
    "a photograph whose camera data can't be looked for: JPEG 2000, packed more than once, or too large",
);
