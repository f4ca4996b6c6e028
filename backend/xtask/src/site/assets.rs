//! Writes the finished files: named after their content, with compressed siblings, and only where they changed.

use anyhow::{Context, Result};
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

/// One file of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    /// Its path below the site's folder.
    pub(crate) path: String,
    /// Its size.
    pub(crate) bytes: u64,
    /// Its size as brotli, where it was compressed.
    pub(crate) brotli: Option<u64>,
}

impl File {
    /// How many bytes a browser loads.
    pub(crate) fn on_the_wire(&self) -> u64 {
        self.brotli.unwrap_or(self.bytes)
    }
}

/// The site's folder while it is written.
#[derive(Debug)]
pub(super) struct Assets {
    folder: PathBuf,
    compress: bool,
    files: Vec<File>,
    keep: BTreeSet<PathBuf>,
}

/// Sixteen hexadecimal digits that name this content.
pub(super) fn hash<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    hash.finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

impl Assets {
    /// Writes into `folder`; without `compress`, as in the fast loop, files get no compressed siblings.
    pub(super) fn new(folder: &Path, compress: bool) -> Self {
        Self {
            folder: folder.to_owned(),
            compress,
            files: Vec::new(),
            keep: BTreeSet::new(),
        }
    }

    /// Writes `assets/STEM.HASH.EXT` and returns its URL path. Such a file never changes, so a browser may keep it for ever.
    pub(super) fn add(&mut self, name: &str, content: &[u8]) -> Result<String> {
        let path = Path::new("assets").join(name);
        let stem = path.with_extension("");
        let extension = path
            .extension()
            .map(|extension| format!(".{}", extension.to_string_lossy()))
            .unwrap_or_default();
        let path = format!("{}.{}{extension}", stem.display(), hash([content]));
        self.put(&path, content)?;
        Ok(format!("/{path}"))
    }

    /// Writes the file at `path` and, where they help, its siblings `.br` and `.gz`.
    pub(super) fn put(&mut self, path: &str, content: &[u8]) -> Result<()> {
        let plain = self.folder.join(path);
        let siblings = [with_suffix(&plain, ".br"), with_suffix(&plain, ".gz")];
        let changed = write_changed(&plain, content)?;
        self.keep.insert(plain);
        let mut brotli = None;
        if self.compress && compressible(path) {
            if changed || siblings.iter().any(|sibling| !sibling.is_file()) {
                write_changed(&siblings[0], &brotlied(content)?)?;
                write_changed(&siblings[1], &gzipped(content)?)?;
            }
            brotli = Some(
                fs::metadata(&siblings[0])
                    .with_context(|| format!("cannot read {}", siblings[0].display()))?
                    .len(),
            );
            self.keep.extend(siblings);
        }
        self.files.push(File {
            path: path.to_owned(),
            bytes: content.len() as u64,
            brotli,
        });
        Ok(())
    }

    /// Writes the build's name and removes what earlier builds left.
    pub(super) fn finish(mut self, build: &str) -> Result<Vec<File>> {
        let name = self.folder.join("build-id");
        self.keep.insert(name.clone());
        prune(&self.folder, &self.keep)?;
        write_changed(&name, build.as_bytes())?;
        Ok(self.files)
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn compressible(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| {
        [
            "html",
            "css",
            "js",
            "wasm",
            "svg",
            "json",
            "webmanifest",
            "txt",
        ]
        .iter()
        .any(|known| extension == *known)
    })
}

/// Writes through a temporary name, so that a reader sees the old file or the new one; says whether anything changed.
pub(super) fn write_changed(path: &Path, content: &[u8]) -> Result<bool> {
    if fs::read(path).is_ok_and(|old| old == content) {
        return Ok(false);
    }
    let folder = path.parent().context("a file lies in a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let partial = with_suffix(path, ".partial");
    fs::write(&partial, content)
        .and_then(|()| fs::rename(&partial, path))
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(true)
}

fn brotlied(content: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 24,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut compressed, &parameters)
        .context("brotli failed")?;
    Ok(compressed)
}

fn gzipped(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder
        .write_all(content)
        .and_then(|()| encoder.finish())
        .context("gzip failed")
}

fn prune(folder: &Path, keep: &BTreeSet<PathBuf>) -> Result<()> {
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?
    {
        let path = entry?.path();
        if path.is_dir() {
            prune(&path, keep)?;
        } else if !keep.contains(&path) {
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_tells_contents_apart_and_where_one_ends() {
        assert_eq!(hash([b"ab".as_slice()]), hash([b"ab".as_slice()]));
        assert_ne!(
            hash([b"ab".as_slice(), b"c"]),
            hash([b"a".as_slice(), b"bc"])
        );
        assert_eq!(hash([b"".as_slice()]).len(), 16);
    }

    #[test]
    fn a_file_is_named_after_its_content_and_an_older_one_goes() {
        let folder = tempfile::tempdir().unwrap();
        let mut first = Assets::new(folder.path(), true);
        let before = first.add("icons/mark.svg", b"<svg/>").unwrap();
        first.finish("one").unwrap();
        let mut second = Assets::new(folder.path(), true);
        let after = second.add("icons/mark.svg", b"<svg></svg>").unwrap();
        second.finish("two").unwrap();
        assert!(
            before.starts_with("/assets/icons/mark.")
                && before.ends_with(".svg")
                && before != after
        );
        for (url, there) in [(&before, false), (&after, true)] {
            for suffix in ["", ".br", ".gz"] {
                assert_eq!(
                    folder
                        .path()
                        .join(format!("{}{suffix}", &url[1..]))
                        .is_file(),
                    there,
                    "{url}{suffix}"
                );
            }
        }
        assert_eq!(
            fs::read_to_string(folder.path().join("build-id")).unwrap(),
            "two"
        );
    }

    #[test]
    fn what_did_not_change_is_not_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        assert!(write_changed(&file, b"1").unwrap());
        assert!(!write_changed(&file, b"1").unwrap());
        assert!(write_changed(&file, b"2").unwrap());
    }

    #[test]
    fn brotli_and_gzip_give_the_content_back() {
        let content = b"plimsoll ".repeat(500);
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut brotlied(&content).unwrap().as_slice(), &mut back).unwrap();
        assert_eq!(back, content);
        let mut back = Vec::new();
        std::io::copy(
            &mut flate2::read::GzDecoder::new(gzipped(&content).unwrap().as_slice()),
            &mut back,
        )
        .unwrap();
        assert_eq!(back, content);
    }
}
