//! Lists that were handed in, and more of them where something can get them.

use std::collections::BTreeMap;

use flatwright_lock::known::Known;

/// Gets what is at a URL. The error is the reason in words.
pub type Fetch<'l> = dyn FnMut(&str) -> Result<Vec<u8>, String> + 'l;

/// What versions there are, as far as anybody says.
pub struct Lists<'l> {
    /// What was read.
    pub known: Known,
    /// What gets more; nothing where only files count.
    fetch: Option<&'l mut Fetch<'l>>,
    /// URLs that were asked, with why there is nothing.
    asked: BTreeMap<String, Option<String>>,
}

impl<'l> Lists<'l> {
    /// Lists that were read, and no others.
    pub fn read(known: Known) -> Self {
        Self { known, fetch: None, asked: BTreeMap::new() }
    }

    /// Lists that were read, and what gets more of them.
    pub fn fetching(known: Known, fetch: &'l mut Fetch<'l>) -> Self {
        Self { known, fetch: Some(fetch), asked: BTreeMap::new() }
    }

    /// Gets a list once. The reason why there is none, where it was tried.
    pub(super) fn get(&mut self, url: &str) -> Result<bool, String> {
        if let Some(asked) = self.asked.get(url) {
            return asked.clone().map_or(Ok(true), Err);
        }
        let Some(fetch) = &mut self.fetch else { return Ok(false) };
        let read = fetch(url).and_then(|bytes| {
            self.known.add(url, &bytes).map(|_| ()).map_err(|malformed| format!("line {}: {malformed}", malformed.line))
        });
        self.asked.insert(url.to_owned(), read.clone().err());
        read.map(|()| true)
    }

    /// Gets a file, for its hash.
    pub(super) fn bytes(&mut self, url: &str) -> Option<Result<Vec<u8>, String>> {
        self.fetch.as_mut().map(|fetch| fetch(url))
    }

    /// Whether there is something that gets more.
    pub(super) const fn can_fetch(&self) -> bool {
        self.fetch.is_some()
    }
}

impl std::fmt::Debug for Lists<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lists").field("known", &self.known).field("asked", &self.asked).finish_non_exhaustive()
    }
}
