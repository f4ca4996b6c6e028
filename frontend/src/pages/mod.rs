//! A module a page. A page asks, keeps what it got in signals, and hands it to components that draw.

mod container;
mod containers;
mod drawing;
mod hosts;
mod missing;
mod overview;
mod readings;
mod settings;

pub(crate) use container::ContainerPage;
pub(crate) use containers::{ContainersPage, Places};
pub(crate) use hosts::{HostPage, HostsPage};
pub(crate) use missing::MissingPage;
pub(crate) use overview::OverviewPage;
pub(crate) use settings::SettingsPage;
