//! 墨消しのつもりの塗りつぶし. Text under filled boxes is reported, and never said to be removed: only whoever drew the
//! box knows what it was to hide.

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use crate::error::ReadError;
use crate::hidden::{Category, Ledger};
use crate::pdf::text::{self, Concealed};
use crate::source::Source;

pub(super) fn find(source: &dyn Source, ledger: &mut Ledger) {
    match text::covered(source) {
        Ok(pages) => {
            for (page, found) in pages {
                tell(page, found, ledger);
            }
        }
        Err(ReadError::Damaged(why) | ReadError::Limit(why)) => ledger.not_inspected(Text::new(
            format!("塗りつぶしの下の文字は調べられません（{why}）"),
            format!("text under boxes can't be looked for: {why}"),
        )),
        Err(ReadError::Io(_)) => ledger.not_inspected(Text::fixed("読み取れません", "it can't be read")),
    }
}

fn tell(page: u32, found: Concealed, ledger: &mut Ledger) {
    let sorts = [
        (Category::Covered, found.covered, "塗りつぶしの下に", "under filled boxes"),
        (
            Category::Unseen,
            found.undrawn,
            "描かれない文字（文字認識の結果など）が",
            "that are not drawn, such as recognised text",
        ),
        (Category::Unseen, found.white, "白い文字が", "in white on white"),
        (Category::Unseen, found.tiny, "1ポイント未満の文字が", "smaller than a point"),
        (Category::Unseen, found.outside, "紙面の外に", "beside the page"),
    ];
    for (category, letters, ja, en) in sorts.into_iter().filter(|(_, letters, ..)| *letters > 0) {
        let what = Text::new(
            format!("{ja}{letters}字。選択すると読めます"),
            format!("{letters} letters {en}: whoever selects them reads them"),
        );
        ledger.kept(category, Unit::Page(page), &what);
    }
}
