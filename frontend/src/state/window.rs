//! Which stretch of time the charts show.
