//! 墨消しのつもりの塗りつぶし. Text under filled boxes is reported, and never said to be removed: only whoever drew the
//! box knows what it was to hide.

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use crate::error::ReadError;
use crate::hidden::{Category, Ledger};
use crate::pdf::text;
use crate::source::Source;

pub(super) fn find(source: &dyn Source, ledger: &mut Ledger) {
    match text::covered(source) {
        Ok(pages) => {
            for (page, letters) in pages {
                let what = Text::new(
                    format!("塗りつぶしの下に{letters}字。選択すると読めます"),
                    format!("{letters} letters under filled boxes: whoever selects them reads them"),
                );
                ledger.kept(Category::Covered, Unit::Page(page), &what);
            }
        }
        Err(ReadError::Damaged(why) | ReadError::Limit(why)) => ledger.not_inspected(Text::new(
            format!("塗りつぶしの下の文字は調べられません（{why}）"),
            format!("text under boxes can't be looked for: {why}"),
        )),
        Err(ReadError::Io(_)) => ledger.not_inspected(Text::fixed("読み取れません", "it can't be read")),
    }
}
