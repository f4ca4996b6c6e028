//! An answer with a field that bollard's model cannot read: that field is left out, the rest stands.
//!
//! bollard reads an answer whole or not at all. An engine of another make or a newer version may write a word that it does not
//! know, or a null where it wants an object; that must not hide everything else the engine says.

use serde::de::{DeserializeOwned, Error as _};
use serde_json::{Error, Map, Value};
use serde_path_to_error::{Path, Segment};

/// Most fields that are left out of one answer; one that needs more is no answer of an engine.
const MOST: usize = 32;

/// Reads an answer as far as it can be read.
///
/// # Errors
/// When it is not JSON, not of that kind at all, or too little of it is.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    let mut value: Value = serde_json::from_slice(body)?;
    for _ in 0..MOST {
        match serde_path_to_error::deserialize(value.clone()) {
            Ok(read) => return Ok(read),
            Err(error) => {
                tracing::debug!(field = %error.path(), error = %error.inner(), "a field of the engine's answer is left out");
                leave_out(&mut value, error.path()).ok_or_else(|| error.into_inner())?;
            }
        }
    }
    Err(Error::custom(format!(
        "more than {MOST} fields cannot be read"
    )))
}

/// Takes what stands at `path` out; a null becomes an empty object first, which is what it means. `None` when it is the whole.
fn leave_out(value: &mut Value, path: &Path) -> Option<()> {
    let steps: Vec<&Segment> = path
        .iter()
        .filter(|step| !matches!(step, Segment::Enum { .. }))
        .collect();
    let (last, way) = steps.split_last()?;
    let mut parent = value;
    for step in way {
        parent = match step {
            Segment::Map { key } => parent.get_mut(key)?,
            Segment::Seq { index } => parent.get_mut(index)?,
            _ => return None,
        };
    }
    match (last, parent) {
        (Segment::Map { key }, Value::Object(fields)) => {
            let odd = fields.remove(key)?;
            if odd.is_null() {
                fields.insert(key.clone(), Value::Object(Map::new()));
            }
            Some(())
        }
        (Segment::Seq { index }, Value::Array(items)) if *index < items.len() => {
            items.remove(*index);
            Some(())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bollard::models::{SystemInfo, SystemVersion};

    #[test]
    fn a_word_that_is_not_known_leaves_the_rest_standing() {
        let info: SystemInfo =
            read(br#"{"Name":"sea","CgroupDriver":"elogind","CgroupVersion":"3","NCPU":4}"#)
                .unwrap();
        assert_eq!((info.name.as_deref(), info.ncpu), (Some("sea"), Some(4)));
        assert_eq!((info.cgroup_driver, info.cgroup_version), (None, None));
    }

    #[test]
    fn an_item_that_cannot_be_read_is_left_out_of_its_list() {
        let version: SystemVersion = read(
            br#"{"ApiVersion":"1.41","Components":[{"Name":"Engine","Version":"29"},{"Name":7}]}"#,
        )
        .unwrap();
        assert_eq!(version.components.unwrap().len(), 1);
        assert_eq!(version.api_version.as_deref(), Some("1.41"));
    }

    #[test]
    fn what_is_no_answer_at_all_is_refused() {
        for body in [&b"<html>"[..], b"[]", b"7", b""] {
            assert!(
                read::<SystemInfo>(body).is_err(),
                "{}",
                String::from_utf8_lossy(body)
            );
        }
        let fields: Vec<String> = (0..100).map(|n| format!("{{\"Name\":{n}}}")).collect();
        let body = format!("{{\"Components\":[{}]}}", fields.join(","));
        assert!(
            read::<SystemVersion>(body.as_bytes()).is_err(),
            "a hundred fields"
        );
    }
}
