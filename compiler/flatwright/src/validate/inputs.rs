//! The files of a run. They are read when it is their turn, so that a tree of any size takes no more memory than what is looked at together.

use std::borrow::Cow;

use crate::world::SpecFile;

/// Files to check, in the order in which their findings are shown.
pub trait Inputs: Sync {
    /// How many there are.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The name of a file as the user knows it, with `/` between directories.
    fn name(&self, index: usize) -> &str;

    /// Whether the file was found below a directory that the user named. Such a file is checked only where its kind is certain. The default has named all.
    fn is_found(&self, _index: usize) -> bool {
        false
    }

    /// Reads a file, maybe twice.
    ///
    /// # Errors
    /// The reason in words, as the user will read it.
    fn read(&self, index: usize) -> Result<Cow<'_, [u8]>, String>;
}

impl<T: AsRef<[SpecFile]> + Sync + ?Sized> Inputs for T {
    fn len(&self) -> usize {
        self.as_ref().len()
    }

    fn name(&self, index: usize) -> &str {
        &self.as_ref()[index].name
    }

    fn read(&self, index: usize) -> Result<Cow<'_, [u8]>, String> {
        Ok(Cow::Borrowed(&self.as_ref()[index].bytes))
    }
}
