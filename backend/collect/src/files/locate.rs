//! Finding the control groups that are surely a container's own.

use plimsoll_shared::ContainerId;
use std::io;
use std::path::{Path, PathBuf};

/// Why a container's files are not used.
#[derive(Debug, thiserror::Error)]
pub enum Unlocatable {
    /// The engine did not tell a process.
    #[error("the engine told no process of the container")]
    NoProcess,
    /// The process of that number here belongs to something else: the engine runs on another machine or in another namespace.
    #[error("process {0} of this machine is not in the container's control group")]
    Stranger(u32),
    /// No hierarchy of that controller is mounted here.
    #[error("no control group hierarchy with {0} is mounted")]
    NotMounted(&'static str),
    /// A file cannot be read.
    #[error("a file of the container cannot be read")]
    Io(#[from] io::Error),
}

/// Folders of a container's control groups.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Groups {
    /// Version 1: a folder per controller.
    One(Folders),
    /// Version 2: one folder.
    Two(PathBuf),
}

/// Version 1's folders; the same one twice where controllers are mounted together.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Folders {
    pub(super) cpuacct: PathBuf,
    pub(super) memory: PathBuf,
    pub(super) cpu: Option<PathBuf>,
    pub(super) blkio: Option<PathBuf>,
    pub(super) pids: Option<PathBuf>,
}

/// Finds the control groups of container `id`, whose first process is `pid`.
pub(super) fn locate(root: &Path, pid: u32, id: &ContainerId) -> Result<Groups, Unlocatable> {
    let groups = std::fs::read_to_string(root.join(format!("proc/{pid}/cgroup")))?;
    let mounts = std::fs::read_to_string(root.join("proc/self/mountinfo"))?;
    let mounts: Vec<_> = mounts.lines().filter_map(Mount::parse).collect();
    let memberships: Vec<_> = groups.lines().filter_map(Membership::parse).collect();
    if !memberships
        .iter()
        .any(|membership| own_part(membership.path, id).is_some())
    {
        return Err(Unlocatable::Stranger(pid));
    }
    let one = |controller: &'static str| -> Result<PathBuf, Unlocatable> {
        let membership = memberships
            .iter()
            .find(|membership| membership.controls(controller))
            .ok_or(Unlocatable::NotMounted(controller))?;
        let path = own_part(membership.path, id).ok_or(Unlocatable::Stranger(pid))?;
        mounts
            .iter()
            .filter(|mount| mount.has(controller))
            .find_map(|mount| mount.folder(root, path))
            .ok_or(Unlocatable::NotMounted(controller))
    };
    match (one("cpuacct"), one("memory")) {
        (Ok(cpuacct), Ok(memory)) => Ok(Groups::One(Folders {
            cpuacct,
            memory,
            cpu: one("cpu").ok(),
            blkio: one("blkio").ok(),
            pids: one("pids").ok(),
        })),
        (Err(Unlocatable::NotMounted(_)), Err(Unlocatable::NotMounted(_))) => {
            unified(root, &memberships, &mounts, pid, id).map(Groups::Two)
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}

fn unified(
    root: &Path,
    memberships: &[Membership<'_>],
    mounts: &[Mount<'_>],
    pid: u32,
    id: &ContainerId,
) -> Result<PathBuf, Unlocatable> {
    let membership = memberships
        .iter()
        .find(|membership| membership.controllers.is_empty())
        .ok_or(Unlocatable::NotMounted("version 2"))?;
    let path = own_part(membership.path, id).ok_or(Unlocatable::Stranger(pid))?;
    mounts
        .iter()
        .filter(|mount| mount.kind == "cgroup2")
        .find_map(|mount| mount.folder(root, path))
        .ok_or(Unlocatable::NotMounted("version 2"))
}

/// The part of a group's path up to the container's own group: its first process may sit in a group below that
/// (systemd or an engine inside the container, Podman's `container`). `None` when no part carries the container's id.
fn own_part<'p>(path: &'p str, id: &ContainerId) -> Option<&'p str> {
    let at = path.find(id.as_str())?;
    let rest = path[at..].find('/').unwrap_or(path.len() - at);
    Some(&path[..at + rest])
}

/// One line of `/proc/PID/cgroup`: `4:memory:/docker/…`, `0::/…` for version 2.
struct Membership<'t> {
    controllers: &'t str,
    path: &'t str,
}

impl<'t> Membership<'t> {
    fn parse(line: &'t str) -> Option<Self> {
        let mut fields = line.splitn(3, ':');
        let _hierarchy = fields.next()?;
        Some(Self {
            controllers: fields.next()?,
            path: fields.next()?,
        })
    }

    fn controls(&self, controller: &str) -> bool {
        self.controllers.split(',').any(|name| name == controller)
    }
}

/// One line of `/proc/self/mountinfo` (proc(5)).
struct Mount<'t> {
    /// What of the hierarchy is mounted; not `/` inside a container.
    part: &'t str,
    at: &'t str,
    kind: &'t str,
    options: &'t str,
}

impl<'t> Mount<'t> {
    fn parse(line: &'t str) -> Option<Self> {
        let (mount, system) = line.split_once(" - ")?;
        let mut mount = mount.split(' ');
        let mut system = system.split(' ');
        let parsed = Self {
            part: mount.nth(3)?,
            at: mount.next()?,
            kind: system.next()?,
            options: system.nth(1)?,
        };
        parsed.kind.starts_with("cgroup").then_some(parsed)
    }

    fn has(&self, controller: &str) -> bool {
        self.kind == "cgroup" && self.options.split(',').any(|name| name == controller)
    }

    /// Where `path` of the hierarchy is found through this mount, if it is there.
    fn folder(&self, root: &Path, path: &str) -> Option<PathBuf> {
        let inside = match self.part {
            "/" => path,
            part => path
                .strip_prefix(part)
                .filter(|rest| rest.starts_with('/'))?,
        };
        if inside.split('/').any(|part| part == "..") {
            return None;
        }
        let folder = root
            .join(self.at.trim_start_matches('/'))
            .join(inside.trim_start_matches('/'));
        folder.is_dir().then_some(folder)
    }
}
