//! What styles hide: on the element itself, and by the plain rules of style sheets within the file.

use std::collections::HashSet;

use super::tokens::{Attribute, Piece, Token};

/// Which elements are hidden.
#[derive(Default)]
pub(super) struct Hiding {
    classes: HashSet<String>,
    ids: HashSet<String>,
    /// Whether something may be hidden in a way that is not followed here.
    pub is_uncertain: bool,
}

impl Hiding {
    /// Whether an element is hidden, by what its tag says.
    pub fn hides(&self, name: &str, pairs: &[Attribute]) -> bool {
        pairs.iter().any(|pair| match pair.name.as_str() {
            "hidden" => true,
            "type" => name == "input" && pair.value.eq_ignore_ascii_case("hidden"),
            "display" => pair.value.trim() == "none",
            "visibility" => matches!(pair.value.trim(), "hidden" | "collapse"),
            "style" => hides(&pair.value),
            "id" => self.ids.contains(&pair.value),
            "class" => pair.value.split_whitespace().any(|class| self.classes.contains(class)),
            _ => false,
        })
    }

    /// Takes up one rule of a style sheet.
    fn rule(&mut self, selectors: &str, body: &str, is_nested: bool) {
        if !hides(body) {
            return;
        }
        for selector in selectors.split(',').map(str::trim) {
            let is_plain =
                |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
            match (selector.strip_prefix('.'), selector.strip_prefix('#')) {
                _ if is_nested => self.is_uncertain = true,
                (Some(class), _) if is_plain(class) => drop(self.classes.insert(class.to_owned())),
                (_, Some(id)) if is_plain(id) => drop(self.ids.insert(id.to_owned())),
                // Parts that style sheets themselves add.
                _ if selector.contains("::") || selector.contains(":before") || selector.contains(":after") => {}
                _ => self.is_uncertain = true,
            }
        }
    }
}

/// Whether declarations make something invisible.
fn hides(style: &str) -> bool {
    let bare: String = style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    bare.split(';').any(|declaration| {
        let declaration = declaration.trim_end_matches("!important");
        matches!(
            declaration,
            "display:none"
                | "visibility:hidden"
                | "visibility:collapse"
                | "opacity:0"
                | "mso-hide:all"
                | "font-size:0"
                | "font-size:0px"
                | "font-size:0pt"
        )
    })
}

/// Reads the style sheets of a file.
pub(super) fn read(tokens: &[Token<'_>], hiding: &mut Hiding) {
    for pair in tokens.windows(2) {
        let [tag, inside] = pair else { continue };
        let is_style = tag.kind == Piece::Start && super::local(&tag.name) == "style" && inside.kind != Piece::End;
        if is_style {
            // Old pages put them into remarks, drawings into CDATA.
            let sheet = inside.raw.replace("<!--", "").replace("-->", "").replace("<![CDATA[", "").replace("]]>", "");
            sheet_rules(&without_remarks(&sheet), hiding);
        }
    }
    let links = tokens.iter().filter(|t| t.name == "link" && t.kind == Piece::Empty);
    let is_sheet = |t: &Token<'_>| {
        super::tokens::attributes(t.raw)
            .iter()
            .any(|a| a.name == "rel" && a.value.to_ascii_lowercase().contains("stylesheet"))
    };
    hiding.is_uncertain |= links.into_iter().any(is_sheet);
}

fn sheet_rules(sheet: &str, hiding: &mut Hiding) {
    // Which blocks are open: of `@media` and the like, and whether they hold on a screen.
    let (mut rest, mut open): (&str, Vec<bool>) = (sheet, Vec::new());
    while let Some(at) = rest.find(['{', '}']) {
        let (before, after) = rest.split_at(at);
        let selectors = before.rsplit(';').next().unwrap_or_default().trim();
        if after.starts_with('}') {
            open.pop();
            rest = after.get(1..).unwrap_or_default();
        } else if selectors.starts_with('@') && !selectors.starts_with("@font-face") && !selectors.starts_with("@page")
        {
            let is_print = selectors.contains("print") && !selectors.contains("screen");
            open.push(!is_print);
            rest = after.get(1..).unwrap_or_default();
        } else {
            let body = after.get(1..).unwrap_or_default();
            let end = body.find('}').unwrap_or(body.len());
            if open.iter().all(|on_screen| *on_screen) {
                hiding.rule(selectors, body.get(..end).unwrap_or_default(), !open.is_empty());
            }
            rest = body.get(end + 1..).unwrap_or_default();
        }
        if open.len() > 64 {
            hiding.is_uncertain = true;
            return;
        }
    }
    hiding.is_uncertain |= sheet.contains("@import");
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

    #[test]
    fn plain_rules_are_followed_and_others_are_said_to_be_uncertain() {
        let mut hiding = Hiding::default();
        sheet_rules(
            ".a, #b { color: red; display : none } p::after{display:none} @media print{.c{display:none}}",
            &mut hiding,
        );
        assert!(hiding.classes.contains("a") && hiding.ids.contains("b") && !hiding.classes.contains("c"));
        assert!(!hiding.is_uncertain);
        sheet_rules("div > p { visibility: hidden }", &mut hiding);
        assert!(hiding.is_uncertain);
    }

    #[test]
    fn remarks_of_style_sheets_go_but_not_out_of_quotes() {
        assert_eq!(without_remarks("a{}/* x */b{content:\"/* y */\"}"), "a{}b{content:\"/* y */\"}");
    }
}
