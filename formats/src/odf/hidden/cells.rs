//! 非表示の行・列. Which cells of a sheet are not seen, and what repeats their values elsewhere (ISO/IEC 26300-3, 9).

use super::columns::{Columns, times};
use super::rules::Rules;
use super::styles::Styles;
use crate::hidden::{Act, Category, Frame, Opened, holds_path, nearest};

/// Points below which a row or column is not seen.
const THIN: f64 = 0.5;

/// What begins in a table.
pub(super) struct Begins<'b> {
    pub name: &'b str,
    pub get: &'b dyn Fn(&str) -> Option<String>,
    /// How many elements it lies in.
    pub depth: usize,
    pub is_of_sheet: bool,
}

/// Where a walk over tables is.
#[derive(Default)]
pub(super) struct Grid {
    columns: Columns,
    /// Collapsed groups that are open, by their depth.
    rows_away: Option<usize>,
    columns_away: Option<usize>,
    /// Rows that are open, by their depth, and whether they are hidden.
    rows: Vec<(usize, bool)>,
    /// The hidden cell that is open, by its depth.
    cell: Option<usize>,
}

/// Whether a row or column is not seen.
pub(super) fn is_away(get: &dyn Fn(&str) -> Option<String>, family: &str, styles: &Styles) -> bool {
    let style = get("style-name").unwrap_or_default();
    matches!(get("visibility").as_deref(), Some("collapse" | "filter"))
        || styles.look(family, &style).and_then(|look| look.extent).is_some_and(|extent| extent < THIN)
}

impl Grid {
    /// Follows the walk; the answer is whether this is a hidden cell, or lies in one.
    pub fn step(&mut self, of: &Begins<'_>, styles: &Styles) -> bool {
        for group in [&mut self.rows_away, &mut self.columns_away, &mut self.cell] {
            if group.is_some_and(|depth| depth >= of.depth) {
                *group = None;
            }
        }
        while self.rows.last().is_some_and(|(depth, _)| *depth >= of.depth) {
            self.rows.pop();
        }
        if self.cell.is_some() {
            return true;
        }
        let is_closed = (of.get)("display").as_deref() == Some("false");
        match of.name {
            "table" => {
                self.columns = if of.is_of_sheet { Columns::default() } else { std::mem::take(&mut self.columns) }
            }
            "table-row-group" if is_closed => self.rows_away = self.rows_away.or(Some(of.depth)),
            "table-column-group" if is_closed => self.columns_away = self.columns_away.or(Some(of.depth)),
            "table-column" if of.is_of_sheet => {
                let is_away = self.columns_away.is_some() || is_away(of.get, "table-column", styles);
                self.columns.name(times((of.get)("number-columns-repeated").as_deref()), is_away);
            }
            "table-row" => {
                self.rows.push((of.depth, self.rows_away.is_some() || is_away(of.get, "table-row", styles)));
                if of.is_of_sheet {
                    self.columns.row();
                }
            }
            "table-cell" | "covered-table-cell" => {
                let mut is_hidden = self.rows.last().is_some_and(|(_, is_hidden)| *is_hidden);
                if of.is_of_sheet {
                    let cells = self.columns.cells(times((of.get)("number-columns-repeated").as_deref()));
                    // Below a merged cell nothing is seen.
                    is_hidden |= self.columns.hide(&cells) || of.name == "covered-table-cell";
                }
                self.cell = is_hidden.then_some(of.depth);
                return is_hidden;
            }
            _ => {}
        }
        false
    }
}

/// Whether what begins belongs to a sheet itself, not to a table in a cell or a drawing.
pub(super) fn is_of_sheet<'n>(name: &str, above: impl Iterator<Item = &'n str>) -> bool {
    let (mut tables, mut is_sheet) = (usize::from(name == "table"), false);
    for around in above {
        tables += usize::from(around == "table");
        is_sheet |= around == "spreadsheet";
    }
    tables == 1 && is_sheet
}

/// Attributes of a cell that hold its value.
pub(super) fn is_value(local: &str) -> bool {
    matches!(
        local,
        "value-type"
            | "value"
            | "date-value"
            | "time-value"
            | "boolean-value"
            | "string-value"
            | "currency"
            | "formula"
            | "number-matrix-rows-spanned"
            | "number-matrix-columns-spanned"
    )
}

/// The cell in its place, empty.
fn emptied(tag: &Opened) -> Act {
    tag.without(|local, _| is_value(local) || local == "content-validation-name")
}

/// A cell begins.
pub(super) fn cell(rules: &mut Rules<'_>, tag: &Opened, above: &[Frame], is_hidden: bool) -> Act {
    rules.cells = rules.cells.saturating_add(1);
    let has_value = tag.attributes.iter().any(|(name, _)| is_value(name.rsplit(':').next().unwrap_or(name)));
    rules.blank = None;
    rules.bare = (is_hidden && !has_value).then_some(above.len());
    if is_hidden && has_value {
        let (ja, en) = if tag.local == "covered-table-cell" {
            ("結合したセルの下に残った値", "values kept below a merged cell")
        } else {
            ("非表示の行・列の値", "values in hidden rows and columns")
        };
        return rules.goes(Category::HiddenCells, ja, en, emptied(tag));
    }
    if let Some(category) = rules.facts.blank.get(&rules.cells).copied() {
        let act = rules.goes(category, "グラフに残った非表示の値", "hidden values that a chart repeats", emptied(tag));
        rules.blank = matches!(act, Act::Rewrite(_)).then_some(above.len());
        return act;
    }
    let Some(formula) = tag.get("formula") else { return Act::Keep };
    let value = || tag.without(|local, _| local == "formula" || local.starts_with("number-matrix-"));
    if holds_path(formula) || formula.contains("'file:") || formula.to_ascii_uppercase().contains("DDE(") {
        return rules.goes(Category::Links, "他のファイルを参照する数式", "a formula that reads another file", value());
    }
    // What the value was made of may be gone.
    if rules.makes_values() { value() } else { Act::Keep }
}

/// What stands beside cells and tells of them.
pub(super) fn beside(rules: &mut Rules<'_>, tag: &Opened, above: &[Frame]) -> Option<Act> {
    Some(match tag.local.as_str() {
        "filter-condition" | "filter-set-item" if tag.get("value").is_some_and(|value| !value.is_empty()) => {
            let (ja, en) = ("絞込みの条件に残った値", "values kept in a filter");
            if !rules.removes(Category::HiddenCells) {
                return Some(rules.goes(Category::HiddenCells, ja, en, Act::Keep));
            }
            rules.goes(Category::HiddenCells, ja, en, Act::Doom("filter"))
        }
        "scenario" => rules.goes(Category::HiddenSheets, "シナリオ", "a scenario", Act::Doom("table")),
        "named-expressions" if rules.makes_values() && nearest(above, "spreadsheet").is_some() => Act::Drop,
        "content-validation" if !rules.facts.used.contains(tag.get("name").unwrap_or_default()) => {
            rules.goes(Category::Leftovers, "どのセルも使わない入力規則", "a validation that no cell has", Act::Drop)
        }
        "help-message" | "error-message" if tag.get("display") == Some("false") && !tag.is_empty => {
            rules.goes(Category::HiddenText, "表示されない入力メッセージ", "a message that is not shown", Act::Drop)
        }
        "data-pilot-member" if tag.get("display") == Some("false") => {
            rules.tells(Category::CachedData, "ピボットテーブルで非表示の項目", "an item hidden in a pivot table");
            Act::Keep
        }
        "database-source-sql"
        | "database-source-table"
        | "database-source-query"
        | "cell-range-source"
        | "dde-link" => rules.goes(Category::Links, "外部への参照", "a reference to something outside", Act::Drop),
        _ => return None,
    })
}
