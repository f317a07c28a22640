//! 見えない文字・画像. What is painted over, or drawn so that nobody sees it, is reported and never said to be removed:
//! only its author knows what was to be hidden.

use std::collections::BTreeSet;

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::keys::INSTEAD;
use super::shown::Shown;
use crate::error::ReadError;
use crate::hidden::{Category, Ledger};
use crate::pdf::text::{self, Concealed, Unseen};
use crate::source::Source;

/// Looks at every page, and tells what they show; `hides` knows the layers that are off by the numbers of their objects.
pub(super) fn find(source: &dyn Source, hides: &dyn Fn(u32) -> bool, ledger: &mut Ledger) -> Shown {
    match text::seen(source, hides) {
        Ok(seen) => {
            let mut noted = BTreeSet::new();
            for (page, found) in seen.pages {
                if found.letters.under[2] > 0 {
                    noted.insert(page);
                }
                tell(&Unit::Page(page), &found, ledger);
            }
            let drawn = seen.gaps.is_empty().then_some(seen.drawn);
            for (unit, why) in seen.gaps {
                ledger.kept(Category::NotInspected, unit, &unfinished(why));
            }
            let shown = Shown::new(seen.words, drawn, noted);
            for (page, words) in seen.said {
                if !shown.says(&Unit::Page(page), &words) {
                    ledger.kept(Category::Unseen, Unit::Page(page), &INSTEAD);
                }
            }
            return shown;
        }
        Err(ReadError::Damaged(why) | ReadError::Limit(why)) => ledger.not_inspected(unfinished(why)),
        Err(ReadError::Io(_)) => ledger.not_inspected(Text::fixed("読み取れません", "it can't be read")),
    }
    Shown::default()
}

fn unfinished(why: &str) -> Text {
    Text::new(
        format!("隠れた文字・画像がないか、最後までは調べられません（{why}）"),
        format!("what lies under boxes or is not seen can't be looked for to the end: {why}"),
    )
}

fn tell(unit: &Unit, found: &Concealed, ledger: &mut Ledger) {
    let letters = [
        (
            Category::Unseen,
            found.undrawn,
            "描かれない（文字認識の結果など）",
            "that are not drawn, such as recognised text",
        ),
        (Category::Unseen, found.alike, "下地と同じ色の", "in the colour of their ground"),
        (Category::Unseen, found.tiny, "1ポイント未満の", "smaller than a point"),
    ];
    for (category, count, ja, en) in letters.into_iter().chain(sorts(&found.letters)) {
        if count > 0 {
            let what = Text::new(
                format!("{ja}文字が{count}字。選択すると読めます"),
                format!("{count} letters {en}: whoever selects them reads them"),
            );
            ledger.kept(category, unit.clone(), &what);
        }
    }
    for (category, count, ja, en) in sorts(&found.pictures) {
        if count > 0 {
            let what = Text::new(
                format!("{ja}画像が{count}個。取り出せます"),
                format!("{count} pictures {en}: whoever opens the file takes them out"),
            );
            ledger.kept(category, unit.clone(), &what);
        }
    }
}

fn sorts(found: &Unseen) -> [(Category, u64, &'static str, &'static str); 7] {
    let [shapes, pictures, notes] = found.under;
    [
        (Category::Covered, shapes, "塗りつぶしの下の", "under filled boxes"),
        (Category::Covered, pictures, "画像の下の", "under pictures"),
        (Category::Covered, notes, "注釈の下の", "under annotations"),
        (Category::Covered, found.partly, "一部が黒い図形・注釈の下の", "in part under black shapes or annotations"),
        (Category::Unseen, found.outside, "紙面の外の", "beside the page"),
        (Category::Unseen, found.clipped, "切り抜きの外の", "cut off by a clip"),
        (Category::Unseen, found.clear, "透明な", "with no opacity"),
    ]
}
