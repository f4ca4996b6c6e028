//! Bytes into lines, every length checked.

use super::{REASONS, WireError};
use crate::{
    UnixMs,
    lines::{Begin, Whole},
    series::{Column, Gap, Metric},
};

pub(super) struct Reader<'b>(pub(super) &'b [u8]);

impl<'b> Reader<'b> {
    pub(super) fn take(&mut self, count: usize) -> Result<&'b [u8], WireError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(WireError::Truncated)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        let taken = self.take(N)?;
        taken.try_into().map_err(|_| WireError::Truncated)
    }

    pub(super) fn byte(&mut self) -> Result<u8, WireError> {
        self.array().map(|[byte]| byte)
    }

    pub(super) fn whole(&mut self) -> Result<u64, WireError> {
        let mut value: u64 = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                break;
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(WireError::Malformed("a number is too large"))
    }

    pub(super) fn signed(&mut self) -> Result<i64, WireError> {
        let value = self.whole()?;
        Ok((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
    }

    pub(super) fn length(&mut self, what: &'static str) -> Result<i64, WireError> {
        i64::try_from(self.whole()?).map_err(|_| WireError::Malformed(what))
    }

    /// A list whose items take at least so many bytes each.
    pub(super) fn list<T>(
        &mut self,
        shortest: usize,
        mut item: impl FnMut(&mut Self) -> Result<T, WireError>,
    ) -> Result<Vec<T>, WireError> {
        let count = usize::try_from(self.whole()?).map_err(|_| WireError::Truncated)?;
        if count > self.0.len() / shortest.max(1) {
            return Err(WireError::Truncated);
        }
        (0..count).map(|_| item(self)).collect()
    }

    pub(super) fn text(&mut self) -> Result<String, WireError> {
        let count = usize::try_from(self.whole()?).map_err(|_| WireError::Truncated)?;
        let text = std::str::from_utf8(self.take(count)?);
        text.map(str::to_owned)
            .map_err(|_| WireError::Malformed("a text is not UTF-8"))
    }

    pub(super) fn parsed<T: std::str::FromStr>(
        &mut self,
        what: &'static str,
    ) -> Result<T, WireError> {
        self.text()?.parse().map_err(|_| WireError::Malformed(what))
    }

    pub(super) fn metric(&mut self) -> Result<Metric, WireError> {
        Metric::from_word(&self.text()?).ok_or(WireError::Malformed("a metric"))
    }

    pub(super) fn mark(&mut self) -> Result<bool, WireError> {
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(WireError::Malformed("a mark")),
        }
    }

    pub(super) fn bits(&mut self, count: usize) -> Result<Vec<bool>, WireError> {
        let bytes = self.take(count.div_ceil(8))?;
        let bit = |i: usize| bytes[i / 8] >> (i % 8) & 1 == 1;
        Ok((0..count).map(bit).collect())
    }

    pub(super) fn shorts(&mut self, count: usize) -> Result<Vec<f64>, WireError> {
        let bytes = self.take(count.checked_mul(4).ok_or(WireError::Truncated)?)?;
        let one = |bytes: &[u8]| {
            let value = f64::from(f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]));
            match value.abs() < 131_072.0 {
                true => (value * 100.0).round() / 100.0,
                false => value,
            }
        };
        Ok(bytes.chunks_exact(4).map(one).collect())
    }

    pub(super) fn long(&mut self) -> Result<f64, WireError> {
        self.array().map(f64::from_le_bytes)
    }

    pub(super) fn column(&mut self, points: usize) -> Result<Column, WireError> {
        let metric = self.metric()?;
        let last_n = u32::try_from(self.whole()?)
            .map_err(|_| WireError::Malformed("the measurements of a bucket"))?;
        let there = self.bits(points)?;
        let count = there.iter().filter(|there| **there).count();
        let means = self.shorts(count)?;
        let flat = self.bits(count)?;
        let others = flat.iter().filter(|flat| !**flat).count();
        let mut mins = self.shorts(others)?.into_iter();
        let mut maxs = self.shorts(others)?.into_iter();
        let mut column = Column {
            metric,
            mean: vec![None; points],
            min: vec![None; points],
            max: vec![None; points],
            last_n,
        };
        let places = (0..points).filter(|i| there[*i]);
        for (i, (mean, flat)) in places.zip(means.into_iter().zip(flat)) {
            let (min, max) = match flat {
                true => (Some(mean), Some(mean)),
                false => (mins.next(), maxs.next()),
            };
            (column.mean[i], column.min[i], column.max[i]) = (Some(mean), min, max);
        }
        Ok(column)
    }

    pub(super) fn gap(&mut self, start: UnixMs) -> Result<Gap, WireError> {
        let from = UnixMs(start.0.saturating_add(self.signed()?));
        let length = self.length("the length of a gap")?;
        let reason = REASONS.get(usize::from(self.byte()?)).copied();
        Ok(Gap {
            from,
            to: UnixMs(from.0.saturating_add(length)),
            reason: reason.ok_or(WireError::Malformed("the reason of a gap"))?,
        })
    }

    pub(super) fn begin(&mut self, start: UnixMs) -> Result<Begin, WireError> {
        Ok(Begin {
            at: UnixMs(start.0.saturating_add(self.signed()?)),
            container: self.parsed("a container")?,
            name: self.text()?,
            image: self.text()?,
            redeployed: self.mark()?,
        })
    }

    pub(super) fn sum(&mut self) -> Result<Whole, WireError> {
        let metric = self.metric()?;
        let marks = self.byte()?;
        if marks > 0x1f {
            return Err(WireError::Malformed("a mark"));
        }
        let mut values = [None; 4];
        for (place, value) in values.iter_mut().enumerate() {
            if marks >> place & 1 == 1 {
                *value = Some(self.long()?);
            }
        }
        let [mean, min, max, total] = values;
        Ok(Whole {
            metric,
            mean,
            min,
            max,
            total,
            percentiles: self.list(1, |read| {
                let there = read.mark()?;
                there.then(|| read.long()).transpose()
            })?,
            exact: marks & 0x10 != 0,
        })
    }
}
