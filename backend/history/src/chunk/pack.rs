//! Readings into columns.

use super::cpu::{self, Kept};
use crate::{
    Life, PackError,
    bytes::put_varint,
    column::{self, Shape},
    format::{self, Kind, Packed},
    presence,
    row::{ALWAYS, CPU_TOTAL, GROUPS, Row, shape},
};
use plimsoll_shared::Reading;

/// Packs readings of one host, given in any order; of two with the same life and instant the first given stays.
///
/// Lives need not all be packed together: a host with thousands is best packed a few hundred lives at a time, which bounds memory.
///
/// # Errors
/// When there are more than [`format::LIMIT`] instants or lives.
pub fn pack(readings: &[(Life, Reading)]) -> Result<Packed, PackError> {
    let mut order: Vec<&(Life, Reading)> = readings.iter().collect();
    order.sort_by_key(|(life, reading)| (*life, reading.at));
    order.dedup_by_key(|(life, reading)| (*life, reading.at));
    let mut instants: Vec<i64> = order.iter().map(|(_, reading)| reading.at.0).collect();
    instants.sort_unstable();
    instants.dedup();

    let processors = cpu::processors(sampled(&order));
    let lives: Vec<Columns> = order
        .chunk_by(|a, b| a.0 == b.0)
        .map(|rows| Columns::of(rows, &instants, processors))
        .collect();
    let shared = shared(&lives, instants.len());
    let mut extra = Vec::new();
    put_varint(&mut extra, processors);
    column::put(&mut extra, &shared, Shape::Level);
    let blocks = lives
        .iter()
        .map(|columns| (columns.life, columns.block(instants.len(), &shared)))
        .collect();
    format::pack(Kind::Readings, 0, &instants, blocks, &extra)
}

/// CPU time used and percentage of a few readings of every life.
fn sampled<'a>(order: &'a [&(Life, Reading)]) -> impl Iterator<Item = (u64, f64)> + 'a {
    let stride = (order.len() / 512).max(1);
    order.windows(2).step_by(stride).filter_map(|pair| {
        let (before, now) = (&pair[0], &pair[1]);
        let used = now.1.cpu_total_ns.checked_sub(before.1.cpu_total_ns)?;
        Some((used, now.1.cpu_percent.filter(|_| before.0 == now.0)?))
    })
}

/// The machine time that each instant has with the first life that knows; carried on where none does.
fn shared(lives: &[Columns], instants: usize) -> Vec<u64> {
    let mut known = vec![None; instants];
    for (place, kept) in lives.iter().flat_map(Columns::placed) {
        if let Kept::Passed(passed) = kept {
            known[place].get_or_insert(passed);
        }
    }
    let mut last = known.iter().flatten().next().copied().unwrap_or_default();
    known
        .into_iter()
        .map(|passed| {
            last = passed.unwrap_or(last);
            last
        })
        .collect()
}

/// One life's readings as rows, with their places among the instants.
struct Columns {
    life: Life,
    places: Vec<usize>,
    rows: Vec<Row>,
    percents: Vec<Option<Kept>>,
}

impl Columns {
    fn of(readings: &[&(Life, Reading)], instants: &[i64], processors: u64) -> Self {
        let mut columns = Self {
            life: readings[0].0,
            places: Vec::with_capacity(readings.len()),
            rows: Vec::with_capacity(readings.len()),
            percents: Vec::with_capacity(readings.len()),
        };
        let mut place = 0;
        let mut before = None;
        for (_, reading) in readings {
            while instants[place] != reading.at.0 {
                place += 1;
            }
            let now = reading.cpu_total_ns;
            let used = before.and_then(|before| now.checked_sub(before));
            let percent = reading.cpu_percent;
            columns.places.push(place);
            columns.rows.push(Row::of(reading));
            columns
                .percents
                .push(percent.map(|percent| cpu::keep(used, percent, processors)));
            before = Some(now);
        }
        columns
    }

    fn placed(&self) -> impl Iterator<Item = (usize, Kept)> {
        let pairs = self.places.iter().zip(&self.percents);
        pairs.filter_map(|(place, kept)| Some((*place, (*kept)?)))
    }

    fn block(&self, instants: usize, shared: &[u64]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut there = vec![false; instants];
        for place in &self.places {
            there[*place] = true;
        }
        presence::put(&mut out, there);
        let percents = self.percents.iter().map(Option::is_some).collect();
        let groups = (0..GROUPS.len()).map(|group| self.rows.iter().map(move |row| row.has(group)));
        let fields: Vec<Vec<bool>> = std::iter::once(percents)
            .chain(groups.map(Iterator::collect))
            .collect();
        presence::put_fields(&mut out, &fields);
        for column in ALWAYS {
            self.put_column(&mut out, column, |_| true);
        }
        for (group, columns) in GROUPS.into_iter().enumerate() {
            for column in columns {
                self.put_column(&mut out, *column, |row| row.has(group));
            }
        }
        self.put_percents(&mut out, shared);
        out
    }

    fn put_column(&self, out: &mut Vec<u8>, column: usize, there: impl Fn(&Row) -> bool) {
        let rows = self.rows.iter().filter(|row| there(row));
        let values: Vec<u64> = rows.map(|row| row.values[column]).collect();
        debug_assert!(column != CPU_TOTAL || values.len() == self.rows.len());
        column::put(out, &values, shape(column));
    }

    fn put_percents(&self, out: &mut Vec<u8>, shared: &[u64]) {
        let (mut raw, mut bits) = (Vec::new(), Vec::new());
        let (mut own, mut differences) = (Vec::new(), Vec::new());
        for (place, kept) in self.placed() {
            raw.push(matches!(kept, Kept::Raw(_)));
            match kept {
                Kept::Idle => {}
                Kept::Raw(percent) => bits.push(percent),
                Kept::Passed(passed) => {
                    own.push(passed);
                    differences.push(passed.wrapping_sub(shared[place]));
                }
            }
        }
        presence::put_fields(out, &[raw]);
        column::put(out, &bits, Shape::Level);
        let differing = differences.iter().filter(|d| **d != 0).count();
        if differing == 0 {
            out.push(0);
        } else if differing <= own.len() / 4 {
            out.push(1);
            column::put(out, &differences, Shape::Level);
        } else {
            out.push(2);
            column::put(out, &own, Shape::Level);
        }
    }
}
