//! Asks Docker and reads cgroup files.
