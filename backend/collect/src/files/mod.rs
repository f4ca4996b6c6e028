//! Counters straight from the kernel: control group files and `/proc`, kept open between sweeps.

mod host;
mod locate;
mod machine;
mod net;
mod open;
mod parse;
mod v1;
mod v2;

use crate::counters::{Counters, reading};
use crate::life::Life;
use host::{Clock, MachineTime};
pub use locate::Unlocatable;
use machine::Survey;
pub(crate) use parse::{NOTHING, add};
use plimsoll_shared::{Collection, ContainerId, Network, Reading, UnixMs};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Reads the counters of the containers it was given, one sweep at a time.
///
/// Takes a root folder, so that a tree written by a test stands for a machine.
#[derive(Debug)]
pub struct Sampler {
    root: PathBuf,
    clock: Clock,
    memory: Option<u64>,
    data: Option<PathBuf>,
    buffer: Vec<u8>,
    lives: HashMap<ContainerId, Measured>,
    /// `None` until a container's files were found here: what runs elsewhere is on another machine.
    survey: Option<Survey>,
    /// What the clock said in the latest sweep.
    time: Option<MachineTime>,
}

#[derive(Debug)]
struct Measured {
    groups: Groups,
    net: Option<net::NetDev>,
    before: Option<Counters>,
}

#[derive(Debug)]
enum Groups {
    One(v1::Files),
    Two(v2::Files),
}

impl Sampler {
    /// A sampler over the file system at `root`; `memory` is the machine's memory as the engine told it.
    ///
    /// # Errors
    /// When `/proc/stat` cannot be read.
    pub fn new(root: &Path, memory: Option<u64>) -> std::io::Result<Self> {
        Ok(Self {
            root: root.to_owned(),
            clock: Clock::open(root)?,
            memory,
            data: None,
            buffer: Vec::with_capacity(16 * 1024),
            lives: HashMap::new(),
            survey: None,
            time: None,
        })
    }

    /// The same, knowing the engine's data folder, whose file system is measured with the machine.
    #[must_use]
    pub fn with_data(mut self, folder: Option<PathBuf>) -> Self {
        self.data = folder;
        self
    }

    /// Begins to measure a life; an earlier life of the same container is forgotten.
    ///
    /// # Errors
    /// When its files are not there, not readable, or not surely its own.
    pub fn add(&mut self, life: &Life) -> Result<(), Unlocatable> {
        self.remove(&life.id);
        let pid = life.pid.ok_or(Unlocatable::NoProcess)?;
        // Opened before its owner is checked: if the number was reused in between, the check fails.
        let net = match life.network {
            Network::Own | Network::Container(_) => {
                Some(net::NetDev::open(&self.root, pid, life.interfaces.clone())?)
            }
            Network::Host | Network::None => None,
        };
        let groups = match locate::locate(&self.root, pid, &life.id)? {
            locate::Groups::One(folders) => Groups::One(v1::Files::open(&folders)?),
            locate::Groups::Two(folder) => Groups::Two(v2::Files::open(&folder)?),
        };
        let measured = Measured {
            groups,
            net,
            before: None,
        };
        self.lives.insert(life.id.clone(), measured);
        if self.survey.is_none() {
            self.survey = Survey::open(&self.root, self.data.as_deref())
                .inspect_err(|error| tracing::debug!(%error, "the machine is not measured"))
                .ok();
        }
        Ok(())
    }

    /// Stops measuring a container and closes its files.
    pub fn remove(&mut self, id: &ContainerId) {
        self.lives.remove(id);
    }

    /// Which kind of files are read; `None` while there is no container.
    #[must_use]
    pub fn collection(&self) -> Option<Collection> {
        let first = self.lives.values().next()?;
        Some(match first.groups {
            Groups::One(_) => Collection::Cgroup1,
            Groups::Two(_) => Collection::Cgroup2,
        })
    }

    /// One reading of every container that gave one; `at` is when the sweep began. A container whose files are gone is absent.
    pub fn sweep(&mut self, at: UnixMs) -> Vec<(ContainerId, Reading)> {
        let Self {
            clock,
            memory,
            buffer,
            lives,
            time,
            ..
        } = self;
        *time = clock.read(buffer).ok();
        let Some(clock) = *time else {
            return Vec::new();
        };
        let mut readings = Vec::with_capacity(lives.len());
        for (id, measured) in lives {
            if let Ok(now) = measured.read(at, clock, *memory, buffer) {
                readings.push((id.clone(), reading(at, measured.before.as_ref(), &now)));
                measured.before = Some(now);
            }
        }
        readings
    }

    /// The machine's own reading of the latest sweep, which began at `at`; `None` unless the engine was found to be on this machine, which
    /// the files of one of its containers prove.
    pub fn machine(&mut self, at: UnixMs) -> Option<Reading> {
        let survey = self.survey.as_mut()?;
        survey.read(at, self.time?, &mut self.buffer).ok()
    }
}

impl Measured {
    fn read(
        &self,
        at: UnixMs,
        clock: MachineTime,
        memory: Option<u64>,
        buffer: &mut Vec<u8>,
    ) -> std::io::Result<Counters> {
        let mut counters = match &self.groups {
            Groups::One(files) => files.read(at, clock, memory, buffer)?,
            Groups::Two(files) => files.read(at, clock, memory, buffer)?,
        };
        counters.network = match &self.net {
            Some(net) => Some(net.read(buffer)?),
            None => None,
        };
        Ok(counters)
    }
}

#[cfg(test)]
mod tests;
