//! NDB, the form of SUSE: a table of slots, each pointing at a header.

use super::bytes::Bytes;
use crate::package::Unreadable;

pub(super) const MAGIC: &[u8] = b"RpmP";
const SLOT: &[u8] = b"Slot";
const BLOB: &[u8] = b"BlbS";
const PAGE: usize = 4096;
const SLOT_BYTES: usize = 16;
/// The file's own head takes the room of the first two slots.
const HEAD: usize = 32;
const BLOCK: usize = 16;

/// Every header of the database.
pub(super) fn headers(all: &[u8]) -> Result<Vec<Vec<u8>>, Unreadable> {
    let bytes = Bytes {
        all,
        format: "RPM database (NDB)",
        big_endian: false,
    };
    let slots = bytes.long(12)?.saturating_mul(PAGE);
    let slots = bytes.slice(0, slots)?.len();
    let mut headers = Vec::new();
    let mut total = 0;
    for at in (HEAD..slots).step_by(SLOT_BYTES) {
        if bytes.slice(at, 4)? != SLOT {
            return Err(bytes.damaged(at, "here should be a slot"));
        }
        let (package, block) = (bytes.long(at + 4)?, bytes.long(at + 8)?);
        if package == 0 {
            continue;
        }
        let blob = block.saturating_mul(BLOCK);
        if bytes.slice(blob, 4)? != BLOB || bytes.long(blob + 4)? != package {
            return Err(bytes.damaged(blob, "here should be the header of a package"));
        }
        let header = bytes.slice(blob + 16, bytes.long(blob + 12)?)?;
        total += header.len();
        if total > all.len() {
            return Err(bytes.damaged(blob, "its headers overlap"));
        }
        headers.push(header.to_vec());
    }
    Ok(headers)
}
