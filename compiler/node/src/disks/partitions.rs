//! Where partitions go, as `sgdisk` places them. Owns: that. Must not: know what is made of them.

use flatwright_ignition::ignition3::Partition;

/// Where the first partition can begin, and what is left behind the last one for the copy of the table.
const FIRST_MIB: u64 = 1;
const LAST_MIB: u64 = 1;

/// The numbers that a table has room for.
pub(crate) const MOST_PARTITIONS: i64 = 128;

/// A partition that cannot be made, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NoRoom {
    pub(crate) index: usize,
    pub(crate) why: String,
}

/// Free space of a disk: from the first to behind the last MiB.
type Gap = (u64, u64);

/// Places the partitions of an empty table, in the order in which Ignition makes them: those that have no number come last. The size of the disk may be unknown.
pub(crate) fn place(partitions: &[Partition], size_mib: Option<u64>) -> Vec<NoRoom> {
    let end = size_mib.map_or(u64::MAX, |size| size.saturating_sub(LAST_MIB));
    let mut gaps: Vec<Gap> = if end > FIRST_MIB { vec![(FIRST_MIB, end)] } else { Vec::new() };
    let mut problems = Vec::new();
    let mut order: Vec<(usize, &Partition)> = partitions.iter().enumerate().collect();
    order.sort_by_key(|(_, partition)| partition.number == 0);
    for (index, partition) in order {
        if partition.should_exist == Some(false) {
            continue;
        }
        if let Err(why) = put(partition, &mut gaps, size_mib) {
            problems.push(NoRoom { index, why });
        }
    }
    problems
}

fn put(partition: &Partition, gaps: &mut Vec<Gap>, size_mib: Option<u64>) -> Result<(), String> {
    let number = |mib: Option<i64>| mib.and_then(|mib| u64::try_from(mib).ok()).filter(|mib| *mib > 0);
    let (start, size) = (number(partition.start_mib), number(partition.size_mib));
    // Without a start, the largest gap is taken from its beginning.
    let largest = gaps.iter().copied().max_by_key(|(first, end)| (end - first, std::cmp::Reverse(*first)));
    let gap = match start {
        Some(start) => gaps.iter().copied().find(|(first, end)| (*first..*end).contains(&start)),
        None => largest,
    };
    let disk = || size_mib.map_or_else(String::new, |size| format!(" of {size} MiB"));
    let Some((first, end)) = gap else {
        return Err(match start {
            Some(start) => format!("at {start} MiB the disk{} has no free space", disk()),
            None => format!("the disk{} has no free space left", disk()),
        });
    };
    let begin = start.unwrap_or(first);
    let last = match size {
        Some(size) => begin.saturating_add(size),
        None => end,
    };
    if last > end {
        let free = end - begin;
        return Err(format!("it needs {} MiB at {begin} MiB, and {free} are free on the disk{}", last - begin, disk()));
    }
    gaps.retain(|gap| *gap != (first, end));
    gaps.extend([(first, begin), (last, end)].into_iter().filter(|(first, end)| first < end));
    gaps.sort_unstable();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: [usize; 0] = [];

    fn partition(number: i64, start: i64, size: i64) -> Partition {
        Partition { number, start_mib: Some(start), size_mib: Some(size), ..Partition::default() }
    }

    fn problems(partitions: &[Partition], size: Option<u64>) -> Vec<usize> {
        place(partitions, size).into_iter().map(|problem| problem.index).collect()
    }

    #[test]
    fn partitions_fill_the_disk_from_its_beginning() {
        let both = [partition(1, 0, 500), partition(2, 0, 0)];
        assert_eq!(problems(&both, Some(1024)), NOTHING);
        assert_eq!(problems(&both, None), NOTHING);
        assert_eq!(problems(&[partition(1, 0, 1023)], Some(1024)), [0], "the table needs its place");
        assert_eq!(problems(&[partition(1, 0, 1022)], Some(1024)), NOTHING);
    }

    #[test]
    fn nothing_comes_behind_a_partition_that_takes_the_rest() {
        assert_eq!(problems(&[partition(1, 0, 0), partition(2, 0, 100)], None), [1]);
        assert_eq!(problems(&[partition(0, 0, 0), partition(2, 0, 100)], None), NOTHING, "numbers come first");
        assert_eq!(problems(&[partition(1, 200, 0), partition(2, 0, 100)], None), NOTHING, "there is room before it");
        assert_eq!(problems(&[partition(1, 200, 0), partition(2, 0, 300)], None), [1]);
    }

    #[test]
    fn places_that_are_taken_are_not_given_again() {
        assert_eq!(problems(&[partition(1, 0, 500), partition(2, 100, 100)], Some(4096)), [1]);
        assert_eq!(problems(&[partition(1, 5000, 100)], Some(4096)), [0]);
    }
}
