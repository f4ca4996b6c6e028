//! The policy as people write it: a TOML document.
//!
//! ```toml
//! [notary]                                # which roots are believed; may be left out
//! refuse_first_use = true
//! certificates = { "registry.example/team/*" = ["<id of a root certificate>"] }
//! authorities = { "registry.example/" = "-----BEGIN CERTIFICATE-----…" }
//!
//! [[rule]]
//! repositories = "registry.example/team/*"
//! mode = "enforce"                        # or "dry-run", or "exempt" with a reason
//! need = "any"                            # or "all" of the systems named below
//! notary = { required = ["alice"], at_least = 2 }
//! notation = true
//!
//! [rule.cosign]
//! keys = { release = "-----BEGIN PUBLIC KEY-----…" }
//! threshold = 1
//! required = ["release"]
//! annotations = { env = "prod" }
//!
//! [[rule]]
//! repositories = "registry.example/tools/*"
//! [[rule.cosign.identities]]
//! issuer = "https://accounts.google.com"
//! subject = "release@team.example"
//! ```

use super::{Mode, Need, NotarySigners, Pattern, Policy, Rule};
use crate::{certificate::Certificate, cosign, key::PublicKey, notary::TrustPinning};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// A policy document that was read and found consistent.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyDocument {
    /// Which roots of Notary repositories are believed.
    pub pinning: TrustPinning,
    /// Whose word which images need.
    pub policy: Policy,
}

/// What is wrong with a policy document, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadPolicy(String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    notary: WrittenPinning,
    #[serde(default, rename = "rule")]
    rules: Vec<WrittenRule>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct WrittenPinning {
    refuse_first_use: bool,
    certificates: BTreeMap<String, Vec<String>>,
    authorities: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRule {
    repositories: String,
    #[serde(default)]
    mode: WrittenMode,
    reason: Option<String>,
    #[serde(default)]
    need: WrittenNeed,
    notary: Option<WrittenSigners>,
    cosign: Option<WrittenCosign>,
    #[serde(default)]
    notation: bool,
}

#[derive(Deserialize, Default, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum WrittenMode {
    #[default]
    Enforce,
    DryRun,
    Exempt,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
enum WrittenNeed {
    #[default]
    Any,
    All,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct WrittenSigners {
    required: Vec<String>,
    at_least: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCosign {
    #[serde(default)]
    keys: BTreeMap<String, String>,
    threshold: Option<usize>,
    #[serde(default)]
    required: Vec<String>,
    #[serde(default)]
    logged: bool,
    #[serde(default)]
    identities: Vec<WrittenIdentity>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenIdentity {
    issuer: String,
    subject: String,
}

impl PolicyDocument {
    /// Reads and checks a document; a rule that could never be satisfied, or would ask for nothing unawares, is refused.
    pub fn read(text: &str) -> Result<Self, BadPolicy> {
        let written: Written =
            toml::from_str(text).map_err(|error| BadPolicy(error.to_string()))?;
        for (prefix, pem) in &written.notary.authorities {
            Certificate::bundle(pem).map_err(|error| {
                BadPolicy(format!("the authority of {prefix:?} is unusable: {error}"))
            })?;
        }
        let rules = written
            .rules
            .into_iter()
            .map(|rule| {
                let repositories = rule.repositories.clone();
                read_rule(rule).map_err(|problem| {
                    BadPolicy(format!("the rule for {repositories:?}: {problem}"))
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        let mut patterns = BTreeSet::new();
        if let Some(twice) = rules.iter().find(|rule| !patterns.insert(&rule.pattern)) {
            return Err(BadPolicy(format!(
                "there are two rules for {}; leave one",
                twice.pattern
            )));
        }
        Ok(PolicyDocument {
            pinning: TrustPinning {
                certificates: written.notary.certificates,
                authorities: written.notary.authorities,
                refuse_first_use: written.notary.refuse_first_use,
            },
            policy: Policy(rules),
        })
    }
}

fn read_rule(written: WrittenRule) -> Result<Rule, String> {
    let mode = match (written.mode, written.reason) {
        (WrittenMode::Enforce, None) => Mode::Enforce,
        (WrittenMode::DryRun, None) => Mode::DryRun,
        (WrittenMode::Exempt, Some(reason)) if !reason.trim().is_empty() => Mode::Exempt(reason),
        (WrittenMode::Exempt, _) => return Err("an exemption needs a reason".to_owned()),
        (_, Some(_)) => return Err("only an exemption has a reason".to_owned()),
    };
    let rule = Rule {
        pattern: Pattern::read(&written.repositories).map_err(|error| error.to_string())?,
        need: match written.need {
            WrittenNeed::Any => Need::Any,
            WrittenNeed::All => Need::All,
        },
        notary: written.notary.map(|signers| NotarySigners {
            required: signers.required,
            at_least: signers.at_least,
        }),
        cosign: written.cosign.map(read_cosign).transpose()?,
        notation: written.notation,
        mode,
    };
    match (&rule.mode, rule.systems().is_empty()) {
        (Mode::Exempt(_), false) => {
            Err("an exemption asks no system, so it must name none".to_owned())
        }
        (Mode::Enforce | Mode::DryRun, true) => {
            Err("it must name notary, cosign or notation".to_owned())
        }
        _ => Ok(rule),
    }
}

fn read_cosign(written: WrittenCosign) -> Result<cosign::Policy, String> {
    let signers = match (written.keys.is_empty(), written.identities.is_empty()) {
        (true, true) => return Err("cosign needs keys or identities".to_owned()),
        (false, false) => {
            return Err("cosign takes keys or identities, not both; write two rules".to_owned());
        }
        (true, false) => {
            if written.threshold.is_some() || !written.required.is_empty() || written.logged {
                return Err("threshold, required and logged go with keys; identities are always logged, and one is enough".to_owned());
            }
            cosign::Signers::Identities(
                written
                    .identities
                    .into_iter()
                    .map(|identity| cosign::Identity {
                        issuer: identity.issuer,
                        subject: identity.subject,
                    })
                    .collect(),
            )
        }
        (false, true) => read_keys(&written)?,
    };
    Ok(cosign::Policy {
        signers,
        annotations: written.annotations,
    })
}

fn read_keys(written: &WrittenCosign) -> Result<cosign::Signers, String> {
    let keys = written
        .keys
        .iter()
        .map(|(name, pem)| match PublicKey::from_pem(pem) {
            Ok(key) => Ok((name.clone(), key)),
            Err(error) => Err(format!("the key {name:?} is unusable: {error}")),
        })
        .collect::<Result<BTreeMap<_, _>, _>>()?;
    let different: BTreeSet<_> = keys.values().map(PublicKey::spki).collect();
    let threshold = written.threshold.unwrap_or(1);
    if threshold < 1 || threshold > different.len() {
        return Err(format!(
            "a threshold of {threshold} cannot be with {} different keys",
            different.len()
        ));
    }
    if let Some(unknown) = written
        .required
        .iter()
        .find(|name| !keys.contains_key(*name))
    {
        return Err(format!("{unknown:?} must sign and is none of the keys"));
    }
    Ok(cosign::Signers::Keys {
        keys,
        threshold,
        required: written.required.clone(),
        logged: written.logged,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==\n-----END PUBLIC KEY-----\n";

    #[test]
    fn a_whole_document_is_read() {
        let text = format!(
            r#"
            [notary]
            refuse_first_use = true
            certificates = {{ "host/*" = ["ab"] }}

            [[rule]]
            repositories = "host/team/*"
            mode = "dry-run"
            need = "all"
            notary = {{ required = ["alice"], at_least = 2 }}
            [rule.cosign]
            keys = {{ release = """{KEY}""" }}
            required = ["release"]

            [[rule]]
            repositories = "host/tools/*"
            [[rule.cosign.identities]]
            issuer = "https://accounts.example"
            subject = "release@team.example"

            [[rule]]
            repositories = "*"
            mode = "exempt"
            reason = "not ours"
            "#
        );
        let document = PolicyDocument::read(&text).unwrap();
        assert!(document.pinning.refuse_first_use);
        let rule = document.policy.rule_for("host/team/app").unwrap();
        assert_eq!(
            (&rule.mode, rule.need, rule.systems().len()),
            (&Mode::DryRun, Need::All, 2)
        );
        let rule = document.policy.rule_for("host/tools/x").unwrap();
        let signers = &rule.cosign.as_ref().unwrap().signers;
        assert!(matches!(signers, cosign::Signers::Identities(list) if list.len() == 1));
        let rule = document.policy.rule_for("elsewhere/x").unwrap();
        assert_eq!(rule.mode, Mode::Exempt("not ours".to_owned()));
    }

    #[test]
    fn what_would_weaken_a_policy_by_mistake_is_refused_with_its_rule() {
        let key = format!("keys = {{ a = \"\"\"{KEY}\"\"\", b = \"\"\"{KEY}\"\"\" }}");
        for (rule, problem) in [
            ("repositories = 'host/*'", "must name"),
            ("repositories = 'host'\nnotation = true", "pattern"),
            ("repositories = 'host/*'\nmode = 'exempt'", "reason"),
            (
                "repositories = 'host/*'\nmode = 'exempt'\nreason = 'x'\nnotation = true",
                "must name none",
            ),
            (
                "repositories = 'host/*'\nreason = 'x'\nnotation = true",
                "only an exemption",
            ),
            (
                "repositories = 'host/*'\nmode = 'Enforce'\nnotation = true",
                "unknown variant",
            ),
            ("repositories = 'host/*'\nnotations = true", "unknown field"),
            (
                "repositories = 'host/*'\n[rule.cosign]",
                "keys or identities",
            ),
            (
                "repositories = 'host/*'\n[rule.cosign]\nkeys = { a = 'x' }",
                "unusable",
            ),
            // One key under two names cannot make two signatures.
            (
                &format!("repositories = 'host/*'\n[rule.cosign]\n{key}\nthreshold = 2"),
                "threshold",
            ),
            (
                &format!("repositories = 'host/*'\n[rule.cosign]\n{key}\nthreshold = 0"),
                "threshold",
            ),
            (
                &format!("repositories = 'host/*'\n[rule.cosign]\n{key}\nrequired = ['c']"),
                "must sign",
            ),
            (
                "repositories = 'a/*'\nnotation = true\n[[rule]]\nrepositories = 'a/*'\nnotation = true",
                "two rules",
            ),
        ] {
            let refused = PolicyDocument::read(&format!("[[rule]]\n{rule}")).unwrap_err();
            assert!(refused.to_string().contains(problem), "{rule}\n{refused}");
        }
    }
}
