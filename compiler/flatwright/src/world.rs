//! What the compiler is given, and what it may ask of the world.

use std::io::{Cursor, Read};

use flatwright_ignition::butane::FilesDir;
use flatwright_plugin_host::{Host, HostOptions};
use flatwright_spec::Environment;

/// One spec file as it was read.
#[derive(Clone, Debug)]
pub struct SpecFile {
    /// Its name as the user gave it; `<stdin>` for standard input.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Files and environment variables. Implemented by the shell on disk, and by tests in memory.
pub trait World: Sync {
    /// Reads a file. `relative` is a path in a spec, `base` the name of that spec's file as the caller gave it.
    ///
    /// # Errors
    /// The reason in words, as the user will read it.
    fn read_file(&self, base: &str, relative: &str) -> Result<Vec<u8>, String>;

    /// Opens a file that is named as for [`World::read_file`], to be read piece by piece. The default has read it whole.
    ///
    /// # Errors
    /// As [`World::read_file`]; the reader's own are shown like those.
    fn open_file(&self, base: &str, relative: &str) -> Result<Box<dyn Read + '_>, String> {
        self.read_file(base, relative).map(|bytes| Box::new(Cursor::new(bytes)) as Box<dyn Read>)
    }

    /// Opens the file of a plugin, which may lie further up than other files, where the shell allows it. The default is [`World::open_file`].
    ///
    /// # Errors
    /// As [`World::open_file`].
    fn open_plugin(&self, base: &str, relative: &str) -> Result<Box<dyn Read + '_>, String> {
        self.open_file(base, relative)
    }

    /// What a machine config's local files are read from: `directory`, relative to the directory of the file `base`. Nothing outside it may be reached, also
    /// not through links. The default has no files.
    fn files_dir(&self, _base: &str, _directory: &str) -> Option<Box<dyn FilesDir + '_>> {
        None
    }

    /// The lock for the spec of the file `base`: beside it, or the one that the user named. The default has none.
    ///
    /// # Errors
    /// Why one that is there cannot be read, in words.
    fn lock(&self, _base: &str) -> Result<Option<SpecFile>, String> {
        Ok(None)
    }

    /// The value of an environment variable that a spec names.
    fn variable(&self, name: &str) -> Option<String>;

    /// Whether a variable has no value because specs may not read it. The default withholds none.
    fn is_withheld(&self, _name: &str) -> bool {
        false
    }

    /// The host that runs plugins; asked for only if a spec has any. The default compiles components in this process and keeps nothing.
    fn plugin_host(&self) -> Host {
        Host::new(HostOptions::default())
    }

    /// How many threads may work; asked for only where there is work for several. The default is one.
    fn parallelism(&self) -> usize {
        1
    }
}

/// The variables of a world, as the decoder of specs asks for them.
pub(crate) struct Variables<'w>(pub(crate) &'w dyn World);

impl Environment for Variables<'_> {
    fn variable(&self, name: &str) -> Option<String> {
        self.0.variable(name)
    }

    fn is_withheld(&self, name: &str) -> bool {
        self.0.is_withheld(name)
    }
}

/// A world without files and variables, for specs that name none.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoWorld;

impl World for NoWorld {
    fn read_file(&self, _: &str, _: &str) -> Result<Vec<u8>, String> {
        Err("there are no files".to_owned())
    }

    fn variable(&self, _: &str) -> Option<String> {
        None
    }
}
