//! Lines into bytes.

use crate::{lines::Whole, series::Column};

pub(super) struct Writer(pub(super) Vec<u8>);

impl Writer {
    pub(super) fn whole(&mut self, mut value: u64) {
        while value > 0x7f {
            self.0.push((value & 0x7f) as u8 | 0x80);
            value >>= 7;
        }
        self.0.push((value & 0x7f) as u8);
    }

    pub(super) fn signed(&mut self, value: i64) {
        self.whole((value.cast_unsigned() << 1) ^ (value >> 63).cast_unsigned());
    }

    pub(super) fn count(&mut self, count: usize) {
        self.whole(count as u64);
    }

    pub(super) fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.extend(text.as_bytes());
    }

    pub(super) fn bits(&mut self, bits: &[bool]) {
        self.0.extend(bits.chunks(8).map(|eight| {
            let bits = eight.iter().enumerate();
            bits.fold(0, |byte, (place, bit)| byte | (u8::from(*bit) << place))
        }));
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "a chart needs no more than 23 bits"
    )]
    pub(super) fn short(&mut self, value: f64) {
        self.0.extend((value as f32).to_le_bytes());
    }

    pub(super) fn column(&mut self, column: &Column, points: usize) {
        self.text(column.metric.as_str());
        self.whole(u64::from(column.last_n));
        let at = |values: &[Option<f64>], i: usize| values.get(i).copied().flatten();
        let buckets: Vec<Option<[f64; 3]>> = (0..points)
            .map(|i| {
                let mean = at(&column.mean, i)?;
                Some([
                    mean,
                    at(&column.min, i).unwrap_or(mean),
                    at(&column.max, i).unwrap_or(mean),
                ])
            })
            .collect();
        let there: Vec<bool> = buckets.iter().map(Option::is_some).collect();
        let buckets: Vec<[f64; 3]> = buckets.into_iter().flatten().collect();
        let flat: Vec<bool> = buckets
            .iter()
            .map(|[mean, min, max]| min == mean && max == mean)
            .collect();
        self.bits(&there);
        for [mean, ..] in &buckets {
            self.short(*mean);
        }
        self.bits(&flat);
        for place in [1, 2] {
            for (bucket, _) in buckets.iter().zip(&flat).filter(|(_, flat)| !**flat) {
                self.short(bucket[place]);
            }
        }
    }

    pub(super) fn sum(&mut self, whole: &Whole) {
        self.text(whole.metric.as_str());
        let values = [whole.mean, whole.min, whole.max, whole.total];
        let marks = values.iter().enumerate();
        let marks = marks.fold(0, |marks, (place, value)| {
            marks | (u8::from(value.is_some()) << place)
        });
        self.0.push(marks | (u8::from(whole.exact) << 4));
        for value in values.into_iter().flatten() {
            self.0.extend(value.to_le_bytes());
        }
        self.count(whole.percentiles.len());
        for value in &whole.percentiles {
            self.0.push(u8::from(value.is_some()));
            self.0
                .extend(value.iter().flat_map(|value| value.to_le_bytes()));
        }
    }
}
