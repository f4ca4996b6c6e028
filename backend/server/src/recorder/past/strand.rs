//! Which lives make one line: a container's own, and those of the containers that it took over from.
//!
//! **Who took over from whom**, on one host. Two containers never bear one name at the same time, so of those with the same name each
//! took over from the one made before it. Of what is left, a container took over from one of its compose project and service that
//! is removed and had ended before it began: the one that ended last, and from each only one. So a redeploy is one line, while two
//! containers of a scaled service that run at the same time are two. Labels, images and times of making decide nothing.

use plimsoll_history::gap::{Gap, Reason};
use plimsoll_shared::{
    ContainerId, HostId, UnixMs,
    lines::{Begin, Subject},
};
use plimsoll_store::{Kin, Life, LifeId};
use std::collections::{BTreeMap, BTreeSet};

/// An end and the beginning after it are told by one clock, but in two ways: they may overlap by so many milliseconds.
const SLACK_MS: i64 = 100;

/// The lives of one line within a range.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Strand {
    /// Whose line it is.
    pub(crate) of: Subject,
    /// Its name.
    pub(crate) name: String,
    /// The lives, in time order.
    pub(crate) lives: Vec<LifeId>,
    /// Where another life takes over within the range.
    pub(super) begins: Vec<Begin>,
    /// When it did not run.
    pub(super) stopped: Vec<Gap>,
}

impl Strand {
    /// A line of which nothing is recorded.
    pub(crate) fn blank(of: Subject, name: String) -> Self {
        Self {
            of,
            name,
            lives: Vec::new(),
            begins: Vec::new(),
            stopped: Vec::new(),
        }
    }

    /// The line that ends with the last of `chain`, in which each took over from the one before it.
    pub(super) fn of(
        host: &HostId,
        chain: &[&Kin],
        lives: &BTreeMap<ContainerId, Vec<Life>>,
        from: UnixMs,
        to: UnixMs,
    ) -> Option<Self> {
        let head = chain.last()?;
        let of = Subject::Container(host.clone(), head.id.clone());
        let mut strand = Self::blank(of, head.name.clone());
        let mut before: Option<(&Kin, UnixMs)> = None;
        let inside = |at: UnixMs| at >= from && at < to;
        for kin in chain {
            let own = lives.get(&kin.id).map_or(&[][..], Vec::as_slice);
            for life in own {
                strand.lives.push(life.id);
                let another = before.is_none_or(|(other, _)| other.id != kin.id);
                let first = kin
                    .began_at
                    .is_none_or(|began_at| life.began_at <= began_at);
                if inside(life.began_at) && (before.is_some() || !first) {
                    strand.begins.push(Begin {
                        at: life.began_at,
                        container: kin.id.clone(),
                        name: kin.name.clone(),
                        image: kin.image.clone(),
                        redeployed: another && first,
                    });
                }
                if let Some((_, ended_at)) = before {
                    strand.stopped.push(stopped(ended_at, life.began_at));
                }
                before = Some((kin, life.ended_at.unwrap_or(UnixMs(i64::MAX))));
            }
        }
        let ended_at = before.map(|(_, ended_at)| ended_at).or(head.ended_at);
        strand
            .stopped
            .extend(ended_at.map(|ended_at| stopped(ended_at, to)));
        strand.stopped.retain(|gap| gap.from < gap.to);
        Some(strand)
    }
}

fn stopped(from: UnixMs, to: UnixMs) -> Gap {
    Gap {
        life: None,
        from,
        to,
        reason: Reason::ContainerStopped,
    }
}

/// The place, among the containers of one host, of the one that each took over from.
pub(crate) fn predecessors(kin: &[Kin]) -> Vec<Option<usize>> {
    let mut before = vec![None; kin.len()];
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut by_place: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (i, one) in kin.iter().enumerate() {
        by_name.entry(&one.name).or_default().push(i);
        if let Some(place) = &one.place
            && let Some(service) = &place.service
        {
            by_place
                .entry((&place.project, service))
                .or_default()
                .push(i);
        }
    }
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    for same in by_name.values_mut() {
        same.sort_by_key(|i| (kin[*i].created_at, *i));
        for pair in same.windows(2) {
            before[pair[1]] = Some(pair[0]);
            taken.insert(pair[0]);
        }
    }
    for same in by_place.values_mut() {
        same.sort_by_key(|i| (kin[*i].began_at, *i));
        for i in same.iter().copied() {
            let Some(began_at) = kin[i].began_at.filter(|_| before[i].is_none()) else {
                continue;
            };
            let over = same.iter().copied().filter(|other| {
                *other != i && !taken.contains(other) && was_over(&kin[*other], began_at)
            });
            before[i] = over.max_by_key(|other| (kin[*other].ended_at, *other));
            taken.extend(before[i]);
        }
    }
    before
}

/// Whether a container that is removed now had ended when another began at `at`. An end that nobody saw was found with the removal.
fn was_over(kin: &Kin, at: UnixMs) -> bool {
    let (Some(removed_at), Some(began_at)) = (kin.removed_at, kin.began_at) else {
        return false;
    };
    let unseen = kin.ended_at == Some(removed_at);
    began_at < at
        && kin
            .ended_at
            .is_some_and(|ended_at| unseen || ended_at.since(at) <= SLACK_MS)
}

/// The containers of `head`'s line, oldest first.
pub(super) fn chain<'k>(kin: &'k [Kin], before: &[Option<usize>], head: usize) -> Vec<&'k Kin> {
    let mut chain = vec![&kin[head]];
    let mut at = head;
    while let Some(earlier) = before[at].filter(|_| chain.len() < kin.len()) {
        chain.push(&kin[earlier]);
        at = earlier;
    }
    chain.reverse();
    chain
}

#[cfg(test)]
mod tests;
