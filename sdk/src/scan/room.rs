//! 場所. Memory for documents that are read at the same time: large ones wait for one another, small ones for nobody.

use std::sync::{Condvar, Mutex, PoisonError};

/// Bytes of files being read at once.
const ROOM: u64 = 256 << 20;
/// Files up to this size do not wait.
const SMALL: u64 = 1 << 20;

/// Room for files.
pub(super) struct Room {
    free: Mutex<u64>,
    left: Condvar,
}

/// A place in it, given back when dropped.
pub(super) struct Place<'a> {
    room: &'a Room,
    bytes: u64,
}

impl Room {
    pub(super) const fn new() -> Self {
        Self { free: Mutex::new(ROOM), left: Condvar::new() }
    }

    /// Waits until there is room for a file of this size; one that is larger than all of it is read by itself.
    pub(super) fn take(&self, bytes: u64) -> Place<'_> {
        let bytes = if bytes <= SMALL { 0 } else { bytes.min(ROOM) };
        if bytes > 0 {
            let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
            let mut free = self.left.wait_while(free, |free| *free < bytes).unwrap_or_else(PoisonError::into_inner);
            *free -= bytes;
        }
        Place { room: self, bytes }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if self.bytes > 0 {
            *self.room.free.lock().unwrap_or_else(PoisonError::into_inner) += self.bytes;
            self.room.left.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_read_at_once_than_there_is_room_for() {
        let room = Room::new();
        let busy = Mutex::new((0_u64, 0_u64));
        std::thread::scope(|scope| {
            for n in 0..16 {
                let (room, busy) = (&room, &busy);
                scope.spawn(move || {
                    let bytes = ROOM / 4 + n;
                    let place = room.take(bytes);
                    let add = |by: i64| {
                        let mut busy = busy.lock().unwrap_or_else(PoisonError::into_inner);
                        busy.0 = busy.0.saturating_add_signed(by);
                        busy.1 = busy.1.max(busy.0);
                    };
                    add(1);
                    std::thread::yield_now();
                    add(-1);
                    drop(place);
                });
            }
        });
        assert!(busy.into_inner().is_ok_and(|(now, most)| now == 0 && most <= 4));
        assert_eq!(room.take(u64::MAX).bytes, ROOM, "a giant is read by itself");
        assert_eq!(room.take(SMALL).bytes, 0);
    }
}
