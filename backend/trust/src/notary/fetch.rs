//! Files of a repository, from what is remembered or from the server, with the checks that all of them go through.

use super::{
    evidence::{Answer, Wanted},
    fault::{Fault, FaultClass},
    metadata::{Common, Document, FileMeta, Root},
    repository::RoleState,
    seen::Seen,
    signatures,
    verify::{Check, Halt},
};
/// A verified file of some role.
pub(super) struct Loaded<T> {
    pub content: T,
    pub state: RoleState,
    pub bytes: Vec<u8>,
}

impl Check<'_> {
    /// The answer for a file, or the wish for it.
    pub(super) fn ask(&self, name: &str, cap: u64, role: &str) -> Result<&Answer, Halt> {
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

    pub(super) fn hashed<T>(
        &self,
        role: &str,
        meta: &FileMeta,
        before: Seen<'_>,
        read: impl Fn(&[u8]) -> Result<(Common, Vec<String>, T), Fault>,
    ) -> Result<Loaded<T>, Halt> {
        self.hashed_with(role, meta, |bytes, fresh| {
            let (common, signed_by, content) = read(bytes)?;
            let at_least = if fresh { before.version(role) } else { 1 };
            let state = self.state(role, bytes, common, signed_by, at_least)?;
            Ok(Loaded {
                content,
                state,
                bytes: bytes.to_vec(),
            })
        })
    }

    /// Takes the file from what is remembered if that is the one announced and holds, else from the server.
    pub(super) fn hashed_with<T>(
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

    /// Where a file with known digests lies, and the most bytes it may have.
    pub(super) fn place(&self, role: &str, meta: &FileMeta) -> Result<(String, u64), Fault> {
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

    /// The last two checks of every file: not older than one seen, not expired.
    pub(super) fn state(
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

pub(super) fn check_version(role: &str, common: Common, at_least: u64) -> Result<(), Fault> {
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

pub(super) fn lost(role: &str, answer: &Answer) -> Fault {
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

/// Reads a top role's file and checks its signatures.
pub(super) fn signed(
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
