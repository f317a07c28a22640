//! HTML, SVG and XML files: what stands in them and is not shown, or tells of who made them and how.

mod page;
mod style;
mod tokens;

use std::collections::HashSet;

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::content::Sort;
use super::{Category, Ledger, characters, datauri};
use crate::error::ReadError;
use style::Hiding;
use tokens::{Attribute, Piece, Token};

/// The file without what is to go.
pub(super) fn clean(text: &str, sort: Sort, ledger: &mut Ledger) -> Result<String, ReadError> {
    let is_html = sort == Sort::Html;
    let tokens = tokens::tokens(text, is_html)?;
    let mut hiding = Hiding::default();
    if sort != Sort::Xml {
        style::read(&tokens, &mut hiding);
    }
    let referred = if sort == Sort::Svg { references(text) } else { HashSet::new() };
    let mut file =
        File { sort, is_html, ledger, hiding, line: 1, referred, settled: 0, out: String::with_capacity(text.len()) };
    file.run(&tokens);
    if file.hiding.is_uncertain {
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

struct File<'f> {
    sort: Sort,
    is_html: bool,
    ledger: &'f mut Ledger,
    hiding: Hiding,
    line: u32,
    /// The names that references within a drawing lead to.
    referred: HashSet<&'f str>,
    /// The place up to which hidden elements are judged already.
    settled: usize,
    out: String,
}

impl File<'_> {
    fn found(&mut self, category: Category, ja: &'static str, en: &'static str) -> bool {
        self.ledger.found(category, Unit::Line(self.line), &Text::fixed(ja, en))
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
                Piece::Doctype | Piece::End => self.out.push_str(token.raw),
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

    fn push_words(&mut self, raw: &str) {
        if raw.is_ascii() && !raw.bytes().any(|b| b.is_ascii_control() && !b.is_ascii_whitespace()) {
            return self.out.push_str(raw);
        }
        let (ledger, line) = (&mut *self.ledger, self.line);
        let sifted = characters::sift(raw, &mut |unseen| {
            let (ja, en) = unseen.name();
            ledger.found(Category::HiddenText, Unit::Line(line), &Text::fixed(ja, en))
        });
        self.out.push_str(&sifted);
    }

    fn push_style(&mut self, raw: &str) {
        let bare = style::without_remarks(raw);
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

    fn judge(&mut self, tokens: &[Token<'_>], at: usize) -> Verdict {
        let Some(token) = tokens.get(at) else { return Verdict::Keep };
        if self.sort == Sort::Xml {
            return Verdict::Keep;
        }
        let pairs = tokens::attributes(token.raw);
        if let Some((category, ja, en)) =
            page::element(&token.name, &pairs, tokens.get(at..tokens.len().min(at + 64)).unwrap_or_default())
        {
            return if self.found(category, ja, en) { Verdict::Drop } else { Verdict::Keep };
        }
        if self.hiding.hides(local(&token.name), &pairs) && !self.is_bare(&token.name) && at >= self.settled {
            if self.sort == Sort::Svg {
                // What lies in it is hidden with it, and judged with it.
                self.settled = tokens::end_of(tokens, at, false);
            }
            if self.is_referred(tokens, at) {
                let what = Text::fixed("ほかから参照される非表示の図形", "a hidden shape that others refer to");
                self.ledger.kept(Category::HiddenText, Unit::Line(self.line), &what);
            } else if self.found(Category::HiddenText, "非表示の要素", "a hidden element") {
                return Verdict::Drop;
            }
        }
        self.attributes(&token.name, pairs)
    }

    /// Elements that show nothing anyway, or everything.
    fn is_bare(&self, name: &str) -> bool {
        matches!(
            local(name),
            "html" | "body" | "head" | "meta" | "link" | "style" | "br" | "svg" | "defs" | "symbol" | "clipPath"
        )
    }

    /// Whether something in an element of a drawing is drawn from elsewhere (SVG 2, 5.6).
    fn is_referred(&self, tokens: &[Token<'_>], at: usize) -> bool {
        if self.referred.is_empty() {
            return false;
        }
        let end = tokens::end_of(tokens, at, false);
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
            } else if page::is_address(&pair.name)
                && let Some(cleaned) = datauri::clean(&pair.value, self.ledger)
            {
                changes.push((pair, Some(cleaned)));
            }
        }
        if changes.is_empty() { Verdict::Keep } else { Verdict::Change(changes) }
    }
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
