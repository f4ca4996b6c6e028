//! How much room history takes, and will take.

use crate::UnixMs;
use serde::{Deserialize, Serialize};

/// The answer of `GET /api/v1/history`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HistoryRoom {
    /// Each resolution, finest first.
    pub tiers: Vec<TierRoom>,
    /// Bytes of everything in the data folder.
    pub used_bytes: u64,
    /// The most that history may take in bytes; the oldest of the finest tiers goes early when it is reached. `None` without a budget.
    pub budget_bytes: Option<u64>,
    /// Bytes free on the disk that the data folder is on; `None` when it cannot be told.
    pub free_bytes: Option<u64>,
    /// Bytes that one container takes when it runs for a year, all tiers as they are kept; `None` before there is enough to tell.
    pub container_year_bytes: Option<u64>,
    /// Bytes that history will take once every tier is as old as it is kept, if as many containers run as do now; `None` before there is
    /// enough to tell.
    pub forecast_bytes: Option<u64>,
    /// Containers that are measured now.
    pub containers: u64,
}

/// One resolution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TierRoom {
    /// Width of its buckets in milliseconds; 1000 stands for every reading.
    pub width_ms: i64,
    /// How long it is kept, in milliseconds.
    pub keep_ms: i64,
    /// The oldest there is; `None` when there is none.
    pub oldest: Option<UnixMs>,
    /// Bytes it takes.
    pub bytes: u64,
}
