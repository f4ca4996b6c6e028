//! Both ways of measuring give what `docker stats` prints of the same containers.

mod support;

use plimsoll_shared::{Collection, ContainerId, Network, Reading, UnixMs, units};
use plimsoll_testkit::Engine;
use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use support::{Watcher, id};

const IDLE: [&str; 2] = ["sleep", "100000"];
const BUSY: [&str; 3] = ["sh", "-c", "while :; do :; done"];

/// What `docker stats --format '{{json .}}'` prints of one container.
#[derive(Debug)]
struct Printed(BTreeMap<String, String>);

impl Printed {
    fn field(&self, name: &str) -> &str {
        &self.0[name]
    }

    fn cpu(&self) -> f64 {
        self.field("CPUPerc")
            .trim_end_matches('%')
            .parse()
            .expect("docker prints a number")
    }
}

/// What docker prints of every container, by name.
fn docker_stats(engine: &Engine) -> HashMap<String, Printed> {
    engine
        .docker(&["stats", "--no-stream", "--format", "{{json .}}"])
        .lines()
        .map(|line| Printed(serde_json::from_str(line).expect("docker prints JSON")))
        .map(|printed| (printed.field("Name").to_owned(), printed))
        .collect()
}

/// A reading as docker would print it, by docker's own placeholders.
fn print(reading: &Reading) -> BTreeMap<&'static str, String> {
    let pair = |pair: Option<(u64, u64)>| {
        let (a, b) = pair.unwrap_or((0, 0));
        format!("{} / {}", units::decimal(a), units::decimal(b))
    };
    let memory = reading.memory;
    BTreeMap::from([
        (
            "MemUsage",
            format!(
                "{} / {}",
                units::binary(memory.used),
                units::binary(memory.limit.expect("every container has a limit"))
            ),
        ),
        (
            "MemPerc",
            units::percent(memory.percent().expect("every container has a limit")),
        ),
        ("NetIO", pair(reading.network.map(|n| (n.received, n.sent)))),
        ("BlockIO", pair(reading.block.map(|b| (b.read, b.written)))),
        (
            "PIDs",
            reading
                .pids
                .expect("processes are counted here")
                .to_string(),
        ),
    ])
}

/// Twenty containers as people run them; the names of those whose numbers stand still come first.
fn start_mix(engine: &Engine) -> HashMap<String, ContainerId> {
    let mut started = HashMap::new();
    let mut run = |name: &str, options: &[&str], command: &[&str]| {
        let id = id(&engine.run(&[&["--name", name][..], options].concat(), command));
        started.insert(name.to_owned(), id);
    };
    for number in 0..8 {
        run(&format!("idle-{number}"), &[], &IDLE);
    }
    run("limited", &["--memory", "64m", "--cpus", "0.5"], &IDLE);
    run(
        "few-pids",
        &["--pids-limit", "50"],
        &["sh", "-c", "sleep 100000 & sleep 100000 & wait"],
    );
    run("on-host-network", &["--network", "host"], &IDLE);
    run("without-network", &["--network", "none"], &IDLE);
    run("sharing", &["--network", "container:idle-0"], &IDLE);
    run(
        "sharing-the-hosts",
        &["--network", "container:on-host-network"],
        &IDLE,
    );
    run(
        "with-a-tunnel",
        &["--cap-add", "NET_ADMIN"],
        &[
            "sh",
            "-c",
            "ip link add dummy0 type dummy; ip link set dummy0 up; sleep 100000",
        ],
    );
    run("frozen", &[], &IDLE);
    run(
        "checked",
        &["--health-cmd", "true", "--health-interval", "1h"],
        &IDLE,
    );
    run("kept-up", &["--restart", "always"], &IDLE);
    run("on-two-networks", &[], &IDLE);
    run("busy", &["--cpus", "0.5"], &BUSY);
    engine.docker(&["network", "create", "second"]);
    engine.docker(&["network", "connect", "second", "on-two-networks"]);
    engine.docker(&["pause", "frozen"]);
    started
}

/// The readings taken within a second of `moment`, by container, once there is one taken later for each of `all`.
async fn read_around(
    watcher: &mut Watcher,
    moment: UnixMs,
    all: &HashMap<String, ContainerId>,
) -> HashMap<ContainerId, Vec<Reading>> {
    let mut around: HashMap<ContainerId, Vec<Reading>> = HashMap::new();
    loop {
        let batch = watcher.next_batch().await;
        let apart = batch.at.since(moment);
        assert!(
            apart < 5000,
            "readings of {} of {} containers",
            around.len(),
            all.len()
        );
        if apart > -1500 {
            for (id, reading) in batch.readings {
                if reading.cpu_percent.is_some() {
                    around.entry(id).or_default().push(reading);
                }
            }
        }
        if apart > 1000 && all.values().all(|id| around.contains_key(id)) {
            return around;
        }
    }
}

/// What no reading taken within a second of docker's prints as docker does.
fn differences(
    printed: &HashMap<String, Printed>,
    readings: &HashMap<ContainerId, Vec<Reading>>,
    all: &HashMap<String, ContainerId>,
) -> Vec<String> {
    let mut differences = Vec::new();
    for (name, id) in all {
        for field in ["MemUsage", "MemPerc", "NetIO", "BlockIO", "PIDs"] {
            let theirs = printed[name].field(field);
            let ours: Vec<_> = readings[id]
                .iter()
                .map(|reading| print(reading)[field].clone())
                .collect();
            if ours.iter().all(|ours| ours != theirs) {
                differences.push(format!(
                    "{name} {field}: {ours:?} where docker prints {theirs}"
                ));
            }
        }
    }
    differences
}

async fn equals_docker_stats(engine: &Engine, all: &HashMap<String, ContainerId>, direct: bool) {
    let mut watcher = Watcher::start(&engine.address(), direct);
    watcher.until_listed().await;
    let busy = watcher
        .reading(&all["busy"], "a percentage", |r| r.cpu_percent.is_some())
        .await;
    assert!(
        busy.cpu_percent.is_some_and(|percent| percent > 20.0),
        "{busy:?}"
    );
    let mut left = Vec::new();
    // The kernel moves a page or a packet of an idle container now and then; two looks at one moment must agree.
    for _ in 0..5 {
        let printed = tokio::task::block_in_place(|| docker_stats(engine));
        let moment = now();
        let readings = read_around(&mut watcher, moment, all).await;
        left = differences(&printed, &readings, all);
        let theirs = printed["busy"].cpu();
        let near = |reading: &Reading| {
            reading
                .cpu_percent
                .is_some_and(|ours| (ours - theirs).abs() < 15.0)
        };
        if !readings[&all["busy"]].iter().any(near) {
            left.push(format!(
                "busy CPUPerc: {readings:?} where docker prints {theirs}",
                readings = readings[&all["busy"]]
            ));
        }
        if left.is_empty() {
            break;
        }
    }
    assert_eq!(left, Vec::<String>::new());
    let expected = if direct {
        Collection::Cgroup1
    } else {
        Collection::Streams
    };
    assert_eq!(watcher.next_batch().await.collection, expected);
    watcher.stop().await;
}

fn now() -> UnixMs {
    let elapsed = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a clock past 1970");
    UnixMs(
        elapsed
            .as_millis()
            .try_into()
            .expect("a clock before the year 292 million"),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn every_column_equals_docker_stats_by_files_and_by_streams() {
    let engine = Engine::shared();
    let all = start_mix(&engine);
    assert_eq!(all.len(), 20);
    equals_docker_stats(&engine, &all, true).await;
    equals_docker_stats(&engine, &all, false).await;

    // Both ways agree on what docker does not print, too.
    let mut files = Watcher::start(&engine.address(), true);
    let mut streams = Watcher::start(&engine.address(), false);
    let limited = &all["limited"];
    let same = |reading: Reading| Reading {
        at: UnixMs(0),
        cpu_percent: None,
        ..reading
    };
    let measured = |r: &Reading| r.cpu_percent.is_some();
    let mut looks = Vec::new();
    // As above: a packet between the two readings is no disagreement, so one of five looks must agree.
    let agree = |(by_file, by_stream): &(Reading, Reading)| by_file == by_stream;
    while looks.len() < 5 && !looks.last().is_some_and(agree) {
        let by_file = files.reading(limited, "by file", measured).await;
        let by_stream = streams.reading(limited, "by stream", measured).await;
        looks.push((same(by_file), same(by_stream)));
    }
    assert!(looks.last().is_some_and(agree), "{looks:#?}");
    let by_file = looks[0].0;
    assert_eq!(by_file.memory.limit, Some(64 << 20));
    assert_eq!(
        files.facts[&all["sharing"]].network,
        Network::Container(all["idle-0"].clone())
    );
    files.stop().await;
    streams.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_reach_a_disk_are_counted_alike() {
    let engine = Engine::shared();
    let writer = id(&engine.run(
        &["--name", "values-writer"],
        &[
            "sh",
            "-c",
            "dd if=/dev/zero of=/file bs=64k count=64 oflag=direct; sleep 100000",
        ],
    ));
    let deadline = Instant::now() + Duration::from_secs(10);
    let mut watcher = Watcher::start(&engine.address(), true);
    let ours = watcher
        .reading(&writer, "written bytes", |r| {
            r.block.is_some_and(|b| b.written > 0) || Instant::now() > deadline
        })
        .await;
    let printed = docker_stats(&engine);
    assert_eq!(
        print(&ours)["BlockIO"],
        printed["values-writer"].field("BlockIO")
    );
    engine.docker(&["rm", "--force", "values-writer"]);
    watcher.stop().await;
}
