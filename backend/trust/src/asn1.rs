//! A walk through DER, for structures that no crate we use describes.

use x509_cert::der::{
    Decode, Reader, SliceReader,
    asn1::{AnyRef, ObjectIdentifier},
};

/// One element of a structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element<'a> {
    /// Its first byte: class, form and number, for the numbers below 31 that are used here.
    pub tag: u8,
    /// All of it.
    pub whole: &'a [u8],
    /// What stands after its length.
    pub value: &'a [u8],
}

/// The tag of a sequence.
pub const SEQUENCE: u8 = 0x30;
/// The tag of a set.
pub const SET: u8 = 0x31;
/// The tag of an octet string.
pub const OCTETS: u8 = 0x04;
/// The tag of an integer.
pub const INTEGER: u8 = 0x02;
/// The tag of a generalised time.
pub const TIME: u8 = 0x18;

/// The elements that fill `bytes` one after the other, or nothing when they do not.
pub fn elements(bytes: &[u8]) -> Option<Vec<Element<'_>>> {
    let mut reader = SliceReader::new(bytes).ok()?;
    let mut found = Vec::new();
    while !reader.is_finished() {
        let whole = reader.tlv_bytes().ok()?;
        found.push(Element {
            tag: *whole.first()?,
            whole,
            value: AnyRef::from_der(whole).ok()?.value(),
        });
    }
    Some(found)
}

impl<'a> Element<'a> {
    /// The elements inside, if this one has the tag.
    pub fn inside(&self, tag: u8) -> Option<Vec<Element<'a>>> {
        (self.tag == tag).then(|| elements(self.value)).flatten()
    }

    /// The object identifier in dotted form, if it is one.
    pub fn oid(&self) -> Option<String> {
        let oid: ObjectIdentifier = ObjectIdentifier::from_der(self.whole).ok()?;
        Some(oid.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_bytes_are_walked_or_refused(bytes: Vec<u8>) {
            if let Some(found) = elements(&bytes) {
                prop_assert_eq!(found.iter().map(|element| element.whole.len()).sum::<usize>(), bytes.len());
            }
        }
    }
}
