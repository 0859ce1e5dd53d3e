//! Trees on a real disk.

use std::os::unix::fs::symlink;
use std::process::Command;

use super::*;

fn write(root: &Path, files: &[&str]) {
    for file in files {
        let path = root.join(file);
        std::fs::create_dir_all(path.parent().expect("below the root")).expect("a directory");
        std::fs::write(path, "x: 1\n").expect("a file");
    }
}

fn below(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).expect("below the root").display().to_string()
}

fn names(root: &Path) -> Vec<String> {
    walk(root).files.iter().map(|path| below(root, path)).collect()
}

fn left_out(root: &Path) -> Vec<(String, Reason)> {
    walk(root).left_out.iter().map(|(path, reason)| (below(root, path), *reason)).collect()
}

fn git(root: &Path, arguments: &[&str]) {
    let run = Command::new("git").args(arguments).current_dir(root).env("GIT_CONFIG_GLOBAL", "/dev/null").output();
    assert!(run.is_ok_and(|run| run.status.success()), "git {arguments:?}");
}

#[test]
fn hidden_directories_are_left_out_and_nothing_is_ignored_without_a_repository() {
    let root = tempfile::tempdir().expect("a directory");
    write(
        root.path(),
        &["a/b/c/deep.yaml", "top.yaml", ".hidden.yaml", ".git-like/x.yaml", "a/.b/c/x.yaml", "a/ignored.yaml"],
    );
    std::fs::write(root.path().join("a/.gitignore"), "ignored.yaml\n").expect("a file");
    assert_eq!(names(root.path()), [".hidden.yaml", "a/.gitignore", "a/b/c/deep.yaml", "a/ignored.yaml", "top.yaml"]);
    assert_eq!(left_out(root.path()), [(".git-like".to_owned(), Reason::Hidden), ("a/.b".to_owned(), Reason::Hidden)]);
}

#[test]
fn links_are_not_followed() {
    let root = tempfile::tempdir().expect("a directory");
    let outside = tempfile::tempdir().expect("a directory");
    write(outside.path(), &["secret.yaml"]);
    write(root.path(), &["a.yaml"]);
    symlink(outside.path(), root.path().join("out")).expect("a link");
    symlink("a.yaml", root.path().join("again.yaml")).expect("a link");
    symlink(".", root.path().join("circle")).expect("a link");
    assert_eq!(names(root.path()), ["a.yaml"]);
    let links = ["again.yaml", "circle", "out"].map(|name| (name.to_owned(), Reason::Link));
    assert_eq!(left_out(root.path()), links);
}

/// What a user names is looked at, whatever it is called: here a link that is hidden.
#[test]
fn a_directory_that_was_named_may_be_hidden_and_a_link() {
    let root = tempfile::tempdir().expect("a directory");
    write(root.path(), &[".out/a.yaml", ".out/b/c.yaml"]);
    symlink(".out", root.path().join(".link")).expect("a link");
    assert_eq!(names(&root.path().join(".out")), ["a.yaml", "b/c.yaml"]);
    assert_eq!(names(&root.path().join(".link")), ["a.yaml", "b/c.yaml"]);
}

#[test]
fn what_git_ignores_is_left_out_unless_it_is_tracked_or_named() {
    let root = tempfile::tempdir().expect("a directory");
    let files = ["a.yaml", "build/x.yaml", "build/kept.yaml", "b/c.yaml", "b/ignored.yaml", "b/.kept", "vendor/z.yaml"];
    write(root.path(), &files);
    git(root.path(), &["init", "-q"]);
    git(root.path(), &["add", "-f", "build/kept.yaml", "b/.kept"]);
    std::fs::write(root.path().join(".gitignore"), "/build/\n/vendor/*\n").expect("a file");
    std::fs::write(root.path().join("b/.gitignore"), "ignored.yaml\n.kept\n").expect("a file");
    let expected = [".gitignore", "a.yaml", "b/.gitignore", "b/.kept", "b/c.yaml", "build/kept.yaml"];
    assert_eq!(names(root.path()), expected);
    let ignored = ["b/ignored.yaml", "build", "vendor/z.yaml"].map(|name| (name.to_owned(), Reason::Ignored));
    assert_eq!(left_out(root.path()), ignored);
    assert_eq!(names(&root.path().join("b")), [".gitignore", ".kept", "c.yaml"]);
    assert_eq!(names(&root.path().join("build")), ["kept.yaml", "x.yaml"]);
    for version in ["4", "3", "2"] {
        git(root.path(), &["update-index", "--index-version", version]);
        assert_eq!(names(root.path()), expected, "index version {version}");
    }
}

#[test]
fn a_repository_below_the_directory_has_its_own_index() {
    let root = tempfile::tempdir().expect("a directory");
    write(root.path(), &["inner/out/a.yaml", "inner/out/b.yaml", "c.yaml"]);
    let inner = root.path().join("inner");
    git(&inner, &["init", "-q"]);
    git(&inner, &["add", "out/a.yaml"]);
    std::fs::write(inner.join(".gitignore"), "out\n").expect("a file");
    assert_eq!(names(root.path()), ["c.yaml", "inner/.gitignore", "inner/out/a.yaml"]);
    assert_eq!(left_out(root.path()), [("inner/out".to_owned(), Reason::Ignored)]);
}

/// A hook or a filter would leave a mark.
#[test]
fn nothing_of_a_repository_runs() {
    let root = tempfile::tempdir().expect("a directory");
    write(root.path(), &["a.yaml"]);
    git(root.path(), &["init", "-q"]);
    git(root.path(), &["add", "a.yaml"]);
    let touch = format!("touch {}", root.path().join("mark").display());
    for key in ["core.fsmonitor", "filter.x.clean", "filter.x.smudge"] {
        git(root.path(), &["config", key, &touch]);
    }
    std::fs::write(root.path().join(".gitattributes"), "* filter=x\n").expect("a file");
    assert_eq!(names(root.path()), [".gitattributes", "a.yaml"]);
    assert!(!root.path().join("mark").exists());
}
