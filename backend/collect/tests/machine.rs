//! The machine's own reading is what its own tools print: every number lies between what they print before and after it.

mod support;

use plimsoll_shared::{Reading, UnixMs};
use plimsoll_testkit::Engine;
use std::collections::BTreeMap;
use std::fs::read_to_string;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};
use support::Watcher;

/// What moves on its own between two looks at a busy machine: memory in bytes, room on the disk in bytes, tasks.
const MEMORY_SLACK: u64 = 512 << 20;
const DISK_SLACK: u64 = 256 << 20;
const TASK_SLACK: u64 = 200;

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let output = output.unwrap_or_else(|error| panic!("{program} starts: {error}"));
    assert!(output.status.success(), "{program} {arguments:?}");
    String::from_utf8(output.stdout).expect("tools print text")
}

fn number(text: &str) -> u64 {
    text.parse()
        .unwrap_or_else(|_| panic!("{text:?} is a number"))
}

/// What the tools print at one moment, by what it is called here.
fn printed(data: &str) -> BTreeMap<&'static str, u64> {
    let free = run("free", &["-b"]);
    let memory: Vec<u64> = row(&free, "Mem:").map(number).collect();
    let [total, _, unused, _, cache, available] = memory[..] else {
        panic!("free prints {free}");
    };
    let df = run("df", &["-B1", "--output=size,used", data]);
    let room: Vec<u64> = df
        .lines()
        .nth(1)
        .expect("df prints a row")
        .split_whitespace()
        .map(number)
        .collect();
    let vmstat = run("vmstat", &["-s"]);
    let ticks = |what: &str| {
        let line = vmstat.lines().find(|line| line.ends_with(what));
        let line = line.unwrap_or_else(|| panic!("vmstat prints {what}"));
        number(line.split_whitespace().next().expect("a number"))
    };
    let busy = [
        "non-nice user cpu ticks",
        " nice user cpu ticks",
        "system cpu ticks",
        "IRQ cpu ticks",
        "softirq cpu ticks",
    ];
    let uptime = run("uptime", &[]);
    let load = uptime
        .rsplit_once("load average: ")
        .expect("uptime prints the load")
        .1;
    let load = load
        .split(',')
        .next()
        .expect("three numbers")
        .replace('.', "");
    let threads = run("ps", &["-eLo", "pid="]).lines().count();
    let mut found = BTreeMap::from([
        ("memory total", total),
        ("memory used", total - available),
        ("memory raw", total - unused),
        ("memory cache", cache),
        ("disk total", room[0]),
        ("disk used", room[1]),
        (
            "busy",
            busy.iter().map(|what| ticks(what)).sum::<u64>() * 10_000_000,
        ),
        ("load", number(&load)),
        ("tasks", u64::try_from(threads).expect("few")),
        (
            "task limit",
            number(run("sysctl", &["-n", "kernel.pid_max"]).trim()),
        ),
    ]);
    found.extend(devices());
    found
}

/// Bytes of the devices with hardware behind them, as sysfs counts them one by one.
fn devices() -> BTreeMap<&'static str, u64> {
    let real = |class: &str| -> Vec<std::path::PathBuf> {
        let folder = std::fs::read_dir(class).expect("sysfs is mounted");
        let all = folder.map(|entry| entry.expect("an entry").path());
        all.filter(|path| path.join("device").exists()).collect()
    };
    let mut found = BTreeMap::new();
    for interface in real("/sys/class/net") {
        for (name, file) in [("received", "rx_bytes"), ("sent", "tx_bytes")] {
            let text = read_to_string(interface.join("statistics").join(file)).expect("a counter");
            *found.entry(name).or_default() += number(text.trim());
        }
    }
    for disk in real("/sys/block") {
        let text = read_to_string(disk.join("stat")).expect("counters");
        let fields: Vec<u64> = text.split_whitespace().map(number).collect();
        *found.entry("read").or_default() += fields[2] * 512;
        *found.entry("written").or_default() += fields[6] * 512;
    }
    for kind in ["cpu", "memory", "io"] {
        let Ok(text) = read_to_string(format!("/proc/pressure/{kind}")) else {
            continue;
        };
        let total = text
            .lines()
            .next()
            .and_then(|line| line.rsplit_once("total="));
        found.insert(kind, number(total.expect("a total").1));
    }
    found
}

fn row<'t>(text: &'t str, name: &str) -> impl Iterator<Item = &'t str> {
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.expect("such a row").split_whitespace()
}

/// The reading by the same names.
fn measured(reading: &Reading) -> BTreeMap<&'static str, u64> {
    let machine = reading.machine.expect("it is a machine's");
    let (memory, disk) = (reading.memory, machine.disk.expect("the folder is here"));
    let mut found = BTreeMap::from([
        ("memory total", memory.limit.expect("known")),
        ("memory used", memory.used),
        ("memory raw", memory.raw),
        ("memory cache", memory.cache.expect("known")),
        ("disk total", disk.total),
        ("disk used", disk.used),
        ("busy", reading.cpu_total_ns),
        ("load", machine.load_centi),
        ("tasks", reading.pids.expect("known")),
        ("task limit", reading.pids_limit.expect("known")),
    ]);
    if let Some(network) = reading.network {
        found.extend([("received", network.received), ("sent", network.sent)]);
    }
    if let Some(block) = reading.block {
        found.extend([("read", block.read), ("written", block.written)]);
    }
    if let Some(pressure) = machine.pressure {
        found.extend([
            ("cpu", pressure.cpu_us),
            ("memory", pressure.memory_us),
            ("io", pressure.io_us),
        ]);
    }
    found
}

fn slack(name: &str) -> u64 {
    match name {
        "memory used" | "memory raw" | "memory cache" => MEMORY_SLACK,
        "disk used" => DISK_SLACK,
        "tasks" => TASK_SLACK,
        _ => 0,
    }
}

fn now() -> UnixMs {
    let elapsed = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("it is not 1970");
    UnixMs(i64::try_from(elapsed.as_millis()).expect("it is not the year 292 million"))
}

/// The next machine's reading that was begun after now.
async fn read_after_now(watcher: &mut Watcher) -> Reading {
    let since = now();
    loop {
        let batch = watcher.next_batch().await;
        if let Some(machine) = batch.machine.filter(|machine| machine.at > since) {
            return *machine;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machines_numbers_are_those_of_free_df_vmstat_uptime_and_ps() {
    let engine = Engine::start();
    let data = engine.docker(&["info", "--format", "{{.DockerRootDir}}"]);
    engine.run_idle("idle");
    let mut watcher = Watcher::start(&engine.address(), true);
    let first = read_after_now(&mut watcher).await;
    let before = printed(&data);
    let reading = read_after_now(&mut watcher).await;
    let after = printed(&data);
    let ours = measured(&reading);
    assert_eq!(
        ours.keys().collect::<Vec<_>>(),
        before.keys().collect::<Vec<_>>(),
        "nothing is left out"
    );
    for (name, ours) in ours {
        let (low, high) = (before[name].min(after[name]), before[name].max(after[name]));
        let (low, high) = (low.saturating_sub(slack(name)), high + slack(name));
        println!("{name}: {low} <= {ours} <= {high}");
        assert!(
            (low..=high).contains(&ours),
            "{name}: {ours} is not between {low} and {high}"
        );
    }
    let elapsed = reading.at.since(first.at) as f64 * 1e6;
    let used = (reading.cpu_total_ns - first.cpu_total_ns) as f64 / elapsed * 100.0;
    println!(
        "{used:.1} % of a core over {elapsed} ns, {:?} in the last second",
        reading.cpu_percent
    );
    assert!(
        reading
            .cpu_percent
            .is_some_and(|percent| (0.0..=100_000.0).contains(&percent))
    );
    watcher.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_that_is_measured_by_streams_is_not_taken_for_this_one() {
    let engine = Engine::start();
    engine.run_idle("idle");
    let mut watcher = Watcher::start(&engine.address(), false);
    let batch = loop {
        let batch = watcher.next_batch().await;
        if !batch.readings.is_empty() {
            break batch;
        }
    };
    assert_eq!(batch.machine, None);
    watcher.stop().await;
}
