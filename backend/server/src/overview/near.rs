//! What is near its limit now.

use super::hour::{Hour, What};
use plimsoll_shared::{
    ContainerNow, HostRow,
    lines::Subject,
    overview::{Near, NearLimit},
};

/// From this share of a limit on, of memory and of processes.
const OF_LIMIT: f64 = 0.8;
/// From this share of a machine's memory on.
const OF_MACHINE: f64 = 0.9;
/// From this share of a file system on.
const OF_DISK: f64 = 0.85;
/// From this throttled share on, in percent, over the last five minutes and the one that has begun.
const THROTTLED: f64 = 10.0;
const THROTTLED_MINUTES: usize = 6;
/// Most things that are named.
const MOST: usize = 100;

/// What is near its limit, nearest first, at most a hundred. A container whose memory limit is the machine's has none of its own.
pub(super) fn near(containers: &[ContainerNow], hosts: &[HostRow], hour: &Hour) -> Vec<Near> {
    let mut all: Vec<Near> = containers
        .iter()
        .flat_map(|now| of_container(now, hosts, hour))
        .chain(hosts.iter().flat_map(of_host))
        .collect();
    let share = |near: &Near| near.value / near.most;
    all.sort_by(|a, b| share(b).total_cmp(&share(a)).then_with(|| a.of.cmp(&b.of)));
    all.truncate(MOST);
    all
}

fn of_container(now: &ContainerNow, hosts: &[HostRow], hour: &Hour) -> Vec<Near> {
    let row = &now.row;
    let of = Subject::Container(row.host.clone(), row.id.clone());
    let machine = hosts
        .iter()
        .find(|host| host.id == row.host)
        .and_then(|host| host.engine.as_ref())
        .map(|engine| engine.memory);
    let mut near = Vec::new();
    let mut say = |limit, value: f64, most: f64| {
        near.push(Near {
            of: of.clone(),
            name: row.name.clone(),
            limit,
            value,
            most,
        });
    };
    if let Some(reading) = &now.reading {
        let own = reading
            .memory
            .limit
            .filter(|limit| machine.is_none_or(|machine| *limit < machine));
        if let Some((value, most)) = reached(Some(reading.memory.used), own, OF_LIMIT) {
            say(NearLimit::Memory, value, most);
        }
        if let Some((value, most)) = reached(reading.pids, reading.pids_limit, OF_LIMIT) {
            say(NearLimit::Pids, value, most);
        }
        let throttled = hour.seen.get(&of);
        let throttled = throttled.and_then(|seen| seen.over(What::Throttled, THROTTLED_MINUTES));
        if let Some((share, _)) = throttled.filter(|(share, _)| *share >= THROTTLED) {
            say(NearLimit::Throttled, (share * 100.0).round() / 100.0, 100.0);
        }
    }
    near
}

fn of_host(host: &HostRow) -> Vec<Near> {
    let Some(reading) = &host.machine else {
        return Vec::new();
    };
    let disk = reading.machine.and_then(|machine| machine.disk);
    let memory = reached(Some(reading.memory.used), reading.memory.limit, OF_MACHINE);
    let disk = reached(disk.map(|d| d.used), disk.map(|d| d.total), OF_DISK);
    let near = |(limit, found): (NearLimit, Option<(f64, f64)>)| {
        let (value, most) = found?;
        Some(Near {
            of: Subject::Host(host.id.clone()),
            name: host.id.to_string(),
            limit,
            value,
            most,
        })
    };
    [(NearLimit::HostMemory, memory), (NearLimit::HostDisk, disk)]
        .into_iter()
        .filter_map(near)
        .collect()
}

/// Value and limit when so much of it is reached.
#[expect(
    clippy::cast_precision_loss,
    reason = "a share needs no more than 52 bits"
)]
fn reached(value: Option<u64>, most: Option<u64>, share: f64) -> Option<(f64, f64)> {
    let (value, most) = (value? as f64, most.filter(|most| *most > 0)? as f64);
    (value >= most * share).then_some((value, most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_near_from_its_share_on_and_what_is_unknown_is_not_near() {
        assert_eq!(reached(Some(80), Some(100), 0.8), Some((80.0, 100.0)));
        assert_eq!(reached(Some(79), Some(100), 0.8), None);
        assert_eq!(reached(None, Some(100), 0.8), None);
        assert_eq!(reached(Some(5), None, 0.8), None);
        assert_eq!(reached(Some(0), Some(0), 0.8), None);
    }
}
