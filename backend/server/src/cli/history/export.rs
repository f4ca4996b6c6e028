//! History out of a data folder, line by line.

use super::{
    HistoryError, Selection,
    line::{self, Line},
};
use crate::{
    clock,
    recorder::{Archive, buckets, readable, unpack},
};
use plimsoll_history::{
    gap::{self, Reason},
    rollup::{COUNTER_NAMES, GAUGE_NAMES},
    tier::{self, Tier},
};
use plimsoll_shared::{HostId, Reading, UnixMs, series::GapReason};
use plimsoll_store::{LifeId, Stretch};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
};

/// Containers read at a time, lives of one container, and lives whose readings are held together.
const CONTAINERS: u32 = 500;
const LIVES: u32 = 10_000;
const TOGETHER: u32 = 64;

/// Writes what is selected of `store`.
pub(super) async fn export(
    store: &Archive,
    selection: &Selection,
    out: &mut (impl Write + Send),
) -> Result<(), HistoryError> {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let head = line::Head {
        version: line::VERSION,
        exported_at: clock::now(),
        levels: names(&GAUGE_NAMES),
        growths: names(&COUNTER_NAMES),
    };
    write(out, &Line::PlimsollHistory(head))?;
    for host in store.hosts().await? {
        if selection
            .host
            .as_ref()
            .is_some_and(|wanted| *wanted != host)
        {
            continue;
        }
        let lives = lives(store, &host, selection, out).await?;
        gaps(store, &host, &lives, selection, out).await?;
        single_readings(store, &host, &lives, selection, out).await?;
        for tier in &Tier::ALL[1..] {
            for stretch in store.stretches(&host, tier.number()).await? {
                if !selection.touches(stretch.from, stretch.to) {
                    continue;
                }
                for life in &packed(store, &host, stretch, &lives).await? {
                    let found = store
                        .blocks(*life, tier.number(), stretch.from, stretch.to)
                        .await?;
                    let mut rows: Vec<_> = found
                        .iter()
                        .filter_map(|block| buckets(*life, block))
                        .flatten()
                        .collect();
                    rows.retain(|(at, _)| selection.holds(*at));
                    rows.sort_by_key(|(at, _)| *at);
                    if !rows.is_empty() {
                        let of = line::Buckets {
                            life: life.number(),
                            width_ms: tier.width_ms(),
                            buckets: rows,
                        };
                        write(out, &Line::Buckets(of))?;
                    }
                }
            }
        }
    }
    out.flush().map_err(HistoryError::Write)
}

fn write(out: &mut impl Write, line: &Line) -> Result<(), HistoryError> {
    serde_json::to_writer(&mut *out, line).map_err(|error| HistoryError::Write(error.into()))?;
    out.write_all(b"\n").map_err(HistoryError::Write)
}

/// Writes containers and their lives; gives the lives.
async fn lives(
    store: &Archive,
    host: &HostId,
    selection: &Selection,
    out: &mut impl Write,
) -> Result<BTreeSet<LifeId>, HistoryError> {
    let mut all = BTreeSet::new();
    let mut after = None;
    loop {
        let page = store.containers(host, after.as_ref(), CONTAINERS).await?;
        let Some(last) = page.last() else {
            break;
        };
        after = Some(last.facts.id.clone());
        for known in page {
            if !selection.names(&known.facts) {
                continue;
            }
            let id = known.facts.id.clone();
            let container = line::Container {
                host: host.clone(),
                removed_at: known.removed_at,
                facts: known.facts,
            };
            write(out, &Line::Container(Box::new(container)))?;
            let mut lives = store.lives(host, &id, LIVES).await?;
            lives.reverse();
            for life in lives {
                all.insert(life.id);
                let told = line::Life {
                    n: life.id.number(),
                    host: host.clone(),
                    container: Some(id.clone()),
                    began_at: Some(life.began_at),
                    guessed: life.guessed,
                    ended_at: life.ended_at,
                    exit_code: life.exit_code,
                    oom_killed: life.oom_killed,
                };
                write(out, &Line::Life(told))?;
            }
        }
    }
    if selection.container.is_none()
        && let Some(machine) = store.machine_life(host).await?
    {
        all.insert(machine);
        let told = line::Life {
            n: machine.number(),
            host: host.clone(),
            container: None,
            began_at: None,
            guessed: false,
            ended_at: None,
            exit_code: None,
            oom_killed: false,
        };
        write(out, &Line::Life(told))?;
    }
    Ok(all)
}

async fn gaps(
    store: &Archive,
    host: &HostId,
    lives: &BTreeSet<LifeId>,
    selection: &Selection,
    out: &mut impl Write,
) -> Result<(), HistoryError> {
    for kept in store.gaps(host, selection.from, selection.to).await? {
        for gap in readable(gap::decode(&kept.bytes)).unwrap_or_default() {
            let ours = |life: plimsoll_history::Life| lives.contains(&LifeId::of_number(life.0));
            if !gap.life.is_none_or(ours) {
                continue;
            }
            let told = line::Gap {
                host: host.clone(),
                life: gap.life.map(|life| life.0),
                from: gap.from,
                to: gap.to,
                reason: match gap.reason {
                    Reason::Unknown => GapReason::Unknown,
                    Reason::HostDown => GapReason::HostDown,
                    Reason::ContainerStopped => GapReason::ContainerStopped,
                    Reason::HubStopped => GapReason::HubStopped,
                    Reason::BufferOverflow => GapReason::BufferOverflow,
                },
            };
            write(out, &Line::Gap(told))?;
        }
    }
    Ok(())
}

/// Writes single readings stretch by stretch, those that are not packed among them.
async fn single_readings(
    store: &Archive,
    host: &HostId,
    lives: &BTreeSet<LifeId>,
    selection: &Selection,
    out: &mut impl Write,
) -> Result<(), HistoryError> {
    store.load(host).await?;
    let (number, length) = (Tier::Second.number(), Tier::Second.chunk_ms());
    let mut starts: BTreeSet<UnixMs> = BTreeSet::new();
    for stretch in store.stretches(host, number).await? {
        starts.insert(stretch.from);
    }
    let all: Vec<LifeId> = lives.iter().copied().collect();
    let (first, last) = (UnixMs(i64::MIN / 2), UnixMs(i64::MAX / 2));
    for some in all.chunks(TOGETHER as usize) {
        let loose = store.loose(host, some, first, last).await?;
        let at = loose.values().flatten().map(|reading| reading.at);
        starts.extend(at.map(|at| tier::bucket(at, length)));
    }
    for from in starts {
        let to = UnixMs(from.0.saturating_add(length));
        if !selection.touches(from, to) {
            continue;
        }
        for some in all.chunks(TOGETHER as usize) {
            let mut loose = store.loose(host, some, from, UnixMs(to.0 - 1)).await?;
            for life in some {
                let blocks = store.blocks(*life, number, from, to).await?;
                let mut found: BTreeMap<UnixMs, Reading> = BTreeMap::new();
                let packed = blocks.iter().flat_map(|block| unpack(*life, block));
                for reading in packed.chain(loose.remove(life).unwrap_or_default()) {
                    found.entry(reading.at).or_insert(reading);
                }
                found.retain(|at, _| *at >= from && *at < to && selection.holds(*at));
                if !found.is_empty() {
                    let of = line::Readings {
                        life: life.number(),
                        readings: found.into_values().collect(),
                    };
                    write(out, &Line::Readings(of))?;
                }
            }
        }
    }
    Ok(())
}

/// The lives among `lives` that have blocks in a stretch.
async fn packed(
    store: &Archive,
    host: &HostId,
    stretch: Stretch,
    lives: &BTreeSet<LifeId>,
) -> Result<Vec<LifeId>, HistoryError> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = store.packed_lives(host, stretch, after, TOGETHER).await?;
        let Some(last) = page.last() else {
            return Ok(found);
        };
        after = Some(*last);
        found.extend(page.into_iter().filter(|life| lives.contains(life)));
    }
}
