//! Says each step when it starts and how long it took when it ends.

use anyhow::Result;
use std::time::{Duration, Instant};

/// The steps of this call, in the order they ran.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    done: Vec<Step>,
}

#[derive(Debug)]
struct Step {
    what: String,
    took: Duration,
    passed: bool,
}

impl Steps {
    /// Runs one step; `what` is a sentence without its full stop.
    pub(crate) fn run<T>(&mut self, what: &str, step: impl FnOnce() -> Result<T>) -> Result<T> {
        println!("==> {what}");
        let started = Instant::now();
        let outcome = step();
        let took = started.elapsed();
        let passed = outcome.is_ok();
        println!(
            "    {} after {}",
            if passed { "done" } else { "FAILED" },
            seconds(took)
        );
        self.done.push(Step {
            what: what.to_owned(),
            took,
            passed,
        });
        outcome
    }

    /// Prints every step with its outcome and time, and the time of all.
    pub(crate) fn print_summary(&self) {
        let width = self
            .done
            .iter()
            .map(|step| step.what.chars().count())
            .max()
            .unwrap_or(0);
        println!();
        for Step { what, took, passed } in &self.done {
            println!(
                "{}  {what:width$}  {:>8}",
                if *passed { "ok    " } else { "FAILED" },
                seconds(*took)
            );
        }
        let all: Duration = self.done.iter().map(|step| step.took).sum();
        println!("        {:width$}  {:>8}", "all", seconds(all));
    }
}

/// A duration as people say it: `0.3 s`, `12.0 s`, `3 min 20 s`.
pub(crate) fn seconds(time: Duration) -> String {
    if time < Duration::from_secs(100) {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {:02} s", time.as_secs() / 60, time.as_secs() % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_said_in_seconds_and_from_a_hundred_on_in_minutes() {
        assert_eq!(seconds(Duration::from_millis(340)), "0.3 s");
        assert_eq!(seconds(Duration::from_secs(200)), "3 min 20 s");
    }
}
