//! `trustpolicy.json` and the trust stores it names.

use super::identity::Identity;
use crate::{certificate::Certificate, json::Json};
use std::collections::{BTreeMap, BTreeSet};

/// A whole `trustpolicy.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustPolicyDocument(pub Vec<TrustPolicy>);

/// How the signatures of some repositories are judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustPolicy {
    /// Its name, once per document.
    pub name: String,
    /// The repositories, in full; `*` alone for all that no other policy names.
    pub scopes: Vec<String>,
    /// What each of the five results does.
    pub level: Level,
    /// When a timestamp by an authority is asked for.
    pub timestamps: TimestampUse,
    /// The trust stores to look for the signer's chain in.
    pub stores: Vec<(TrustStoreKind, String)>,
    /// The signers that are accepted; empty for all of the stores.
    pub identities: Vec<Identity>,
}

/// What a failed check does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The image is refused.
    Enforce,
    /// It is told and nothing more.
    Log,
    /// The check is not made.
    Skip,
}

/// What each check's failure does; integrity is always enforced unless nothing is checked at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Nothing is checked.
    Skip,
    /// Every signature is checked.
    Check {
        /// Is the signer trusted?
        authenticity: Action,
        /// Did the signer's certificates hold when it signed?
        timestamp: Action,
        /// Is the signature past its own expiry?
        expiry: Action,
        /// Were the certificates revoked?
        revocation: Action,
    },
}

/// When a timestamp by an authority is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimestampUse {
    /// Whenever a store of timestamp authorities is named.
    Always,
    /// Only when the signer's certificates have expired since.
    AfterExpiry,
}

/// The kinds of trust stores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TrustStoreKind {
    /// Roots of signers.
    Authority,
    /// Roots of services that sign and vouch for the time.
    SigningAuthority,
    /// Roots of timestamp authorities.
    Timestamp,
}

/// The certificates of every trust store, by kind and name.
pub type TrustStores = BTreeMap<(TrustStoreKind, String), Vec<Certificate>>;

/// What is wrong with a `trustpolicy.json`, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("trustpolicy.json: {0}")]
pub struct BadPolicy(String);

impl TrustPolicyDocument {
    /// Reads and checks a document.
    pub fn read(bytes: &[u8]) -> Result<Self, BadPolicy> {
        let bad = |sentence: String| BadPolicy(sentence);
        let json =
            Json::parse(bytes).map_err(|error| bad(format!("it is not strict JSON: {error}")))?;
        let version = json.get("version").and_then(Json::text).unwrap_or_default();
        if version != "1.0" {
            return Err(bad(format!("its version is {version:?}; write \"1.0\"")));
        }
        let policies: Vec<_> = json
            .get("trustPolicies")
            .and_then(Json::list)
            .filter(|list| !list.is_empty())
            .ok_or_else(|| bad("it has no list \"trustPolicies\" with a policy in it".to_owned()))?
            .iter()
            .map(TrustPolicy::read)
            .collect::<Result<_, _>>()?;
        let mut names = BTreeSet::new();
        let mut scopes = BTreeSet::new();
        for policy in &policies {
            if !names.insert(&policy.name) {
                return Err(bad(format!("two policies are called {:?}", policy.name)));
            }
            for scope in &policy.scopes {
                if !scopes.insert(scope) {
                    return Err(bad(format!("the scope {scope:?} stands twice; leave one")));
                }
            }
        }
        Ok(TrustPolicyDocument(policies))
    }

    /// The policy for a repository: one that names it, else the one for all.
    pub fn policy_for(&self, repository: &str) -> Option<&TrustPolicy> {
        let with = |wanted: &str| {
            self.0
                .iter()
                .find(|policy| policy.scopes.iter().any(|scope| scope == wanted))
        };
        with(repository).or_else(|| with("*"))
    }
}

impl TrustPolicy {
    fn read(json: &Json) -> Result<Self, BadPolicy> {
        let name = json
            .get("name")
            .and_then(Json::text)
            .filter(|name| !name.is_empty())
            .ok_or_else(|| BadPolicy("a policy has no name".to_owned()))?;
        let bad = |sentence: String| BadPolicy(format!("policy {name:?}: {sentence}"));
        let scopes = strings(json, "registryScopes").map_err(bad)?;
        if scopes.is_empty() {
            return Err(bad("it has no \"registryScopes\"".to_owned()));
        }
        if scopes.len() > 1 && scopes.iter().any(|scope| scope == "*") {
            return Err(bad("the scope \"*\" must stand alone".to_owned()));
        }
        if let Some(scope) = scopes.iter().find(|scope| !is_scope(scope)) {
            return Err(bad(format!(
                "the scope {scope:?} is no repository; write it in full, such as \"registry.example/team/app\""
            )));
        }
        let verification = json
            .get("signatureVerification")
            .ok_or_else(|| bad("it has no \"signatureVerification\"".to_owned()))?;
        let level = read_level(verification).map_err(bad)?;
        let timestamps = match verification.get("verifyTimestamp") {
            None => TimestampUse::Always,
            Some(word) => match word.text() {
                Some("always" | "") => TimestampUse::Always,
                Some("afterCertExpiry") => TimestampUse::AfterExpiry,
                _ => {
                    return Err(bad(
                        "\"verifyTimestamp\" must be \"always\" or \"afterCertExpiry\"".to_owned(),
                    ));
                }
            },
        };
        let stores = strings(json, "trustStores")
            .and_then(|list| {
                list.iter()
                    .map(|store| read_store(store))
                    .collect::<Result<Vec<_>, _>>()
            })
            .map_err(bad)?;
        let identities = strings(json, "trustedIdentities").map_err(bad)?;
        if level == Level::Skip && !(stores.is_empty() && identities.is_empty()) {
            return Err(bad(
                "it skips verification, so it must name no stores and no identities".to_owned(),
            ));
        }
        if level != Level::Skip && (stores.is_empty() || identities.is_empty()) {
            return Err(bad(
                "it must name \"trustStores\" and \"trustedIdentities\"".to_owned(),
            ));
        }
        let identities = read_identities(&identities).map_err(bad)?;
        Ok(TrustPolicy {
            name: name.to_owned(),
            scopes,
            level,
            timestamps,
            stores,
            identities,
        })
    }
}

fn read_identities(list: &[String]) -> Result<Vec<Identity>, String> {
    if list.iter().any(|identity| identity == "*") {
        return match list.len() {
            1 => Ok(vec![]),
            _ => Err("the identity \"*\" must stand alone".to_owned()),
        };
    }
    list.iter()
        .map(|identity| Identity::read(identity).map_err(|error| error.to_string()))
        .collect()
}

fn read_level(json: &Json) -> Result<Level, String> {
    use Action::{Enforce, Log, Skip};
    let word = json.get("level").and_then(Json::text).unwrap_or_default();
    let [mut authenticity, mut timestamp, mut expiry, mut revocation] = match word {
        "strict" => [Enforce; 4],
        "permissive" => [Enforce, Log, Log, Log],
        "audit" => [Log; 4],
        "skip" => {
            return match json.get("override") {
                None | Some(Json::Null) => Ok(Level::Skip),
                Some(_) => Err("a level that skips verification cannot be overridden".to_owned()),
            };
        }
        other => {
            return Err(format!(
                "the level {other:?} is unknown; write strict, permissive, audit or skip"
            ));
        }
    };
    let overrides = match json.get("override") {
        None | Some(Json::Null) => None,
        Some(overrides) => Some(overrides.object().ok_or("\"override\" is no object")?),
    };
    for (check, action) in overrides.into_iter().flatten() {
        let action = match action.text() {
            Some("enforce") => Enforce,
            Some("log") => Log,
            Some("skip") => Skip,
            _ => {
                return Err(format!(
                    "the override of {check:?} must be enforce, log or skip"
                ));
            }
        };
        let of = match check.as_str() {
            "authenticity" => &mut authenticity,
            "authenticTimestamp" => &mut timestamp,
            "expiry" => &mut expiry,
            "revocation" => &mut revocation,
            "integrity" => return Err("integrity cannot be overridden".to_owned()),
            other => return Err(format!("there is no check called {other:?} to override")),
        };
        if action == Skip && check != "revocation" {
            return Err(format!("{check:?} cannot be skipped, only logged"));
        }
        *of = action;
    }
    Ok(Level::Check {
        authenticity,
        timestamp,
        expiry,
        revocation,
    })
}

fn read_store(text: &str) -> Result<(TrustStoreKind, String), String> {
    let (kind, name) = text
        .split_once(':')
        .ok_or_else(|| format!("the trust store {text:?} has no kind; write \"ca:{text}\""))?;
    let kind = match kind {
        "ca" => TrustStoreKind::Authority,
        "signingAuthority" => TrustStoreKind::SigningAuthority,
        "tsa" => TrustStoreKind::Timestamp,
        _ => {
            return Err(format!(
                "the trust store {text:?} is of no kind we know; there are ca, signingAuthority and tsa"
            ));
        }
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    if name.is_empty() || !name.bytes().all(plain) || name.starts_with('.') {
        return Err(format!(
            "the trust store {text:?} has a name that is no folder's"
        ));
    }
    Ok((kind, name.to_owned()))
}

fn is_scope(scope: &str) -> bool {
    scope == "*"
        || (scope.contains('/')
            && !scope.contains(['*', '@', ' '])
            && !scope.ends_with('/')
            && scope
                .rsplit_once('/')
                .is_some_and(|(_, name)| !name.contains(':')))
}

fn strings(json: &Json, key: &str) -> Result<Vec<String>, String> {
    match json.get(key) {
        None | Some(Json::Null) => Ok(vec![]),
        Some(list) => list
            .list()
            .and_then(|list| {
                list.iter()
                    .map(|item| item.text().map(str::to_owned))
                    .collect()
            })
            .ok_or_else(|| format!("{key:?} is no list of strings")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(scopes: &str, verification: &str) -> Result<TrustPolicyDocument, BadPolicy> {
        let text = format!(
            r#"{{"version":"1.0","trustPolicies":[{{"name":"p","registryScopes":{scopes},"signatureVerification":{verification},
            "trustStores":["ca:acme"],"trustedIdentities":["*"]}}]}}"#
        );
        TrustPolicyDocument::read(text.as_bytes())
    }

    #[test]
    fn the_policy_that_names_a_repository_goes_before_the_one_for_all() {
        let text = r#"{"version":"1.0","trustPolicies":[
            {"name":"all","registryScopes":["*"],"signatureVerification":{"level":"skip"}},
            {"name":"one","registryScopes":["host/app"],"signatureVerification":{"level":"strict"},
             "trustStores":["ca:acme"],"trustedIdentities":["x509.subject: C=US, ST=WA, O=acme"]}]}"#;
        let document = TrustPolicyDocument::read(text.as_bytes()).unwrap();
        assert_eq!(document.policy_for("host/app").unwrap().name, "one");
        assert_eq!(document.policy_for("host/app2").unwrap().name, "all");
    }

    #[test]
    fn what_would_weaken_a_policy_by_mistake_is_refused() {
        let strict = r#"{"level":"strict"}"#;
        for (scopes, verification) in [
            (r#"["*","host/app"]"#, strict),
            (r#"["host/*"]"#, strict),
            (r#"["host/app","host/app"]"#, strict),
            ("[]", strict),
            (r#"["*"]"#, r#"{"level":"Strict"}"#),
            (
                r#"["*"]"#,
                r#"{"level":"strict","override":{"integrity":"log"}}"#,
            ),
            (
                r#"["*"]"#,
                r#"{"level":"strict","override":{"authenticity":"skip"}}"#,
            ),
            (
                r#"["*"]"#,
                r#"{"level":"strict","override":{"expirey":"log"}}"#,
            ),
            (r#"["*"]"#, r#"{"level":"skip"}"#),
        ] {
            let refused = policy(scopes, verification);
            assert!(refused.is_err(), "{scopes} {verification} {refused:?}");
        }
        assert!(policy(r#"["*"]"#, strict).is_ok());
    }
}
