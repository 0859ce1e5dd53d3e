//! Random units: settings of all sections with values of all types. Owns: the choice. Must not: know a verdict.

/// A sequence of numbers that a seed decides.
pub(crate) struct Random(u64);

/// Values of many types; each setting meets those of others.
const VALUES: &str = include_str!("values.txt");

const TABLE: &str = include_str!("../../../../facts/systemd-settings.txt");

/// A kind of unit, and the groups of settings that its sections have.
const KINDS: [(&str, &str, &[&str]); 8] = [
    ("a.service", "Service", &["exec", "cgroup", "kill", "Service"]),
    ("a.socket", "Socket", &["exec", "cgroup", "kill", "Socket"]),
    ("a.mount", "Mount", &["exec", "cgroup", "kill", "Mount"]),
    ("a.swap", "Swap", &["exec", "cgroup", "kill", "Swap"]),
    ("a.automount", "Automount", &["Automount"]),
    ("a.timer", "Timer", &["Timer"]),
    ("a.path", "Path", &["Path"]),
    ("a.slice", "Slice", &["cgroup", "Slice"]),
];

/// Settings whose bad values make systemd stop reading, or that are judged as a whole.
const APART: [&str; 22] = [
    "WorkingDirectory",
    "RootDirectory",
    "RootImage",
    "RootVerity",
    "DynamicUser",
    "User",
    "Group",
    "SupplementaryGroups",
    "SocketUser",
    "SocketGroup",
    "ExecCondition",
    "ExecStart",
    "ExecStartPre",
    "ExecStartPost",
    "ExecReload",
    "ExecStop",
    "ExecStopPost",
    "ExecStopPre",
    "PIDFile",
    "Where",
    "What",
    "KillMode",
];

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % count
    }

    fn of<'t, T>(&mut self, items: &'t [T]) -> &'t T {
        let at = self.below(items.len());
        &items[at]
    }

    /// A unit with a name: its lines, of which each is a setting or a header.
    pub(crate) fn unit(&mut self) -> (&'static str, Vec<String>) {
        let (name, section, groups) = *self.of(&KINDS);
        let values: Vec<&str> = VALUES.lines().collect();
        let keys = |groups: &[&str]| -> Vec<&'static str> {
            let rows = TABLE.lines().filter(|line| !line.starts_with('#') && !line.contains("since="));
            let rows = rows.filter_map(|line| {
                let mut words = line.split(' ');
                let group = words.next()?;
                groups.contains(&group).then(|| words.next()).flatten()
            });
            rows.filter(|key| !APART.contains(key)).collect()
        };
        let mut lines = Vec::new();
        for (section, groups) in [("Unit", &["Unit"][..]), (section, groups)] {
            lines.push(format!("[{section}]"));
            let keys = keys(groups);
            for _ in 0..self.below(12) + 1 {
                let (key, value) = (*self.of(&keys), *self.of(&values));
                lines.push(match self.below(40) {
                    0 => format!("{}={value}", &key[..key.len() - 1]),
                    1 => key.to_owned(),
                    2 => format!("{key}={value} {}", self.of(&values)),
                    3 => format!("  {key} = {value}  "),
                    // Newer systems have `%D`; the others are of control groups, which a mere check has not.
                    4 if !value.starts_with(['D', 'c', 'r', 'R']) => format!("{key}=%{value}"),
                    _ => format!("{key}={value}"),
                });
            }
        }
        (name, lines)
    }
}

/// The text of lines.
pub(crate) fn text(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// The fewest lines of which something is still true.
pub(crate) fn smallest(lines: &[String], is_it: &mut dyn FnMut(&[String]) -> bool) -> Vec<String> {
    let mut lines = lines.to_vec();
    let mut at = 0;
    while at < lines.len() {
        let mut fewer = lines.clone();
        fewer.remove(at);
        if is_it(&fewer) { lines = fewer } else { at += 1 }
    }
    lines
}
