//! Where the files of plugins may lie: anywhere below a root, so that the clusters of a repository share them.
//!
//! Owns: the root – what `--root` says, else the nearest directory above the spec that holds `.git`, else the spec's own directory; for standard input the working directory –, and
//! opening below it. It is decided on the path that links lead to, and that very path is opened without following another one. Must not: be moved by what a spec says, or
//! open anything of `.git`. All other files of a spec stay below its directory ([`crate::fence`]).

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::fence::{Fence, Refused};

/// The name of a file of standard input.
const STDIN: &str = "<stdin>";
const GIT: &str = ".git";

/// Opens a plugin's file for the spec of the name `base`.
///
/// # Errors
/// The reason in words.
pub(crate) fn open(root: Option<&Path>, base: &str, relative: &str) -> Result<File, String> {
    let directory = directory_of(base);
    let own = directory.canonicalize().map_err(|error| error.to_string())?;
    let root = match root {
        Some(root) => root.canonicalize().map_err(|error| format!("`--root {}`: {error}", root.display()))?,
        None if base == STDIN => own.clone(),
        None => own.ancestors().find(|above| above.join(GIT).symlink_metadata().is_ok()).unwrap_or(&own).to_owned(),
    };
    let outside = || {
        format!(
            "it is outside of `{}`, below which plugins may lie; `--root DIR` names another directory",
            root.display()
        )
    };
    if Path::new(relative).is_absolute() {
        return Err(format!(
            "an absolute path is that of one machine only; plugins lie below `{}` (`--root DIR`)",
            root.display()
        ));
    }
    let fence = Fence::open(&root).map_err(|error| error.to_string())?;
    let resolved = match own.join(relative).canonicalize() {
        Ok(resolved) => resolved,
        // Whether there is something outside of the root is nobody's business.
        Err(error) => {
            return Err(if is_missing_below(&root, &own.join(relative), 0) { error.to_string() } else { outside() });
        }
    };
    let below = resolved.strip_prefix(&root).map_err(|_| outside())?;
    if below.iter().any(|step| step.eq_ignore_ascii_case(GIT)) {
        return Err("it is below `.git`, of which nothing is read".to_owned());
    }
    fence.file_itself(below).map_err(|refused| match refused {
        Refused::System(error) => error.to_string(),
        Refused::Link | Refused::Name => "it was moved while it was opened".to_owned(),
    })
}

/// Whether the way to what is not there stays below the root: the part of it that is there, links followed, and the rest as it is written.
fn is_missing_below(root: &Path, path: &Path, links: usize) -> bool {
    const MOST_LINKS: usize = 40;
    let mut at = PathBuf::from("/");
    let mut steps = path.components();
    while let Some(step) = steps.next() {
        match step {
            std::path::Component::ParentDir => drop(at.pop()),
            std::path::Component::Normal(name) => at.push(name),
            _ => continue,
        }
        match at.read_link() {
            Ok(target) if links < MOST_LINKS => {
                let target = at.parent().unwrap_or(Path::new("/")).join(target).join(steps.as_path());
                return is_missing_below(root, &target, links + 1);
            }
            Ok(_) => return false,
            Err(_) => {}
        }
        // Once it has left the directories above the root and the root, it is outside.
        if !root.starts_with(&at) && !at.starts_with(root) {
            return false;
        }
    }
    at.starts_with(root)
}

fn directory_of(base: &str) -> PathBuf {
    let parent = Path::new(base).parent().unwrap_or(Path::new(""));
    if parent.as_os_str().is_empty() { PathBuf::from(".") } else { parent.to_owned() }
}

/// The same as a reader of at most the size that files of specs have.
///
/// # Errors
/// The reason in words.
pub(crate) fn reader(root: Option<&Path>, base: &str, relative: &str) -> Result<Box<dyn io::Read>, String> {
    Ok(Box::new(crate::disk::LimitedFile::of(open(root, base, relative)?)?))
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests make files")]
mod tests {
    use std::io::Read as _;
    use std::os::unix::fs::symlink;

    use super::*;

    struct Tree(tempfile::TempDir);

    impl Tree {
        fn new() -> Self {
            let tree = Self(tempfile::tempdir().unwrap());
            for (path, text) in [
                ("out.wasm", "out"),
                ("repo/plugins/p.wasm", "p"),
                ("repo/.git/p.wasm", "git"),
                ("repo/clusters/c1/own.wasm", "own"),
            ] {
                let path = tree.at(path);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, text).unwrap();
            }
            tree
        }

        fn at(&self, path: &str) -> PathBuf {
            self.0.path().join(path)
        }

        fn read(&self, root: Option<&str>, relative: &str) -> Result<String, String> {
            let root = root.map(|root| self.at(root));
            let base = self.at("repo/clusters/c1/cluster.yaml");
            let mut text = String::new();
            open(root.as_deref(), &base.to_string_lossy(), relative)?.read_to_string(&mut text).unwrap();
            Ok(text)
        }
    }

    #[test]
    fn plugins_lie_anywhere_below_the_repository() {
        let tree = Tree::new();
        assert_eq!(tree.read(None, "../../plugins/p.wasm").as_deref(), Ok("p"));
        assert_eq!(tree.read(None, "own.wasm").as_deref(), Ok("own"));
        for outside in
            ["../../../out.wasm", "../../../no-such.wasm", "../../../../etc/no-such", "../../../repository/x"]
        {
            assert!(tree.read(None, outside).unwrap_err().contains("--root DIR"), "{outside}");
        }
        assert!(tree.read(None, &tree.at("repo/plugins/p.wasm").to_string_lossy()).unwrap_err().contains("absolute"));
        assert!(tree.read(None, "../../plugins/q.wasm").unwrap_err().contains("No such file"));
        assert!(tree.read(None, "../../.git/p.wasm").unwrap_err().contains("`.git`"));
        assert_eq!(tree.read(Some(""), "../../../out.wasm").as_deref(), Ok("out"));
        assert!(tree.read(Some("repo/clusters"), "../../plugins/p.wasm").unwrap_err().contains("outside of"));
    }

    #[test]
    fn a_file_named_git_makes_a_root_and_without_one_the_own_directory_is() {
        let tree = Tree::new();
        std::fs::write(tree.at("repo/clusters/.git"), "gitdir: elsewhere").unwrap();
        assert!(tree.read(None, "../../plugins/p.wasm").is_err(), "the nearest one counts");
        std::fs::remove_file(tree.at("repo/clusters/.git")).unwrap();
        std::fs::remove_dir_all(tree.at("repo/.git")).unwrap();
        assert!(tree.read(None, "../../plugins/p.wasm").is_err());
        assert_eq!(tree.read(None, "own.wasm").as_deref(), Ok("own"));
    }

    #[test]
    fn a_link_leads_where_a_plugin_may_lie_and_nowhere_else() {
        let tree = Tree::new();
        symlink("../../plugins", tree.at("repo/clusters/c1/plugins")).unwrap();
        symlink(tree.at("repo/plugins/p.wasm"), tree.at("repo/clusters/c1/absolute.wasm")).unwrap();
        symlink("../../../out.wasm", tree.at("repo/clusters/c1/out.wasm")).unwrap();
        symlink("../../../no-such", tree.at("repo/clusters/c1/no-such.wasm")).unwrap();
        symlink("../../.git", tree.at("repo/clusters/c1/git")).unwrap();
        assert_eq!(tree.read(None, "plugins/p.wasm").as_deref(), Ok("p"));
        assert_eq!(tree.read(None, "absolute.wasm").as_deref(), Ok("p"));
        assert!(tree.read(None, "out.wasm").unwrap_err().contains("outside of"));
        assert!(tree.read(None, "no-such.wasm").unwrap_err().contains("outside of"));
        assert!(tree.read(None, "git/p.wasm").unwrap_err().contains("`.git`"));
    }
}
