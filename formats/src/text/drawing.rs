//! Text of parts that are only shapes, charts and properties: whatever its elements are called.

use super::{Halt, Node, walk};

/// Every paragraph (`p`) of DrawingML text in a part, the values (`v`) of a chart, and what stands in `text`.
pub(crate) fn paragraphs(part: &str, say: &mut dyn FnMut(&str) -> Result<(), Halt>) -> Result<(), Halt> {
    let (mut paragraph, mut is_text) = (String::new(), false);
    walk(part, &mut |node| match node {
        Node::Start(tag) => {
            is_text = matches!(tag.name, "t" | "v" | "text");
            if tag.name == "br" {
                paragraph.push('\n');
            }
            Ok(())
        }
        Node::Text(words) => {
            if is_text {
                paragraph.push_str(words);
            }
            Ok(())
        }
        Node::End(name) => {
            is_text = false;
            if matches!(name, "p" | "v" | "text" | "si") {
                let whole = std::mem::take(&mut paragraph);
                return say(&whole);
            }
            Ok(())
        }
    })
}

/// Who is told the words with the name of their element and of what they are about.
pub(crate) type Named<'a> = &'a mut dyn FnMut(&str, Option<&str>, &str) -> Result<(), Halt>;

/// Every text of a part with the name of the element that it stands in, and the first of its attributes called `name`.
pub(crate) fn words(part: &str, say: Named<'_>) -> Result<(), Halt> {
    let mut open: Vec<(String, Option<String>)> = Vec::new();
    let mut text = String::new();
    walk(part, &mut |node| match node {
        Node::Start(tag) => {
            text.clear();
            open.push((tag.name.to_owned(), tag.get("name")));
            Ok(())
        }
        Node::Text(words) => {
            text.push_str(words);
            Ok(())
        }
        Node::End(element) => {
            // Values of XMP stand in lists; what they are about is around those.
            let is_list = |name: &str| matches!(name, "li" | "Alt" | "Bag" | "Seq");
            let element = open.iter().rev().map(|(name, _)| name.as_str()).find(|n| !is_list(n)).unwrap_or(element);
            let named = open.iter().rev().find_map(|(_, name)| name.as_deref());
            if !text.trim().is_empty() {
                say(element, named, &text)?;
            }
            text.clear();
            open.pop();
            Ok(())
        }
    })
}
