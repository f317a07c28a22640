//! 一括. The items of a batch, each worked on by itself: on every core when there are several, on the caller's own when
//! there are few, which handing over would only delay.

use rayon::prelude::*;

/// Fewer than this stay on one thread.
const FEW: usize = 4;

/// Works on each item; results in the order of the items.
pub fn each<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
    if items.len() < FEW { items.into_iter().map(work).collect() } else { items.into_par_iter().map(work).collect() }
}
