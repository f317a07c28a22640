//! 持ち出すときの文言.

use std::path::Path;

use kakuzuke_core::code::Text;
use kakuzuke_formats::Category;

use crate::inspect::HiddenCount;
use crate::labels::LabelView;

pub(crate) const ACCEPT_ONCE: Text = Text::fixed(
    "隠れた情報を認める理由は、一つずつ、空でないものを述べてください（--accept）。",
    "Give each reason why something hidden may go once, and not empty (--accept).",
);
pub(crate) const ACCEPT_NAMES_NONE: Text = Text::fixed(
    "--accept が指す文書が、指定した文書の中に一つに定まりません。指定したとおりのパスで書いてください。",
    "--accept names none of the documents, or several. Write the path as it was given.",
);

/// What is hidden in a document that was to leave.
pub(crate) fn something_hidden(counts: &[HiddenCount]) -> Text {
    let list = |name: fn(&Text) -> &str| {
        let each = counts.iter().map(|count| format!("{}[{}] {}", name(&count.name), count.category, count.count));
        each.collect::<Vec<_>>().join("、")
    };
    Text::new(
        format!(
            "文書に隠れた情報があります（{}）。除去したものを保護し直すか、種類ごとに理由を述べてください（--accept 種類=理由）。",
            list(|name| &name.ja)
        ),
        format!(
            "Something is hidden in the document ({}). Remove it and protect it again, or say for each kind why it may go \
             (--accept KIND=REASON).",
            list(|name| &name.en)
        ),
    )
}

/// A label whose signature does not reach the content: who decided it, for a person to compare.
pub(crate) fn label_unbound(label: &LabelView) -> Text {
    let (by, at, header) = (&label.decided_by, label.decided_at.japan_text(), &label.header);
    Text::new(
        format!(
            "格付の署名は内容に及ばず、ほかの文書から移されても分かりません。{header}と決めたのは{}（{}、{at}）です。この内容に対する決定か\
             確かめてください。内容にも署名するには、完全性２で格付します。",
            by.name, by.post
        ),
        format!(
            "The label's signature does not reach the content: one moved here from another document looks the same. {header} was \
             decided by {} ({}, {at}); make sure that it was for this content. Graded integrity 2, the content is signed too.",
            by.name, by.post
        ),
    )
}

/// One reason, and two documents.
pub(crate) fn accept_each(category: Category, first: &Path, second: &Path) -> Text {
    let (slug, name) = (category.slug(), category.name());
    let shown = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.chars().filter(|c| !c.is_control()).collect::<String>()
    };
    let (first, second) = (shown(first), shown(second));
    Text::new(
        format!(
            "{}[{slug}]は複数の文書（{first}、{second}）にあります。一つの理由で黙って認めることはしません。文書ごとに \
             --accept '{second}:{slug}=理由' と述べるか、すべてに同じ理由を付けるなら --accept '*:{slug}=理由' としてください。",
            name.ja
        ),
        format!(
            "{} [{slug}] are in several documents ({first}, {second}); one reason does not cover them in silence. Give one for \
             each (--accept '{second}:{slug}=REASON'), or the same for all (--accept '*:{slug}=REASON').",
            name.en
        ),
    )
}
