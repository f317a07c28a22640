//! 似た語. The known restriction that is written most like one that is not known: a slip of the hand is told, not obeyed.

use super::restriction::{Restriction, Rule, Terms, modes_of};
use super::taxonomy::Taxonomy;
use super::verb::Verb;
use super::width::fold;

impl Taxonomy {
    /// The restriction without parameters, the standard's or the agency's own, whose printed form differs least from
    /// `text`; none where more than half of it would have to change.
    #[must_use]
    pub fn nearest(&self, text: &str) -> Option<String> {
        let written: Vec<char> = fold(text).chars().collect();
        let rules = Verb::ALL.iter().flat_map(|verb| modes_of(*verb).iter().map(|mode| (*verb, *mode)));
        let rules = rules.filter_map(|(verb, mode)| Rule::new(verb, mode, Terms::default()).ok());
        let known = rules.map(|rule| Restriction::Known(rule).to_string());
        let own = self.own_rows().iter().map(|row| row.printed.to_string());
        let near = known.chain(own).map(|printed| {
            let known: Vec<char> = fold(&printed).chars().collect();
            (distance(&written, &known), known.len(), printed)
        });
        let (changes, length, printed) = near.min_by_key(|(changes, ..)| *changes)?;
        (changes > 0 && 2 * changes <= length.max(written.len())).then_some(printed)
    }
}

/// Characters to be put in, taken out or replaced to make one of the other (Levenshtein).
fn distance(from: &[char], to: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (place, one) in from.iter().enumerate() {
        let mut diagonal = place;
        let mut left = place + 1;
        let mut next = vec![left];
        for (other, above) in to.iter().zip(row.iter().skip(1)) {
            let replaced = diagonal + usize::from(one != other);
            left = replaced.min(left + 1).min(above + 1);
            next.push(left);
            diagonal = *above;
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_slip_finds_its_word_and_another_sentence_finds_none() {
        let taxonomy = Taxonomy::built_in("jp-h30").unwrap();
        for (slip, word) in [
            ("複製厳禁", "複製禁止"),
            ("復製禁止", "複製禁止"),
            ("持ち出し禁止", "持出禁止"),
            ("印刷要許加", "印刷要許可"),
        ] {
            assert_eq!(taxonomy.nearest(slip).unwrap(), word, "{slip}");
        }
        assert_eq!(taxonomy.nearest("総務課長の確認を受けてから回覧すること"), None);
        assert_eq!(taxonomy.nearest("複製禁止"), None, "known already");
    }

    #[test]
    fn distances_are_those_of_levenshtein() {
        let d = |a: &str, b: &str| distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>());
        assert_eq!((d("", ""), d("abc", ""), d("", "ab"), d("kitten", "sitting"), d("flaw", "lawn")), (0, 3, 2, 3, 2));
    }
}
