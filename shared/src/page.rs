//! Lists that come in pages.

use crate::{ContainerRow, Reading};
use serde::{Deserialize, Serialize};

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The items, in the order the route states.
    pub items: Vec<T>,
    /// What to pass as `before` (events) or `after` (containers) for the next page; `None` on the last.
    pub next: Option<String>,
}

/// A container with its last reading, an item of [`crate::routes::CONTAINERS`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContainerNow {
    /// The row.
    pub row: ContainerRow,
    /// The reading of the latest sweep; `None` when it was not measured then.
    pub reading: Option<Reading>,
}
