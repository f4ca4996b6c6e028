//! The past of many lines, read back: a few questions to the store for all of them, decoded on threads of their own.

mod fetch;
mod line;
mod strand;

pub(crate) use line::Wish;
pub(crate) use strand::{Strand, predecessors};

use super::Archive;
use fetch::{Fetched, Pieces, Unpacked};
use plimsoll_history::{
    DecodeError, Life, chunk,
    gap::{self, Gap, Reason},
    query::{self, By, Piece, Selection},
    rollup::{self, Bucket},
    tier::Plan,
};
use plimsoll_shared::{
    ContainerId, HostId, Reading, UnixMs,
    lines::{Line, Subject},
    series::{Metric, Series},
};
use plimsoll_store::{Block, Kin, LifeId, Store, StoreError};
use std::{collections::BTreeMap, sync::Arc, thread};

/// Lives that are read and decoded together.
const LIVES_AT_ONCE: usize = 128;
/// Lines that are worth a thread.
const LINES_A_THREAD: usize = 2;

/// Which stretch of time is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Range {
    pub(crate) plan: Plan,
    /// No reading after this, which may lie within the last bucket.
    pub(crate) to: UnixMs,
    /// Readings further apart than this are not joined by a rate, in milliseconds.
    pub(crate) max_gap_ms: i64,
}

impl Range {
    /// The line of something of which nothing is recorded.
    pub(crate) fn nothing(&self, of: &Subject, name: String, wish: &Wish) -> Line {
        line::line(&Strand::blank(of.clone(), name), &[], &[], self, wish)
    }
}

/// A question about one container.
pub(crate) struct Question<'a> {
    pub(crate) host: &'a HostId,
    pub(crate) container: &'a ContainerId,
    pub(crate) plan: Plan,
    /// No reading after this, which may lie within the last bucket.
    pub(crate) to: UnixMs,
    pub(crate) max_gap_ms: i64,
    /// A gap of the host that lasts.
    pub(crate) lasting: Option<Gap>,
}

/// Everything measured of one container itself.
pub(crate) async fn answer(store: &Archive, asked: &Question<'_>) -> Result<Series, StoreError> {
    let host = asked.host;
    let range = &Range {
        plan: asked.plan,
        to: asked.to,
        max_gap_ms: asked.max_gap_ms,
    };
    let of = Subject::Container(host.clone(), asked.container.clone());
    let strand = strands(store, std::slice::from_ref(&of), false, range)
        .await?
        .remove(0);
    let strand = strand.unwrap_or_else(|| Strand::blank(of, String::new()));
    let wish = Wish {
        metrics: Metric::ALL.to_vec(),
        ..Wish::default()
    };
    let lasting = asked.lasting.into_iter().map(|gap| (host.clone(), gap));
    let line = lines(store, vec![strand], range, &lasting.collect(), wish)
        .await?
        .remove(0);
    Ok(Series {
        from: range.plan.from,
        step_ms: range.plan.step_ms,
        columns: line.columns,
        gaps: line.gaps,
    })
}

/// The lives that each subject's line is made of in the range, with those of the containers that it took over from if they are
/// `linked`; `None` for a subject of which nothing was ever recorded.
pub(crate) async fn strands(
    store: &Store,
    of: &[Subject],
    linked: bool,
    range: &Range,
) -> Result<Vec<Option<Strand>>, StoreError> {
    let (from, to) = (range.plan.from, range.to);
    let mut found: BTreeMap<&Subject, Strand> = BTreeMap::new();
    let mut asked: BTreeMap<&HostId, Vec<ContainerId>> = BTreeMap::new();
    for subject in of {
        match subject {
            Subject::Container(host, id) => asked.entry(host).or_default().push(id.clone()),
            Subject::Host(host) => {
                let mut strand = Strand::blank(subject.clone(), host.to_string());
                strand.lives.extend(store.machine_life(host).await?);
                found.insert(subject, strand);
            }
        }
    }
    for (host, ids) in asked {
        let kin = store.kin(host, &ids, from, to).await?;
        let before = match linked {
            true => predecessors(&kin),
            false => vec![None; kin.len()],
        };
        let heads = (0..kin.len()).filter(|i| ids.contains(&kin[*i].id));
        let made = woven(store, host, &kin, &before, heads, range).await?;
        for subject in of {
            let strand = made.iter().find(|strand| strand.of == *subject);
            found.extend(strand.map(|strand| (subject, strand.clone())));
        }
    }
    Ok(of.iter().map(|of| found.get(of).cloned()).collect())
}

/// The lines of all containers of `host` that none took over from within the range.
pub(crate) async fn all_strands(
    store: &Store,
    host: &HostId,
    range: &Range,
) -> Result<Vec<Strand>, StoreError> {
    let kin = store.lived_between(host, range.plan.from, range.to).await?;
    let before = predecessors(&kin);
    let mut heads = vec![true; kin.len()];
    for earlier in before.iter().flatten() {
        heads[*earlier] = false;
    }
    let heads = (0..kin.len()).filter(|i| heads[*i]);
    woven(store, host, &kin, &before, heads, range).await
}

async fn woven(
    store: &Store,
    host: &HostId,
    kin: &[Kin],
    before: &[Option<usize>],
    heads: impl Iterator<Item = usize>,
    range: &Range,
) -> Result<Vec<Strand>, StoreError> {
    let (from, to) = (range.plan.from, range.plan.to().min(range.to));
    let chains: Vec<Vec<&Kin>> = heads.map(|head| strand::chain(kin, before, head)).collect();
    let mut ids: Vec<ContainerId> = chains.iter().flatten().map(|kin| kin.id.clone()).collect();
    ids.sort();
    ids.dedup();
    let mut lives: BTreeMap<ContainerId, Vec<plimsoll_store::Life>> = BTreeMap::new();
    for (id, life) in store.lives_of(host, &ids, from, range.to).await? {
        lives.entry(id).or_default().push(life);
    }
    Ok(chains
        .iter()
        .filter_map(|chain| Strand::of(host, chain, &lives, from, to))
        .collect())
}

/// Gaps of hosts that last.
pub(crate) type Lasting = Vec<(HostId, Gap)>;

/// The answer for each line.
pub(crate) async fn lines(
    store: &Archive,
    strands: Vec<Strand>,
    range: &Range,
    lasting: &Lasting,
    wish: Wish,
) -> Result<Vec<Line>, StoreError> {
    let range = *range;
    let wanted = wish.unpacked(&strands, &range.plan);
    let answer = move |strand: &Strand, pieces: &[(Life, Piece<'_>)], gaps: &[Gap]| {
        line::line(strand, pieces, gaps, &range, &wish)
    };
    each(store, strands, &range, (wanted, lasting), answer).await
}

/// What `fold` makes of what is `wanted` of each line's pieces, in the order given.
pub(crate) async fn folded<R: Send + 'static>(
    store: &Archive,
    strands: Vec<Strand>,
    range: &Range,
    wanted: Selection,
    fold: impl Fn(&[(Life, Piece<'_>)]) -> R + Send + Sync + 'static,
) -> Result<Vec<R>, StoreError> {
    let answer = move |_: &Strand, pieces: &[(Life, Piece<'_>)], _: &[Gap]| fold(pieces);
    let wanted = Unpacked {
        selection: wanted,
        width_ms: range.plan.step_ms,
    };
    each(store, strands, range, (wanted, &Lasting::new()), answer).await
}

/// The `count` of `strands` that used most of a quantity, greatest first.
pub(crate) async fn top(
    store: &Archive,
    strands: Vec<Strand>,
    range: &Range,
    (count, metric, by): (usize, Metric, By),
) -> Result<Vec<Subject>, StoreError> {
    let asked = *range;
    let answer = move |strand: &Strand, pieces: &[(Life, Piece<'_>)], _: &[Gap]| {
        (strand.of.clone(), line::total(pieces, &asked))
    };
    let wanted = Unpacked {
        selection: Selection::of(&[metric]),
        width_ms: range.plan.step_ms,
    };
    let wanted = (wanted, &Lasting::new());
    let totals: Vec<(Subject, Bucket)> = each(store, strands, range, wanted, answer).await?;
    let all = totals.iter().map(|(of, bucket)| (of, bucket));
    let greatest = query::top(count, metric, by, all);
    Ok(greatest.into_iter().map(|(of, _)| of.clone()).collect())
}

/// What `answer` makes of each line's pieces and its host's gaps, in the order given. Lines are read some at a time, each time of one host.
async fn each<R: Send + 'static>(
    store: &Archive,
    strands: Vec<Strand>,
    range: &Range,
    (wanted, lasting): (Unpacked, &Lasting),
    answer: impl Fn(&Strand, &[(Life, Piece<'_>)], &[Gap]) -> R + Send + Sync + 'static,
) -> Result<Vec<R>, StoreError> {
    let answer = Arc::new(answer);
    let mut gaps: BTreeMap<HostId, Vec<Gap>> = BTreeMap::new();
    let mut answers = Vec::with_capacity(strands.len());
    let mut rest = strands.into_iter().peekable();
    while let Some(first) = rest.next() {
        let host = first.of.host().clone();
        let mut lives = first.lives.clone();
        let mut some = vec![first];
        while let Some(next) = rest.next_if(|next| {
            *next.of.host() == host && lives.len() + next.lives.len() <= LIVES_AT_ONCE
        }) {
            lives.extend(&next.lives);
            some.push(next);
        }
        if !gaps.contains_key(&host) {
            let found = host_gaps(store, &host, range, lasting).await?;
            gaps.insert(host.clone(), found);
        }
        let fetched = Fetched::read(store, &host, &lives, range).await?;
        let of_host = gaps[&host].clone();
        let answer = answer.clone();
        let decoded = tokio::task::spawn_blocking(move || {
            decoded(&some, &fetched, wanted, |strand, pieces, damaged| {
                answer(strand, pieces, &[&of_host, damaged].concat())
            })
        });
        match decoded.await {
            Ok(decoded) => answers.extend(decoded),
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            // The server is going down.
            Err(_) => return Err(StoreError::Closed),
        }
    }
    Ok(answers)
}

fn decoded<R: Send>(
    strands: &[Strand],
    fetched: &Fetched,
    wanted: Unpacked,
    answer: impl Fn(&Strand, &[(Life, Piece<'_>)], &[Gap]) -> R + Sync,
) -> Vec<R> {
    let opened = fetched.open();
    let one = |strand: &Strand| {
        let lives = strand.lives.iter();
        let pieces = |life: &LifeId| (*life, opened.pieces(*life, wanted));
        let decoded: Vec<(LifeId, Pieces)> = lives.map(pieces).collect();
        let damaged: Vec<Gap> = decoded.iter().flat_map(damaged).collect();
        answer(strand, &line::pieces(&decoded), &damaged)
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = strands.len().div_ceil(threads).max(LINES_A_THREAD);
    if strands.len() <= share {
        return strands.iter().map(one).collect();
    }
    thread::scope(|scope| {
        let one = &one;
        let running: Vec<_> = strands
            .chunks(share)
            .map(|share| scope.spawn(move || share.iter().map(one).collect::<Vec<R>>()))
            .collect();
        let done = running.into_iter().flat_map(|thread| {
            let joined = thread.join();
            joined.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        done.collect()
    })
}

/// What of a life cannot be read is missing, and nobody knows what it was.
fn damaged((life, pieces): &(LifeId, Pieces)) -> impl Iterator<Item = Gap> + '_ {
    let life = Some(Life(life.number()));
    pieces.damaged.iter().map(move |(from, to)| Gap {
        life,
        from: *from,
        to: *to,
        reason: Reason::Unknown,
    })
}

async fn host_gaps(
    store: &Store,
    host: &HostId,
    range: &Range,
    lasting: &Lasting,
) -> Result<Vec<Gap>, StoreError> {
    let (from, to) = (range.plan.from, range.plan.to().min(range.to));
    let mut gaps = Vec::new();
    for kept in store.gaps(host, from, to).await? {
        gaps.extend(readable(gap::decode(&kept.bytes)).unwrap_or_default());
    }
    let ours = lasting.iter().filter(|(other, _)| other == host);
    gaps.extend(ours.map(|(_, gap)| *gap));
    Ok(gaps)
}

/// The answer when nothing is known.
pub(super) fn nothing(plan: &Plan) -> Series {
    query::assemble(plan, &Metric::ALL, &[], &[], 0).series
}

/// The readings of a life in a block; none when it is damaged, so that the rest is still shown.
pub(crate) fn unpack(life: LifeId, block: &Block) -> Vec<Reading> {
    let index = chunk::Index::open(&block.front);
    let life = Life(life.number());
    readable(index.and_then(|index| index.read(life, &block.bytes))).unwrap_or_default()
}

/// The buckets of a life in a block.
pub(crate) fn buckets(life: LifeId, block: &Block) -> Option<Vec<(UnixMs, Bucket)>> {
    let index = rollup::Index::open(&block.front);
    let life = Life(life.number());
    readable(index.and_then(|index| index.read(life, &block.bytes)))
}

/// What could be read; a damaged piece is a gap, said in the log.
pub(crate) fn readable<T>(read: Result<T, DecodeError>) -> Option<T> {
    read.inspect_err(|error| tracing::warn!(%error, "a piece of history is passed over"))
        .ok()
}
