//! Parts of pages. They draw what they are handed: no fetching, no arithmetic.

mod age;
mod dialog;
mod erased;
mod events;
mod host_menu;
mod keys;
mod mark;
mod menu;
mod palette;
mod problem;
mod search;
mod searching;
mod shell;
mod switches;
mod when;

pub(crate) use age::Age;
pub(crate) use dialog::Dialog;
pub(crate) use erased::{act, each, effect, follow, memo, shown};
pub(crate) use events::Events;
pub(crate) use host_menu::HostMenu;
pub(crate) use mark::{Logo, Mark};
pub(crate) use menu::{Menu, close_beside};
pub(crate) use problem::{Problem, Skeleton};
pub(crate) use search::read_query;
pub(crate) use searching::Searching;
pub(crate) use shell::{Shell, is_typing};
pub(crate) use when::{ClockTime, When};
