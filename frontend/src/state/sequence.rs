//! Tells a live frame that applies from one whose predecessor was lost.

use plimsoll_shared::Body;

/// What to do with a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// It continues what is known, or replaces it.
    Apply,
    /// A frame before it was lost: leave it, and ask for a full one.
    Missed,
}

/// How far one view has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Sequence {
    last: Option<u64>,
}

impl Sequence {
    /// Judges the frame numbered `seq`. A full frame always applies; a delta only to the state right before it.
    pub(crate) fn step(&mut self, seq: u64, body: &Body) -> Step {
        let next = self.last.and_then(|last| last.checked_add(1)) == Some(seq);
        if is_full(body) || next {
            self.last = Some(seq);
            Step::Apply
        } else {
            self.last = None;
            Step::Missed
        }
    }
}

fn is_full(body: &Body) -> bool {
    match body {
        Body::ContainersFull { .. } | Body::Hosts { .. } => true,
        Body::ContainersDelta { .. } => false,
        Body::Container { full, .. } => *full,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(full: bool) -> Body {
        Body::Container {
            row: None,
            reading: None,
            events: Vec::new(),
            full,
        }
    }

    #[test]
    fn a_delta_after_a_lost_frame_waits_for_a_full_one() {
        let mut sequence = Sequence::default();
        assert_eq!(sequence.step(7, &container(false)), Step::Missed);
        assert_eq!(sequence.step(8, &container(true)), Step::Apply);
        assert_eq!(sequence.step(9, &container(false)), Step::Apply);
        assert_eq!(sequence.step(11, &container(false)), Step::Missed);
        assert_eq!(
            sequence.step(12, &container(false)),
            Step::Missed,
            "still nothing to build on"
        );
        assert_eq!(sequence.step(13, &container(true)), Step::Apply);
        assert_eq!(sequence.step(14, &container(false)), Step::Apply);
    }

    #[test]
    fn a_server_that_started_again_counts_from_the_beginning() {
        let mut sequence = Sequence::default();
        assert_eq!(sequence.step(900, &container(true)), Step::Apply);
        assert_eq!(sequence.step(1, &container(true)), Step::Apply);
        assert_eq!(sequence.step(2, &container(false)), Step::Apply);
    }
}
