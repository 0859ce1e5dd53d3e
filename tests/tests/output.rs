//! Output directories in every state: nothing of the user's is lost, nothing stale remains, and each state has one clear message.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests run the program on a disk"
)]

use std::collections::BTreeMap;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use flatwright_tests::{Run, files_below, program, repository, run};

const INVENTORY: &str = "flatwright-inventory";

/// A directory with specs of the clusters `flat1` and `other`, and one that says something else about `flat1`.
struct Room(tempfile::TempDir);

impl Room {
    fn new() -> Self {
        let room = Self(tempfile::tempdir().unwrap());
        let spec = std::fs::read_to_string(repository().join("examples/capz-flatcar-sysext.yaml")).unwrap();
        room.put("one.yaml", &spec);
        room.put("changed.yaml", &spec.replace("replicas: 3", "replicas: 5"));
        room.put("two.yaml", &spec.replace("flat1", "other"));
        room.put("two-changed.yaml", &spec.replace("flat1", "other").replace("replicas: 3", "replicas: 5"));
        room
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, name: &str, text: &str) {
        std::fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        std::fs::write(self.path(name), text).unwrap();
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Compiles into `out`.
    fn compile(&self, arguments: &[&str]) -> Run {
        run(self.0.path(), &[&["compile", "-o", "out"], arguments].concat(), b"")
    }

    fn compiles(&self, arguments: &[&str]) {
        let run = self.compile(arguments);
        assert_eq!(run.code, Some(0), "{arguments:?}: {}", run.stderr);
    }

    /// The compile fails with this code, names the path, and changes nothing; `--overwrite` makes it good.
    fn is_refused(&self, arguments: &[&str], code: &str, path: &str) {
        let before = self.everything();
        for check in [&[][..], &["--check"]] {
            let run = self.compile(&[arguments, check].concat());
            assert_eq!(run.code, Some(1), "{path}: {}", run.stderr);
            assert!(run.stderr.contains(&format!("error[{code}]")), "{path}: {}", run.stderr);
            assert!(run.stderr.contains(path), "{path}: {}", run.stderr);
            assert_eq!(self.everything(), before, "{path}");
        }
    }

    /// All that is in the room, hidden files and links as well.
    fn everything(&self) -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        collect(self.0.path(), "", &mut all);
        all
    }

    /// The files of the output directory.
    fn out(&self) -> BTreeMap<String, String> {
        snapshot(&self.path("out"))
    }
}

fn collect(directory: &Path, prefix: &str, all: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            all.insert(name.clone(), "directory".to_owned());
            collect(&entry.path(), &format!("{name}/"), all);
        } else if kind.is_symlink() {
            all.insert(name, format!("link to {}", std::fs::read_link(entry.path()).unwrap().display()));
        } else if kind.is_file() {
            all.insert(name, String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap()).into_owned());
        } else {
            all.insert(name, "special".to_owned());
        }
    }
}

fn snapshot(directory: &Path) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    if directory.is_dir() {
        collect(directory, "", &mut all);
    }
    all
}

/// The lists of a kustomization.
fn resources(text: &str) -> Vec<String> {
    text.lines().filter_map(|line| line.strip_prefix("- ")).map(str::to_owned).collect()
}

#[test]
fn a_second_compile_changes_nothing_and_leaves_nothing_beside() {
    let room = Room::new();
    room.compiles(&["one.yaml"]);
    let first = room.everything();
    assert!(first.keys().all(|name| !name.contains(".flatwright") && !name.contains(".tmp")), "{:?}", first.keys());
    assert!(
        first.contains_key("out/manifests/60-cluster-flat1.yaml") && first.contains_key("out/flatwright-inventory")
    );
    let again = room.compile(&["one.yaml"]);
    assert!(again.stderr.contains("up to date"), "{}", again.stderr);
    assert_eq!(room.everything(), first);
    room.compiles(&["one.yaml", "--check"]);
    // The inventory is what `sha256sum` reads.
    if let Ok(sums) =
        Command::new("sha256sum").args(["-c", "--quiet", INVENTORY]).current_dir(room.path("out")).output()
    {
        assert!(sums.status.success(), "{}", String::from_utf8_lossy(&sums.stdout));
    }
}

#[test]
fn edited_foreign_and_extra_files_stay_until_they_are_overwritten() {
    for (path, text, code) in [
        ("out/manifests/60-cluster-flat1.yaml", "mine", "edited-output-file"),
        ("out/ignition/md-0.ign", "{}", "edited-output-file"),
        ("out/kustomization.yaml", "mine", "edited-output-file"),
        ("out/manifests/mine.yaml", "mine", "extra-output-file"),
        ("out/manifests/.hidden", "mine", "extra-output-file"),
        ("out/ignition/a file.ign", "mine", "extra-output-file"),
    ] {
        let room = Room::new();
        room.compiles(&["one.yaml"]);
        let good = room.out();
        room.put(path, text);
        room.is_refused(&["one.yaml"], code, path);
        room.is_refused(&["changed.yaml"], code, path);
        room.compiles(&["one.yaml", "--overwrite"]);
        assert_eq!(room.out(), good, "{path}");
        room.compiles(&["one.yaml", "--check"]);
    }
    // In the way before flatwright ever wrote.
    let room = Room::new();
    room.put("out/kustomization.yaml", "mine");
    room.put("out/README", "mine");
    room.is_refused(&["one.yaml"], "foreign-output-file", "out/kustomization.yaml");
    room.compiles(&["one.yaml", "--overwrite"]);
    assert_eq!(room.text("out/README"), "mine");
    room.compiles(&["one.yaml", "--check"]);
}

#[test]
fn what_is_not_in_the_way_stays_where_it_is() {
    let room = Room::new();
    for name in ["out/README.md", "out/.git/config", "out/src/main.rs", "out/app.yaml"] {
        room.put(name, "mine");
    }
    room.compiles(&["one.yaml"]);
    room.compiles(&["changed.yaml"]);
    room.compiles(&["changed.yaml", "two.yaml"]);
    room.put("out/default.other/NOTES", "mine");
    room.compiles(&["one.yaml", "two-changed.yaml"]);
    for name in ["out/README.md", "out/.git/config", "out/src/main.rs", "out/app.yaml", "out/default.other/NOTES"] {
        assert_eq!(room.text(name), "mine", "{name}");
    }
    room.compiles(&["one.yaml", "two-changed.yaml", "--check"]);
}

#[test]
fn the_working_directory_is_an_output_directory() {
    let room = Room::new();
    let here = |arguments: &[&str]| run(room.0.path(), &[&["compile", "-o", "."], arguments].concat(), b"");
    assert_eq!(here(&["one.yaml"]).code, Some(0));
    assert_eq!(here(&["changed.yaml"]).code, Some(0));
    assert_eq!(here(&["changed.yaml", "--check"]).code, Some(0));
    let differs = here(&["one.yaml", "--check"]);
    assert!(
        differs.stderr.contains(" --> manifests/50-kubeadmcontrolplane-flat1-control-plane.yaml:"),
        "{}",
        differs.stderr
    );
    assert!(room.path("one.yaml").exists() && room.path("manifests").exists() && !room.path(".flatwright").exists());
    // From inside, by another name.
    let inside = run(&room.path("manifests"), &["compile", "-o", "..", "../one.yaml"], b"");
    assert_eq!(inside.code, Some(0), "{}", inside.stderr);
}

#[test]
fn stale_files_go_and_missing_ones_come_back() {
    let room = Room::new();
    let more = room
        .text("one.yaml")
        .replace("  pools:\n", "  pools:\n  - {name: more, replicas: 1, vmSize: Standard_D4s_v5}\n");
    room.put("more.yaml", &more);
    room.compiles(&["one.yaml"]);
    let one = room.out();
    room.compiles(&["more.yaml"]);
    assert!(room.path("out/ignition/more.ign").exists());
    let check = room.compile(&["one.yaml", "--check"]);
    assert!(
        check.stderr.contains("error[stale-output-file]") && check.stderr.contains("out/ignition/more.ign"),
        "{}",
        check.stderr
    );
    room.compiles(&["one.yaml"]);
    assert_eq!(room.out(), one);
    std::fs::remove_dir_all(room.path("out/manifests")).unwrap();
    let check = room.compile(&["one.yaml", "--check"]);
    assert!(check.stderr.contains("error[missing-output-file]"), "{}", check.stderr);
    room.compiles(&["one.yaml"]);
    assert_eq!(room.out(), one);
    // Another format is other files.
    room.compiles(&["one.yaml", "--format", "json"]);
    room.compiles(&["one.yaml"]);
    assert_eq!(room.out(), one);
}

#[test]
fn a_pool_more_changes_only_its_own_files_and_the_lists() {
    let room = Room::new();
    for flavor in ["flatcar-sysext", "flatcar"] {
        let starter = run(repository(), &["init", "--flavor", flavor], b"").stdout;
        let starter = String::from_utf8(starter).unwrap();
        let pool = starter.find("  pools:\n").unwrap() + "  pools:\n".len();
        let more =
            format!("{}  - {{name: aa, replicas: 1, vmSize: Standard_D4s_v5}}\n{}", &starter[..pool], &starter[pool..]);
        room.put("starter.yaml", &starter);
        room.put("more.yaml", &more);
        let before = {
            room.compiles(&["starter.yaml", "--overwrite", "--prune"]);
            room.out()
        };
        let after = {
            room.compiles(&["more.yaml"]);
            room.out()
        };
        let changed: Vec<&String> =
            after.iter().filter(|(name, text)| before.get(*name) != Some(text)).map(|(name, _)| name).collect();
        assert!(before.keys().all(|name| after.contains_key(name)));
        let is_allowed = |name: &str| {
            name == "kustomization.yaml" || name == INVENTORY || name.contains("-aa.") || name.ends_with("/aa.ign")
        };
        assert!(changed.iter().all(|name| is_allowed(name)) && changed.len() > 4, "{changed:?}");
    }
}

#[test]
fn clusters_stay_in_their_places_and_go_only_by_prune() {
    let room = Room::new();
    room.compiles(&["one.yaml"]);
    let one = room.out();
    room.compiles(&["one.yaml", "two.yaml"]);
    assert!(room.path("out/default.other/manifests").exists() && room.path("out/manifests").exists());
    let listed = resources(&room.text("out/kustomization.yaml"));
    // The identity that both have is listed once.
    assert!(listed.iter().filter(|path| path.contains("identity")).count() == 1, "{listed:?}");
    assert!(listed.iter().any(|path| path.starts_with("default.other")), "{listed:?}");
    for path in &listed {
        let path = room.path("out").join(path);
        assert!(path.is_file() || path.join("kustomization.yaml").is_file(), "{}", path.display());
    }
    let both = room.out();
    // Either alone leaves the other as it is, and says so.
    for spec in ["one.yaml", "two.yaml"] {
        let alone = room.compile(&[spec]);
        assert_eq!(alone.code, Some(0), "{}", alone.stderr);
        assert!(alone.stderr.contains("note[absent-cluster]"), "{}", alone.stderr);
        assert_eq!(room.out(), both);
        room.compiles(&[spec, "--check"]);
        room.compiles(&[spec, "--check", "--allow", "absent-cluster"]);
    }
    let check = room.compile(&["one.yaml", "--check", "--prune"]);
    assert!(check.code == Some(1) && check.stderr.contains("error[absent-cluster]"), "{}", check.stderr);
    room.compiles(&["one.yaml", "--prune"]);
    assert_eq!(room.out(), one);
    // A cluster that takes the place of another is where that was.
    room.compiles(&["two.yaml", "--prune"]);
    assert!(room.path("out/manifests/60-cluster-other.yaml").exists());
    assert!(!room.path("out/default.other").exists() && !room.path("out/manifests/60-cluster-flat1.yaml").exists());
}

#[test]
fn several_clusters_get_a_directory_each_and_keep_it() {
    let room = Room::new();
    room.compiles(&["one.yaml", "two.yaml"]);
    let both = room.out();
    assert!(both.contains_key("default.flat1/kustomization.yaml") && !both.contains_key("manifests"));
    room.compiles(&["one.yaml"]);
    assert_eq!(room.out(), both);
    room.compiles(&["one.yaml", "--prune"]);
    assert_eq!(resources(&room.text("out/kustomization.yaml")), ["default.flat1"]);
    assert!(!room.path("out/default.other").exists());
    room.compiles(&["two.yaml", "one.yaml"]);
    assert_eq!(room.out(), both);
    // What is removed by hand is forgotten.
    std::fs::remove_dir_all(room.path("out/default.other")).unwrap();
    room.compiles(&["one.yaml"]);
    assert_eq!(resources(&room.text("out/kustomization.yaml")), ["default.flat1"]);
    // A file of a cluster that goes is somebody's.
    room.compiles(&["one.yaml", "two.yaml"]);
    room.put("out/default.other/manifests/60-cluster-other.yaml", "mine");
    room.is_refused(
        &["one.yaml", "--prune"],
        "edited-output-file",
        "out/default.other/manifests/60-cluster-other.yaml",
    );
}

#[test]
fn links_are_never_followed() {
    let elsewhere = tempfile::tempdir().unwrap();
    let target = elsewhere.path().join("target");
    for position in [
        "out/manifests/60-cluster-flat1.yaml",
        "out/kustomization.yaml",
        "out/manifests",
        "out/ignition",
        "out/flatwright-inventory",
        "out/.flatwright",
        "out/default.other",
        "out/default.other/manifests",
        "out/default.other/ignition/md-0.ign",
    ] {
        for is_directory in [false, true] {
            let room = Room::new();
            room.compiles(&["one.yaml", "two.yaml"]);
            // And `flat1` at the top.
            std::fs::remove_dir_all(room.path("out")).unwrap();
            room.compiles(&["one.yaml"]);
            room.compiles(&["one.yaml", "two.yaml"]);
            let _ = std::fs::remove_dir_all(&target);
            let _ = std::fs::remove_file(&target);
            if is_directory {
                std::fs::create_dir(&target).unwrap();
                std::fs::write(target.join("60-cluster-flat1.yaml"), "theirs").unwrap();
            } else {
                std::fs::write(&target, "theirs").unwrap();
            }
            let place = room.path(position);
            if place.is_dir() {
                std::fs::remove_dir_all(&place).unwrap();
            } else {
                let _ = std::fs::remove_file(&place);
            }
            symlink(&target, &place).unwrap();
            let before = snapshot(elsewhere.path());
            for more in [&[][..], &["--check"], &["--overwrite"]] {
                let run = room.compile(&[&["changed.yaml", "two-changed.yaml"], more].concat());
                if more != ["--overwrite"] {
                    assert_eq!(run.code, Some(1), "{position} {more:?}: {}", run.stderr);
                    assert!(run.stderr.contains(position), "{position}: {}", run.stderr);
                    assert!(place.is_symlink(), "{position}");
                }
                assert_eq!(snapshot(elsewhere.path()), before, "{position} {more:?}");
            }
            // Our own lists cannot be guessed; all else is replaced.
            if !position.contains("flatwright") {
                room.compiles(&["changed.yaml", "two-changed.yaml", "--check"]);
                assert!(!place.is_symlink(), "{position}");
            }
        }
    }
    // The directory itself may be reached through one.
    let room = Room::new();
    room.put("real/README", "mine");
    symlink("real", room.path("out")).unwrap();
    room.compiles(&["one.yaml"]);
    room.compiles(&["changed.yaml"]);
    room.compiles(&["changed.yaml", "--check"]);
    assert!(room.path("out").is_symlink() && room.path("real/manifests").is_dir());
}

#[test]
fn a_hostile_inventory_removes_nothing() {
    let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let head = "# flatwright inventory 1\n# directory\n# cluster default/flat1 in .\n";
    for (text, line) in [
        (format!("{head}{hash}  ../victim\n"), 4),
        (format!("{head}{hash}  manifests/../../victim\n"), 4),
        (format!("{head}{hash}  README\n"), 4),
        (format!("{head}{hash}  .git/config\n"), 4),
        (format!("# flatwright inventory 1\n# directory\n# cluster default/flat1 in ..\n{hash}  ../victim\n"), 3),
        (format!("{head}<<<<<<< HEAD\n"), 4),
        ("# flatwright inventory 2\n".to_owned(), 1),
        ("nonsense\n".to_owned(), 1),
        (String::new(), 1),
        ("# flatwright inventory 1\n".repeat(100_000), 2),
    ] {
        let room = Room::new();
        room.put("victim", "");
        room.put("out/README", "");
        room.put("out/.git/config", "");
        room.put("out/flatwright-inventory", &text);
        room.is_refused(&["one.yaml"], "unreadable-inventory", &format!("out/flatwright-inventory:{line}"));
        let overwritten = room.compile(&["one.yaml", "--overwrite", "--prune"]);
        assert_eq!(overwritten.code, Some(1));
        assert!(room.path("victim").exists() && room.path("out/README").exists());
    }
    // A pipe would be waited for.
    let room = Room::new();
    std::fs::create_dir(room.path("out")).unwrap();
    if Command::new("mkfifo").arg(room.path("out/flatwright-inventory")).status().is_ok_and(|status| status.success()) {
        let refused = room.compile(&["one.yaml"]);
        assert!(refused.code == Some(1) && refused.stderr.contains("it is a pipe"), "{}", refused.stderr);
    }
    // What is listed with a wrong hash is somebody's.
    let room = Room::new();
    room.compiles(&["one.yaml"]);
    let inventory = room.text("out/flatwright-inventory");
    let line = inventory.lines().find(|line| line.ends_with("60-cluster-flat1.yaml")).unwrap();
    room.put("out/flatwright-inventory", &inventory.replace(line, &format!("{hash}  manifests/60-cluster-flat1.yaml")));
    room.compiles(&["one.yaml"]);
    assert_eq!(room.text("out/flatwright-inventory"), inventory);
}

#[test]
fn a_hostile_journal_reaches_nothing_else() {
    let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    for journal in [
        format!("# flatwright journal 1\nremove {hash} ../victim\n# end\n"),
        format!("# flatwright journal 1\nremove {hash} README\n# end\n"),
        format!("# flatwright journal 1\nwrite - {hash} ../new\n# end\n"),
        "nonsense".to_owned(),
    ] {
        let room = Room::new();
        room.put("victim", "");
        room.put("out/README", "");
        room.put("out/.flatwright/journal", &journal);
        room.put("out/.flatwright/new/README", "");
        room.is_refused(&["one.yaml"], "unreadable-journal", "out/.flatwright");
    }
    // A room with a file that nobody of ours put there.
    let room = Room::new();
    room.put("out/.flatwright/new/notes.txt", "mine");
    let refused = room.compile(&["one.yaml"]);
    assert!(refused.code == Some(1) && refused.stderr.contains("notes.txt"), "{}", refused.stderr);
    assert_eq!(room.text("out/.flatwright/new/notes.txt"), "mine");
}

#[test]
fn a_directory_of_an_earlier_flatwright_is_taken_over() {
    let room = Room::new();
    room.compiles(&["one.yaml"]);
    let new = room.out();
    let stream = String::from_utf8(run(room.0.path(), &["compile", "one.yaml"], b"").stdout).unwrap();
    let documents: Vec<String> = stream.split("---\n").filter(|text| !text.is_empty()).map(str::to_owned).collect();
    std::fs::remove_dir_all(room.path("out")).unwrap();
    let mut listed = String::new();
    for (position, text) in documents.iter().enumerate() {
        let name = new.iter().find(|(name, found)| name.starts_with("manifests/") && *found == text).unwrap().0;
        let old = format!("manifests/{position:03}-{}", &name["manifests/00-".len()..]);
        room.put(&format!("out/{old}"), text);
        listed.push_str(&format!("- {old}\n"));
    }
    let head = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n";
    room.put("out/kustomization.yaml", &format!("{head}{listed}"));
    for group in ["control-plane", "md-0"] {
        room.put(&format!("out/ignition/{group}.ign"), &new[&format!("ignition/{group}.ign")]);
    }
    let old = room.everything();
    room.compiles(&["one.yaml"]);
    assert_eq!(room.out(), new);
    // What was edited in it is not.
    std::fs::remove_dir_all(room.path("out")).unwrap();
    for (name, text) in old.iter().filter(|(name, text)| name.starts_with("out/") && *text != "directory") {
        room.put(name, text);
    }
    room.put("out/manifests/006-cluster-flat1.yaml", "mine");
    room.is_refused(&["one.yaml"], "extra-output-file", "out/manifests/006-cluster-flat1.yaml");
}

#[test]
fn differences_are_findings_in_every_format_without_secrets() {
    let room = Room::new();
    let spec = room.text("one.yaml").replacen(
        "  controlPlane:",
        "  machines: {users: [{name: admin, passwd: $6$first}]}\n  controlPlane:",
        1,
    );
    room.put("secret.yaml", &spec);
    room.put("secret-changed.yaml", &spec.replace("$6$first", "$6$second").replace("replicas: 3", "replicas: 5"));
    room.compiles(&["secret.yaml"]);
    for (format, sign) in [
        ("text", "+  replicas: 5"),
        ("json", "+  replicas: 5"),
        ("sarif", "+  replicas: 5"),
        ("junit", "+  replicas: 5"),
        ("github", "%0A+  replicas: 5"),
    ] {
        let check = room.compile(&["secret-changed.yaml", "--check", "--report", format]);
        assert_eq!(check.code, Some(1), "{}", check.stderr);
        for part in ["outdated-output-file", "out/manifests/50-kubeadmcontrolplane-flat1-control-plane.yaml", sign] {
            assert!(check.stderr.contains(part), "{format}: {part}: {}", check.stderr);
        }
        assert!(!check.stderr.contains("$6$"), "{format}: {}", check.stderr);
    }
}

/// What is left where nothing may be written, or nothing more fits, is what was there.
#[test]
fn a_disk_that_is_full_or_read_only_changes_nothing() {
    let room = Room::new();
    std::fs::create_dir(room.path("out")).unwrap();
    let mount = |options: &str| {
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(room.path("out"))
            .stderr(Stdio::null())
            .status();
        mounted.is_ok_and(|status| status.success())
    };
    if !mount("size=256k") {
        println!("skipped: no tmpfs can be mounted here");
        return;
    }
    let unmount = Unmount(room.path("out"));
    room.compiles(&["one.yaml"]);
    let good = room.out();
    let filler = std::fs::File::create(room.path("out/filler")).unwrap();
    let mut size = 0;
    while std::io::Write::write_all(&mut &filler, &[0; 4096]).is_ok() {
        size += 4096;
    }
    drop(filler);
    assert!(size > 0);
    let full = room.compile(&["changed.yaml"]);
    assert_eq!(full.code, Some(2), "{}", full.stderr);
    assert!(full.stderr.contains("No space left"), "{}", full.stderr);
    std::fs::remove_file(room.path("out/filler")).unwrap();
    assert_eq!(room.out(), good);
    room.compiles(&["one.yaml", "--check"]);
    let remounted = Command::new("mount").args(["-o", "remount,ro"]).arg(room.path("out")).status();
    if remounted.is_ok_and(|status| status.success()) {
        let refused = room.compile(&["changed.yaml"]);
        assert_eq!(refused.code, Some(2), "{}", refused.stderr);
        assert!(refused.stderr.contains("Read-only"), "{}", refused.stderr);
        assert_eq!(room.out(), good);
        room.compiles(&["one.yaml", "--check"]);
        room.compiles(&["one.yaml"]);
    } else {
        println!("skipped: nothing can be mounted read-only here");
    }
    drop(unmount);
}

struct Unmount(PathBuf);

impl Drop for Unmount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn rights_of_files_and_directories_stay() {
    let room = Room::new();
    room.compiles(&["one.yaml"]);
    let set =
        |path: &str, mode| std::fs::set_permissions(room.path(path), std::fs::Permissions::from_mode(mode)).unwrap();
    set("out", 0o750);
    set("out/ignition/md-0.ign", 0o600);
    set("out/manifests/50-kubeadmcontrolplane-flat1-control-plane.yaml", 0o640);
    room.compiles(&["changed.yaml"]);
    let mode = |path: &str| std::fs::metadata(room.path(path)).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode("out"), 0o750);
    assert_eq!(mode("out/ignition/md-0.ign"), 0o600);
    assert_eq!(mode("out/manifests/50-kubeadmcontrolplane-flat1-control-plane.yaml"), 0o640);
}

#[test]
fn two_runs_at_once_do_not_mix() {
    let room = Room::new();
    let start = |specs: &[&str]| {
        let mut command = Command::new(program());
        command.args(["compile", "-o", "out"]).args(specs).current_dir(room.0.path());
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    for round in 0..8 {
        let specs = if round % 2 == 0 { ["one.yaml", "two.yaml"] } else { ["changed.yaml", "two-changed.yaml"] };
        let mut children = [start(&specs[..1]), start(&specs[1..]), start(&["changed.yaml"])];
        assert!(children.iter_mut().all(|child| child.wait().unwrap().success()), "round {round}");
        // Each cluster is what one run made of it, the last one or the one before.
        let of = |spec: &str| room.compile(&[spec, "--check"]).code == Some(0);
        assert!(of(specs[1]) && (of(specs[0]) || of("changed.yaml")), "round {round}");
        assert!(room.everything().keys().all(|name| !name.contains(".flatwright")), "round {round}");
    }
}

/// A generator that needs no clock: the instants are other ones in each round all the same, because the machine is busy otherwise.
struct Instants(u64);

impl Instants {
    fn below(&mut self, most: Duration) -> Duration {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        most * u32::try_from(self.0 >> 40).unwrap() / (1 << 24)
    }
}

/// Kills runs that go back and forth between two specs. `is_whole`: at no instant is there anything but one or the other.
fn kills(room: &Room, old: &[&str], new: &[&str], is_whole: bool, seed: u64) {
    let clean = |specs: &[&str]| {
        room.compiles(specs);
        room.out()
    };
    let states = [clean(old), clean(new)];
    let beginning = Instant::now();
    room.compiles(old);
    let length = beginning.elapsed();
    let (mut instants, mut left) = (Instants(seed), 0);
    let mut present = 0;
    for round in 0..100 {
        let specs = [old, new][1 - present];
        let mut command = Command::new(program());
        command.args(["compile", "-o", "out"]).args(specs).current_dir(room.0.path());
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(instants.below(length));
        child.kill().unwrap();
        child.wait().unwrap();
        let now = room.out();
        if is_whole {
            assert!(states.contains(&now), "round {round}: a mixture");
        }
        if room.everything().keys().any(|name| name.contains(".flatwright")) {
            left += 1;
            let check = room.compile(&[specs, &["--check"]].concat());
            let is_told = check.code == Some(1) && check.stderr.contains("error[interrupted-output]");
            assert!(is_told, "round {round}: {}", check.stderr);
        }
        // The next run is for either.
        present = usize::from(instants.below(Duration::from_secs(2)) > Duration::from_secs(1));
        room.compiles([old, new][present]);
        assert_eq!(room.out(), states[present], "round {round}");
        assert!(room.everything().keys().all(|name| !name.contains(".flatwright")), "round {round}");
    }
    println!("100 kills, {left} left something");
}

#[test]
fn a_hundred_kills_of_a_directory_that_is_exchanged_leave_one_state_or_the_other() {
    kills(&Room::new(), &["one.yaml"], &["changed.yaml"], true, 1);
}

#[test]
fn a_hundred_kills_beside_files_of_others_are_made_good_by_the_next_run() {
    let room = Room::new();
    room.put("out/README", "mine");
    kills(&room, &["one.yaml"], &["changed.yaml"], false, 2);
    assert_eq!(room.text("out/README"), "mine");
}

#[test]
fn a_hundred_kills_of_two_clusters_are_made_good_by_the_next_run() {
    kills(&Room::new(), &["one.yaml", "two.yaml"], &["changed.yaml", "two-changed.yaml"], false, 3);
}

#[test]
fn large_directories_are_not_read_again() {
    let room = Room::new();
    let spec = room.text("one.yaml");
    let pools: String =
        (0..300).map(|number| format!("  - {{name: p{number}, replicas: 1, vmSize: Standard_D4s_v5}}\n")).collect();
    room.put("large.yaml", &spec.replace("  pools:\n", &format!("  pools:\n{pools}")));
    let compile = |arguments: &[&str]| {
        let mut command = Command::new(program());
        command.args(["compile", "-o", "out", "large.yaml"]).args(arguments);
        command.current_dir(room.0.path()).env("XDG_CACHE_HOME", room.path("cache")).output().unwrap()
    };
    assert!(compile(&[]).status.success());
    assert!(files_below(&room.path("out")).len() > 1_000);
    // What was written a moment ago is not settled.
    std::thread::sleep(Duration::from_secs(4));
    assert!(compile(&[]).status.success());
    let kept: Vec<_> =
        std::fs::read_dir(room.path("cache/flatwright/outputs")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(kept.len(), 1);
    let text = std::fs::read_to_string(&kept[0]).unwrap();
    assert!(text.lines().count() > 1_000, "{}", text.lines().count());
    assert!(compile(&["--check"]).status.success());
    // A change of the same length is seen, also with the old time of modification.
    let path = room.path("out/ignition/p7.ign");
    let old = std::fs::metadata(&path).unwrap().modified().unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen("ignition", "ingition", 1)).unwrap();
    std::fs::File::options().write(true).open(&path).unwrap().set_modified(old).unwrap();
    let check = compile(&["--check"]);
    assert!(!check.status.success() && String::from_utf8_lossy(&check.stderr).contains("out/ignition/p7.ign"));
}
