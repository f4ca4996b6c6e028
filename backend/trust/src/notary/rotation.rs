//! Roots that follow one another.

use super::{
    evidence::{Answer, Wanted},
    fault::{Fault, FaultClass},
    fetch::lost,
    metadata::{Document, FileMeta, Root},
    pinning::Anchor,
    root::{self, Rules, TrustedRoot},
    verify::{Check, Halt},
};

impl Check<'_> {
    /// A newer root than `trusted`, each version signed by the one before it; `why` is what made us look for it.
    pub(super) fn newer(
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
}
