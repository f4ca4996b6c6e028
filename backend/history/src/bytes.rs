//! Numbers as bytes: LEB128 varints, zigzag for signed ones, and a cursor that never reads past the end.

use crate::DecodeError;

/// Appends a LEB128 varint: seven bits a byte, lowest first, high bit set on all but the last.
pub(crate) fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    loop {
        let [low, ..] = value.to_le_bytes();
        value >>= 7;
        if value == 0 {
            out.push(low & 0x7f);
            return;
        }
        out.push(low | 0x80);
    }
}

/// Appends a count as a varint.
pub(crate) fn put_count(out: &mut Vec<u8>, count: usize) {
    put_varint(out, u64::try_from(count).unwrap_or(u64::MAX));
}

/// A signed number as an unsigned one that is small when the signed one is near zero.
pub(crate) fn zigzag(value: i64) -> u64 {
    (value << 1 ^ value >> 63).cast_unsigned()
}

/// The inverse of [`zigzag`].
pub(crate) fn unzigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}

/// The step from `before` to `after`, in either direction, as a small number where they are close.
pub(crate) fn step(before: u64, after: u64) -> u64 {
    zigzag(after.wrapping_sub(before).cast_signed())
}

/// The inverse of [`step`].
pub(crate) fn stepped(before: u64, step: u64) -> u64 {
    before.wrapping_add(unzigzag(step).cast_unsigned())
}

/// What is left to read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor<'a>(pub(crate) &'a [u8]);

impl<'a> Cursor<'a> {
    pub(crate) fn take(&mut self, count: usize) -> Result<&'a [u8], DecodeError> {
        let (taken, rest) = self
            .0
            .split_at_checked(count)
            .ok_or(DecodeError::Truncated)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let (taken, rest) = self
            .0
            .split_first_chunk::<N>()
            .ok_or(DecodeError::Truncated)?;
        self.0 = rest;
        Ok(*taken)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, DecodeError> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(crate) fn varint(&mut self) -> Result<u64, DecodeError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.u8()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                break;
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(DecodeError::Malformed("a number longer than 64 bits"))
    }

    /// A count of `what`, at most `limit`.
    pub(crate) fn count(&mut self, what: &'static str, limit: usize) -> Result<usize, DecodeError> {
        let found = self.varint()?;
        usize::try_from(found)
            .ok()
            .filter(|count| *count <= limit)
            .ok_or(DecodeError::TooMany {
                what,
                found,
                limit: u64::try_from(limit).unwrap_or(u64::MAX),
            })
    }

    /// Says that everything was read.
    pub(crate) fn end(&self, what: &'static str) -> Result<(), DecodeError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(DecodeError::Malformed(what))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back(value: u64, other: u64) {
            let mut out = Vec::new();
            put_varint(&mut out, value);
            let mut cursor = Cursor(&out);
            prop_assert_eq!(cursor.varint(), Ok(value));
            prop_assert!(cursor.0.is_empty());
            prop_assert_eq!(stepped(other, step(other, value)), value);
            prop_assert_eq!(unzigzag(zigzag(value.cast_signed())), value.cast_signed());
        }
    }

    #[test]
    fn a_number_of_eleven_bytes_is_refused() {
        assert!(Cursor(&[0xff; 11]).varint().is_err());
        assert_eq!(Cursor(&[0x80]).varint(), Err(DecodeError::Truncated));
    }
}
