//! Signers as a policy names them: some attributes of a certificate's subject.

use crate::certificate::{Certificate, short_name};
use std::collections::BTreeMap;

/// Attributes that a signer's subject must have, each exactly once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity(BTreeMap<String, String>);

/// Why a text names no signer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the identity {text:?} {problem}")]
pub struct BadIdentity {
    text: String,
    problem: String,
}

impl Identity {
    /// Reads `x509.subject: C=US, ST=WA, O=acme`; country, state and organisation must be among the attributes.
    pub fn read(text: &str) -> Result<Self, BadIdentity> {
        let bad = |problem: &str| BadIdentity {
            text: text.to_owned(),
            problem: problem.to_owned(),
        };
        let subject = text
            .strip_prefix("x509.subject:")
            .ok_or_else(|| bad("must be \"*\" or begin with \"x509.subject:\""))?;
        let mut attributes = BTreeMap::new();
        for (name, value) in
            attributes_of(subject).ok_or_else(|| bad("is no distinguished name"))?
        {
            if attributes.insert(name, value).is_some() {
                return Err(bad("names an attribute twice"));
            }
        }
        match ["C", "ST", "O"]
            .iter()
            .find(|name| !attributes.contains_key(**name))
        {
            Some(missing) => Err(bad(&format!("lacks {missing}; C, ST and O must be there"))),
            None => Ok(Identity(attributes)),
        }
    }

    /// Whether the certificate's subject has all these attributes, each once.
    pub fn is(&self, certificate: &Certificate) -> bool {
        let subject = certificate.subject_attributes();
        self.0.iter().all(|(name, value)| {
            let mut having = subject
                .iter()
                .filter(|(oid, _)| short_name(*oid) == Some(name.as_str()));
            matches!((having.next(), having.next()), (Some((_, found)), None) if found == value)
        })
    }
}

/// Splits a distinguished name at its commas; `\` before a character, or two hexadecimal digits, takes that literally.
fn attributes_of(text: &str) -> Option<Vec<(String, String)>> {
    let mut parts = vec![Vec::new()];
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        let part = parts.last_mut()?;
        match byte {
            b'\\' => {
                let next = bytes.next()?;
                match (next as char).to_digit(16) {
                    Some(high) => {
                        let low = (bytes.next()? as char).to_digit(16)?;
                        part.push(u8::try_from(high * 16 + low).ok()?);
                    }
                    None => part.push(next),
                }
            }
            b',' => parts.push(Vec::new()),
            // Attributes side by side in one part, or quotes: nobody needs them here, and guessing would be unsafe.
            b'+' | b'"' | b';' | b'<' | b'>' => return None,
            _ => part.push(byte),
        }
    }
    parts
        .into_iter()
        .map(|part| {
            let part = String::from_utf8(part).ok()?;
            let (name, value) = part.split_once('=')?;
            let name = match name.trim().to_uppercase().as_str() {
                "S" => "ST".to_owned(),
                "" => return None,
                name => name.to_owned(),
            };
            let value = value.trim();
            (!value.is_empty()).then(|| (name, value.to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_comma_may_be_part_of_a_name() {
        let identity = Identity::read(r"x509.subject: C=US, S=WA, O=acme\, Inc.").unwrap();
        assert_eq!(identity.0["O"], "acme, Inc.");
        assert_eq!(identity.0["ST"], "WA");
    }

    #[test]
    fn an_identity_that_says_too_little_or_too_much_is_refused() {
        for text in [
            "CN=acme",
            "x509.subject: C=US, O=acme",
            "x509.subject: C=US, ST=WA, O=acme, O=other",
            "x509.subject: C=US+ST=WA, O=acme",
            "x509.subject: ",
        ] {
            assert!(Identity::read(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text: String) {
            let _ = Identity::read(&format!("x509.subject:{text}"));
        }
    }
}
