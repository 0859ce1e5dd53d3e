//! A case of the suite as it stands on disk.
//!
//! Owns: what the files of a case mean. Must not: know what is expected of it.

use std::path::{Path, PathBuf};

use flatwright::{Contract, Options, Profile, SpecFile, TemplateNames};
use sha2::{Digest, Sha256};

use crate::{Memory, files_below, guest, repository};

/// A spec with what is beside it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The spec.
    pub spec: Vec<u8>,
    /// The files and variables that it may name.
    pub world: Memory,
    /// The flags.
    pub options: Options,
}

/// The plugin that does what its settings say, at the path by which specs of the suite name it.
const PUPPET: &str = "files/puppet.wasm";

impl Case {
    /// The directories of all cases.
    pub fn directories() -> Vec<PathBuf> {
        let files = files_below(&repository().join("tests/suite"));
        let specs = files.into_iter().filter(|path| path.ends_with("spec.yaml"));
        specs.filter_map(|path| path.parent().map(Path::to_owned)).collect()
    }

    /// Reads a case; `None` (with a printed line) if it needs a plugin that cannot be built here. A spec that names `files/puppet.wasm` gets that plugin, and its
    /// hash as `PUPPET_SHA256`.
    pub fn read(directory: &Path) -> Option<Self> {
        let spec = std::fs::read(directory.join("spec.yaml")).unwrap();
        let (mut world, options) = arguments(directory);
        for path in files_below(&directory.join("files")) {
            let name = path.strip_prefix(directory).unwrap().to_string_lossy().into_owned();
            world.files.insert(name, std::fs::read(path).unwrap());
        }
        if let Ok(lock) = std::fs::read(directory.join(flatwright::LOCK_FILE)) {
            world.files.insert(flatwright::LOCK_FILE.to_owned(), lock);
        }
        let names_puppet = |bytes: &[u8]| bytes.windows(PUPPET.len()).any(|text| text == PUPPET.as_bytes());
        if names_puppet(&spec) || options.policies.iter().any(|file| names_puppet(&file.bytes)) {
            let puppet = guest("puppet")?;
            let hash: String = Sha256::digest(&puppet).iter().map(|byte| format!("{byte:02x}")).collect();
            world.variables.insert("PUPPET_SHA256".to_owned(), hash);
            world.files.insert(PUPPET.to_owned(), puppet);
        }
        Some(Self { spec, world, options })
    }
}

/// The flags and variables in the file `args`.
fn arguments(directory: &Path) -> (Memory, Options) {
    let mut options = Options { template_names: TemplateNames::Plain, ..Options::default() };
    let mut world = Memory::default();
    let text = std::fs::read_to_string(directory.join("args")).unwrap_or_default();
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        match (word, word.split_once('=')) {
            ("--contract", _) => {
                options.contract = if words.next() == Some("v1beta1") { Contract::V1Beta1 } else { Contract::V1Beta2 };
            }
            ("--template-names", _) => {
                options.template_names =
                    if words.next() == Some("plain") { TemplateNames::Plain } else { TemplateNames::Hashed };
            }
            ("--compat", _) => {
                assert_eq!(words.next(), Some("capz"));
                options.profile = Profile::Capz;
            }
            ("--locked", _) => options.is_locked = true,
            ("--today", _) => options.today = words.next().and_then(|day| day.parse().ok()),
            ("--policies", _) => {
                let name = words.next().expect("a file follows").to_owned();
                let bytes = std::fs::read(directory.join(&name)).expect("it is there");
                options.policies.push(SpecFile { name, bytes });
            }
            (_, Some((name, value))) => drop(world.variables.insert(name.to_owned(), value.to_owned())),
            _ => panic!("unknown word `{word}` in {}", directory.display()),
        }
    }
    (world, options)
}
