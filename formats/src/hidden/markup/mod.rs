//! HTML, SVG and XML files: what stands in them and is not shown, or tells of who made them and how.

mod drawing;
mod page;
mod sheet;
mod sight;
mod style;
mod tokens;
mod words;

use std::collections::HashSet;

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::content::Sort;
use super::{Category, Ledger, datauri};
use crate::error::ReadError;
use crate::limits;
use drawing::{Drawing, Shift};
use sheet::{Element, Sheets};
use sight::{Shown, Sight};
pub(super) use tokens::remark_end;
use tokens::{Attribute, Piece, Token};

/// The file without what is to go.
pub(super) fn clean(text: &str, sort: Sort, ledger: &mut Ledger) -> Result<String, ReadError> {
    let is_html = sort == Sort::Html;
    let tokens = tokens::tokens(text, is_html)?;
    let sheets = if sort == Sort::Xml { Sheets::default() } else { Sheets::read(&tokens, is_html) };
    let has_drawing = sort == Sort::Svg || is_html && text.contains("<svg");
    let mut file = File {
        sort,
        is_html,
        ledger,
        is_beside: sheets.is_uncertain,
        sheets,
        line: 1,
        referred: if has_drawing { references(text) } else { HashSet::new() },
        settled: 0,
        defined: 0,
        drawing: Drawing::default(),
        elements: Vec::new(),
        open: Vec::new(),
        out: String::with_capacity(text.len()),
    };
    file.run(&tokens);
    if file.sheets.is_uncertain {
        file.ledger.not_inspected(Text::fixed(
            "スタイルシートで隠された要素は調べられません",
            "elements that style sheets hide can't be looked for",
        ));
    }
    Ok(file.out)
}

/// What becomes of a tag.
enum Verdict {
    Keep,
    /// The whole element goes.
    Drop,
    /// These attributes go, or have another value.
    Change(Vec<(Attribute, Option<String>)>),
}

/// An element that is open.
struct Open {
    sight: Sight,
    shift: Shift,
    /// Nothing of it is shown, and that was said.
    is_silent: bool,
}

struct File<'f> {
    sort: Sort,
    is_html: bool,
    ledger: &'f mut Ledger,
    sheets: Sheets,
    /// There are style sheets elsewhere.
    is_beside: bool,
    line: u32,
    /// The names that references within a drawing lead to.
    referred: HashSet<&'f str>,
    /// The place up to which hidden elements are judged already.
    settled: usize,
    /// The same of definitions.
    defined: usize,
    drawing: Drawing,
    /// The elements that are open, as style sheets see them, and what holds in them.
    elements: Vec<Element>,
    open: Vec<Open>,
    out: String,
}

impl File<'_> {
    fn found(&mut self, category: Category, ja: &'static str, en: &'static str) -> bool {
        self.ledger.found(category, Unit::Line(self.line), &Text::fixed(ja, en))
    }

    fn kept(&mut self, category: Category, ja: &'static str, en: &'static str) {
        self.ledger.kept(category, Unit::Line(self.line), &Text::fixed(ja, en));
    }

    fn run(&mut self, tokens: &[Token<'_>]) {
        let mut at = 0;
        let mut is_style = false;
        while let Some(token) = tokens.get(at) {
            let mut next = at + 1;
            match token.kind {
                Piece::Text if is_style => self.push_style(token.raw),
                Piece::Text => self.push_words(token.raw),
                Piece::Remark if !self.found(Category::Comments, "コメント", "comments") => {
                    self.out.push_str(token.raw)
                }
                Piece::Remark => {}
                Piece::Instruction => self.instruction(token.raw),
                Piece::Doctype => self.out.push_str(token.raw),
                Piece::End => {
                    self.close(&token.name);
                    self.out.push_str(token.raw);
                }
                Piece::Start | Piece::Empty => match self.judge(tokens, at) {
                    Verdict::Keep => self.out.push_str(token.raw),
                    Verdict::Drop => next = tokens::end_of(tokens, at, self.is_html),
                    Verdict::Change(changes) => self.out.push_str(&changed(token.raw, &changes)),
                },
            }
            is_style = token.kind == Piece::Start && local(&token.name) == "style";
            for gone in tokens.get(at..next).unwrap_or_default() {
                let breaks = gone.raw.bytes().filter(|b| *b == b'\n').count();
                self.line = self.line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
            }
            at = next;
        }
    }

    fn push_style(&mut self, raw: &str) {
        let bare = sheet::without_remarks(raw);
        let goes =
            bare != raw && self.found(Category::Comments, "スタイルシートのコメント", "comments of a style sheet");
        self.out.push_str(if goes { &bare } else { raw });
    }

    fn instruction(&mut self, raw: &str) {
        let name: String = raw.chars().skip(2).take_while(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect();
        let is_meant = matches!(name.to_ascii_lowercase().as_str(), "xml" | "xml-stylesheet");
        let goes = !is_meant && self.found(Category::PrivateData, "処理命令", "instructions for programs");
        if !goes {
            self.out.push_str(raw);
        }
    }

    /// An element begins: what becomes of it. What stays and has an end is open from here on.
    fn judge(&mut self, tokens: &[Token<'_>], at: usize) -> Verdict {
        let Some(token) = tokens.get(at) else { return Verdict::Keep };
        if self.sort == Sort::Xml {
            return Verdict::Keep;
        }
        self.close_before(&token.name);
        let pairs = tokens::attributes(token.raw);
        let following = tokens.get(at..tokens.len().min(at + 64)).unwrap_or_default();
        let known = page::element(&token.name, &pairs, following);
        if let Some((category, ja, en)) = known
            && self.found(category, ja, en)
        {
            return Verdict::Drop;
        }
        let (element, mut shown) = self.look(token, &pairs);
        if self.is_unused(tokens, at)
            && self.found(
                Category::HiddenText,
                "使われない定義の中の文字・画像",
                "words and pictures in a definition that nothing uses",
            )
        {
            return Verdict::Drop;
        }
        let is_silent = known.is_some() || shown.is_hidden && !is_bare(&token.name);
        if is_silent && known.is_none() && self.is_to_go(tokens, at) {
            return Verdict::Drop;
        }
        if shown.is_hidden && !is_silent {
            shown.sight.put_away();
        }
        self.sheets.is_uncertain |= shown.is_perhaps_hidden && !shown.is_hidden;
        if token.kind == Piece::Start {
            self.enter(element, shown.sight, is_silent, &pairs);
        } else {
            self.pass(&element, shown.sight, &pairs);
        }
        if known.is_some() { Verdict::Keep } else { self.attributes(&token.name, pairs) }
    }

    /// What is seen of an element.
    fn look(&mut self, token: &Token<'_>, pairs: &[Attribute]) -> (Element, Shown) {
        let get = |name: &str| pairs.iter().find(|pair| pair.name == name).map(|pair| pair.value.as_str());
        let classes = get("class").unwrap_or_default().split_whitespace().map(str::to_owned).collect();
        let element = Element { name: local(&token.name).to_owned(), id: get("id").map(str::to_owned), classes };
        let outermost = Sight::outermost(self.sort == Sort::Svg);
        let above = self.open.last().map_or(&outermost, |open| &open.sight);
        let holding = self.sheets.holding(&element, &self.elements);
        let shown = sight::shown(&element, pairs, &holding, above);
        (element, shown)
    }

    fn enter(&mut self, element: Element, sight: Sight, is_silent: bool, pairs: &[Attribute]) {
        if self.open.len() >= limits::MARKUP_DEPTH {
            self.sheets.is_uncertain = true;
            return;
        }
        let open = self.opened(&element, sight, is_silent, pairs);
        self.open.push(open);
        self.elements.push(element);
    }

    /// An element without content: it may still paint.
    fn pass(&mut self, element: &Element, sight: Sight, pairs: &[Attribute]) {
        let _nothing_lies_in_it = self.opened(element, sight, false, pairs);
    }

    fn opened(&mut self, element: &Element, mut sight: Sight, is_silent: bool, pairs: &[Attribute]) -> Open {
        let above = self.open.last();
        let (around, is_silent) =
            (above.and_then(|open| open.shift), is_silent || above.is_some_and(|open| open.is_silent));
        let shift = if sight.is_drawing && !is_silent {
            self.drawing.enter(&element.name.to_ascii_lowercase(), pairs, around, &mut sight)
        } else {
            None
        };
        Open { sight, shift, is_silent }
    }

    /// Elements that end where another begins.
    fn close_before(&mut self, name: &str) {
        let ends = |element: &Element| tokens::ends(&element.name).is_some_and(|closers| closers.contains(&name));
        while self.is_html && self.elements.last().is_some_and(ends) {
            self.elements.pop();
            self.open.pop();
        }
    }

    fn close(&mut self, name: &str) {
        if let Some(place) = self.elements.iter().rposition(|element| element.name == local(name)) {
            self.elements.truncate(place);
            self.open.truncate(place);
        }
    }

    /// Whether a hidden element goes.
    fn is_to_go(&mut self, tokens: &[Token<'_>], at: usize) -> bool {
        if at < self.settled {
            return false;
        }
        if self.sort == Sort::Svg {
            // What lies in it is hidden with it, and judged with it.
            self.settled = tokens::end_of(tokens, at, false);
        }
        if self.is_referred(tokens, at) {
            self.kept(Category::HiddenText, "ほかから参照される非表示の図形", "a hidden shape that others refer to");
            return false;
        }
        self.found(Category::HiddenText, "非表示の要素", "a hidden element")
    }

    /// Whether it is a definition of a drawing that says something and that nothing uses.
    fn is_unused(&mut self, tokens: &[Token<'_>], at: usize) -> bool {
        let name = tokens.get(at).map_or("", |token| local(&token.name));
        let is_defined = self.elements.last().is_some_and(|element| element.name == "defs");
        if at < self.defined || name == "defs" || !is_defined && !drawing::is_definition(name) {
            return false;
        }
        self.defined = tokens::end_of(tokens, at, self.is_html);
        let inside = tokens.get(at..self.defined).unwrap_or_default();
        let tells = |token: &Token<'_>| token.kind != Piece::End && drawing::is_telling(local(&token.name));
        inside.iter().any(tells) && !self.is_referred(tokens, at)
    }

    /// Whether something in an element of a drawing is drawn from elsewhere (SVG 2, 5.6).
    fn is_referred(&self, tokens: &[Token<'_>], at: usize) -> bool {
        if self.referred.is_empty() || self.is_html && self.open.last().is_none_or(|open| !open.sight.is_drawing) {
            return false;
        }
        let end = tokens::end_of(tokens, at, self.is_html);
        let inside = tokens.get(at..end).unwrap_or_default();
        let ids = inside.iter().flat_map(|t| tokens::attributes(t.raw)).filter(|a| a.name == "id");
        ids.into_iter().any(|id| self.referred.contains(id.value.as_str()))
    }

    fn attributes(&mut self, element: &str, pairs: Vec<Attribute>) -> Verdict {
        let mut changes = Vec::new();
        for pair in pairs {
            if let Some((category, ja, en)) = page::attribute(self.sort, element, &pair) {
                if self.found(category, ja, en) {
                    changes.push((pair, None));
                }
            } else if pair.name.starts_with("data-") {
                if self.is_data_to_go(&pair) {
                    changes.push((pair, None));
                }
            } else if pair.name == "style" && pair.value.contains("/*") {
                let bare = sheet::without_remarks(&pair.value);
                if bare != pair.value && self.found(Category::Comments, "スタイルのコメント", "comments in a style")
                {
                    changes.push((pair, Some(bare)));
                }
            } else if page::is_address(&pair.name)
                && let Some(cleaned) = datauri::clean(&pair.value, self.ledger)
            {
                changes.push((pair, Some(cleaned)));
            }
        }
        if changes.is_empty() { Verdict::Keep } else { Verdict::Change(changes) }
    }

    /// Whether data for scripts go: they stay where a style may show them, or go by them.
    fn is_data_to_go(&mut self, pair: &Attribute) -> bool {
        const WHAT: (&str, &str) = ("スクリプト用のデータ（data-属性）", "data for scripts (data- attributes)");
        let is_hook = self.is_beside || self.sheets.attributes.contains(&pair.name);
        match (is_hook, pair.value.trim().is_empty()) {
            (true, true) => false,
            (true, false) => {
                self.kept(Category::PrivateData, WHAT.0, WHAT.1);
                false
            }
            (false, _) => self.found(Category::PrivateData, WHAT.0, WHAT.1),
        }
    }
}

/// Elements that show nothing anyway, or everything.
fn is_bare(name: &str) -> bool {
    matches!(
        local(name),
        "html" | "body" | "head" | "meta" | "link" | "style" | "br" | "svg" | "defs" | "symbol" | "clipPath"
    )
}

/// Every name that stands behind a `#`.
fn references(text: &str) -> HashSet<&str> {
    let name = |rest: &'_ str| {
        rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':'))).unwrap_or(rest.len())
    };
    text.split('#').skip(1).filter_map(|rest| rest.get(..name(rest))).filter(|name| !name.is_empty()).collect()
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn changed(raw: &str, changes: &[(Attribute, Option<String>)]) -> String {
    let (mut out, mut at) = (String::with_capacity(raw.len()), 0);
    for (attribute, value) in changes {
        out.push_str(raw.get(at..attribute.span.start).unwrap_or_default());
        if let Some(value) = value {
            let own = raw.get(attribute.span.clone()).unwrap_or_default();
            let name = own.split('=').next().unwrap_or_default().trim_end();
            out.push_str(&format!("{name}=\"{}\"", crate::xml::escape(value)));
        }
        at = attribute.span.end;
    }
    out.push_str(raw.get(at..).unwrap_or_default());
    out
}
