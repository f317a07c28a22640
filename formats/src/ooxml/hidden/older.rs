//! A drawing in two versions, of which programs show the one they know (ISO/IEC 29500-3, 7.6): what only the older one says.

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use crate::error::ReadError;
use crate::hidden::{Category, Ledger, Said};
use crate::text::{Halt, Node, walk};

/// Letters and digits beyond which versions are not compared: they are told.
const LONGEST: usize = 500_000;

/// Letters and digits of both versions.
#[derive(Default)]
struct Versions {
    newer: Vec<char>,
    /// Piece by piece: older versions repeat what the newer says once.
    older: Vec<Vec<char>>,
    /// Within the older one, whatever stands in it.
    is_older: bool,
}

/// Notes drawings whose older version says more than the newer.
pub(super) fn judge(part: &str, unit: &Unit, ledger: &mut Ledger) -> Result<(), ReadError> {
    if !part.contains("Fallback") {
        return Ok(());
    }
    let (mut open, mut found, mut is_text) = (Vec::<Versions>::new(), 0_u64, false);
    let done = walk(part, &mut |node| {
        match node {
            Node::Start(tag) => match tag.name {
                "AlternateContent" => open.push(Versions::default()),
                "Choice" | "Fallback" => {
                    open.last_mut().into_iter().for_each(|all| all.is_older = tag.name == "Fallback");
                }
                "t" => is_text = true,
                // Letters in a shape of their own (ECMA-376-4, 19.1.2.23).
                "textpath" => say(&mut open, &tag.get("string").unwrap_or_default()),
                _ => {}
            },
            Node::Text(words) if is_text => say(&mut open, words),
            Node::Text(_) => {}
            Node::End("t") => is_text = false,
            Node::End("AlternateContent") => {
                if let Some(Versions { newer, older, .. }) = open.pop() {
                    let said = Said::of(&newer);
                    let is_long = newer.len() > LONGEST;
                    let more = older.iter().any(|piece| !piece.is_empty() && (is_long || said.lacks(piece)));
                    found += u64::from(more);
                    if let Some(around) = open.last_mut() {
                        around.say(newer);
                    }
                }
            }
            Node::End(_) => {}
        }
        Ok(())
    });
    for _ in 0..found {
        let what = Text::fixed(
            "図形の古い版（新しいソフトには表示されません）にしかない文字",
            "words that only the older version of a drawing has",
        );
        ledger.kept(Category::Unseen, unit.clone(), &what);
    }
    match done {
        Ok(()) | Err(Halt::Over) => Ok(()),
        Err(Halt::Read(e)) => Err(e),
    }
}

impl Versions {
    fn say(&mut self, words: Vec<char>) {
        if self.is_older {
            self.older.push(words);
        } else {
            self.newer.extend(words);
        }
    }
}

/// Adds the letters and digits of words.
fn say(open: &mut [Versions], words: &str) {
    if let Some(all) = open.last_mut() {
        all.say(words.chars().filter(|c| c.is_alphanumeric()).collect());
    }
}
