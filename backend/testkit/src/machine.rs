//! What an engine needs from the machine: programs, network namespaces, control groups, and an image made of busybox.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Programs a real engine needs, each with the Debian package that has it.
const PROGRAMS: [(&str, &str); 7] = [
    ("dockerd", "docker.io"),
    ("docker", "docker.io"),
    ("ip", "iproute2"),
    ("iptables", "iptables"),
    ("nsenter", "util-linux"),
    ("tar", "tar"),
    ("busybox", "busybox-static"),
];

/// Beginning of the name of everything an engine of this crate leaves on the machine.
const PREFIX: &str = "plimsoll-engine";

/// Panics with the name of the Debian package when the machine lacks something.
pub(crate) fn require_programs() {
    let missing: Vec<_> = PROGRAMS
        .iter()
        .filter(|(program, _)| find_program(program).is_none())
        .map(|(program, package)| format!("{program} (Debian package {package})"))
        .collect();
    assert!(
        missing.is_empty(),
        "a real Docker Engine cannot be started: {} not found; install the packages named",
        missing.join(", ")
    );
}

fn find_program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/sbin".into(), "/sbin".into()])
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// A name no other engine on this machine has: the process that owns it and a number.
pub(crate) fn unique_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("{PREFIX}-{}-{number}", std::process::id())
}

/// Folder of the engine called `name`; short, because a socket's path has at most 107 bytes.
pub(crate) fn folder(name: &str) -> PathBuf {
    Path::new("/tmp").join(name)
}

/// Runs a program to its end.
pub(crate) fn run(program: &str, args: &[&str]) -> Output {
    Command::new(program)
        .args(args)
        .output()
        .unwrap_or_else(|error| panic!("cannot run {program}: {error}"))
}

/// Runs a program that must succeed.
pub(crate) fn must(program: &str, args: &[&str]) {
    let output = run(program, args);
    assert!(
        output.status.success(),
        "{program} {}: {}",
        args.join(" "),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Waits until `done` answers true; false when `limit` passed first.
pub(crate) fn wait_until(limit: Duration, mut done: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + limit;
    loop {
        if done() {
            return true;
        }
        if Instant::now() >= deadline {
            return false;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Writes a root file system of busybox alone as a tar archive to `archive`.
pub(crate) fn write_busybox_image(folder: &Path, archive: &Path) {
    let busybox = find_program("busybox").expect("looked for by require_programs");
    let root = folder.join("rootfs");
    for part in ["bin", "tmp", "etc"] {
        std::fs::create_dir_all(root.join(part)).expect("a folder for the image");
    }
    std::fs::copy(&busybox, root.join("bin/busybox")).expect("a copy of busybox");
    std::fs::write(root.join("etc/passwd"), "root:x:0:0:root:/:/bin/sh\n").expect("passwd");
    let listed = run(&busybox.to_string_lossy(), &["--list"]);
    for applet in String::from_utf8_lossy(&listed.stdout).lines() {
        if applet != "busybox" {
            std::os::unix::fs::symlink("busybox", root.join("bin").join(applet))
                .expect("a link for each applet");
        }
    }
    let (root, archive) = (root.to_string_lossy(), archive.to_string_lossy());
    must("tar", &["-C", &root, "-cf", &archive, "."]);
}

/// Removes the control groups that engine `name` made, deepest first.
pub(crate) fn remove_cgroups(name: &str) {
    let mounts = std::fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    for line in mounts.lines() {
        let mut fields = line.split(' ');
        if let (Some(_), Some(mount), Some("cgroup" | "cgroup2")) =
            (fields.next(), fields.next(), fields.next())
        {
            remove_empty_folders(&Path::new(mount).join(name));
        }
    }
}

fn remove_empty_folders(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_empty_folders(&entry.path());
        }
    }
    let _ = std::fs::remove_dir(folder);
}

/// Names of engines whose owner is no longer alive: a test run that was killed leaves them behind.
pub(crate) fn orphans() -> Vec<String> {
    let Ok(entries) = std::fs::read_dir("/tmp") else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| owner(name).is_some_and(|pid| !is_alive(pid)))
        .collect()
}

fn owner(name: &str) -> Option<u32> {
    let rest = name.strip_prefix(PREFIX)?.strip_prefix('-')?;
    rest.split('-').next()?.parse().ok()
}

/// Whether a process is there and not yet a zombie.
pub(crate) fn is_alive(pid: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| {
        stat.rsplit_once(')')
            .is_some_and(|(_, rest)| !rest.trim_start().starts_with('Z'))
    })
}

/// Whether process `pid` was started with `word` among its arguments, so that a reused number is never taken for it.
pub(crate) fn was_started_with(pid: u32, word: &str) -> bool {
    std::fs::read(format!("/proc/{pid}/cmdline"))
        .is_ok_and(|line| String::from_utf8_lossy(&line).contains(word))
}

/// Ends at once what is left of engine `name`: processes in its control groups, and its own.
pub(crate) fn end_remains(name: &str) {
    let group = format!("/{name}/");
    let all = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let grouped = all
        .filter(|entry| {
            std::fs::read_to_string(entry.path().join("cgroup"))
                .is_ok_and(|groups| groups.contains(&group))
        })
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    for pid in grouped.chain(processes_of(name)) {
        signal(pid, "KILL");
    }
}

/// CPU time one process has used, user and system together; zero for one that is gone.
#[must_use]
pub fn cpu_time(pid: u32) -> Duration {
    // The kernel gives 100 ticks a second to programs; fields 14 and 15 of proc(5), counted after the name in brackets.
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = fields
        .split_ascii_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum::<u64>();
    Duration::from_millis(ticks * 10)
}

/// Processes that were started with the folder of engine `name` among their arguments: daemon, containerd and shims.
pub(crate) fn processes_of(name: &str) -> Vec<u32> {
    let folder = format!("{}/", folder(name).display());
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|pid| was_started_with(*pid, &folder))
        .collect()
}

/// Sends a signal to one process.
pub(crate) fn signal(pid: u32, name: &str) {
    let _ = run("kill", &[&format!("-{name}"), &pid.to_string()]);
}
