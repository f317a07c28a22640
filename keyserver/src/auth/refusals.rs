//! 未認証の要求. Refused before anybody was identified: counted by source and minute, so that whoever knocks can't fill the
//! log, and no knocking stays unseen (6.1.4).

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Mutex;

/// Sources told apart in one minute; more are counted together.
const MOST: usize = 1_000;

/// Refusals since they were last taken.
#[derive(Default)]
pub struct Refusals(Mutex<BTreeMap<Option<IpAddr>, u64>>);

impl Refusals {
    /// Notes one.
    pub fn note(&self, source: IpAddr) {
        let Ok(mut counts) = self.0.lock() else { return };
        let known = counts.contains_key(&Some(source)) || counts.len() < MOST;
        let count = counts.entry(known.then_some(source)).or_insert(0);
        *count = count.saturating_add(1);
    }

    /// Takes what was counted: a source, or none for all that were too many, and how often.
    pub fn take(&self) -> Vec<(Option<IpAddr>, u64)> {
        self.0.lock().map(|mut counts| std::mem::take(&mut *counts).into_iter().collect()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn each_source_is_counted_and_beyond_the_most_all_together() {
        let refusals = Refusals::default();
        for number in 0..2_000_u32 {
            refusals.note(IpAddr::from(number.to_be_bytes()));
        }
        refusals.note(IpAddr::from([0, 0, 0, 0]));
        let taken = refusals.take();
        assert!(taken.len() <= MOST + 1);
        assert_eq!(taken.iter().map(|(_, count)| count).sum::<u64>(), 2_001);
        assert_eq!(taken.iter().find(|(source, _)| *source == Some(IpAddr::from([0, 0, 0, 0]))).unwrap().1, 2);
        assert_eq!(taken.iter().find(|(source, _)| source.is_none()).unwrap().1, 1_000);
        assert!(refusals.take().is_empty());
    }
}
