//! Parts of pages. They draw what they are handed: no fetching, no arithmetic.

mod shell;

pub(crate) use shell::Shell;
