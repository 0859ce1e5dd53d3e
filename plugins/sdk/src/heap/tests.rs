//! The blocks of a heap: aligned, apart from each other, and used again.

use std::alloc::{GlobalAlloc as _, Layout};
use std::cell::Cell;

use super::{Heap, PAGE_BYTES, Pages};

/// Pages of an ordinary allocation.
struct Room {
    base: usize,
    pages: usize,
    taken: Cell<usize>,
    /// Takes a page for itself before it gives any.
    is_shared: bool,
}

impl Room {
    fn new(pages: usize, is_shared: bool) -> Self {
        let memory = vec![0_u8; (pages + 1) * PAGE_BYTES].leak();
        let base = memory.as_mut_ptr().expose_provenance().next_multiple_of(PAGE_BYTES);
        Self { base, pages, taken: Cell::new(1), is_shared }
    }
}

impl Pages for Room {
    /// Data in front, as in a plugin.
    fn first(&self) -> (usize, usize) {
        (self.base + 1_001, self.base + PAGE_BYTES)
    }

    fn grow(&self, pages: usize) -> Option<usize> {
        let before = self.taken.get() + usize::from(self.is_shared);
        self.taken.set(before + pages);
        (before + pages <= self.pages).then_some(self.base + before * PAGE_BYTES)
    }
}

fn layout(size: usize, align: usize) -> Layout {
    Layout::from_size_align(size, align).expect("a layout")
}

/// Allocates, fills, grows, shrinks and frees in an order that looks random, and looks whether every block keeps what is in it.
fn blocks_keep_their_contents(heap: &Heap<Room>) {
    let mut blocks: Vec<(*mut u8, Layout, u8)> = Vec::new();
    let mut seed = 1_u64;
    let mut random = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((seed >> 33) % below).expect("small")
    };
    for round in 0..20_000_u32 {
        let mark = round.to_le_bytes()[0];
        // SAFETY: every pointer is used with the layout that it was made with, and only within.
        unsafe {
            match random(3) {
                0 => {
                    let layout = layout(1 + random(3_000), 1 << random(8));
                    let block = heap.alloc(layout);
                    assert!(!block.is_null());
                    assert_eq!(block.addr() % layout.align(), 0);
                    block.write_bytes(mark, layout.size());
                    blocks.push((block, layout, mark));
                }
                1 if !blocks.is_empty() => {
                    let (block, layout, mark) = blocks.swap_remove(random(blocks.len() as u64));
                    assert!(std::slice::from_raw_parts(block, layout.size()).iter().all(|byte| *byte == mark));
                    heap.dealloc(block, layout);
                }
                _ if !blocks.is_empty() => {
                    let (block, before, mark) = blocks.swap_remove(random(blocks.len() as u64));
                    let after = layout(1 + random(3_000), before.align());
                    let block = heap.realloc(block, before, after.size());
                    assert!(!block.is_null());
                    assert_eq!(block.addr() % after.align(), 0);
                    let kept = before.size().min(after.size());
                    assert!(std::slice::from_raw_parts(block, kept).iter().all(|byte| *byte == mark));
                    block.write_bytes(mark, after.size());
                    blocks.push((block, after, mark));
                }
                _ => {}
            }
        }
    }
    for (block, layout, mark) in blocks {
        // SAFETY: as above.
        assert!(unsafe { std::slice::from_raw_parts(block, layout.size()) }.iter().all(|byte| *byte == mark));
    }
}

#[test]
fn blocks_do_not_touch_each_other() {
    blocks_keep_their_contents(&Heap::new(Room::new(400, false)));
}

#[test]
fn pages_of_others_are_left_alone() {
    blocks_keep_their_contents(&Heap::new(Room::new(800, true)));
}

#[test]
fn the_first_page_is_used_before_others_are_asked_for() {
    let heap = Heap::new(Room::new(1, false));
    // SAFETY: not used.
    assert!(!unsafe { heap.alloc(layout(32 << 10, 8)) }.is_null());
    assert_eq!(heap.pages.taken.get(), 1);
}

#[test]
fn freed_memory_is_used_again() {
    let heap = Heap::new(Room::new(2, false));
    for _ in 0..10_000 {
        // SAFETY: freed with its own layout.
        unsafe {
            let block = heap.alloc(layout(4_000, 8));
            assert!(!block.is_null());
            heap.dealloc(block, layout(4_000, 8));
        }
    }
}

#[test]
fn what_does_not_fit_is_refused_and_harms_nothing() {
    let heap = Heap::new(Room::new(2, false));
    // SAFETY: refused, or not used.
    unsafe {
        assert!(heap.alloc(layout(1 << 20, 8)).is_null());
        assert!(heap.alloc(layout(isize::MAX as usize - 15, 16)).is_null());
        assert!(!heap.alloc(layout(1_000, 8)).is_null());
    }
}
