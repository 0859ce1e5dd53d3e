//! Random configs over few names, so that what conflicts is hit often. Owns: the choice. Must not: know a verdict.
#![expect(clippy::unwrap_used, reason = "tests")]

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha512};

/// A sequence of numbers that a seed decides.
pub(crate) struct Random(u64);

const PATHS: &[&[&str]] = &[
    &[
        "/a",
        "/a/b",
        "/a/b/c",
        "/d",
        "/d/e",
        "/d/e/f",
        "/l",
        "/l/m",
        "/etc/x",
        "/opt/y",
        "/opt/y/z",
        "/home/core/k",
        "/var/v",
        "/var/v/w",
    ],
    &[
        "/opt/bin/tool",
        "/opt/bin",
        "/opt",
        "/etc/app/conf.d/a.conf",
        "/etc/app/conf.d",
        "/etc/app",
        "/srv/www/index.html",
        "/srv/www",
        "/srv",
        "/home/u1/.profile",
        "/home/u1",
        "/etc/systemd/system/x.service",
        "/etc/cron.d/j",
    ],
    &[
        "/etc/coreos/a",
        "/etc/coreos",
        "/etc/flatcar/a",
        "/etc/flatcar",
        "/var/run/b",
        "/run/b",
        "/run",
        "/var/run",
        "/sbin/t",
        "/bin/t",
        "/usr/bin/t",
        "/bin",
        "/var/lock/c",
    ],
    &[
        "/var/log/journal/j",
        "/var/log/journal/j/k",
        "/var/log/journal",
        "/root/r",
        "/root",
        "/tmp/t",
        "/etc/sudoers.d/s",
        "/home/core",
        "/home",
        "/etc/systemd/system/a.service.d",
        "/etc/systemd/system-preset",
        "/etc/systemd",
    ],
];

const TARGETS: &[&str] = &[
    "b",
    "../d",
    "/nope",
    "e/f",
    ".",
    "/",
    "../opt",
    "bin",
    "/nope/x",
    "..",
    "/etc/passwd",
    "/etc/coreos",
    "/var/run",
    "/home/core",
];

const USERS: &[&str] = &["u1", "u2", "core", "root", "app", "docker", "g1"];
const GROUPS: &[&str] = &["g1", "g1x", "g2", "app", "docker", "u1"];
const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOwusrXWG0eq0HsorB+R3v0o5voYPT6NVphogC5Q4zEt a";
const UNIT: &str = "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n";

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(most).unwrap()).unwrap()
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// Different ones of a list, at most so many.
    fn some<T: Copy>(&mut self, all: &[T], most: usize) -> Vec<T> {
        let mut rest = all.to_vec();
        (0..=self.below(most)).map(|_| rest.remove(self.below(rest.len()))).collect()
    }

    /// A config.
    pub(crate) fn config(&mut self) -> Value {
        let version = self.pick(&["3.1.0", "3.1.0", "3.2.0", "3.3.0"]);
        let mut config = json!({ "ignition": { "version": version } });
        let paths = self.pick(PATHS);
        let mut storage = Map::new();
        let most = if self.chance(20) { 9 } else { 5 };
        for path in self.some(paths, most) {
            let (list, node) = self.node(path);
            storage.entry(list).or_insert_with(|| json!([])).as_array_mut().unwrap().push(node);
        }
        if !storage.is_empty() {
            config["storage"] = Value::Object(storage);
        }
        if self.chance(40) {
            config["passwd"] = self.passwd(version != "3.1.0");
        }
        if self.chance(15) {
            config["systemd"] = json!({ "units": self.units() });
        }
        config
    }

    fn node(&mut self, path: &str) -> (&'static str, Value) {
        let mut node = json!({ "path": path });
        if self.chance(2) {
            node["path"] = json!(format!("{path}/{}", "n".repeat(self.pick(&[255, 256]))));
        }
        if self.chance(40) {
            node["overwrite"] = json!(self.chance(50));
        }
        if self.chance(13) {
            node["user"] = self
                .pick(&[
                    r#"{"name":"core"}"#,
                    r#"{"name":"u1"}"#,
                    r#"{"id":1234}"#,
                    r#"{"name":"root"}"#,
                    r#"{"name":"ghost"}"#,
                    r#"{"id":-1}"#,
                    r#"{"name":""}"#,
                ])
                .parse()
                .unwrap();
        }
        if self.chance(10) {
            node["group"] = self
                .pick(&[
                    r#"{"name":"g1"}"#,
                    r#"{"id":77}"#,
                    r#"{"name":"core"}"#,
                    r#"{"name":"ghosts"}"#,
                    r#"{"name":"u1"}"#,
                    r#"{"id":4294967296}"#,
                ])
                .parse()
                .unwrap();
        }
        let list = self.pick(&["files", "files", "directories", "links"]);
        match list {
            "files" => self.file(&mut node),
            "directories" => {
                if self.chance(50) {
                    node["mode"] = json!(self.pick(&[493, 448, 1023, 1517]));
                }
            }
            _ => {
                let paths = self.pick(PATHS);
                node["target"] = json!(if self.chance(60) { self.pick(paths) } else { self.pick(TARGETS) });
                if self.chance(35) {
                    node["hard"] = json!(true);
                }
            }
        }
        (list, node)
    }

    fn file(&mut self, node: &mut Value) {
        let hello = gzipped(b"hello");
        if self.chance(85) {
            node["contents"] = json!({ "source": self.pick(&["data:,x", "data:,", "data:;base64,eA==", "data:text/plain;charset=utf-8,a%20b", ""]) });
        }
        if self.chance(15) {
            node["append"] = json!([{ "source": "data:,y" }]);
            if self.chance(20) {
                node["append"] = json!([{ "source": "data:,y" }, { "source": "data:,z", "verification": { "hash": format!("sha512-{}", "0".repeat(128)) } }]);
            }
        }
        if self.chance(10) {
            let sum = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
            let hash = self.pick(&[0, 1, 2, 3]);
            let hash = match hash {
                0 => format!("sha512-{}", "0".repeat(128)),
                1 => format!("sha256-{}", "z".repeat(64)),
                2 => format!("sha256-{}", sum.to_uppercase()),
                _ => format!("sha256-{sum}"),
            };
            let contents =
                node.as_object_mut().unwrap().entry("contents").or_insert_with(|| json!({ "source": "data:,x" }));
            contents["verification"] = json!({ "hash": hash });
        }
        if self.chance(14) {
            let data = match self.below(7) {
                0 => [&hello[..], &gzipped(b"!")].concat(),
                1 => gzipped(b""),
                2 => [&hello[..], b"xx"].concat(),
                3 => hello[..hello.len() - 3].to_vec(),
                4 => b"hello".to_vec(),
                5 => Vec::new(),
                _ => hello,
            };
            node["contents"] = json!({ "source": in_base64(&data), "compression": "gzip" });
            if self.chance(50) {
                let plain: &[u8] = if self.chance(50) { b"hello" } else { &data };
                node["contents"]["verification"] = json!({ "hash": format!("sha512-{}", hex(&Sha512::digest(plain))) });
            }
        }
        if self.chance(50) {
            node["mode"] = json!(self.pick(&[420, 493, 384, 0, 2541, 4095]));
        }
    }

    fn passwd(&mut self, is_newer: bool) -> Value {
        let mut passwd = Map::new();
        if self.chance(80) {
            let users = self.some(USERS, 3);
            passwd.insert("users".to_owned(), users.into_iter().map(|name| self.user(name, is_newer)).collect());
        }
        if self.chance(40) {
            let groups = self.some(GROUPS, 2);
            passwd.insert("groups".to_owned(), groups.into_iter().map(|name| self.group(name, is_newer)).collect());
        }
        Value::Object(passwd)
    }

    fn user(&mut self, name: &str, is_newer: bool) -> Value {
        let mut user = json!({ "name": name });
        let mut set = |random: &mut Self, percent, key: &str, values: &[Value]| {
            if random.chance(percent) {
                user[key] = values[random.below(values.len())].clone();
            }
        };
        if is_newer {
            set(self, 12, "shouldExist", &[json!(false)]);
        }
        set(self, 3, "name", &[json!("1000"), json!("a b"), json!("-x"), json!("Ä")]);
        set(
            self,
            30,
            "uid",
            &[
                json!(1000),
                json!(500),
                json!(0),
                json!(1234),
                json!(999),
                json!(60000),
                json!(-1),
                json!(4294967295_u64),
            ],
        );
        set(
            self,
            30,
            "primaryGroup",
            &[
                json!("g1"),
                json!("g1"),
                json!("ghosts"),
                json!("core"),
                json!("docker"),
                json!("app"),
                json!("500"),
                json!("77"),
            ],
        );
        set(
            self,
            35,
            "groups",
            &[
                json!(["g1"]),
                json!(["g2", "core"]),
                json!(["ghosts"]),
                json!(["sudo", "docker"]),
                json!(["233"]),
                json!(["sudo,docker"]),
            ],
        );
        set(
            self,
            25,
            "homeDir",
            &[
                json!("/home/u"),
                json!("/var/u"),
                json!("/a"),
                json!("/nope/u"),
                json!("/home/core/sub"),
                json!("/var/run/h"),
                json!("/etc/passwd"),
                json!("/etc/passwd/h"),
                json!("h"),
                json!("/"),
                json!("/home/u/"),
                json!("/a:b"),
            ],
        );
        set(self, 15, "noCreateHome", &[json!(true)]);
        set(self, 15, "system", &[json!(true)]);
        set(self, 15, "shell", &[json!("/bin/bash"), json!("/sbin/nologin"), json!("/bin/zsh"), json!("zsh")]);
        set(self, 20, "noUserGroup", &[json!(true)]);
        set(self, 15, "passwordHash", &[json!("$6$a$b"), json!(""), json!("a:b")]);
        set(self, 15, "gecos", &[json!("Some One"), json!("a:b"), json!("")]);
        set(self, 30, "sshAuthorizedKeys", &[json!([KEY]), json!([KEY, "x"])]);
        user
    }

    fn group(&mut self, name: &str, is_newer: bool) -> Value {
        let mut group = json!({ "name": name });
        let mut set = |random: &mut Self, percent, key: &str, values: &[Value]| {
            if random.chance(percent) {
                group[key] = values[random.below(values.len())].clone();
            }
        };
        if is_newer {
            set(self, 12, "shouldExist", &[json!(false)]);
        }
        set(self, 3, "name", &[json!("a,b"), json!("+x"), json!("123"), json!("abcdefghijklmnopqrstuvwxyz01234567")]);
        set(self, 40, "gid", &[json!(1000), json!(1001), json!(500), json!(77), json!(-2), json!(4294967295_u64)]);
        set(self, 20, "system", &[json!(true)]);
        set(self, 10, "passwordHash", &[json!("x"), json!("")]);
        group
    }

    fn units(&mut self) -> Vec<Value> {
        let names = self.some(&["a.service", "b.timer", "kubelet.service", "t@.service", "x.service"], 2);
        let units = names.into_iter().map(|name| {
            let mut unit = json!({ "name": name });
            if self.chance(40) && !name.contains('@') {
                unit["enabled"] = json!(true);
            }
            if self.chance(25) {
                unit["mask"] = json!(self.chance(70));
            }
            if self.chance(70) {
                unit["contents"] = json!(UNIT);
            }
            if self.chance(30) {
                unit["dropins"] = json!([{ "name": "10-x.conf", "contents": "[Service]\nNice=1\n" }]);
            }
            unit
        });
        units.collect()
    }
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn in_base64(bytes: &[u8]) -> String {
    let escaped: String = bytes.iter().map(|byte| format!("%{byte:02x}")).collect();
    format!("data:,{escaped}")
}

/// The smallest part of a config that still differs: items and fields are left out as long as it does.
pub(crate) fn smallest(config: &Value, differs: &mut dyn FnMut(&Value) -> bool) -> Value {
    let mut config = config.clone();
    loop {
        let smaller = smaller(&config).into_iter().find(|candidate| differs(candidate));
        match smaller {
            Some(smaller) => config = smaller,
            None => return config,
        }
    }
}

/// Every config that lacks one item or field of this one.
fn smaller(value: &Value) -> Vec<Value> {
    match value {
        Value::Object(fields) => {
            let without = fields.keys().map(|key| {
                let mut rest = fields.clone();
                rest.remove(key);
                Value::Object(rest)
            });
            let within = fields.iter().flat_map(|(key, inner)| {
                smaller(inner).into_iter().map(|inner| {
                    let mut fields = fields.clone();
                    fields.insert(key.clone(), inner);
                    Value::Object(fields)
                })
            });
            without.chain(within.collect::<Vec<_>>()).collect()
        }
        Value::Array(items) => {
            let without = (0..items.len()).map(|index| {
                let mut rest = items.clone();
                rest.remove(index);
                Value::Array(rest)
            });
            let within = (0..items.len()).flat_map(|index| {
                smaller(&items[index]).into_iter().map(move |inner| {
                    let mut items = items.clone();
                    items[index] = inner;
                    Value::Array(items)
                })
            });
            without.chain(within.collect::<Vec<_>>()).collect()
        }
        _ => Vec::new(),
    }
}
