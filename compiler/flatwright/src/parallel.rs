//! Work on several threads.
//!
//! Owns: how items are shared out, that results keep the order of their items, and that a panic goes on in the caller.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Fewer items are freed sooner than a thread is started.
const LEAST_DISCARDED: usize = 256;

/// The results of `work` on each share of so many items. The first share is the caller's own; each further one has a thread.
pub(crate) fn shares<T: Sync, R: Send>(items: &[T], size: usize, work: impl Fn(&[T]) -> R + Sync) -> Vec<R> {
    let work = &work;
    let mut shares = items.chunks(size.max(1));
    let own = shares.next();
    std::thread::scope(|scope| {
        let workers: Vec<_> = shares.map(|share| scope.spawn(move || work(share))).collect();
        let mut results: Vec<_> = own.into_iter().map(work).collect();
        results.extend(
            workers.into_iter().map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))),
        );
        results
    })
}

/// The results of `work` on each item, by so many further threads while the caller does its `own`, and by the caller's as soon as that is done.
pub(crate) fn beside<T: Sync, R: Send>(
    items: &[T],
    further: usize,
    work: impl Fn(&T) -> R + Sync,
    own: impl FnOnce(),
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let take = || {
        let numbers = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        let items = numbers.map_while(|number| Some((number, items.get(number)?)));
        items.map(|(number, item)| (number, work(item))).collect::<Vec<_>>()
    };
    let mut done = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..further).map(|_| scope.spawn(take)).collect();
        own();
        let mut done = take();
        let others = workers.into_iter().map(|worker| worker.join());
        done.extend(others.flat_map(|others| others.unwrap_or_else(|panic| std::panic::resume_unwind(panic))));
        done
    });
    done.sort_unstable_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Does work number 0, 1, 2 … on so many threads, of which the caller's is one: whoever is free takes the next. `take` gets the results in their order, each as
/// soon as those before it are there. Each thread has a state of its own.
pub(crate) fn queue<S, R: Send>(
    count: usize,
    threads: usize,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> R + Sync,
    mut take: impl FnMut(R) + Send,
) {
    if threads <= 1 || count <= 1 {
        let mut state = state();
        return (0..count).for_each(|number| take(work(&mut state, number)));
    }
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Done { waiting: BTreeMap::new(), taken: 0, take });
    let worker = || {
        let mut state = state();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return;
            }
            let result = work(&mut state, number);
            done.lock().unwrap_or_else(PoisonError::into_inner).put(number, result);
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (1..threads.min(count)).map(|_| scope.spawn(worker)).collect();
        worker();
        for worker in workers {
            worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        }
    });
}

/// Frees items on so many threads: what large inputs were made into is many small pieces.
pub(crate) fn discard<T: Send>(mut items: Vec<T>, threads: usize) {
    let share = items.len().div_ceil(threads.max(1)).max(LEAST_DISCARDED);
    std::thread::scope(|scope| {
        while items.len() > share {
            let rest = items.split_off(items.len() - share);
            scope.spawn(move || drop(rest));
        }
        drop(items);
    });
}

/// Results that wait for earlier ones.
struct Done<R, T> {
    waiting: BTreeMap<usize, R>,
    taken: usize,
    take: T,
}

impl<R, T: FnMut(R)> Done<R, T> {
    fn put(&mut self, number: usize, result: R) {
        self.waiting.insert(number, result);
        while let Some(result) = self.waiting.remove(&self.taken) {
            (self.take)(result);
            self.taken += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{beside, discard, queue, shares};

    #[test]
    fn a_queue_gives_its_results_in_order_whoever_is_first() {
        for threads in [1, 2, 7] {
            let mut results = Vec::new();
            let slow = |seen: &mut usize, number: usize| {
                *seen += 1;
                std::thread::sleep(std::time::Duration::from_micros(if number.is_multiple_of(3) { 300 } else { 0 }));
                number
            };
            queue(50, threads, || 0, slow, |number| results.push(number));
            assert!(results.iter().copied().eq(0..50), "{threads} threads: {results:?}");
        }
        queue(0, 4, || (), |(), number| number, |_| unreachable!("there is no work"));
    }

    #[test]
    #[should_panic(expected = "as it should")]
    fn a_panic_of_a_worker_goes_on_in_the_caller() {
        queue(8, 3, || (), |(), number| assert!(number != 5, "as it should"), |()| {});
    }

    #[test]
    fn all_that_is_discarded_is_freed() {
        let item = std::sync::Arc::new(());
        for (count, threads) in [(0, 2), (5, 2), (2_000, 1), (2_000, 3)] {
            discard(vec![std::sync::Arc::clone(&item); count], threads);
            assert_eq!(std::sync::Arc::strong_count(&item), 1, "{count} items on {threads} threads");
        }
    }

    #[test]
    fn work_beside_the_callers_own_gives_its_results_in_order() {
        for further in [0, 1, 3] {
            let mut own = 0;
            assert_eq!(beside(&[1, 2, 3], further, |item| item * 2, || own = 5), [2, 4, 6]);
            assert!(beside(&[(); 0], further, |()| (), || own += 1).is_empty());
            assert_eq!(own, 6);
        }
    }

    #[test]
    fn results_keep_the_order_of_their_items() {
        let sums = |items: &[u32], size| shares(items, size, |share| share.iter().sum::<u32>());
        assert_eq!(sums(&[1, 2, 3, 4, 5], 2), [3, 7, 5]);
        assert_eq!(sums(&[1, 2, 3], 9), [6]);
        assert_eq!(sums(&[1, 2], 0), [1, 2]);
        assert!(sums(&[], 1).is_empty());
    }
}
