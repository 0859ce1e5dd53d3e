//! Work on several threads.
//!
//! Owns: how items are shared out, that results keep the order of their items, and that a panic goes on in the caller.

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

#[cfg(test)]
mod tests {
    use super::shares;

    #[test]
    fn results_keep_the_order_of_their_items() {
        let sums = |items: &[u32], size| shares(items, size, |share| share.iter().sum::<u32>());
        assert_eq!(sums(&[1, 2, 3, 4, 5], 2), [3, 7, 5]);
        assert_eq!(sums(&[1, 2, 3], 9), [6]);
        assert_eq!(sums(&[1, 2], 0), [1, 2]);
        assert!(sums(&[], 1).is_empty());
    }
}
