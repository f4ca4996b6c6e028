//! The check itself: anchor, timestamp, snapshot, targets, delegations, and once more with a newer root if that failed.

use super::{
    evidence::{Answer, Evidence, Request, Wanted},
    fault::{Fault, FaultClass},
    key::Key,
    metadata::{Common, Document, FileMeta, Root, Snapshot, Targets, Timestamp, listed_keys},
    pinning::Anchor,
    repository::{Repository, RoleState, RootCertificate, Warning, WarningKind, children},
    role::{RELEASES, TARGETS},
    root::{self, Rules, TrustedRoot},
    signatures,
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

enum Halt {
    Wanted(Vec<Wanted>),
    Unsigned,
    Fault(Fault),
}

impl From<Fault> for Halt {
    fn from(fault: Fault) -> Self {
        Halt::Fault(fault)
    }
}

struct Check<'a> {
    request: &'a Request<'a>,
    evidence: &'a Evidence,
}

/// A verified file of some role.
struct Loaded<T> {
    content: T,
    state: RoleState,
    bytes: Vec<u8>,
}

impl Check<'_> {
    fn run(&self) -> Result<Repository, Halt> {
        let (trusted, versions) = self.anchor()?;
        let mut announced = None;
        let pinned = match trusted.anchor {
            Anchor::Remembered => root::still_pinned(&trusted, self.rules(1)),
            _ => Ok(()),
        };
        let first = pinned
            .map_err(Halt::from)
            .and_then(|()| self.attempt(&trusted, &versions, &mut announced));
        let Err(Halt::Fault(fault)) = first else {
            return first;
        };
        let newer = self.newer(&trusted, announced.as_ref(), fault)?;
        self.attempt(&newer, &versions, &mut None)
    }

    /// The rules for a root that must hold today.
    fn rules(&self, at_least: u64) -> Rules<'_> {
        Rules {
            gun: self.request.gun,
            pinning: Some(self.request.pinning),
            first_use: true,
            at_least,
            current: true,
            announced: None,
            now: self.request.now,
        }
    }

    /// The rules for a root that is only a step to another.
    fn step(&self, at_least: u64) -> Rules<'_> {
        Rules {
            pinning: None,
            current: false,
            ..self.rules(at_least)
        }
    }

    /// The root to start from, with the versions of every role that were seen before.
    fn anchor(&self) -> Result<(TrustedRoot, BTreeMap<String, u64>), Halt> {
        if let Some(bytes) = self.request.remembered.get("root") {
            // What we remember is what pins trust: if it does not hold, nothing else is believed instead.
            let mut trusted = root::accept(bytes, None, self.step(1))?;
            trusted.anchor = Anchor::Remembered;
            let versions = self.seen_versions(&trusted);
            return Ok((trusted, versions));
        }
        let bytes = match self.ask("root.json", self.request.limits.file, "root")? {
            Answer::Found(bytes) => bytes,
            Answer::Missing => return Err(Halt::Unsigned),
            other => return Err(lost("root", other).into()),
        };
        let trusted = root::accept(bytes, None, self.rules(1))?;
        Ok((trusted, BTreeMap::new()))
    }

    /// The versions of the remembered files, as far as they are validly signed.
    fn seen_versions(&self, trusted: &TrustedRoot) -> BTreeMap<String, u64> {
        let mut versions = BTreeMap::from([("root".to_owned(), trusted.root.common.version)]);
        let mut delegators: BTreeMap<&str, Targets> = BTreeMap::new();
        // In the order of names every role comes after the one that delegates to it.
        for (name, bytes) in &self.request.remembered.0 {
            let loaded = match name.as_str() {
                "root" => continue,
                "timestamp" | "snapshot" => {
                    self.signed(name, bytes, &trusted.root)
                        .and_then(|(document, _)| match name.as_str() {
                            "timestamp" => Ok(Timestamp::read(&document.signed)?.common),
                            _ => Ok(Snapshot::read(&document.signed)?.common),
                        })
                }
                TARGETS => self
                    .signed(name, bytes, &trusted.root)
                    .and_then(|(document, _)| Targets::read(name, &document.signed))
                    .map(|targets| {
                        let common = targets.common;
                        delegators.insert(name, targets);
                        common
                    }),
                _ => {
                    let delegator = super::role::parent(name).and_then(|name| delegators.get(name));
                    let Some(delegator) = delegator else { continue };
                    delegated(name, bytes, delegator).map(|(targets, _)| {
                        let common = targets.common;
                        delegators.insert(name, targets);
                        common
                    })
                }
            };
            if let Ok(common) = loaded {
                versions.insert(name.clone(), common.version);
            }
        }
        versions
    }

    /// Everything below the root.
    fn attempt(
        &self,
        trusted: &TrustedRoot,
        versions: &BTreeMap<String, u64>,
        announced: &mut Option<FileMeta>,
    ) -> Result<Repository, Halt> {
        if trusted.root.common.expires < self.request.now {
            let sentence = format!("it expired on {}", trusted.root.common.expires);
            return Err(Fault::new(FaultClass::Expired, "root", sentence).into());
        }
        let mut warnings = Vec::new();
        let timestamp = self.timestamp(&trusted.root, versions, &mut warnings)?;
        let snapshot = self.hashed("snapshot", &timestamp.content.snapshot, versions, |bytes| {
            let (document, signed_by) = self.signed("snapshot", bytes, &trusted.root)?;
            let snapshot = Snapshot::read(&document.signed)?;
            Ok((snapshot.common, signed_by, snapshot))
        })?;
        let meta = &snapshot.content.meta;
        let of_root = &meta["root"];
        *announced = Some(of_root.clone());
        of_root
            .check(&trusted.bytes)
            .map_err(|sentence| Fault::new(FaultClass::Hash, "root", sentence))?;
        let targets = self.hashed(TARGETS, &meta[TARGETS], versions, |bytes| {
            let (document, signed_by) = self.signed(TARGETS, bytes, &trusted.root)?;
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
        self.delegations(meta, versions, &mut loaded, &mut warnings)?;
        self.warn_of_removed(meta, &loaded, &mut warnings);
        if trusted.anchor == Anchor::FirstUse {
            warnings.push(Warning {
                kind: WarningKind::FirstUse,
                sentence: "nothing was known of this repository, so the first root seen was believed; pin its certificate".to_owned(),
            });
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
            files: super::evidence::Remembered(files),
            root: trusted.root.clone(),
            targets: contents,
        })
    }

    /// Always asks the server; what it said last counts only while it is away.
    fn timestamp(
        &self,
        root: &Root,
        versions: &BTreeMap<String, u64>,
        warnings: &mut Vec<Warning>,
    ) -> Result<Loaded<Timestamp>, Halt> {
        const ROLE: &str = "timestamp";
        let read = |bytes: &[u8], at_least: u64| {
            let (document, signed_by) = self.signed(ROLE, bytes, root)?;
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
            return Ok(read(bytes, seen(versions, ROLE))?);
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

    /// Loads every delegation that the snapshot lists, parents before children.
    fn delegations(
        &self,
        meta: &BTreeMap<String, FileMeta>,
        versions: &BTreeMap<String, u64>,
        loaded: &mut BTreeMap<String, Loaded<Targets>>,
        warnings: &mut Vec<Warning>,
    ) -> Result<(), Halt> {
        let mut wanted = Vec::new();
        let mut queue = children(&loaded[TARGETS].content, &[String::new()]);
        let mut visited = 0;
        while !queue.is_empty() {
            let (name, paths) = queue.remove(0);
            visited += 1;
            if visited > self.request.limits.delegations {
                return Err(Fault::structure(
                    &name,
                    format!(
                        "the repository has more than {} delegations",
                        self.request.limits.delegations
                    ),
                )
                .into());
            }
            let Some(announced) = meta.get(&name).filter(|meta| !meta.hashes.is_empty()) else {
                continue;
            };
            let Some(delegator) = super::role::parent(&name).and_then(|parent| loaded.get(parent))
            else {
                continue;
            };
            let delegator = &delegator.content;
            let at_least = seen(versions, &name);
            let result = self.hashed_with(&name, announced, |bytes, fresh| {
                let document = Document::read(&name, bytes)?;
                let targets = Targets::read(&name, &document.signed)?;
                check_version(&name, targets.common, if fresh { at_least } else { 1 })?;
                let (keys, threshold) = delegated_keys(&name, delegator);
                let signed_by = match signatures::count(&name, &document, &keys, threshold) {
                    Err(fault) if is_dropped(&fault) && !document.signatures.is_empty() => {
                        return Ok(Err(fault));
                    }
                    counted => counted?,
                };
                match self.state(&name, bytes, targets.common, signed_by, 1) {
                    Err(fault) if is_dropped(&fault) => Ok(Err(fault)),
                    state => Ok(Ok(Loaded {
                        content: targets,
                        state: state?,
                        bytes: bytes.to_vec(),
                    })),
                }
            });
            match result {
                Ok(Ok(role)) => {
                    let mut next = children(&role.content, &paths);
                    next.append(&mut queue);
                    queue = next;
                    loaded.insert(name, role);
                }
                Err(Halt::Wanted(files)) => wanted.extend(files),
                Ok(Err(fault)) => warnings.push(Warning {
                    kind: WarningKind::DelegationDropped,
                    sentence: format!("{name} does not count: {}", fault.sentence),
                }),
                Err(other) => return Err(other),
            }
        }
        match wanted.is_empty() {
            true => Ok(()),
            false => Err(Halt::Wanted(wanted)),
        }
    }

    fn warn_of_removed(
        &self,
        meta: &BTreeMap<String, FileMeta>,
        loaded: &BTreeMap<String, Loaded<Targets>>,
        warnings: &mut Vec<Warning>,
    ) {
        let delegated = loaded
            .values()
            .flat_map(|role| &role.content.delegations)
            .map(|delegation| &delegation.name);
        for name in delegated {
            if self.request.remembered.get(name).is_some() && !meta.contains_key(name) {
                let then = match name.as_str() {
                    RELEASES => "; tags are now looked up in targets alone",
                    _ => "",
                };
                warnings.push(Warning {
                    kind: WarningKind::RoleRemovedFromSnapshot,
                    sentence: format!(
                        "the snapshot no longer lists {name}, which is still delegated to{then}"
                    ),
                });
            }
        }
    }

    /// A newer root than `trusted`, each version signed by the one before it; `why` is what made us look for it.
    fn newer(
        &self,
        trusted: &TrustedRoot,
        announced: Option<&FileMeta>,
        why: Fault,
    ) -> Result<TrustedRoot, Halt> {
        let remembered = self.request.remembered.get("root").is_some();
        let at_least = if remembered {
            trusted.root.common.version
        } else {
            1
        };
        let rules = Rules {
            announced,
            ..self.rules(at_least)
        };
        // A remembered root may be the very one that is announced.
        if announced.is_some()
            && let Ok(same) = root::accept(&trusted.bytes, Some(trusted), rules)
        {
            return Ok(TrustedRoot {
                anchor: trusted.anchor.clone(),
                ..same
            });
        }
        let (name, cap) = match announced {
            Some(meta) => self.place("root", meta)?,
            None => ("root.json".to_owned(), self.request.limits.file),
        };
        let bytes = match self.ask(&name, cap, "root")? {
            Answer::Found(bytes) => bytes,
            Answer::TooLong => return Err(lost("root", &Answer::TooLong).into()),
            // Without a newer root, what was wrong with the old one stands.
            _ => return Err(why.into()),
        };
        let continued = |mut newer: TrustedRoot| {
            if newer.anchor == Anchor::Remembered {
                newer.anchor = trusted.anchor.clone();
            }
            newer
        };
        match root::accept(bytes, Some(trusted), rules) {
            Ok(newer) => Ok(continued(newer)),
            Err(fault) if fault.class == FaultClass::RootRotation => {
                let document = Document::read("root", bytes)?;
                let newest = Root::read(&document.signed)?.common.version;
                let last = self.walk(trusted, newest)?;
                let rules = Rules {
                    at_least: newest,
                    ..rules
                };
                Ok(continued(root::accept(bytes, Some(&last), rules)?))
            }
            Err(fault) => Err(fault.into()),
        }
    }

    /// Walks from `trusted` to the root before `newest`, version by version.
    fn walk(&self, trusted: &TrustedRoot, newest: u64) -> Result<TrustedRoot, Halt> {
        let first = trusted.root.common.version + 1;
        if newest.saturating_sub(first) > self.request.limits.roots {
            let sentence = format!(
                "version {newest} is too far from the trusted version {}",
                first - 1
            );
            return Err(Fault::new(FaultClass::RootChain, "root", sentence).into());
        }
        let name = |version: u64| format!("{version}.root.json");
        let wanted: Vec<_> = (first..newest)
            .map(name)
            .filter(|name| !self.evidence.contains_key(name))
            .map(|name| Wanted {
                name,
                cap: self.request.limits.file,
            })
            .collect();
        if !wanted.is_empty() {
            return Err(Halt::Wanted(wanted));
        }
        let mut last = trusted.clone();
        for version in first..newest {
            let Answer::Found(bytes) =
                self.ask(&name(version), self.request.limits.file, "root")?
            else {
                let sentence = format!(
                    "version {version} is not to be had, so that nothing leads from the trusted version {} to version {newest}",
                    first - 1
                );
                return Err(Fault::new(FaultClass::RootChain, "root", sentence).into());
            };
            last = root::accept(bytes, Some(&last), self.step(version))?;
        }
        Ok(last)
    }

    /// The answer for a file, or the wish for it.
    fn ask(&self, name: &str, cap: u64, role: &str) -> Result<&Answer, Halt> {
        match self.evidence.get(name) {
            None => Err(Halt::Wanted(vec![Wanted {
                name: name.to_owned(),
                cap,
            }])),
            Some(Answer::Found(bytes)) if bytes.len() as u64 > cap => {
                Err(lost(role, &Answer::TooLong).into())
            }
            Some(answer) => Ok(answer),
        }
    }

    /// Where a file with known digests lies, and the most bytes it may have.
    fn place(&self, role: &str, meta: &FileMeta) -> Result<(String, u64), Fault> {
        if meta.length > self.request.limits.file {
            let sentence = format!(
                "it is announced with {} bytes and may have {}",
                meta.length, self.request.limits.file
            );
            return Err(Fault::new(FaultClass::Length, role, sentence));
        }
        let name = match meta.sha256() {
            Some(hex) => format!("{role}.{hex}.json"),
            None => format!("{role}.json"),
        };
        Ok((name, meta.length))
    }

    fn hashed<T>(
        &self,
        role: &str,
        meta: &FileMeta,
        versions: &BTreeMap<String, u64>,
        read: impl Fn(&[u8]) -> Result<(Common, Vec<String>, T), Fault>,
    ) -> Result<Loaded<T>, Halt> {
        self.hashed_with(role, meta, |bytes, fresh| {
            let (common, signed_by, content) = read(bytes)?;
            let at_least = if fresh { seen(versions, role) } else { 1 };
            let state = self.state(role, bytes, common, signed_by, at_least)?;
            Ok(Loaded {
                content,
                state,
                bytes: bytes.to_vec(),
            })
        })
    }

    /// Takes the file from what is remembered if that is the one announced and holds, else from the server.
    fn hashed_with<T>(
        &self,
        role: &str,
        meta: &FileMeta,
        read: impl Fn(&[u8], bool) -> Result<T, Fault>,
    ) -> Result<T, Halt> {
        let checked = |bytes: &[u8], fresh| {
            meta.check(bytes)
                .map_err(|sentence| Fault::new(FaultClass::Hash, role, sentence))?;
            read(bytes, fresh)
        };
        if let Some(bytes) = self.request.remembered.get(role)
            && let Ok(loaded) = checked(bytes, false)
        {
            return Ok(loaded);
        }
        let (name, cap) = self.place(role, meta)?;
        match self.ask(&name, cap, role)? {
            Answer::Found(bytes) => Ok(checked(bytes, true)?),
            other => Err(lost(role, other).into()),
        }
    }

    /// Reads a top role's file and checks its signatures.
    fn signed(
        &self,
        role: &str,
        bytes: &[u8],
        root: &Root,
    ) -> Result<(Document, Vec<String>), Fault> {
        let document = Document::read(role, bytes)?;
        let signed_by = signatures::count(
            role,
            &document,
            &root.keys_of(role),
            root.threshold_of(role),
        )?;
        Ok((document, signed_by))
    }

    /// The last two checks of every file: not older than one seen, not expired.
    fn state(
        &self,
        role: &str,
        bytes: &[u8],
        common: Common,
        signed_by: Vec<String>,
        at_least: u64,
    ) -> Result<RoleState, Fault> {
        check_version(role, common, at_least)?;
        if common.expires < self.request.now {
            let sentence = format!("it expired on {}", common.expires);
            return Err(Fault::new(FaultClass::Expired, role, sentence));
        }
        Ok(RoleState {
            version: common.version,
            expires: common.expires,
            sha256: crate::digest::sha256_hex(bytes),
            signed_by,
        })
    }
}

fn check_version(role: &str, common: Common, at_least: u64) -> Result<(), Fault> {
    match common.version < at_least {
        true => Err(Fault::new(
            FaultClass::Rollback,
            role,
            format!(
                "the server offers version {} and version {at_least} was seen before",
                common.version
            ),
        )),
        false => Ok(()),
    }
}

fn delegated_keys<'a>(name: &str, delegator: &'a Targets) -> (BTreeMap<&'a str, &'a Key>, u64) {
    delegator
        .delegations
        .iter()
        .find(|delegation| delegation.name == name)
        .map(|delegation| {
            (
                listed_keys(&delegation.keys, &delegator.keys),
                delegation.keys.threshold,
            )
        })
        .unwrap_or((BTreeMap::new(), u64::MAX))
}

fn delegated(
    name: &str,
    bytes: &[u8],
    delegator: &Targets,
) -> Result<(Targets, Vec<String>), Fault> {
    let document = Document::read(name, bytes)?;
    let (keys, threshold) = delegated_keys(name, delegator);
    let signed_by = signatures::count(name, &document, &keys, threshold)?;
    Ok((Targets::read(name, &document.signed)?, signed_by))
}

/// Whether a delegation with this fault is left out while the rest counts; any other fault spoils the repository, as one that
/// nobody signed at all does.
fn is_dropped(fault: &Fault) -> bool {
    matches!(fault.class, FaultClass::Expired | FaultClass::Signature)
}

fn seen(versions: &BTreeMap<String, u64>, role: &str) -> u64 {
    versions.get(role).copied().unwrap_or(1)
}

fn lost(role: &str, answer: &Answer) -> Fault {
    let (class, sentence) = match answer {
        Answer::Missing => (
            FaultClass::Unreachable,
            "the server has no such file".to_owned(),
        ),
        Answer::NoAccess(why) => (FaultClass::NoAccess, why.clone()),
        Answer::Unreachable(why) => (FaultClass::Unreachable, why.clone()),
        Answer::TooLong => (
            FaultClass::Length,
            "the file is longer than was announced or is allowed".to_owned(),
        ),
        Answer::Found(_) => (
            FaultClass::Structure,
            "the file was not expected".to_owned(),
        ),
    };
    Fault::new(class, role, sentence)
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
