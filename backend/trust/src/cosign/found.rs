//! Everything that was found about an image, and whether it is enough.

use super::{
    outcome::{Attestation, Fault, FaultClass, Outcome, Signature, Verified},
    policy::{Policy, Signers},
};
use crate::oci::Unusable;
use std::collections::BTreeSet;

/// Everything that was found, counted or not.
#[derive(Default)]
pub(super) struct Found {
    /// How many things claim to be a signature of an image.
    pub claims: usize,
    pub signatures: BTreeSet<Signature>,
    pub attestations: Vec<Attestation>,
    pub faults: Vec<Fault>,
    pub notes: BTreeSet<String>,
}

impl Found {
    pub fn fault(&mut self, class: FaultClass, sentence: impl Into<String>) {
        self.faults.push(Fault {
            class,
            sentence: sentence.into(),
        });
    }

    pub fn lost(&mut self, what: &str, unusable: &Unusable) {
        let class = match unusable {
            Unusable::Wanted => return,
            Unusable::NoAccess(_) => FaultClass::NoAccess,
            Unusable::Unreachable(_) | Unusable::Missing => FaultClass::Unreachable,
            Unusable::OtherBytes(_) => FaultClass::BlobDigest,
            Unusable::TooLong(_) | Unusable::Malformed(_) => FaultClass::NoMatchingSignature,
        };
        self.claims += 1;
        self.fault(class, format!("{what}: {unusable}"));
    }

    pub fn settle(mut self, policy: &Policy) -> Outcome {
        self.faults.sort_by_key(|fault| fault.class);
        if let Some(fault) = self.shortfall(policy) {
            if self.claims == 0 {
                return Outcome::Unsigned {
                    attestations: self.attestations,
                };
            }
            return Outcome::Refused {
                fault,
                signatures: self.signatures.into_iter().collect(),
            };
        }
        Outcome::Verified(Verified {
            signatures: self.signatures.into_iter().collect(),
            attestations: self.attestations,
            notes: self.notes.into_iter().collect(),
        })
    }

    /// What is missing to satisfy the policy.
    fn shortfall(&self, policy: &Policy) -> Option<Fault> {
        let unreachable = self
            .faults
            .last()
            .filter(|fault| fault.class >= FaultClass::Unreachable);
        if let Signers::Keys {
            required,
            threshold,
            ..
        } = &policy.signers
            && !self.signatures.is_empty()
        {
            let names: BTreeSet<_> = self
                .signatures
                .iter()
                .map(|by| by.signer.as_str())
                .collect();
            let missing = required.iter().find(|name| !names.contains(name.as_str()));
            let short = match missing {
                Some(missing) => Fault {
                    class: FaultClass::RequiredSignerMissing,
                    sentence: format!("{missing:?} must have signed and did not"),
                },
                None if self.keys() < *threshold => Fault {
                    class: FaultClass::Threshold,
                    sentence: format!(
                        "{threshold} different keys must have signed, and {} did",
                        self.keys()
                    ),
                },
                None => return None,
            };
            // What could not be fetched might have been the signature that is missing.
            return Some(unreachable.cloned().unwrap_or(short));
        }
        match self.signatures.is_empty() {
            false => None,
            true => Some(self.faults.last().cloned().unwrap_or(Fault {
                class: FaultClass::NoMatchingSignature,
                sentence: "no signature is by anybody who counts".to_owned(),
            })),
        }
    }

    /// How many different keys signed: two names for one key are one, and so are two forms of one signature.
    fn keys(&self) -> usize {
        self.signatures
            .iter()
            .map(|by| &by.key)
            .collect::<BTreeSet<_>>()
            .len()
    }
}
