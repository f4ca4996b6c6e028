//! JSON read strictly, and the canonical form of it that Notary signs.
//!
//! Signed documents must mean one thing to everybody: an object that names a key twice, text after the document, and bytes that
//! are not UTF-8 are refused here, where lenient readers would each take something else from them.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::{collections::BTreeMap, fmt};

/// A JSON value whose objects hold every key once, in the order of their bytes.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as it was written: whether it is an integer matters.
    Number(serde_json::Number),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object.
    Object(BTreeMap<String, Json>),
}

/// Why bytes are not a document we read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotJson(String);

/// Why a value has no canonical form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the number {0} is not an integer of 64 bits, and only those have a canonical form")]
pub struct NotCanonical(String);

impl Json {
    /// Reads one document that fills `bytes`; nesting deeper than 128 is refused.
    pub fn parse(bytes: &[u8]) -> Result<Self, NotJson> {
        serde_json::from_slice(bytes).map_err(|error| NotJson(error.to_string()))
    }

    /// The value of `key`, if this is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.object()?.get(key)
    }

    /// The members, if this is an object.
    pub fn object(&self) -> Option<&BTreeMap<String, Json>> {
        match self {
            Json::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The items, if this is an array.
    pub fn list(&self) -> Option<&[Json]> {
        match self {
            Json::List(items) => Some(items),
            _ => None,
        }
    }

    /// The characters, if this is a string.
    pub fn text(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if this is a non-negative integer written as one.
    pub fn natural(&self) -> Option<u64> {
        match self {
            Json::Number(number) => number.as_u64(),
            _ => None,
        }
    }

    /// The bytes that are signed, as docker/go's canonical JSON writes them.
    ///
    /// Keys in the order of their bytes, no blanks, only `"` and `\` escaped, no Unicode normalisation. Numbers pass through
    /// a 64-bit float, as they do there: above 2^53 neighbours become one on purpose.
    pub fn canonical(&self) -> Result<Vec<u8>, NotCanonical> {
        let mut out = Vec::new();
        self.write_canonical(&mut out)?;
        Ok(out)
    }

    fn write_canonical(&self, out: &mut Vec<u8>) -> Result<(), NotCanonical> {
        match self {
            Json::Null => out.extend(b"null"),
            Json::Bool(true) => out.extend(b"true"),
            Json::Bool(false) => out.extend(b"false"),
            Json::Number(number) => out.extend(canonical_number(number)?.to_string().bytes()),
            Json::Text(text) => write_text(text, out),
            Json::List(items) => {
                out.push(b'[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(b',');
                    }
                    item.write_canonical(out)?;
                }
                out.push(b']');
            }
            Json::Object(members) => {
                out.push(b'{');
                for (at, (key, value)) in members.iter().enumerate() {
                    if at > 0 {
                        out.push(b',');
                    }
                    write_text(key, out);
                    out.push(b':');
                    value.write_canonical(out)?;
                }
                out.push(b'}');
            }
        }
        Ok(())
    }
}

fn canonical_number(number: &serde_json::Number) -> Result<i64, NotCanonical> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    let refused = || NotCanonical(number.to_string());
    let float = number.as_f64().ok_or_else(refused)?;
    if float.fract() != 0.0 || !(-LIMIT..LIMIT).contains(&float) {
        return Err(refused());
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "an integer within the range of i64, as was just seen"
    )]
    Ok(float as i64)
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for byte in text.bytes() {
        if matches!(byte, b'"' | b'\\') {
            out.push(b'\\');
        }
        out.push(byte);
    }
    out.push(b'"');
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Strict)
    }
}

struct Strict;

impl<'de> Visitor<'de> for Strict {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Json, E> {
        serde_json::Number::from_f64(value)
            .map(Json::Number)
            .ok_or_else(|| E::custom("a number beyond all bounds"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Json, E> {
        Ok(Json::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let mut object = BTreeMap::new();
        while let Some((key, value)) = members.next_entry::<String, Json>()? {
            if object.contains_key(&key) {
                return Err(A::Error::custom(format_args!(
                    "the key {key:?} stands twice in one object"
                )));
            }
            object.insert(key, value);
        }
        Ok(Json::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn canonical(text: &str) -> String {
        String::from_utf8(Json::parse(text.as_bytes()).unwrap().canonical().unwrap()).unwrap()
    }

    #[test]
    fn a_key_that_stands_twice_is_refused_at_any_depth() {
        for text in [r#"{"a":1,"a":1}"#, r#"[{"b":{"a":1,"\u0061":2}}]"#] {
            let refusal = Json::parse(text.as_bytes()).unwrap_err().to_string();
            assert!(refusal.contains("stands twice"), "{refusal}");
        }
    }

    #[test]
    fn what_is_not_one_document_is_refused() {
        let nested = "[".repeat(100_000);
        for text in [
            "",
            "{} x",
            "{}{}",
            "nul",
            "\"\\ud800\"",
            "01",
            "1e999",
            &nested,
        ] {
            assert!(Json::parse(text.as_bytes()).is_err(), "{text:.20}");
        }
        assert!(Json::parse(b"\"\xff\"").is_err());
    }

    #[test]
    fn numbers_are_written_as_integers_or_not_at_all() {
        assert_eq!(
            canonical("[1e3, -0, 9007199254740993]"),
            "[1000,0,9007199254740992]"
        );
        for text in ["1.5", "1e300", "18446744073709551615"] {
            assert!(
                Json::parse(text.as_bytes()).unwrap().canonical().is_err(),
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            let _ = Json::parse(&bytes);
        }

        #[test]
        fn the_canonical_form_does_not_depend_on_how_it_was_written(members: BTreeMap<String, i32>) {
            let members: serde_json::Map<_, _> = members.into_iter().map(|(key, value)| (key, value.into())).collect();
            let value = serde_json::Value::Object(members);
            let tight = serde_json::to_string(&value).unwrap();
            let wide = serde_json::to_string_pretty(&value).unwrap();
            prop_assert_eq!(canonical(&tight), canonical(&wide));
        }
    }
}
