//! Sums over containers.

use super::fleet::{Entry, Kind};
use plimsoll_shared::{ContainerId, Network};
use std::collections::HashSet;

/// What a set of containers uses together; `None` where none of them was measured.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Sums {
    /// CPU, percent of one core.
    pub(crate) cpu: Option<f64>,
    /// Memory used, bytes.
    pub(crate) memory: Option<u64>,
    /// Bytes received and sent; containers that share a network are counted once.
    pub(crate) net: Option<(u64, u64)>,
    /// Bytes read and written.
    pub(crate) block: Option<(u64, u64)>,
    /// Processes and threads.
    pub(crate) pids: Option<u64>,
    /// How many there are of each kind, in the order of [`Kind::ALL`].
    pub(crate) kinds: [usize; Kind::ALL.len()],
}

impl Sums {
    /// The sum over these containers.
    pub(crate) fn of<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        let mut sums = Self::default();
        let mut networks: HashSet<&ContainerId> = HashSet::new();
        for entry in entries {
            count(&mut sums.kinds, entry);
            let Some(numbers) = entry.numbers else {
                continue;
            };
            add(&mut sums.cpu, numbers.cpu, |a, b| a + b);
            add(&mut sums.memory, Some(numbers.memory), u64::saturating_add);
            add(&mut sums.block, numbers.block, pair);
            add(&mut sums.pids, numbers.pids, u64::saturating_add);
            let network = match &entry.row.network {
                Network::Container(other) => other,
                Network::Own | Network::Host | Network::None => &entry.row.id,
            };
            if numbers.net.is_some() && networks.insert(network) {
                add(&mut sums.net, numbers.net, pair);
            }
        }
        sums
    }
}

/// How many of these containers are of each kind, in the order of [`Kind::ALL`].
pub(crate) fn kinds<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> [usize; Kind::ALL.len()] {
    let mut kinds = [0; Kind::ALL.len()];
    for entry in entries {
        count(&mut kinds, entry);
    }
    kinds
}

fn count(kinds: &mut [usize; Kind::ALL.len()], entry: &Entry) {
    for (count, kind) in kinds.iter_mut().zip(Kind::ALL) {
        *count += usize::from(kind.has(&entry.row));
    }
}

fn add<T: Copy>(sum: &mut Option<T>, value: Option<T>, plus: impl Fn(T, T) -> T) {
    *sum = match (*sum, value) {
        (Some(sum), Some(value)) => Some(plus(sum, value)),
        (sum, value) => sum.or(value),
    };
}

fn pair(a: (u64, u64), b: (u64, u64)) -> (u64, u64) {
    (a.0.saturating_add(b.0), a.1.saturating_add(b.1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::sample::{fleet, reading, row};
    use plimsoll_shared::ContainerRow;

    #[test]
    fn containers_that_share_a_network_are_counted_once() {
        let pod = row(1, "pod");
        let inside = Network::Container(pod.id.clone());
        let side = ContainerRow {
            network: inside.clone(),
            ..row(2, "side")
        };
        let other = ContainerRow {
            network: inside,
            ..row(3, "other")
        };
        let readings = vec![reading(1, 1.0), reading(2, 2.0), reading(3, 3.0)];
        let fleet = fleet(vec![pod, side, other], readings);
        let sums = Sums::of(fleet.iter().map(|(_, entry)| entry));
        assert_eq!(sums.net, Some((10, 20)));
        assert_eq!(sums.block, Some((90, 120)));
        assert_eq!(
            (sums.cpu, sums.memory, sums.pids),
            (Some(6.0), Some(300), Some(6))
        );
        assert_eq!(sums.kinds, [3, 0, 0, 0, 0]);
        assert_eq!(kinds(fleet.iter().map(|(_, entry)| entry)), sums.kinds);
    }

    #[test]
    fn nothing_measured_is_no_sum_rather_than_zero() {
        let fleet = fleet(vec![row(1, "a")], Vec::new());
        let sums = Sums::of(fleet.iter().map(|(_, entry)| entry));
        assert_eq!((sums.cpu, sums.memory, sums.net), (None, None, None));
    }
}
