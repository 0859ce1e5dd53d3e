//! What the control group of this process says about memory.
//!
//! Owns: finding the group, of either version, and reading limit, use and kills of it and of those above it. Must not: change one.
#![expect(clippy::disallowed_methods, reason = "a shell module: control groups are files")]

use std::path::{Path, PathBuf};

/// A limit from here on is none: what a group of version 1 has without one.
const NO_LIMIT: u64 = 1 << 60;

/// A control group with those above it, as far as this process sees them.
#[derive(Debug)]
pub(super) struct Group {
    /// The own one first.
    levels: Vec<PathBuf>,
    files: &'static Files,
}

/// The files of a version.
#[derive(Debug)]
struct Files {
    limit: &'static str,
    usage: &'static str,
    kills: &'static str,
    /// What the kernel can take back at once.
    cached: [&'static str; 2],
}

const VERSION_1: Files = Files {
    limit: "memory.limit_in_bytes",
    usage: "memory.usage_in_bytes",
    kills: "memory.oom_control",
    cached: ["total_active_file", "total_inactive_file"],
};

const VERSION_2: Files = Files {
    limit: "memory.max",
    usage: "memory.current",
    kills: "memory.events",
    cached: ["active_file", "inactive_file"],
};

/// A group that has a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Level {
    pub(super) limit: u64,
    /// Without what the kernel can take back.
    pub(super) used: u64,
}

impl Level {
    pub(super) fn left(&self) -> u64 {
        self.limit.saturating_sub(self.used)
    }
}

/// Processes that were killed for want of memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Kills {
    pub(super) of_group: Option<u64>,
    pub(super) of_machine: Option<u64>,
}

impl Kills {
    pub(super) fn count(group: Option<&Group>) -> Self {
        let machine = std::fs::read_to_string("/proc/vmstat").ok();
        Self { of_group: group.and_then(Group::kills), of_machine: machine.and_then(|text| field(&text, "oom_kill")) }
    }
}

impl Group {
    /// The one of this process; `None` where the system has none.
    pub(super) fn own() -> Option<Self> {
        let read = |path: &str| std::fs::read_to_string(path).ok();
        Self::of(&read("/proc/self/cgroup")?, &read("/proc/self/mountinfo")?)
    }

    /// By what the kernel says of a process: its groups, and what is mounted where.
    fn of(groups: &str, mounts: &str) -> Option<Self> {
        let group = |wanted: &dyn Fn(&str) -> bool| {
            groups.lines().find_map(|line| {
                let mut parts = line.splitn(3, ':').skip(1);
                wanted(parts.next()?).then(|| parts.next()).flatten()
            })
        };
        let (path, is_ours, files): (_, fn(&Mount<'_>) -> bool, _) = match group(&|controllers| {
            controllers.split(',').any(|name| name == "memory")
        }) {
            Some(path) => {
                (path, |mount| mount.kind == "cgroup" && mount.options.split(',').any(|o| o == "memory"), &VERSION_1)
            }
            None => (group(&str::is_empty)?, |mount| mount.kind == "cgroup2", &VERSION_2),
        };
        let mount = mounts.lines().filter_map(Mount::parse).find(is_ours)?;
        // In a container without a name space of its own, the mount begins further down than the path.
        let below = Path::new(path).strip_prefix(&mount.root).unwrap_or(Path::new(""));
        let own = below.components().all(|step| matches!(step, std::path::Component::Normal(_)));
        let own = mount.place.join(if own { below } else { Path::new("") });
        let levels = own.ancestors().take_while(|level| level.starts_with(&mount.place)).map(Path::to_owned);
        Some(Self { levels: levels.collect(), files })
    }

    /// The group, this one or one above, that has the least left.
    pub(super) fn tightest(&self) -> Option<Level> {
        self.levels.iter().filter_map(|level| self.level(level)).min_by_key(Level::left)
    }

    fn level(&self, level: &Path) -> Option<Level> {
        let number = |file| std::fs::read_to_string(level.join(file)).ok()?.trim().parse::<u64>().ok();
        let limit = number(self.files.limit).filter(|limit| *limit < NO_LIMIT)?;
        let stat = std::fs::read_to_string(level.join("memory.stat")).unwrap_or_default();
        let cached: u64 = self.files.cached.iter().filter_map(|name| field(&stat, name)).sum();
        Some(Level { limit, used: number(self.files.usage)?.saturating_sub(cached) })
    }

    fn kills(&self) -> Option<u64> {
        field(&std::fs::read_to_string(self.levels.first()?.join(self.files.kills)).ok()?, "oom_kill")
    }
}

/// A line of `mountinfo`.
struct Mount<'l> {
    root: PathBuf,
    place: PathBuf,
    kind: &'l str,
    options: &'l str,
}

impl<'l> Mount<'l> {
    fn parse(line: &'l str) -> Option<Self> {
        let (front, back) = line.split_once(" - ")?;
        let mut front = front.split(' ').skip(3).map(|path| PathBuf::from(path.replace("\\040", " ")));
        let mut back = back.split(' ');
        Some(Self { root: front.next()?, place: front.next()?, kind: back.next()?, options: back.nth(1)? })
    }
}

/// A number in a file of lines with a name and a number.
fn field(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))?;
    line.trim().parse().ok()
}

/// Whether memory that is short may go somewhere else.
pub(super) fn has_swap() -> bool {
    std::fs::read_to_string("/proc/swaps").is_ok_and(|text| text.lines().count() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Tree(PathBuf);

    impl Tree {
        fn new(name: &str, files: &[(&str, &str)]) -> Self {
            let tree = Self(std::env::temp_dir().join(format!("flatwright-group-{}-{name}", std::process::id())));
            for (path, content) in files {
                let path = tree.0.join(path);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, content).unwrap();
            }
            tree
        }

        fn mounts(&self, root: &str, kind: &str, options: &str) -> String {
            let place = self.0.display();
            format!(
                "22 1 0:2 / /proc rw - proc proc rw\n30 22 0:26 {root} {place} rw,nosuid - {kind} {kind} rw,{options}\n"
            )
        }
    }

    impl Drop for Tree {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn the_least_room_of_all_levels_counts_in_version_2() {
        let tree = Tree::new(
            "v2",
            &[
                ("pod/memory.max", "1000000\n"),
                ("pod/memory.current", "900000\n"),
                ("pod/memory.stat", "anon 1\nactive_file 100000\ninactive_file 50000\n"),
                ("pod/app/memory.max", "max\n"),
                ("pod/app/memory.current", "5\n"),
                ("pod/app/memory.events", "low 0\noom 1\noom_kill 3\noom_group_kill 0\n"),
            ],
        );
        let group = Group::of("0::/pod/app\n", &tree.mounts("/", "cgroup2", "memory_recursiveprot")).unwrap();
        assert_eq!(group.tightest(), Some(Level { limit: 1_000_000, used: 750_000 }));
        assert_eq!(group.tightest().unwrap().left(), 250_000);
        assert_eq!(group.kills(), Some(3));
    }

    #[test]
    fn version_1_is_read_where_it_has_the_memory() {
        let tree = Tree::new(
            "v1",
            &[
                ("job/memory.limit_in_bytes", "4096\n"),
                ("job/memory.usage_in_bytes", "4000\n"),
                ("job/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n"),
                ("memory.limit_in_bytes", "9223372036854771712\n"),
                ("memory.usage_in_bytes", "1\n"),
            ],
        );
        let groups = "5:cpu,cpuacct:/other\n4:memory:/docker/abc/job\n0::/\n";
        let group = Group::of(groups, &tree.mounts("/docker/abc", "cgroup", "memory")).unwrap();
        assert_eq!(group.tightest(), Some(Level { limit: 4096, used: 4000 }));
        assert_eq!(group.kills(), Some(2));
    }

    #[test]
    fn a_group_outside_of_what_is_mounted_is_the_mount_itself() {
        let tree = Tree::new("outside", &[("memory.max", "77\n"), ("memory.current", "7\n")]);
        let group = Group::of("0::/../elsewhere\n", &tree.mounts("/", "cgroup2", "rw")).unwrap();
        assert_eq!(group.tightest(), Some(Level { limit: 77, used: 7 }));
        assert!(Group::of("", "").is_none() && Group::of("0::/\n", "").is_none());
    }
}
