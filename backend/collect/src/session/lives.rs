//! Which lives are being measured, and the orders that follow when that changes. Pure.

use crate::life::{Interfaces, Life};
use crate::measure::Order;
use plimsoll_model::ContainerFacts;
use plimsoll_shared::{ContainerId, Network};
use std::collections::HashMap;

/// Longest chain of containers that share a network which is followed to its end.
const CHAIN: usize = 8;

#[derive(Debug)]
pub(super) struct Lives {
    podman: bool,
    lives: HashMap<ContainerId, Life>,
}

impl Lives {
    pub(super) fn new(podman: bool) -> Self {
        Self {
            podman,
            lives: HashMap::new(),
        }
    }

    /// The life of a running container of which only the list is known: it can be measured by a stream.
    pub(super) fn barely_known(facts: &ContainerFacts) -> Life {
        Life {
            id: facts.id.clone(),
            started_at: None,
            pid: None,
            network: facts.network.clone(),
            interfaces: Interfaces::AllButLoopback,
        }
    }

    /// Takes in what is now known of one container; `None` for `now` is: it does not live.
    pub(super) fn change(&mut self, id: &ContainerId, now: Option<Life>) -> Option<Order> {
        let Some(now) = now else {
            return self.lives.remove(id).map(|_| Order::Leave(id.clone()));
        };
        if self.lives.get(id) == Some(&now) {
            return None;
        }
        self.lives.insert(id.clone(), now);
        self.follow(id)
    }

    /// Takes in what a whole list tells: containers it does not have live no more, except those that `is_newer` knows better.
    pub(super) fn replace(
        &mut self,
        listed: Vec<(ContainerId, Option<Life>)>,
        is_newer: impl Fn(&ContainerId) -> bool,
    ) -> Vec<Order> {
        let listed: HashMap<_, _> = listed
            .into_iter()
            .filter_map(|(id, life)| Some((id, life?)))
            .collect();
        let ended: Vec<_> = self
            .lives
            .keys()
            .filter(|id| !listed.contains_key(*id) && !is_newer(id))
            .cloned()
            .collect();
        let mut orders: Vec<_> = ended
            .iter()
            .filter_map(|id| self.change(id, None))
            .collect();
        let mut changed = Vec::new();
        for (id, life) in listed {
            if self.lives.get(&id) != Some(&life) {
                self.lives.insert(id.clone(), life);
                changed.push(id);
            }
        }
        // Only now, when every life is known, can the chains be followed to their ends.
        orders.extend(changed.iter().filter_map(|id| self.follow(id)));
        orders
    }

    fn follow(&self, id: &ContainerId) -> Option<Order> {
        let mut life = self.lives.get(id)?.clone();
        life.network = self.end_of_chain(&life.network);
        if self.podman {
            life.interfaces = Interfaces::AllButLoopback;
        }
        Some(Order::Follow(Box::new(life)))
    }

    /// Whose network it is in the end: `container:X` where X uses the host's network is the host's.
    fn end_of_chain(&self, network: &Network) -> Network {
        let mut network = network;
        for _ in 0..CHAIN {
            match network {
                Network::Container(id) => match self.lives.get(id) {
                    Some(life) => network = &life.network,
                    None => break,
                },
                _ => break,
            }
        }
        network.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_shared::UnixMs;

    fn id(letter: char) -> ContainerId {
        letter.to_string().repeat(64).parse().unwrap()
    }

    fn life(letter: char, started_at: i64, network: Network) -> Life {
        Life {
            id: id(letter),
            started_at: Some(UnixMs(started_at)),
            pid: Some(1),
            network,
            interfaces: Interfaces::Engines { named: Vec::new() },
        }
    }

    fn followed(order: Option<Order>) -> Life {
        match order {
            Some(Order::Follow(life)) => *life,
            other => panic!("{other:?} is not a life to follow"),
        }
    }

    #[test]
    fn a_restarted_container_is_a_new_life() {
        let mut lives = Lives::new(false);
        followed(lives.change(&id('a'), Some(life('a', 1, Network::Own))));
        let same = lives.change(&id('a'), Some(life('a', 1, Network::Own)));
        assert!(same.is_none(), "the same life goes on");
        let next = lives.change(&id('a'), Some(life('a', 2, Network::Own)));
        assert_eq!(followed(next).started_at, Some(UnixMs(2)));
    }

    #[test]
    fn an_ended_life_is_left_once() {
        let mut lives = Lives::new(false);
        lives.change(&id('a'), Some(life('a', 1, Network::Own)));
        assert!(matches!(
            lives.change(&id('a'), None),
            Some(Order::Leave(_))
        ));
        assert!(lives.change(&id('a'), None).is_none());
    }

    #[test]
    fn sharing_the_network_of_a_container_on_the_hosts_network_is_the_hosts() {
        let mut lives = Lives::new(false);
        let chain = vec![
            (id('a'), Some(life('a', 1, Network::Container(id('b'))))),
            (id('b'), Some(life('b', 1, Network::Container(id('c'))))),
            (id('c'), Some(life('c', 1, Network::Host))),
            (id('d'), Some(life('d', 1, Network::Container(id('e'))))),
            (id('e'), Some(life('e', 1, Network::Own))),
        ];
        let orders = lives.replace(chain, |_| false);
        assert_eq!(orders.len(), 5);
        for order in orders {
            let life = followed(Some(order));
            let expected = match life.id.as_str().chars().next() {
                Some('d' | 'e') => Network::Own,
                _ => Network::Host,
            };
            assert_eq!(life.network, expected, "{}", life.id.short());
        }
    }

    #[test]
    fn containers_that_share_a_network_in_a_circle_do_not_hang_us() {
        let mut lives = Lives::new(false);
        lives.change(&id('a'), Some(life('a', 1, Network::Container(id('b')))));
        let order = lives.change(&id('b'), Some(life('b', 1, Network::Container(id('a')))));
        assert!(matches!(followed(order).network, Network::Container(_)));
    }

    #[test]
    fn a_list_ends_the_lives_it_does_not_have_unless_events_know_better() {
        let mut lives = Lives::new(false);
        lives.change(&id('a'), Some(life('a', 1, Network::Own)));
        lives.change(&id('b'), Some(life('b', 1, Network::Own)));
        let orders = lives.replace(Vec::new(), |newer| *newer == id('b'));
        assert!(matches!(orders.as_slice(), [Order::Leave(ended)] if *ended == id('a')));
    }
}
