//! Style sheets within the file: rules, what they select (Selectors 3), and which declaration holds (CSS Cascade 3).

use std::collections::{HashMap, HashSet};

use super::style::{Declaration, declarations};
use super::tokens::{Piece, Token};

/// Steps of comparing selectors with elements, at most.
const STEPS: u64 = 20_000_000;
/// Parts of one selector that are followed.
const PARTS: usize = 12;

/// An element as selectors see it.
#[derive(Debug, Clone, Default)]
pub(super) struct Element {
    pub name: String,
    pub id: Option<String>,
    pub classes: Vec<String>,
}

/// A part of a selector that speaks of one element.
#[derive(Debug, Default)]
struct Compound {
    name: Option<String>,
    ids: Vec<String>,
    classes: Vec<String>,
    /// It stands directly within the next one.
    is_child: bool,
}

impl Compound {
    fn fits(&self, element: &Element) -> bool {
        self.name.as_ref().is_none_or(|name| *name == element.name)
            && self.ids.iter().all(|id| element.id.as_ref() == Some(id))
            && self.classes.iter().all(|class| element.classes.contains(class))
    }
}

/// A selector and what it says.
struct Rule {
    /// The element, then what it lies in, outwards.
    parts: Vec<Compound>,
    /// Whether it holds always and for nothing else than what its parts fit.
    is_exact: bool,
    weight: (usize, usize, usize),
    declarations: std::rc::Rc<[Declaration]>,
}

/// A declaration that holds for an element, and what it prevails over.
pub(super) struct Holding<'s> {
    pub declaration: &'s Declaration,
    pub weight: (usize, usize, usize),
    /// Whether it holds for certain.
    pub is_exact: bool,
}

/// The style sheets of a file.
#[derive(Default)]
pub(super) struct Sheets {
    rules: Vec<Rule>,
    /// Rules by what the element they select must have.
    by: HashMap<String, Vec<usize>>,
    /// Names that the sheets speak of as attributes.
    pub attributes: HashSet<String>,
    /// Something may be hidden by what is not read here.
    pub is_uncertain: bool,
    steps: u64,
}

impl Sheets {
    /// Reads the style sheets of a file.
    pub fn read(tokens: &[Token<'_>], is_html: bool) -> Self {
        let mut sheets = Self { steps: STEPS, ..Self::default() };
        for pair in tokens.windows(2) {
            let [tag, inside] = pair else { continue };
            let is_style = tag.kind == Piece::Start && super::local(&tag.name) == "style" && inside.kind != Piece::End;
            if is_style {
                // Old pages put them into remarks, drawings into CDATA.
                let marks = ["<!--", "-->", "<![CDATA[", "]]>"];
                let sheet = marks.iter().fold(inside.raw.to_owned(), |sheet, mark| sheet.replace(mark, ""));
                sheets.take_up(&without_remarks(&sheet), is_html);
            }
        }
        let links = tokens.iter().filter(|t| t.name == "link" && t.kind != Piece::End);
        let is_sheet = |t: &Token<'_>| {
            super::tokens::attributes(t.raw)
                .iter()
                .any(|a| a.name == "rel" && a.value.to_ascii_lowercase().contains("stylesheet"))
        };
        sheets.is_uncertain |= links.into_iter().any(is_sheet);
        sheets.is_uncertain |= tokens.iter().any(|t| t.kind == Piece::Instruction && t.raw.contains("xml-stylesheet"));
        sheets
    }

    fn take_up(&mut self, sheet: &str, is_html: bool) {
        // Which blocks are open: of `@media` and the like; whether they hold on a screen, and for certain.
        let (mut rest, mut open): (&str, Vec<(bool, bool)>) = (sheet, Vec::new());
        while let Some(at) = rest.find(['{', '}']) {
            let (before, after) = rest.split_at(at);
            let selectors = before.rsplit(';').next().unwrap_or_default().trim();
            let behind = after.get(1..).unwrap_or_default();
            if after.starts_with('}') {
                open.pop();
                rest = behind;
            } else if selectors.starts_with('@') && !["@font-face", "@page"].iter().any(|at| selectors.starts_with(at))
            {
                open.push(condition(selectors));
                rest = behind;
            } else {
                let end = behind.find('}').unwrap_or(behind.len());
                if open.iter().all(|(on_screen, _)| *on_screen) {
                    let is_exact = open.iter().all(|(_, is_exact)| *is_exact);
                    self.rule(selectors, behind.get(..end).unwrap_or_default(), is_exact, is_html);
                }
                rest = behind.get(end + 1..).unwrap_or_default();
            }
            if open.len() > 64 {
                self.is_uncertain = true;
                return;
            }
        }
        self.is_uncertain |= sheet.contains("@import");
        let named = sheet.split(['[', '(']).skip(1).filter_map(|rest| rest.split(|c: char| !is_of_name(c)).next());
        self.attributes.extend(named.filter(|name| name.starts_with("data-")).map(str::to_ascii_lowercase));
    }

    /// Takes up one rule.
    fn rule(&mut self, selectors: &str, body: &str, is_exact: bool, is_html: bool) {
        let declarations: std::rc::Rc<[Declaration]> = declarations(body).into();
        if declarations.is_empty() {
            return;
        }
        for selector in apart(selectors) {
            let Some(mut rule) = Selector { rest: selector, is_html }.read() else { continue };
            rule.is_exact &= is_exact;
            rule.declarations = std::rc::Rc::clone(&declarations);
            let Some(first) = rule.parts.first() else { continue };
            let key = match (first.ids.first(), first.classes.first(), &first.name) {
                (Some(id), ..) => format!("#{id}"),
                (None, Some(class), _) => format!(".{class}"),
                (None, None, Some(name)) => name.clone(),
                (None, None, None) => "*".to_owned(),
            };
            self.by.entry(key).or_default().push(self.rules.len());
            self.rules.push(rule);
        }
    }

    /// The declarations that hold for an element, or may, in their order.
    pub fn holding(&mut self, element: &Element, above: &[Element]) -> Vec<Holding<'_>> {
        if self.steps == 0 {
            return Vec::new();
        }
        let id = element.id.iter().map(|id| format!("#{id}"));
        let classes = element.classes.iter().map(|class| format!(".{class}"));
        let keys = id.chain(classes).chain([element.name.clone(), "*".to_owned()]);
        let mut found: Vec<usize> = keys.filter_map(|key| self.by.get(&key)).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        let mut steps = self.steps;
        found.retain(|at| self.rules.get(*at).is_some_and(|rule| fits(&rule.parts, element, above, &mut steps)));
        self.steps = steps;
        self.is_uncertain |= steps == 0;
        let rules = found.into_iter().filter_map(|at| self.rules.get(at));
        let each = rules.flat_map(|rule| rule.declarations.iter().map(move |declaration| (rule, declaration)));
        each.map(|(rule, declaration)| Holding { declaration, weight: rule.weight, is_exact: rule.is_exact }).collect()
    }
}

/// Whether the parts of a selector fit an element and what it lies in.
fn fits(parts: &[Compound], element: &Element, above: &[Element], steps: &mut u64) -> bool {
    *steps = steps.saturating_sub(1);
    let Some((first, rest)) = parts.split_first() else { return true };
    if *steps == 0 || !first.fits(element) {
        return false;
    }
    if rest.is_empty() {
        return true;
    }
    let mut outwards = (0..above.len()).rev();
    let mut within = |at: usize| {
        let (Some(outer), Some(further)) = (above.get(at), above.get(..at)) else { return false };
        fits(rest, outer, further, steps)
    };
    if first.is_child { outwards.next().is_some_and(within) } else { outwards.any(&mut within) }
}

/// Whether a block of rules holds on a screen, and always.
fn condition(selectors: &str) -> (bool, bool) {
    let lower = selectors.to_ascii_lowercase();
    let on_screen = (!lower.contains("print") || lower.contains("screen")) && !lower.contains("keyframes");
    let media = lower.strip_prefix("@media").map(str::trim);
    let is_always =
        media.is_some_and(|media| media.split(',').any(|one| matches!(one.trim(), "screen" | "all" | "only screen")));
    (on_screen, is_always)
}

/// Selectors at the commas between them, not at those within brackets.
fn apart(selectors: &str) -> Vec<&str> {
    let (mut all, mut start, mut depth) = (Vec::new(), 0, 0_u32);
    for (at, character) in selectors.char_indices() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                all.push(selectors.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    all.push(selectors.get(start..).unwrap_or_default());
    all
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_')
}

/// A selector that is being read.
struct Selector<'s> {
    rest: &'s str,
    is_html: bool,
}

impl<'s> Selector<'s> {
    /// The rule without its declarations; none where it selects nothing that stands in the file by itself.
    fn read(mut self) -> Option<Rule> {
        let (mut parts, mut is_exact, mut weight) = (Vec::new(), true, (0, 0, 0));
        self.rest = self.rest.trim();
        while !self.rest.is_empty() {
            let mut compound = Compound::default();
            is_exact &= self.compound(&mut compound, &mut weight)?;
            let blanks = self.rest.len();
            self.rest = self.rest.trim_start();
            if blanks == self.rest.len() && !self.rest.starts_with(['>', '+', '~']) && !self.rest.is_empty() {
                return None;
            }
            parts.push(compound);
            match self.rest.chars().next() {
                Some('>') => {
                    if let Some(outer) = parts.last_mut() {
                        // The one that follows stands in this one.
                        outer.is_child = true;
                    }
                    self.rest = self.rest.get(1..).unwrap_or_default().trim_start();
                }
                Some('+' | '~') => {
                    // Who stands beside whom is not followed: it may fit.
                    parts.pop();
                    is_exact = false;
                    self.rest = self.rest.get(1..).unwrap_or_default().trim_start();
                }
                _ => {}
            }
            if parts.len() > PARTS {
                return None;
            }
        }
        // From the element outwards; what was said of the outer one is said of the inner one.
        let child: Vec<bool> = parts.iter().map(|part| part.is_child).collect();
        for (at, part) in parts.iter_mut().enumerate() {
            part.is_child = at.checked_sub(1).and_then(|outer| child.get(outer)).copied().unwrap_or(false);
        }
        parts.reverse();
        Some(Rule { parts, is_exact, weight, declarations: std::rc::Rc::from([]) })
    }

    fn name(&mut self) -> &'s str {
        let end = self.rest.find(|c: char| !is_of_name(c)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        name
    }

    /// One part; whether all it says was read. None where it is of what is added, or comes and goes with the pointer.
    fn compound(&mut self, compound: &mut Compound, weight: &mut (usize, usize, usize)) -> Option<bool> {
        const PASSING: [&str; 14] = [
            "hover",
            "focus",
            "focus-within",
            "focus-visible",
            "active",
            "visited",
            "disabled",
            "checked",
            "target",
            "before",
            "after",
            "first-letter",
            "first-line",
            "selection",
        ];
        let mut is_exact = true;
        while let Some(sign) = self.rest.chars().next() {
            if is_of_name(sign) {
                let name = self.name();
                compound.name = Some(if self.is_html { name.to_ascii_lowercase() } else { name.to_owned() });
                weight.2 += 1;
                continue;
            }
            if sign.is_whitespace() || matches!(sign, '>' | '+' | '~') {
                break;
            }
            self.rest = self.rest.get(sign.len_utf8()..).unwrap_or_default();
            match sign {
                '*' => {}
                '.' => {
                    compound.classes.push(self.name().to_owned());
                    weight.1 += 1;
                }
                '#' => {
                    compound.ids.push(self.name().to_owned());
                    weight.0 += 1;
                }
                '[' => {
                    self.rest = self.rest.split_once(']')?.1;
                    (is_exact, weight.1) = (false, weight.1 + 1);
                }
                ':' if self.rest.starts_with(':') => return None,
                ':' => {
                    let name = self.name();
                    if PASSING.contains(&name) {
                        return None;
                    }
                    if self.rest.starts_with('(') {
                        self.rest = self.rest.split_once(')')?.1;
                    }
                    is_exact &= matches!(name, "link" | "root");
                    weight.1 += 1;
                }
                _ => return None,
            }
        }
        Some(is_exact)
    }
}

/// A style sheet without its remarks; what stands in quotes is none.
pub(super) fn without_remarks(sheet: &str) -> String {
    let (mut out, mut rest, mut quote) = (String::with_capacity(sheet.len()), sheet, None);
    while let Some(character) = rest.chars().next() {
        if quote.is_none() && rest.starts_with("/*") {
            rest = rest.get(2..).and_then(|r| r.split_once("*/")).map_or("", |(_, after)| after);
            continue;
        }
        quote = match (quote, character) {
            (None, '"' | '\'') => Some(character),
            (Some(open), close) if open == close => None,
            (_, '\n') => None,
            (kept, _) => kept,
        };
        out.push(character);
        rest = rest.get(character.len_utf8()..).unwrap_or_default();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(name: &str, id: &str, classes: &str) -> Element {
        let id = Some(id.to_owned()).filter(|id| !id.is_empty());
        Element { name: name.to_owned(), id, classes: classes.split_whitespace().map(str::to_owned).collect() }
    }

    #[test]
    fn selectors_fit_what_they_say() {
        let above = [element("body", "", ""), element("div", "main", "a b"), element("ul", "", "menu")];
        let li = element("li", "x", "on");
        for (selector, fits, is_exact) in [
            ("li", true, true),
            ("*", true, true),
            (".on", true, true),
            ("LI.on#x", true, true),
            ("div li", true, true),
            ("#main > ul > li", true, true),
            ("div > li", false, true),
            (".a.b .menu>.on", true, true),
            (".a.c li", false, true),
            ("body div ul li", true, true),
            ("li:first-child", true, false),
            ("li[title]", true, false),
            ("p + li", true, false),
            ("li:not(.x, .y)", true, false),
        ] {
            let mut sheets = Sheets { steps: STEPS, ..Sheets::default() };
            sheets.take_up(&format!("{selector} {{ display: none }}"), true);
            let held: Vec<bool> = sheets.holding(&li, &above).iter().map(|held| held.is_exact).collect();
            assert_eq!(held, if fits { vec![is_exact] } else { vec![] }, "{selector}");
        }
        for none in ["li:hover", "li::before", "li:after", "@media print { li", "@font-face"] {
            let mut sheets = Sheets { steps: STEPS, ..Sheets::default() };
            sheets.take_up(&format!("{none} {{ display: none }} }}"), true);
            assert_eq!(sheets.holding(&li, &above).len(), 0, "{none}");
        }
        let mut sheets = Sheets { steps: STEPS, ..Sheets::default() };
        sheets.take_up(
            "@media (max-width: 9em) { li { display: none } } @media screen { .on { color: red } } [data-x]{color:red}",
            true,
        );
        let held: Vec<bool> = sheets.holding(&li, &above).iter().map(|held| held.is_exact).collect();
        assert_eq!(held, [false, true, false]);
        assert!(sheets.attributes.contains("data-x"));
    }

    #[test]
    fn remarks_of_style_sheets_go_but_not_out_of_quotes() {
        assert_eq!(without_remarks("a{}/* x */b{content:\"/* y */\"}"), "a{}b{content:\"/* y */\"}");
    }
}
