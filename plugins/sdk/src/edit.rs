//! Editing lists of named things: the order is kept, and a name stays unique.

use crate::cluster::Pair;
use crate::kubeadm_types::{Argument, File, FileContent};

/// Names and their values: command-line arguments (without leading dashes), labels, open tails.
pub trait Entries {
    /// The value of a name.
    fn value(&self, name: &str) -> Option<&str>;

    /// Sets a value; a new name goes to the end.
    fn set(&mut self, name: impl Into<String>, value: impl Into<String>);

    /// Sets a value only if there is none: what the user wrote stays.
    fn set_default(&mut self, name: &str, value: impl Into<String>) {
        if self.value(name).is_none() {
            self.set(name, value);
        }
    }

    /// Removes a name, and gives its value.
    fn unset(&mut self, name: &str) -> Option<String>;
}

impl Entries for Vec<Argument> {
    fn value(&self, name: &str) -> Option<&str> {
        self.iter().find(|argument| argument.name == name).map(|argument| argument.value.as_str())
    }

    fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let (name, value) = (name.into(), value.into());
        match self.iter_mut().find(|argument| argument.name == name) {
            Some(argument) => argument.value = value,
            None => self.push(Argument { name, value }),
        }
    }

    fn unset(&mut self, name: &str) -> Option<String> {
        let at = self.iter().position(|argument| argument.name == name)?;
        Some(self.remove(at).value)
    }
}

impl Entries for Vec<Pair> {
    fn value(&self, name: &str) -> Option<&str> {
        self.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let (name, value) = (name.into(), value.into());
        match self.iter_mut().find(|(other, _)| *other == name) {
            Some((_, old)) => *old = value,
            None => self.push((name, value)),
        }
    }

    fn unset(&mut self, name: &str) -> Option<String> {
        let at = self.iter().position(|(other, _)| other == name)?;
        Some(self.remove(at).1)
    }
}

/// Files by path.
pub trait Files {
    /// The file of a path.
    fn at(&self, path: &str) -> Option<&File>;

    /// Adds a file, or replaces the one of the same path.
    fn put(&mut self, file: File);
}

impl Files for Vec<File> {
    fn at(&self, path: &str) -> Option<&File> {
        self.iter().find(|file| file.path == path)
    }

    fn put(&mut self, file: File) {
        match self.iter_mut().find(|other| other.path == file.path) {
            Some(other) => *other = file,
            None => self.push(file),
        }
    }
}

impl File {
    /// A text file of root's that everyone may read.
    ///
    /// ```
    /// # use flatwright_plugin_sdk::{Files, kubeadm_types::File};
    /// # let mut files = Vec::new();
    /// files.put(File::text("/etc/motd", "Welcome\n").permissions("0600"));
    /// ```
    pub fn text(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            content: FileContent::Text(text.into()),
            owner: Some("root:root".to_owned()),
            permissions: Some("0644".to_owned()),
            append: false,
        }
    }

    /// With other permissions, in octal.
    #[must_use]
    pub fn permissions(mut self, permissions: impl Into<String>) -> Self {
        self.permissions = Some(permissions.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_keep_order_and_stay_unique() {
        let mut arguments: Vec<Argument> = Vec::new();
        arguments.set("a", "1");
        arguments.set("b", "2");
        arguments.set("a", "3");
        arguments.set_default("b", "4");
        assert_eq!((arguments.len(), arguments.value("a")), (2, Some("3")));
        assert_eq!(arguments.unset("b").as_deref(), Some("2"));
        assert_eq!(arguments.unset("b"), None);
    }

    #[test]
    fn a_file_of_the_same_path_is_replaced() {
        let mut files = vec![File::text("/a", "1"), File::text("/b", "2")];
        files.put(File::text("/a", "3"));
        assert_eq!(files.len(), 2);
        assert_eq!(files.at("/a").map(|file| &file.content), Some(&FileContent::Text("3".into())));
    }
}
