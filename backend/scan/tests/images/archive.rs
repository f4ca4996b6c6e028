//! Archives made entry by entry, good and bad.

/// A tar archive being written.
#[derive(Default)]
pub struct Archive(Vec<u8>);

impl Archive {
    /// Adds a file.
    pub fn file(self, name: &str, content: &[u8]) -> Self {
        self.entry(b'0', name, "", content.len() as u64, content)
    }

    /// Adds a link, symbolic (`2`) or hard (`1`).
    pub fn link(self, kind: u8, name: &str, target: &str) -> Self {
        self.entry(kind, name, target, 0, b"")
    }

    /// Adds a folder.
    pub fn folder(self, name: &str) -> Self {
        self.entry(b'5', name, "", 0, b"")
    }

    /// Adds an entry whose header states `size`, whatever its content.
    pub fn entry(mut self, kind: u8, name: &str, target: &str, size: u64, content: &[u8]) -> Self {
        let mut head = [0_u8; 512];
        head[..name.len()].copy_from_slice(name.as_bytes());
        head[100..108].copy_from_slice(b"0000644\0");
        if size < 8 << 30 {
            head[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
        } else {
            head[124] = 0x80;
            head[128..136].copy_from_slice(&size.to_be_bytes());
        }
        head[156] = kind;
        head[157..157 + target.len()].copy_from_slice(target.as_bytes());
        head[257..263].copy_from_slice(b"ustar\0");
        head[148..156].fill(b' ');
        let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
        head[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        self.0.extend_from_slice(&head);
        self.0.extend_from_slice(content);
        self.0.resize(self.0.len().next_multiple_of(512), 0);
        self
    }

    /// Adds a PAX record that holds for the next entry.
    pub fn pax(self, key: &str, value: &str) -> Self {
        let rest = format!(" {key}={value}\n");
        let mut length = rest.len() + 1;
        while length.to_string().len() + rest.len() > length {
            length += 1;
        }
        let record = format!("{length}{rest}");
        self.entry(
            b'x',
            "PaxHeaders/x",
            "",
            record.len() as u64,
            record.as_bytes(),
        )
    }

    /// The bytes, with the end mark.
    pub fn finish(mut self) -> Vec<u8> {
        self.0.extend_from_slice(&[0; 1024]);
        self.0
    }
}
