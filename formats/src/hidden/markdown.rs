//! Markdown (CommonMark 0.31, with tables and footnotes): remarks in its HTML go, and so does what no reader of the page is ever
//! shown: definitions that nothing uses (`[//]: # (…)`). Where code and remarks begin and end is the parser's to say.

use std::collections::HashSet;
use std::ops::Range;

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;
use pulldown_cmark::{Event, LinkType, Options, Parser, Tag};

use super::content::Sort;
use super::{Category, Ledger, Wanted, markup, written};
use crate::error::ReadError;
use crate::splice::without;

/// The text without what is to go.
pub(super) fn clean(text: &str, ledger: &mut Ledger) -> Result<String, ReadError> {
    let page = Page::read(text);
    let mut cuts = Vec::new();
    for html in &page.html {
        remarks(text, html, &page, ledger, &mut cuts);
        elements(text, html, &page, ledger)?;
    }
    for line in page.unshown(text) {
        let what =
            Text::fixed("使われない定義（表示されません）", "definitions that nothing uses, which are not shown");
        if ledger.found(Category::Comments, page.unit(line.start), &what) {
            cuts.push(line);
        }
    }
    for note in &page.unused_notes {
        let what = Text::fixed("参照されない脚注", "footnotes that nothing leads to");
        ledger.kept(Category::Unseen, page.unit(note.start), &what);
    }
    if let Some(head) = &page.metadata {
        let what = Text::fixed(
            "先頭のメタデータ（表示されないことがあります）",
            "metadata at its beginning, which may not be shown",
        );
        ledger.kept(Category::Properties, page.unit(head.start), &what);
    }
    Ok(written::clean(&without(text, cuts), ledger))
}

/// Where a page has what.
#[derive(Default)]
struct Page {
    /// Offsets at which lines begin.
    lines: Vec<usize>,
    /// Which lines hold something that is shown.
    shown: Vec<bool>,
    html: Vec<Range<usize>>,
    unused_notes: Vec<Range<usize>>,
    metadata: Option<Range<usize>>,
}

impl Page {
    fn read(text: &str) -> Self {
        let mut lines: Vec<usize> = vec![0];
        lines.extend(text.match_indices('\n').map(|(at, _)| at + 1).filter(|at| *at < text.len()));
        let mut page = Self { shown: vec![false; lines.len()], lines, ..Self::default() };
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
        let mut events = Parser::new_ext(text, options).into_offset_iter();
        let (mut used, mut notes, mut led_to) = (HashSet::new(), Vec::new(), HashSet::new());
        for (event, range) in events.by_ref() {
            match &event {
                Event::Start(Tag::BlockQuote(_) | Tag::List(_) | Tag::Item) | Event::End(_) => continue,
                Event::Start(Tag::FootnoteDefinition(name)) => {
                    notes.push((name.to_string(), range.clone()));
                    page.show(range.start..range.start + 1);
                    continue;
                }
                Event::FootnoteReference(name) => drop(led_to.insert(name.to_string())),
                Event::Start(Tag::Link { link_type, id, .. } | Tag::Image { link_type, id, .. })
                    if is_led(*link_type) =>
                {
                    used.insert(folded(id));
                }
                Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => page.html.push(range.clone()),
                Event::Start(Tag::MetadataBlock(_)) => page.metadata = Some(range.clone()),
                _ => {}
            }
            page.show(range);
        }
        let definitions = events.reference_definitions().iter();
        for (_, definition) in definitions.filter(|(label, _)| used.contains(&folded(label))) {
            page.show(definition.span.clone());
        }
        page.unused_notes =
            notes.into_iter().filter(|(name, _)| !led_to.contains(name)).map(|(_, range)| range).collect();
        page
    }

    /// Index of the line that holds an offset.
    fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|start| *start <= at).saturating_sub(1)
    }

    fn unit(&self, at: usize) -> Unit {
        Unit::Line(u32::try_from(self.line(at) + 1).unwrap_or(u32::MAX))
    }

    fn show(&mut self, range: Range<usize>) {
        let (first, last) = (self.line(range.start), self.line(range.end.saturating_sub(1).max(range.start)));
        self.shown.get_mut(first..=last).unwrap_or_default().fill(true);
    }

    /// Lines of which nothing is shown, though there is something in them.
    fn unshown(&self, text: &str) -> Vec<Range<usize>> {
        let ends = self.lines.iter().skip(1).copied().chain([text.len()]);
        let all = self.lines.iter().copied().zip(ends).zip(&self.shown);
        let says = |range: &Range<usize>| !bare(text.get(range.clone()).unwrap_or_default()).is_empty();
        all.filter(|(_, shown)| !**shown).map(|((start, end), _)| start..end).filter(says).collect()
    }
}

/// Whether a link is to something that is defined elsewhere.
const fn is_led(link: LinkType) -> bool {
    matches!(link, LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut)
}

/// A label as labels are compared (CommonMark 4.7).
fn folded(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// A line without the signs of quotes and lists that it begins with.
fn bare(line: &str) -> &str {
    let mut rest = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    loop {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let behind = rest.get(digits..).unwrap_or_default();
        let signs: &[char] = if digits > 0 { &['.', ')'] } else { &['>', '-', '+', '*'] };
        let Some(after) = behind.strip_prefix(signs) else { return rest };
        if !(after.is_empty() || after.starts_with(char::is_whitespace) || behind.starts_with('>')) {
            return rest;
        }
        rest = after.trim_start();
    }
}

/// Remarks within raw HTML.
fn remarks(text: &str, html: &Range<usize>, page: &Page, ledger: &mut Ledger, cuts: &mut Vec<Range<usize>>) {
    let mut at = html.start;
    while let Some(start) = text.get(at..html.end).and_then(|rest| rest.find("<!--")).map(|found| at + found) {
        let rest = text.get(start..html.end).unwrap_or_default();
        let Some(length) = markup::remark_end(rest) else {
            let what = Text::fixed(
                "終わりのないコメント（後ろの文も隠します）",
                "a comment without an end, which hides what follows",
            );
            return ledger.kept(Category::Comments, page.unit(start), &what);
        };
        at = start + length;
        if ledger.found(Category::Comments, page.unit(start), &Text::fixed("コメント", "comments")) {
            // The line's end goes with what stood alone on it.
            let alone = page.lines.contains(&start) && text.get(at..).is_some_and(|rest| rest.starts_with('\n'));
            cuts.push(start..at + usize::from(alone));
        }
    }
}

/// Hidden elements in raw HTML are told: where they end is the page's to say that is made of it.
fn elements(text: &str, html: &Range<usize>, page: &Page, ledger: &mut Ledger) -> Result<(), ReadError> {
    let mut inner = Ledger::new(Wanted::nothing());
    markup::clean(text.get(html.clone()).unwrap_or_default(), Sort::Html, &mut inner)?;
    for finding in inner.finish().findings.into_iter().filter(|finding| finding.category != Category::Comments) {
        ledger.kept(finding.category, page.unit(html.start), &finding.what);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn cleaned(text: &str) -> String {
        let looked = clean(text, &mut Ledger::new(Wanted::nothing())).unwrap();
        assert_eq!(looked, text, "looking changes nothing");
        clean(text, &mut Ledger::new(Wanted::usual())).unwrap()
    }

    fn told(text: &str) -> Vec<Category> {
        let mut ledger = Ledger::new(Wanted::nothing());
        clean(text, &mut ledger).unwrap();
        ledger.finish().counts().into_keys().collect()
    }

    #[test]
    fn remarks_of_markdown_go_and_code_stays() {
        let text = "# 題\n\n<!-- a\nb -->\n\n`<!-- d -->`\n\n```\n<!-- e -->\n```\n\n    <!-- g -->\n\n[//]: # (f)\n\n終わり\n";
        assert_eq!(cleaned(text), "# 題\n\n\n`<!-- d -->`\n\n```\n<!-- e -->\n```\n\n    <!-- g -->\n\n\n終わり\n");
    }

    #[test]
    fn remarks_are_found_behind_what_looks_like_code() {
        for (before, after) in [
            ("it`s ", ""),
            ("``a`b`` ", ""),
            ("```x``` ", ""),
            ("~~~\n```\n~~~\n\n", ""),
            ("```\na\n`````\n\n", ""),
            ("- ```\n  a\n  ```\n\n", ""),
            ("> ```\n> a\n\n", ""),
            ("text\n    ", ""),
            ("- item\n\n    ", ""),
            ("<div>\n", "\n</div>"),
            ("| a | b |\n|---|---|\n| `c` | ", " |"),
        ] {
            let text = format!("{before}<!-- SECRET -->{after}\n");
            assert!(!cleaned(&text).contains("SECRET"), "{text:?}: {:?}", cleaned(&text));
            assert_eq!(told(&text), [Category::Comments], "{text:?}");
        }
    }

    #[test]
    fn definitions_that_nothing_uses_go() {
        for hidden in [
            "[//]: # (SECRET)",
            "[x]: <> \"SECRET\"",
            "[SECRET]: /a",
            "[x]:\n /a\n 'SECRET\n b'",
            "> [x]: SECRET",
            "- [x]: SECRET",
        ] {
            let text = format!("本文\n\n{hidden}\n\n本文\n");
            assert!(!cleaned(&text).contains("SECRET"), "{hidden}: {:?}", cleaned(&text));
            assert_eq!(told(&text), [Category::Comments], "{hidden}");
        }
        // The second of a name counts no more.
        assert!(!cleaned("[a]\n\n[a]: /x\n[A]: /SECRET\n").contains("SECRET"));
        for shown in [
            "[a]\n\n[A]: /x \"y\"\n",
            "![図][ a\n b]\n\n[A b]: <x>\n",
            "* * *\n\n-\n\n1. a\n   - b\n\n> c\n",
            "- [ ] a\n",
        ] {
            assert_eq!(cleaned(shown), shown);
            assert!(told(shown).is_empty(), "{shown}: {:?}", told(shown));
        }
    }

    #[test]
    fn what_html_in_it_hides_is_told() {
        for hidden in ["<div hidden>\n\nSECRET\n\n</div>\n", "a <span style=\"display:none\">SECRET</span>\n"] {
            assert_eq!(told(hidden), [Category::HiddenText], "{hidden}");
        }
        assert_eq!(told("<div>\n<!-- SECRET\n\nb\n"), [Category::Comments]);
        assert_eq!(told("a[^1]\n\n[^1]: x\n\n[^2]: SECRET\n"), [Category::Unseen]);
        assert_eq!(told("---\nauthor: SECRET\n---\n\na\n"), [Category::Properties]);
    }
}
