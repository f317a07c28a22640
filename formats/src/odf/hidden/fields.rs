//! フィールドとフォーム. Values that fields and forms keep and nobody sees (ISO/IEC 26300-3, 7 and 13).

use super::rules::Rules;
use crate::hidden::{Act, Category, Frame, Opened, nearest};

/// Properties of controls by which programs find their own again.
const PLAIN: [&str; 2] = ["DefaultControl", "HelpText"];

/// Judges fields, and what forms hold.
pub(super) fn judge(rules: &mut Rules<'_>, tag: &Opened, above: &[Frame]) -> Option<Act> {
    let is_none = tag.get("display") == Some("none");
    Some(match tag.local.as_str() {
        "user-field-decl" if !rules.facts.fields.contains(tag.get("name").unwrap_or_default()) => rules.goes(
            Category::CustomData,
            "表示されないユーザーフィールドの値",
            "the value of a user field that is not shown",
            Act::Drop,
        ),
        "variable-set" | "variable-get" | "user-field-get" | "user-field-input" | "expression" | "sequence"
            if is_none =>
        {
            rules.goes(Category::HiddenText, "表示されない変数", "a variable that is not shown", Act::Drop)
        }
        // What is in it is what was shown when it was saved.
        "hidden-text" if !tag.is("is-hidden") && !tag.is_empty => {
            rules.goes(Category::HiddenText, "条件付きの隠し文字", "text hidden on a condition", Act::Unwrap)
        }
        "hidden-text" => rules.goes(Category::HiddenText, "隠し文字", "hidden text", Act::Drop),
        "hidden-paragraph" if tag.is("is-hidden") => {
            rules.goes(Category::HiddenText, "非表示の段落", "a hidden paragraph", Act::Doom("p"))
        }
        "conditional-text" => rules.goes(
            Category::HiddenText,
            "条件付きテキストの表示されない側",
            "the other words of a conditional text",
            Act::Unwrap,
        ),
        "bookmark-start" if tag.is("hidden") => {
            rules.tells(Category::HiddenText, "非表示のブックマークの範囲", "text in a hidden bookmark");
            Act::Keep
        }
        "alphabetical-index-mark" | "toc-mark" | "user-index-mark"
            if !rules.facts.has_index && tag.get("string-value").is_some_and(|words| !words.is_empty()) =>
        {
            rules.goes(Category::HiddenText, "索引のない索引語", "an entry of an index that is not there", Act::Drop)
        }
        "database-display" | "database-name" | "database-row-number" => {
            rules.goes(Category::Links, "データベースの項目", "a field of a database", Act::Unwrap)
        }
        "database-next" | "database-row-select" => {
            rules.goes(Category::Links, "データベースの項目", "a field of a database", Act::Drop)
        }
        "dde-connection" => {
            rules.goes(Category::Links, "外部への参照", "a reference to something outside", Act::Unwrap)
        }
        "header-decl" | "footer-decl" | "date-time-decl"
            if !tag.is_empty && !rules.facts.used.contains(tag.get("name").unwrap_or_default()) =>
        {
            let (ja, en) = ("使われないヘッダー・フッター", "a header or footer that no slide has");
            rules.goes(Category::Leftovers, ja, en, Act::Drop)
        }
        _ if nearest(above, "forms").is_some() && nearest(above, "column").is_none() => return form(rules, tag),
        _ => return None,
    })
}

/// Whether a property of a control has words of its own; what helps with the control is shown.
fn is_value(tag: &Opened) -> bool {
    let name = tag.get("property-name").unwrap_or_default();
    !PLAIN.contains(&name)
        && (tag.local == "list-property" || tag.get("string-value").is_some_and(|words| !words.is_empty()))
}

/// What stands in a form beside its controls.
fn form(rules: &mut Rules<'_>, tag: &Opened) -> Option<Act> {
    let source = ["command", "datasource"].iter().any(|name| tag.get(name).is_some_and(|value| !value.is_empty()));
    Some(match tag.local.as_str() {
        "hidden" => rules.goes(Category::Controls, "表示されない入力欄", "a form field that is not shown", Act::Drop),
        "property" | "list-property" if is_value(tag) => {
            rules.goes(Category::CustomData, "入力欄に付けた値", "values kept with a control", Act::Drop)
        }
        "form" if source => {
            let act = tag.without(|local, _| matches!(local, "command" | "command-type" | "datasource"));
            rules.goes(Category::Links, "フォームのデータベース", "the database of a form", act)
        }
        "connection-resource" => {
            rules.goes(Category::Links, "フォームのデータベース", "the database of a form", Act::Drop)
        }
        "form" | "properties" | "item" | "option" | "column" => return None,
        _ => {
            let id = ["id", "control-id"].iter().find_map(|name| tag.get(name))?;
            if rules.facts.controls.contains(id) {
                let note = tag.get("title").filter(|note| !note.is_empty())?;
                let act = tag.without(|local, value| local == "title" && value == note);
                return Some(rules.goes(Category::CustomData, "入力欄に付けた値", "values kept with a control", act));
            }
            rules.goes(Category::Controls, "描かれない入力欄", "a control that is not drawn", Act::Drop)
        }
    })
}
