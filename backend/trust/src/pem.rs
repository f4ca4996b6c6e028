//! Text armour around certificates and keys (RFC 7468), as far as verifiers meet it.

use base64::{Engine, engine::general_purpose::STANDARD};

/// One armoured block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What its first line calls it, such as `CERTIFICATE`.
    pub label: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";

/// Every block of `text` in turn, or nothing when one is cut off or holds what is not base64; text between blocks is passed over.
pub fn blocks(text: &str) -> Option<Vec<Block>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(BEGIN) {
        let after = &rest[start + BEGIN.len()..];
        let (label, body) = after.split_once(DASHES)?;
        if label.contains(['\n', '\r']) {
            return None;
        }
        let end = format!("-----END {label}-----");
        let (armoured, after) = body.split_once(end.as_str())?;
        let armoured: String = armoured.split_ascii_whitespace().collect();
        found.push(Block {
            label: label.to_owned(),
            bytes: STANDARD.decode(armoured).ok()?,
        });
        rest = after;
    }
    Some(found)
}

/// The text of one block, in lines of 64 characters as Go and OpenSSL write them.
pub fn armour(label: &str, bytes: &[u8]) -> String {
    let encoded = STANDARD.encode(bytes);
    let mut text = format!("{BEGIN}{label}{DASHES}\n");
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    text.push_str(&format!("-----END {label}{DASHES}\n"));
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_was_armoured_is_found_again(bytes: Vec<u8>, more: Vec<u8>) {
            let text = format!("note\n{}{}", armour("CERTIFICATE", &bytes), armour("PUBLIC KEY", &more));
            let found = blocks(&text).unwrap();
            prop_assert_eq!(found.len(), 2);
            prop_assert_eq!((&found[0].bytes, &found[1].bytes), (&bytes, &more));
        }

        #[test]
        fn any_text_is_read_or_refused(text: String) {
            let _ = blocks(&text);
        }
    }

    #[test]
    fn a_block_that_is_cut_off_is_refused() {
        assert_eq!(blocks("-----BEGIN CERTIFICATE-----\nAAAA\n"), None);
        assert_eq!(blocks("-----BEGIN A-----\n!\n-----END A-----"), None);
        assert_eq!(blocks("nothing here"), Some(vec![]));
    }
}
