//! The memory that a plugin allocates from.
//!
//! An instance lives for one call and has one thread, so this keeps little order: blocks come in powers of two from the end of what is used, and go back to a list
//! for their size. The standard library's allocator makes components 8 KB larger, asks for more pages before the first ones are used up, and keeps books for a long
//! life.
//!
//! Must not: assume that nobody else takes pages. Code in other languages may.

#[cfg(target_arch = "wasm32")]
mod linear;
#[cfg(test)]
mod tests;

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;
use std::ptr;

/// Bytes of a page of linear memory.
const PAGE_BYTES: usize = 64 << 10;
/// The smallest block holds the link of a free one, and is aligned for everything but vectors.
const SMALLEST: usize = 16;
const CLASSES: usize = usize::BITS as usize;

/// Where pages come from. Addresses are those of the memory that blocks are in.
trait Pages {
    /// From where to where memory is free at the start.
    fn first(&self) -> (usize, usize);
    /// More pages: where they start, which is the end of the ones before unless somebody else took some in between.
    fn grow(&self, pages: usize) -> Option<usize>;
}

/// Blocks in powers of two.
struct Heap<P> {
    pages: P,
    /// What is free and was never a block: from `next` to `end`. Nothing was asked yet if `end` is 0.
    next: Cell<usize>,
    end: Cell<usize>,
    /// The first free block of each size; it holds the address of the next. 0 ends a list.
    free: [Cell<usize>; CLASSES],
}

impl<P: Pages> Heap<P> {
    const fn new(pages: P) -> Self {
        Self { pages, next: Cell::new(0), end: Cell::new(0), free: [const { Cell::new(0) }; CLASSES] }
    }

    /// A block that was none before; `None` if there is no memory.
    fn fresh(&self, size: usize, align: usize) -> Option<usize> {
        if self.end.get() == 0 {
            let (next, end) = self.pages.first();
            self.next.set(next);
            self.end.set(end);
        }
        loop {
            let start = self.next.get().checked_next_multiple_of(align)?;
            let next = start.checked_add(size)?;
            let Some(missing) = next.checked_sub(self.end.get()).filter(|missing| *missing > 0) else {
                self.next.set(next);
                return Some(start);
            };
            let pages = missing.div_ceil(PAGE_BYTES);
            let grown = self.pages.grow(pages)?;
            if grown != self.end.get() {
                self.next.set(grown);
            }
            self.end.set(grown + pages * PAGE_BYTES);
        }
    }
}

/// The power of two that a block of so many bytes takes.
fn class(size: usize) -> usize {
    size.max(SMALLEST).next_power_of_two().trailing_zeros() as usize
}

// SAFETY: a block is handed out once until it comes back: `fresh` only moves forward within pages that nobody else has, and a free block leaves its list. It has at
// least the size that its layout asks for, and its alignment: free blocks are aligned to `SMALLEST`, and what asks for more is always fresh.
unsafe impl<P: Pages> GlobalAlloc for Heap<P> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let class = class(layout.size());
        let first = self.free[class].get();
        if first != 0 && layout.align() <= SMALLEST {
            let block = ptr::with_exposed_provenance_mut::<usize>(first);
            // SAFETY: a free block holds the address of the next.
            self.free[class].set(unsafe { block.read() });
            return block.cast();
        }
        let block = self.fresh(1 << class, layout.align().max(SMALLEST));
        block.map_or(ptr::null_mut(), ptr::with_exposed_provenance_mut)
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let free = &self.free[class(layout.size())];
        // SAFETY: the block is ours again, and large and aligned enough for an address.
        unsafe { block.cast::<usize>().write(free.get()) };
        free.set(block.expose_provenance());
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if class(layout.size()) == class(size) {
            return block;
        }
        // SAFETY: the caller vouches for the size; the blocks do not overlap, since both are in use.
        unsafe {
            let new = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !new.is_null() {
                ptr::copy_nonoverlapping(block, new, layout.size().min(size));
                self.dealloc(block, layout);
            }
            new
        }
    }
}
