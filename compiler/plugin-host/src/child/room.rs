//! How many children of this process may compile at the same time.
//!
//! Owns: the turns. One is always given; more as far as processors and the memory of the control group reach. Must not: count other processes; what they take of a control
//! group's memory counts as taken.

use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::group::Group;
use super::processors;

/// The room of this process.
pub(super) static ROOM: Room = Room::new();

/// Turns of children.
pub(super) struct Room {
    state: Mutex<State>,
    freed: Condvar,
}

struct State {
    /// Numbers of running children: the least is the oldest.
    running: BTreeSet<u64>,
    next: u64,
    /// What those that run need together.
    reserved: u64,
    /// What the control group had left before the first of them.
    left: Option<u64>,
    /// Whether one of them runs alone.
    is_taken: bool,
}

/// While this lives, a child may run.
pub(super) struct Turn<'r> {
    room: &'r Room,
    number: u64,
    need: u64,
}

impl Room {
    pub(super) const fn new() -> Self {
        let state = State { running: BTreeSet::new(), next: 0, reserved: 0, left: None, is_taken: false };
        Self { state: Mutex::new(state), freed: Condvar::new() }
    }

    /// Waits until a child of such a need may run beside the others.
    pub(super) fn enter(&self, need: u64) -> Turn<'_> {
        self.wait(need, |state| {
            !state.is_taken
                && state.running.len() < processors()
                && state.left.is_none_or(|left| state.reserved.saturating_add(need) <= left)
        })
    }

    /// Waits until no other child runs, and keeps others out.
    pub(super) fn enter_alone(&self, need: u64) -> Turn<'_> {
        let turn = self.wait(need, |_| false);
        self.state().is_taken = true;
        turn
    }

    fn wait(&self, need: u64, fits: impl Fn(&State) -> bool) -> Turn<'_> {
        let mut state = self.state();
        while !state.running.is_empty() && !fits(&state) {
            state = self.freed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.running.is_empty() {
            state.left = Group::own().and_then(|group| group.tightest()).map(|level| level.left());
        }
        let number = state.next;
        state.next += 1;
        state.running.insert(number);
        state.reserved += need;
        Turn { room: self, number, need }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn<'_> {
    /// Whether no other child runs now.
    pub(super) fn is_alone(&self) -> bool {
        self.room.state().running.len() == 1
    }

    /// Whether this child must end where memory is short: it is alone, or an older one runs.
    pub(super) fn must_yield(&self) -> bool {
        let state = self.room.state();
        state.running.len() == 1 || state.running.first() != Some(&self.number)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut state = self.room.state();
        state.running.remove(&self.number);
        state.reserved = state.reserved.saturating_sub(self.need);
        state.is_taken = false;
        self.room.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    /// Runs many children of a need, and gives how many ran at once at most.
    fn most(room: &Room, need: u64, alone: bool) -> usize {
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..processors() + 3 {
                scope.spawn(|| {
                    let _turn = if alone { room.enter_alone(need) } else { room.enter(need) };
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::sleep(Duration::from_millis(20));
                    now.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        most.into_inner()
    }

    #[test]
    fn no_more_run_than_there_are_processors_and_one_always() {
        let room = Room::new();
        assert!((1..=processors()).contains(&most(&room, 1, false)));
        assert_eq!(most(&room, 1, true), 1);
        // More than any machine has: still one after the other.
        let first = room.enter(u64::MAX / 2);
        room.state().left = Some(1 << 30);
        drop(first);
        assert!(most(&room, 1, false) >= 1);
    }

    #[test]
    fn what_does_not_fit_beside_another_waits_for_it() {
        let room = Room::new();
        let first = room.enter(600 << 20);
        room.state().left = Some(1 << 30);
        let entered = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let _second = room.enter(600 << 20);
                entered.store(1, Ordering::SeqCst);
            });
            std::thread::sleep(Duration::from_millis(50));
            assert_eq!(entered.load(Ordering::SeqCst), 0, "600 and 600 MiB do not fit into 1024");
            assert!(first.must_yield(), "it is alone");
            drop(first);
        });
        assert_eq!(entered.into_inner(), 1);
    }
}
