//! The check itself: anchor, timestamp, snapshot, targets, delegations, and once more with a newer root if that failed.

use super::{
    evidence::{Answer, Evidence, Remembered, Request, Wanted},
    fault::{Fault, FaultClass},
    fetch::{Loaded, lost, signed},
    metadata::{FileMeta, Root, Snapshot, Targets, Timestamp},
    pinning::Anchor,
    repository::{Repository, RoleState, RootCertificate, Warning, WarningKind},
    role::TARGETS,
    root::{self, Rules, TrustedRoot},
    seen::Seen,
};
use std::collections::BTreeMap;

/// How far a check has come.
#[derive(Debug, Clone)]
pub enum Progress {
    /// These files must be seen next.
    Wanted(Vec<Wanted>),
    /// The server has no trust data for the repository, and never had any that we know of.
    Unsigned,
    /// The trust data is sound.
    Sound(Box<Repository>),
    /// It is not.
    Refused(Fault),
}

/// Checks a repository as far as `evidence` reaches.
///
/// The same evidence gives the same answer: call it again with every answer added to what was there, until nothing is wanted. A
/// recorded check can so be replayed.
pub fn verify(request: &Request<'_>, evidence: &Evidence) -> Progress {
    match (Check { request, evidence }).run() {
        Ok(repository) => Progress::Sound(Box::new(repository)),
        Err(Halt::Wanted(files)) => Progress::Wanted(files),
        Err(Halt::Unsigned) => Progress::Unsigned,
        Err(Halt::Fault(fault)) => Progress::Refused(fault),
    }
}

pub(super) enum Halt {
    Wanted(Vec<Wanted>),
    Unsigned,
    Fault(Fault),
}

impl From<Fault> for Halt {
    fn from(fault: Fault) -> Self {
        Halt::Fault(fault)
    }
}

pub(super) struct Check<'a> {
    pub request: &'a Request<'a>,
    pub evidence: &'a Evidence,
}

impl Check<'_> {
    fn run(&self) -> Result<Repository, Halt> {
        let trusted = self.anchor()?;
        let known = trusted.anchor == Anchor::Remembered;
        let seen = Seen::new(self.request.remembered, known.then_some(&trusted));
        let mut announced = None;
        let pinned = match known {
            true => root::still_pinned(&trusted, self.rules(1)),
            false => Ok(()),
        };
        let first = pinned
            .map_err(Halt::from)
            .and_then(|()| self.attempt(&trusted, seen, &mut announced));
        let Err(Halt::Fault(fault)) = first else {
            return first;
        };
        let newer = self.newer(&trusted, announced.as_ref(), fault)?;
        self.attempt(&newer, seen, &mut None)
    }

    /// The rules for a root that must hold today.
    pub(super) fn rules(&self, at_least: u64) -> Rules<'_> {
        Rules {
            gun: self.request.gun,
            pinning: Some(self.request.pinning),
            at_least,
            current: true,
            announced: None,
            now: self.request.now,
        }
    }

    /// The rules for a root that is only a step to another.
    pub(super) fn step(&self, at_least: u64) -> Rules<'_> {
        Rules {
            pinning: None,
            current: false,
            ..self.rules(at_least)
        }
    }

    /// The root to start from: the one that was trusted before, else the first one seen.
    fn anchor(&self) -> Result<TrustedRoot, Halt> {
        if let Some(bytes) = self.request.remembered.get("root") {
            // Whatever is remembered, this is needed; asked for first, nothing is checked twice.
            self.ask("timestamp.json", self.request.limits.timestamp, "timestamp")?;
            // What we remember is what pins trust: if it does not hold, nothing else is believed instead.
            let mut trusted = root::accept(bytes, None, self.step(1))?;
            trusted.anchor = Anchor::Remembered;
            return Ok(trusted);
        }
        let bytes = match self.ask("root.json", self.request.limits.file, "root")? {
            Answer::Found(bytes) => bytes,
            Answer::Missing => return Err(Halt::Unsigned),
            other => return Err(lost("root", other).into()),
        };
        Ok(root::accept(bytes, None, self.rules(1))?)
    }

    /// Everything below the root.
    fn attempt(
        &self,
        trusted: &TrustedRoot,
        before: Seen<'_>,
        announced: &mut Option<FileMeta>,
    ) -> Result<Repository, Halt> {
        if trusted.root.common.expires < self.request.now {
            let sentence = format!("it expired on {}", trusted.root.common.expires);
            return Err(Fault::new(FaultClass::Expired, "root", sentence).into());
        }
        let mut warnings = Vec::new();
        let timestamp = self.timestamp(&trusted.root, before, &mut warnings)?;
        let snapshot = self.hashed("snapshot", &timestamp.content.snapshot, before, |bytes| {
            let (document, signed_by) = signed("snapshot", bytes, &trusted.root)?;
            let snapshot = Snapshot::read(&document.signed)?;
            Ok((snapshot.common, signed_by, snapshot))
        })?;
        let meta = &snapshot.content.meta;
        let of_root = &meta["root"];
        *announced = Some(of_root.clone());
        of_root
            .check(&trusted.bytes)
            .map_err(|sentence| Fault::new(FaultClass::Hash, "root", sentence))?;
        let targets = self.hashed(TARGETS, &meta[TARGETS], before, |bytes| {
            let (document, signed_by) = signed(TARGETS, bytes, &trusted.root)?;
            let targets = Targets::read(TARGETS, &document.signed)?;
            Ok((targets.common, signed_by, targets))
        })?;
        let mut roles = BTreeMap::from([(
            "root".to_owned(),
            RoleState {
                version: trusted.root.common.version,
                expires: trusted.root.common.expires,
                sha256: crate::digest::sha256_hex(&trusted.bytes),
                signed_by: trusted.signed_by.clone(),
            },
        )]);
        let mut files = BTreeMap::from([("root".to_owned(), trusted.bytes.clone())]);
        roles.insert("timestamp".to_owned(), timestamp.state);
        files.insert("timestamp".to_owned(), timestamp.bytes);
        roles.insert("snapshot".to_owned(), snapshot.state);
        files.insert("snapshot".to_owned(), snapshot.bytes);
        let mut loaded = BTreeMap::from([(TARGETS.to_owned(), targets)]);
        self.delegations(meta, before, &mut loaded, &mut warnings)?;
        self.warn_of_removed(meta, &loaded, &mut warnings);
        if trusted.anchor == Anchor::FirstUse {
            warnings.push(Warning {
                kind: WarningKind::FirstUse,
                sentence: "nothing was known of this repository, so the first root seen was believed; pin its certificate".to_owned(),
            });
        }
        // What is left out today is remembered all the same: its version must not be forgotten by being left out.
        for name in loaded
            .values()
            .flat_map(|role| &role.content.delegations)
            .map(|delegation| &delegation.name)
        {
            if let Some(bytes) = self.request.remembered.get(name) {
                files.insert(name.clone(), bytes.to_vec());
            }
        }
        let mut contents = BTreeMap::new();
        for (name, role) in loaded {
            roles.insert(name.clone(), role.state);
            files.insert(name.clone(), role.bytes);
            contents.insert(name, role.content);
        }
        Ok(Repository {
            gun: self.request.gun.to_owned(),
            anchor: trusted.anchor.clone(),
            roles,
            root_certificates: root_certificates(trusted),
            warnings,
            files: Remembered(files),
            root: trusted.root.clone(),
            targets: contents,
        })
    }

    /// Always asks the server; what it said last counts only while it is away.
    fn timestamp(
        &self,
        root: &Root,
        before: Seen<'_>,
        warnings: &mut Vec<Warning>,
    ) -> Result<Loaded<Timestamp>, Halt> {
        const ROLE: &str = "timestamp";
        let read = |bytes: &[u8], at_least: u64| {
            let (document, signed_by) = signed(ROLE, bytes, root)?;
            let timestamp = Timestamp::read(&document.signed)?;
            let state = self.state(ROLE, bytes, timestamp.common, signed_by, at_least)?;
            Ok::<_, Fault>(Loaded {
                content: timestamp,
                state,
                bytes: bytes.to_vec(),
            })
        };
        let answer = self.ask("timestamp.json", self.request.limits.timestamp, ROLE)?;
        if let Answer::Found(bytes) = answer {
            let unchanged = self.request.remembered.get(ROLE) == Some(bytes.as_slice());
            let at_least = if unchanged { 1 } else { before.version(ROLE) };
            return Ok(read(bytes, at_least)?);
        }
        let away = lost(ROLE, answer);
        if !matches!(answer, Answer::Missing | Answer::Unreachable(_)) {
            return Err(away.into());
        }
        let Some(bytes) = self.request.remembered.get(ROLE) else {
            return Err(away.into());
        };
        let loaded = read(bytes, 1)?;
        warnings.push(Warning {
            kind: WarningKind::Stale,
            sentence: format!(
                "the server did not give its timestamp ({}); what it said before holds until {}",
                away.sentence, loaded.state.expires
            ),
        });
        Ok(loaded)
    }
}

fn root_certificates(trusted: &TrustedRoot) -> Vec<RootCertificate> {
    trusted
        .certificates
        .iter()
        .map(|(key_id, certificate)| RootCertificate {
            key_id: key_id.clone(),
            common_name: certificate.common_name().unwrap_or_default(),
            not_after: certificate.not_after(),
        })
        .collect()
}
