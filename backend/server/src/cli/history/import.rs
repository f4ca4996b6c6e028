//! Exported history into a data folder, a few lives at a time. What is there already stays: importing twice is importing once.

use super::{
    HistoryError,
    line::{self, Line},
};
use plimsoll_history::{
    Life, chunk,
    format::Packed,
    gap::{self, Gap, Reason},
    rollup::{self, Bucket},
    tier::{self, Tier},
};
use plimsoll_shared::{HostId, Reading, UnixMs, series::GapReason};
use plimsoll_store::{Chunk, LifeId, Missing, Store, Stretch};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead, Read},
};

/// Longest line.
const LONGEST_LINE: u64 = 256 * 1024 * 1024;
/// Lives, and buckets, that are packed together.
const LIVES: usize = 64;
const BUCKETS: usize = 30_000;

/// Takes in what `from` says.
pub(super) async fn import(
    store: &Store,
    from: &mut (impl BufRead + Send),
) -> Result<(), HistoryError> {
    let mut import = Import {
        store,
        lives: BTreeMap::new(),
        waiting: None,
    };
    let mut number = 0;
    let mut text = String::new();
    loop {
        number += 1;
        text.clear();
        let read = from
            .by_ref()
            .take(LONGEST_LINE)
            .read_line(&mut text)
            .map_err(HistoryError::Read)?;
        if read == 0 {
            break;
        }
        let wrong = |why: String| HistoryError::Line { number, why };
        let line: Line = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        match (&line, number) {
            (Line::PlimsollHistory(head), 1) if head.version == line::VERSION => continue,
            (Line::PlimsollHistory(head), 1) => {
                return Err(wrong(format!(
                    "it is of version {}, this program knows {}",
                    head.version,
                    line::VERSION
                )));
            }
            (_, 1) => {
                return Err(wrong(
                    "the first line is not that of an exported history".to_owned(),
                ));
            }
            _ => import.take(line).await.map_err(|error| error.at(number))?,
        }
    }
    import.flush().await
}

struct Import<'s> {
    store: &'s Store,
    /// By their numbers in the file: the host, and what they are called here.
    lives: BTreeMap<u64, (HostId, LifeId)>,
    waiting: Option<Waiting>,
}

/// History of one stretch that is not written yet.
struct Waiting {
    host: HostId,
    stretch: Stretch,
    lives: BTreeSet<LifeId>,
    readings: Vec<(Life, Reading)>,
    buckets: Vec<(Life, UnixMs, Bucket)>,
}

impl Import<'_> {
    async fn take(&mut self, line: Line) -> Result<(), HistoryError> {
        match line {
            Line::PlimsollHistory(_) => Err(HistoryError::line("it is there a second time")),
            Line::Container(of) => Ok(self
                .store
                .adopt_container(&of.host, &of.facts, of.removed_at)
                .await?),
            Line::Life(life) => self.life(life).await,
            Line::Gap(gap) => self.gap(gap).await,
            Line::Readings(of) => self.readings(of).await,
            Line::Buckets(of) => self.buckets(of).await,
        }
    }

    async fn life(&mut self, life: line::Life) -> Result<(), HistoryError> {
        let here = match (&life.container, life.began_at) {
            (None, _) => {
                self.store.adopt_host(&life.host).await?;
                self.store.machine_life(&life.host).await?
            }
            (Some(container), Some(began_at)) => {
                let told = plimsoll_store::Life {
                    id: LifeId::of_number(0),
                    began_at,
                    guessed: life.guessed,
                    ended_at: life.ended_at,
                    exit_code: life.exit_code,
                    oom_killed: life.oom_killed,
                };
                self.store.adopt_life(&life.host, container, &told).await?
            }
            (Some(_), None) => None,
        };
        let here = here.ok_or_else(|| {
            HistoryError::line("a life needs began_at and its container's line before it")
        })?;
        self.lives.insert(life.n, (life.host, here));
        Ok(())
    }

    fn here(&self, life: u64) -> Result<(HostId, LifeId), HistoryError> {
        self.lives
            .get(&life)
            .cloned()
            .ok_or_else(|| HistoryError::line("the line of its life does not come before it"))
    }

    async fn gap(&mut self, gap: line::Gap) -> Result<(), HistoryError> {
        let life = match gap.life {
            Some(life) => Some(Life(self.here(life)?.1.number())),
            None => None,
        };
        let reason = match gap.reason {
            GapReason::Unknown => Reason::Unknown,
            GapReason::HostDown => Reason::HostDown,
            GapReason::ContainerStopped => Reason::ContainerStopped,
            GapReason::HubStopped => Reason::HubStopped,
            GapReason::BufferOverflow => Reason::BufferOverflow,
        };
        let (from, to) = (gap.from, gap.to);
        let one = Gap {
            life,
            from,
            to,
            reason,
        };
        let bytes = gap::encode(&[one]).map_err(|error| HistoryError::line(&error.to_string()))?;
        let missing = Missing { from, to, bytes };
        Ok(self.store.append(&gap.host, &[], &[missing]).await?)
    }

    async fn readings(&mut self, of: line::Readings) -> Result<(), HistoryError> {
        let (host, life) = self.here(of.life)?;
        let mut rest = &of.readings[..];
        while let Some(first) = rest.first() {
            let stretch = stretch(Tier::Second, first.at);
            let inside = |reading: &Reading| reading.at >= stretch.from && reading.at < stretch.to;
            let length = rest.iter().take_while(|reading| inside(reading)).count();
            let (ours, others) = rest.split_at(length);
            rest = others;
            let blocks = self
                .store
                .blocks(life, stretch.tier, stretch.from, stretch.to)
                .await?;
            let there: BTreeSet<UnixMs> = blocks
                .iter()
                .flat_map(|block| crate::recorder::unpack(life, block))
                .map(|reading| reading.at)
                .collect();
            let new = ours.iter().filter(|reading| !there.contains(&reading.at));
            let new: Vec<_> = new.map(|reading| (Life(life.number()), *reading)).collect();
            self.wait(host.clone(), stretch, life)
                .await?
                .readings
                .extend(new);
        }
        Ok(())
    }

    async fn buckets(&mut self, of: line::Buckets) -> Result<(), HistoryError> {
        let (host, life) = self.here(of.life)?;
        let coarse = &Tier::ALL[1..];
        let tier = coarse.iter().find(|tier| tier.width_ms() == of.width_ms);
        let tier = *tier.ok_or_else(|| HistoryError::line("no tier is as wide"))?;
        let mut there = None;
        for (at, bucket) in of.buckets {
            let stretch = stretch(tier, at);
            if at != tier.bucket(at) {
                return Err(HistoryError::line("a bucket begins between two"));
            }
            let known = match there {
                Some((of, known)) if of == stretch.from => known,
                _ => !self
                    .store
                    .blocks(life, stretch.tier, stretch.from, stretch.to)
                    .await?
                    .is_empty(),
            };
            there = Some((stretch.from, known));
            if !known {
                let waiting = self.wait(host.clone(), stretch, life).await?;
                waiting.buckets.push((Life(life.number()), at, bucket));
            }
        }
        Ok(())
    }

    /// Where to put what is of this stretch; what waits of another, or is enough, is written first.
    async fn wait(
        &mut self,
        host: HostId,
        stretch: Stretch,
        life: LifeId,
    ) -> Result<&mut Waiting, HistoryError> {
        let fits = self.waiting.as_ref().is_some_and(|waiting| {
            waiting.host == host
                && waiting.stretch == stretch
                && (waiting.lives.contains(&life)
                    || (waiting.lives.len() < LIVES && waiting.buckets.len() < BUCKETS))
        });
        if !fits {
            self.flush().await?;
        }
        let waiting = self.waiting.get_or_insert_with(|| Waiting {
            host,
            stretch,
            lives: BTreeSet::new(),
            readings: Vec::new(),
            buckets: Vec::new(),
        });
        waiting.lives.insert(life);
        Ok(waiting)
    }

    async fn flush(&mut self) -> Result<(), HistoryError> {
        let Some(mut waiting) = self.waiting.take() else {
            return Ok(());
        };
        let stretch = waiting.stretch;
        let unusable = |error: plimsoll_history::PackError| HistoryError::line(&error.to_string());
        let (packed, last_at) = match Tier::of_number(stretch.tier) {
            Some(tier) if tier != Tier::Second => {
                waiting.buckets.sort_by_key(|(life, at, _)| (*life, *at));
                let last_at = waiting.buckets.iter().map(|(_, at, _)| *at).max();
                (
                    rollup::pack(tier, &waiting.buckets).map_err(unusable)?,
                    last_at,
                )
            }
            _ => {
                let last_at = waiting.readings.iter().map(|(_, reading)| reading.at).max();
                (chunk::pack(&waiting.readings).map_err(unusable)?, last_at)
            }
        };
        let Some(last_at) = last_at else {
            return Ok(());
        };
        let chunk = kept(packed, last_at);
        Ok(self
            .store
            .pack(&waiting.host, stretch, &[chunk], &[])
            .await?)
    }
}

fn stretch(tier: Tier, at: UnixMs) -> Stretch {
    let from = tier::bucket(at, tier.chunk_ms());
    Stretch {
        tier: tier.number(),
        from,
        to: UnixMs(from.0.saturating_add(tier.chunk_ms())),
    }
}

fn kept(packed: Packed, last_at: UnixMs) -> Chunk {
    let blocks = packed.blocks.into_iter();
    Chunk {
        last_at,
        front: packed.front,
        blocks: blocks
            .map(|(life, bytes)| (LifeId::of_number(life.0), bytes))
            .collect(),
    }
}
