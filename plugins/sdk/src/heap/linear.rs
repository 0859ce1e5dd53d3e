//! The pages of an instance's own memory.

use std::arch::wasm32::{memory_grow, memory_size};

use super::{Heap, PAGE_BYTES, Pages};

#[global_allocator]
static HEAP: Heap<LinearMemory> = Heap::new(LinearMemory);

// SAFETY: an instance has one thread.
unsafe impl Sync for Heap<LinearMemory> {}

struct LinearMemory;

unsafe extern "C" {
    /// The linker's: where stack and data end.
    static __heap_base: u8;
}

impl Pages for LinearMemory {
    fn first(&self) -> (usize, usize) {
        ((&raw const __heap_base).addr(), memory_size(0) * PAGE_BYTES)
    }

    fn grow(&self, pages: usize) -> Option<usize> {
        let before = memory_grow(0, pages);
        (before != usize::MAX).then_some(before * PAGE_BYTES)
    }
}
