//! A revision of a Git repository as the world of a compile: the spec and all that it names are what was committed.
//!
//! Owns: asking Git. Arguments are a vector, contents are the blobs as they are stored: nothing that a repository configures – hooks, filters, replacements, monitors –
//! runs or changes a byte. Must not: write anything, or fetch.

use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Result, anyhow, bail};
use flatwright::{SpecFile, World};
use flatwright_ignition::butane::{self, FileKind};
use flatwright_plugin_host::Host;

use crate::args::Variables;
use crate::world::Disk;

/// A file that a spec names has at most so many bytes, as on the disk.
const LARGEST_FILE: u64 = 64 << 20;

/// What was committed beside a spec.
#[derive(Clone, Debug)]
pub(crate) struct Revision<'v> {
    /// The directory of the spec.
    directory: PathBuf,
    /// The spec's own name.
    file: String,
    /// As the user wrote it, for messages.
    name: String,
    /// The commit's hash.
    commit: String,
    /// What is not of a revision: variables, the plugin host, the processors.
    around: Disk<'v>,
}

impl<'v> Revision<'v> {
    /// The revision for the spec at this path.
    ///
    /// # Errors
    /// If Git knows no such revision there, or does not run.
    pub(crate) fn of_spec(revision: &str, spec: &Path, variables: &'v Variables) -> Result<Self> {
        let Some(file) = spec.file_name().and_then(|file| file.to_str()).filter(|_| spec != Path::new("-")) else {
            bail!("`--git` needs a spec that is a file");
        };
        let directory = spec.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut found = Self {
            directory: directory.to_owned(),
            file: file.to_owned(),
            name: revision.to_owned(),
            commit: String::new(),
            around: Disk::new(variables),
        };
        let wanted = format!("{revision}^{{commit}}");
        let hash = found.ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted]);
        let hash =
            hash.map_err(|reason| anyhow!("Git knows no revision `{revision}` in `{}`{reason}", directory.display()))?;
        found.commit = String::from_utf8_lossy(&hash).trim().to_owned();
        Ok(found)
    }

    /// The spec as it was.
    ///
    /// # Errors
    /// If there was none.
    pub(crate) fn spec(&self) -> Result<SpecFile> {
        let name = format!("{}:{}", self.name, self.directory.join(&self.file).display());
        let bytes = self.read(&self.file).map_err(|reason| anyhow!("failed to read `{name}`: {reason}"))?;
        Ok(SpecFile { name, bytes })
    }

    /// The contents of a file below the spec's directory.
    fn read(&self, relative: &str) -> Result<Vec<u8>, String> {
        let relative = below(relative)?;
        match self.kind(&relative)? {
            Some(FileKind::Regular { .. }) => {}
            Some(FileKind::Symlink) => return Err("it is a link, which is not followed in a revision".to_owned()),
            Some(_) => return Err("it is not a regular file".to_owned()),
            None => return Err(format!("there is no such file in `{}`", self.name)),
        }
        self.ask(&["cat-file", "blob", &format!("{}:./{relative}", self.commit)])
            .map_err(|reason| format!("Git cannot read it{reason}"))
    }

    /// What there is at a path.
    fn kind(&self, relative: &str) -> Result<Option<FileKind>, String> {
        if relative.is_empty() {
            return Ok(Some(FileKind::Directory));
        }
        let listed = self.ask(&["ls-tree", "-z", &self.commit, "--", relative]);
        let listed = listed.map_err(|reason| format!("Git cannot look it up{reason}"))?;
        Ok(String::from_utf8_lossy(&listed).split_whitespace().next().map(|mode| match mode {
            "100755" => FileKind::Regular { is_executable: true },
            "120000" => FileKind::Symlink,
            "040000" => FileKind::Directory,
            mode if mode.starts_with("100") => FileKind::Regular { is_executable: false },
            _ => FileKind::Other,
        }))
    }

    /// What Git answers. The reason begins with a separator, and is empty if Git said none.
    fn ask(&self, arguments: &[&str]) -> Result<Vec<u8>, String> {
        let mut command = Command::new("git");
        command.arg("-C").arg(&self.directory);
        command.args([
            "--no-pager",
            "--no-replace-objects",
            "-c",
            "core.fsmonitor=false",
            "-c",
            "core.hooksPath=/dev/null",
        ]);
        command.args(arguments);
        command.env("GIT_NO_LAZY_FETCH", "1").env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| format!(": `git` does not run: {error}"))?;
        let mut bytes = Vec::new();
        let output = child.stdout.take().expect("invariant: it was piped");
        let read = output.take(LARGEST_FILE + 1).read_to_end(&mut bytes);
        let is_too_large = bytes.len() as u64 > LARGEST_FILE;
        if is_too_large {
            let _ = child.kill();
        }
        let status = child.wait().map_err(|error| format!(": {error}"))?;
        read.map_err(|error| format!(": {error}"))?;
        if is_too_large {
            return Err(format!(": it is larger than {} MiB", LARGEST_FILE >> 20));
        }
        if status.success() { Ok(bytes) } else { Err(String::new()) }
    }
}

/// A path below the spec's directory, without `.`.
fn below(relative: &str) -> Result<String, String> {
    let mut parts = Vec::new();
    for component in Path::new(relative).components() {
        match component {
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
            Component::CurDir => {}
            _ => return Err("it is outside the spec's directory".to_owned()),
        }
    }
    Ok(parts.join("/"))
}

impl World for Revision<'_> {
    fn read_file(&self, _: &str, relative: &str) -> Result<Vec<u8>, String> {
        self.read(relative)
    }

    fn files_dir(&self, _: &str, directory: &str) -> Option<Box<dyn butane::FilesDir + '_>> {
        Some(Box::new(Committed {
            revision: self,
            name: if directory.is_empty() { "." } else { directory }.to_owned(),
        }))
    }

    fn lock(&self, base: &str) -> Result<Option<SpecFile>, String> {
        // One that was named is on the disk; the one beside the spec is as it was.
        if self.around.names_lock() {
            return self.around.lock(base);
        }
        if self.kind(flatwright::LOCK_FILE)?.is_none() {
            return Ok(None);
        }
        let name = format!("{}:{}", self.name, self.directory.join(flatwright::LOCK_FILE).display());
        let bytes = self.read(flatwright::LOCK_FILE).map_err(|reason| format!("`{name}` cannot be read: {reason}"))?;
        Ok(Some(SpecFile { name, bytes }))
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.around.variable(name)
    }

    fn is_withheld(&self, name: &str) -> bool {
        self.around.is_withheld(name)
    }

    fn plugin_host(&self) -> Host {
        self.around.plugin_host()
    }

    fn parallelism(&self) -> usize {
        self.around.parallelism()
    }
}

/// A directory of a revision, for the local files of machine configs.
struct Committed<'r> {
    revision: &'r Revision<'r>,
    name: String,
}

impl Committed<'_> {
    fn existing(&self, what: &str, path: &str) -> Result<FileKind, String> {
        let kind = self.revision.kind(&below(path)?)?;
        kind.ok_or_else(|| format!("{what} {path}: no such file or directory"))
    }
}

impl butane::FilesDir for Committed<'_> {
    fn name(&self) -> &str {
        &self.name
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.existing("open", path)?;
        self.revision.read(path).map_err(|reason| format!("open {path}: {reason}"))
    }

    fn stat(&self, path: &str) -> Result<FileKind, String> {
        self.existing("stat", path)
    }

    fn lstat(&self, path: &str) -> Result<FileKind, String> {
        self.existing("lstat", path)
    }

    fn list(&self, path: &str) -> Result<Vec<String>, String> {
        let tree = format!("{}:./{}", self.revision.commit, below(path)?);
        let listed = self.revision.ask(&["ls-tree", "-z", "--name-only", &tree]);
        let listed = listed.map_err(|reason| format!("open {path}: no such directory{reason}"))?;
        let names = String::from_utf8_lossy(&listed);
        Ok(names.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect())
    }

    fn read_link(&self, path: &str) -> Result<String, String> {
        let blob = format!("{}:./{}", self.revision.commit, below(path)?);
        let target = self.revision.ask(&["cat-file", "blob", &blob]);
        let target = target.map_err(|reason| format!("readlink {path}: no such file{reason}"))?;
        Ok(String::from_utf8_lossy(&target).into_owned())
    }
}
