//! Engines that speak the real protocol, for tests.
