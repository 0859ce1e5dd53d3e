//! Rules of files that a config reads beside itself.

use flatwright_diagnostic::Rule;

/// What is wrong with a local file.
#[derive(Clone, Debug, PartialEq, Eq, Rule)]
pub enum LocalFile {
    /// No files directory, as Butane says it.
    #[rule(
        "no-files-directory",
        "local file paths are relative to a files directory that must be specified with -d/--files-dir"
    )]
    NoDirectory,
    /// No files directory, as the Container Linux Config transpiler says it.
    #[rule(
        "no-local-files",
        "local files require setting the --files-dir flag to the directory that contains the file"
    )]
    NoFilesDir,
    /// A path that leads outside.
    #[rule("local-file-outside", "local file path traverses outside the files directory")]
    Outside,
    /// A file that cannot be read, in the words of whoever reads it.
    #[rule("unreadable-local-file", "{words}")]
    Unreadable {
        /// The words.
        words: String,
    },
}

impl From<String> for LocalFile {
    fn from(words: String) -> Self {
        Self::Unreadable { words }
    }
}
