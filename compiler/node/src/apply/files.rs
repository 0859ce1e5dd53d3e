//! Files and their contents. Owns: writing and appending. Must not: decide where.

use super::nodes::Outcome;
use super::{Fault, Run};
use crate::contents::{self, Contents, MOST_BYTES, Spoiled};
use crate::item::Item;
use crate::rule::FirstBoot;
use crate::tree::{Body, Inode};

/// The version of Ignition that was seen to crash where a piece to append has no source. Nothing says that newer ones do not.
const CRASHES_WITHOUT_SOURCE: (u32, u32) = (2, 14);

impl Run<'_, '_> {
    pub(super) fn make_file(&mut self, index: usize, place: &str) -> Outcome {
        let item = Item::File(index);
        let file = &self.config.storage.files[index];
        let has_contents = file.contents.source.is_some();
        let old = self.there(place)?;
        if let Some(ino) = old
            && (has_contents || !matches!(self.tree.inode(ino).body, Body::File(_)))
        {
            return Err(Some(self.exists(place, ino)));
        }
        let mut contents = match old.map(|ino| &self.tree.inode(ino).body) {
            Some(Body::File(old)) => old.clone(),
            _ => Contents::of(&file.contents),
        };
        // Without contents there is nothing to verify.
        let own = if has_contents { self.check_contents(place, &file.contents, "contents") } else { Ok(()) };
        let mut appended = Ok(());
        for (at, piece) in file.append.iter().enumerate().take_while(|_| own.is_ok()) {
            appended = self.check_contents(place, piece, &format!("append[{at}]"));
            if appended.is_err() {
                break;
            }
            contents.append(piece);
        }
        if own.is_err() || appended.is_err() {
            contents = Contents::unknown();
        }
        let entered = match old {
            Some(ino) => {
                let inode = self.tree.inode_mut(ino);
                (inode.body, inode.from) = (Body::File(contents), Some(item));
                Ok(())
            }
            None => self.enter(place, Inode { from: Some(item), ..Inode::new(Body::File(contents), 0o644) }),
        };
        // Contents are fetched into a file beside this one, before its name is used; what is appended to it comes after that.
        own.map_err(Some).and(entered).and(appended.map_err(Some))?;
        self.set_permissions(place, item, file.mode, &file.user, &file.group)
    }

    fn check_contents(
        &mut self,
        place: &str,
        piece: &flatwright_ignition::ignition3::Resource,
        field: &str,
    ) -> Result<(), Fault> {
        let path = place.to_owned();
        if piece.source.is_none() {
            let fault = Fault::new(FirstBoot::AppendWithoutSource { path }).at(field);
            let is_tried = self.base.ignition() == Some(CRASHES_WITHOUT_SOURCE);
            return Err(fault.likely(!is_tried).hint("give it a `source`, or leave the piece out"));
        }
        let decompressed = contents::check(piece, &mut self.room).map_err(|spoiled| match spoiled {
            Spoiled::NotGzip(why) => Fault::new(FirstBoot::Gzip { path, why: why.to_string() })
                .at(&format!("{field}.compression"))
                .hint("leave `compression` out, or give the gzipped data"),
            Spoiled::TooLarge => {
                Fault::new(FirstBoot::TooLarge { path, most: MOST_BYTES }).at(&format!("{field}.source"))
            }
            Spoiled::HashText(hash) => {
                Fault::new(FirstBoot::HashText { path, hash }).at(&format!("{field}.verification.hash"))
            }
            Spoiled::Hash { expected, actual, is_of_compressed } => {
                let fault = Fault::new(FirstBoot::Hash { path, expected, actual: actual.clone() })
                    .at(&format!("{field}.verification.hash"));
                if is_of_compressed {
                    fault.hint("give the hash of the data as it is after decompression")
                } else {
                    fault.hint(format!("write `{actual}`, if the contents are right"))
                }
            }
        })?;
        self.decompressed.extend(piece.source.as_ref().map(|source| source.as_ptr().addr()).zip(decompressed));
        Ok(())
    }
}
