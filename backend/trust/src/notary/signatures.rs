//! The one place where signatures of a file are counted.

use super::{
    fault::{Fault, FaultClass},
    key::Key,
    metadata::Document,
};
use std::collections::{BTreeMap, BTreeSet};

/// Counts the valid signatures of `document` by `keys`, one per key however often it is listed or signs, against `threshold`.
///
/// Returns the ids of the keys that signed. Two certificates for one key are one key.
pub(super) fn count(
    role: &str,
    document: &Document,
    keys: &BTreeMap<&str, &Key>,
    threshold: u64,
) -> Result<Vec<String>, Fault> {
    let fault = |class, sentence: String| Fault::new(class, role, sentence);
    if document.signatures.is_empty() {
        return Err(fault(
            FaultClass::Signature,
            "it is not signed at all".to_owned(),
        ));
    }
    let message = document
        .signed
        .canonical()
        .map_err(|error| fault(FaultClass::Structure, error.to_string()))?;
    let mut signers = BTreeSet::new();
    let mut counted = BTreeSet::new();
    for signature in &document.signatures {
        let Some(key) = keys.get(signature.key_id.as_str()) else {
            continue;
        };
        if key.id() != signature.key_id {
            return Err(fault(
                FaultClass::KeyId,
                format!(
                    "the key listed as {} is in truth {}",
                    signature.key_id,
                    key.id()
                ),
            ));
        }
        if key.signed(&signature.method, &message, &signature.bytes) {
            signers.insert(key.id().to_owned());
            counted.insert(key.canonical_id());
        }
    }
    if (counted.len() as u64) < threshold || threshold == 0 {
        return Err(fault(
            FaultClass::Signature,
            format!(
                "{} of its {} keys signed it validly, and {threshold} must",
                counted.len(),
                keys.len()
            ),
        ));
    }
    Ok(signers.into_iter().collect())
}
