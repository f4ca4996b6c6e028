//! A package header: an index of tags, and a store that they point into.
//!
//! Values are read where the index points and for as long as their type says. Nothing is concluded from the distance to the next
//! value, since a header may end in tags that were added after it was signed.

use super::bytes::Bytes;
use crate::package::Unreadable;

pub(super) const NAME: usize = 1000;
pub(super) const VERSION: usize = 1001;
pub(super) const RELEASE: usize = 1002;
pub(super) const EPOCH: usize = 1003;
pub(super) const VENDOR: usize = 1011;
pub(super) const LICENCE: usize = 1014;
pub(super) const FOLDER_OF_FILE: usize = 1116;
pub(super) const FILES: usize = 1117;
pub(super) const FOLDERS: usize = 1118;
pub(super) const ARCHITECTURE: usize = 1022;
pub(super) const SOURCE: usize = 1044;
pub(super) const MODULARITY: usize = 5096;

const FORMAT: &str = "header of an RPM package";
/// Bytes of one entry of the index: tag, type, offset, count.
const ENTRY: usize = 16;
/// Most tags of a header that `rpm` itself accepts.
const MOST_TAGS: usize = 0xFFFF;

const INT32: usize = 4;
const STRING: usize = 6;
const STRING_ARRAY: usize = 8;
const I18N_STRING: usize = 9;

pub(super) struct Header<'a> {
    bytes: Bytes<'a>,
    tags: usize,
    store: usize,
}

impl<'a> Header<'a> {
    pub(super) fn read(all: &'a [u8]) -> Result<Self, Unreadable> {
        let bytes = Bytes {
            all,
            format: FORMAT,
            big_endian: true,
        };
        let (tags, length) = (bytes.long(0)?, bytes.long(4)?);
        if tags == 0 || tags > MOST_TAGS {
            return Err(bytes.damaged(0, "it has no tags, or more than 65535"));
        }
        let store = 8 + tags * ENTRY;
        bytes.slice(store, length)?;
        Ok(Self { bytes, tags, store })
    }

    /// A text that every package has.
    pub(super) fn required(&self, tag: usize) -> Result<String, Unreadable> {
        self.text(tag)?
            .filter(|text| !text.is_empty())
            .ok_or_else(|| self.bytes.damaged(0, &format!("it lacks the tag {tag}")))
    }

    /// The text of a tag, its first where it has many.
    pub(super) fn text(&self, tag: usize) -> Result<Option<String>, Unreadable> {
        let Some((kind, at)) = self.find(tag)? else {
            return Ok(None);
        };
        if ![STRING, STRING_ARRAY, I18N_STRING].contains(&kind) {
            return Err(self.bytes.damaged(at, &format!("the tag {tag} is no text")));
        }
        let rest = self.bytes.all.get(at..).unwrap_or_default();
        let end = rest
            .iter()
            .position(|byte| *byte == 0)
            .ok_or_else(|| self.bytes.damaged(at, "a text does not end"))?;
        Ok(Some(String::from_utf8_lossy(&rest[..end]).into_owned()))
    }

    /// The number of a tag.
    pub(super) fn number(&self, tag: usize) -> Result<Option<usize>, Unreadable> {
        match self.find(tag)? {
            None => Ok(None),
            Some((INT32, at)) => self.bytes.long(at).map(Some),
            Some((_, at)) => Err(self
                .bytes
                .damaged(at, &format!("the tag {tag} is no number"))),
        }
    }

    /// The texts of a tag that has many.
    pub(super) fn texts(&self, tag: usize) -> Result<Vec<&'a [u8]>, Unreadable> {
        let Some((_, at, count)) = self.find_all(tag)? else {
            return Ok(Vec::new());
        };
        let rest = self.bytes.all.get(at..).unwrap_or_default();
        let texts: Vec<_> = rest.split(|byte| *byte == 0).take(count).collect();
        if texts.len() < count {
            return Err(self.bytes.damaged(at, "a list of texts does not end"));
        }
        Ok(texts)
    }

    /// The numbers of a tag that has many.
    pub(super) fn numbers(&self, tag: usize) -> Result<Vec<usize>, Unreadable> {
        let Some((_, at, count)) = self.find_all(tag)? else {
            return Ok(Vec::new());
        };
        self.bytes.slice(at, count.saturating_mul(4))?;
        (0..count)
            .map(|nth| self.bytes.long(at + nth * 4))
            .collect()
    }

    /// Type and place of a tag's value.
    fn find(&self, tag: usize) -> Result<Option<(usize, usize)>, Unreadable> {
        Ok(self.find_all(tag)?.map(|(kind, at, _)| (kind, at)))
    }

    /// Type, place and count of a tag's values.
    fn find_all(&self, tag: usize) -> Result<Option<(usize, usize, usize)>, Unreadable> {
        for nth in 0..self.tags {
            let at = 8 + nth * ENTRY;
            if self.bytes.long(at)? == tag {
                let (kind, offset) = (self.bytes.long(at + 4)?, self.bytes.long(at + 8)?);
                let count = self.bytes.long(at + 12)?;
                return Ok(Some((kind, self.store.saturating_add(offset), count)));
            }
        }
        Ok(None)
    }
}
