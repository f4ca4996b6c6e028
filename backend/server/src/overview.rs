//! What the first page shows: who uses most, what is near a limit, and what changed.
//!
//! It costs something once every few seconds, however many tabs ask.

mod changes;
mod hour;
mod near;

use crate::{app::App, clock, http::Refusal};
use hour::{Hour, What};
use plimsoll_shared::{
    HostId, UnixMs,
    lines::Subject,
    overview::{Change, Overview, Top, TopItem},
    series::Metric,
};
use std::{collections::BTreeMap, sync::Arc};
use tokio::sync::Mutex;

/// An answer is given again for so many milliseconds, and never for less than ten times as long as it took.
const FRESH_MS: i64 = 3000;
const TIMES_ITS_COST: i64 = 10;
const DAY_MS: i64 = 24 * 3_600_000;
/// Containers ranked by one metric.
const TOP: usize = 5;
/// Minutes of the ranking.
const RANKED: usize = 61;
/// Changes of one answer.
const MOST_CHANGES: usize = 100;

/// The overview as it was answered last.
#[derive(Default)]
pub struct Cache(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    hour: Hour,
    answers: BTreeMap<Option<HostId>, Answer>,
}

struct Answer {
    until: UnixMs,
    overview: Arc<Overview>,
}

impl Cache {
    /// The overview of one host or of all. Whoever asks while it is being put together waits for that.
    pub(crate) async fn overview(
        &self,
        app: &App,
        host: Option<&HostId>,
    ) -> Result<Arc<Overview>, Refusal> {
        let mut kept = self.0.lock().await;
        let now = clock::now();
        let key = host.cloned();
        if let Some(answer) = kept
            .answers
            .get(&key)
            .filter(|answer| now < answer.until && now >= answer.overview.at)
        {
            return Ok(answer.overview.clone());
        }
        let hosts: Vec<HostId> = app
            .present()
            .hosts()
            .into_iter()
            .map(|row| row.id)
            .collect();
        kept.hour.fill(&app.recorder, &hosts, now).await?;
        let overview = Arc::new(put_together(app, &kept.hour, host, &hosts, now).await?);
        let cost = clock::now().since(now);
        let answer = Answer {
            until: UnixMs(
                now.0
                    .saturating_add(FRESH_MS.max(cost.saturating_mul(TIMES_ITS_COST))),
            ),
            overview: overview.clone(),
        };
        kept.answers.insert(key, answer);
        Ok(overview)
    }
}

async fn put_together(
    app: &App,
    hour: &Hour,
    host: Option<&HostId>,
    hosts: &[HostId],
    now: UnixMs,
) -> Result<Overview, Refusal> {
    let wanted = |id: &HostId| host.is_none_or(|host| host == id);
    let (containers, rows) = {
        let present = app.present();
        let mut containers = present.containers();
        containers.retain(|now| wanted(&now.row.host));
        let mut rows = present.hosts();
        rows.retain(|row| wanted(&row.id));
        (containers, rows)
    };
    let changed_from = UnixMs(now.0 - DAY_MS);
    let mut changed = Vec::new();
    for id in hosts.iter().filter(|id| wanted(id)) {
        let (kin, events) = app.recorder.lived(id, changed_from, now).await?;
        changed.extend(changes::changes(id, &kin, &events, changed_from));
    }
    changed.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| a.of.cmp(&b.of)));
    let more_changes = changed.len() > MOST_CHANGES;
    changed.truncate(MOST_CHANGES);
    Ok(Overview {
        at: now,
        ranked_from: Hour::start(now),
        changed_from,
        top: [
            (What::Cpu, Metric::Cpu),
            (What::Memory, Metric::Memory),
            (What::Network, Metric::NetReceived),
            (What::Block, Metric::BlockRead),
        ]
        .into_iter()
        .map(|(what, metric)| Top {
            metric,
            items: top(hour, what, &wanted),
        })
        .collect(),
        near: near::near(&containers, &rows, hour),
        changed: changed as Vec<Change>,
        more_changes,
    })
}

/// The greatest consumers; one that used nothing is none.
fn top(hour: &Hour, what: What, wanted: &impl Fn(&HostId) -> bool) -> Vec<TopItem> {
    let mut all: Vec<(&Subject, f64, f64)> = hour
        .seen
        .iter()
        .filter(|(of, _)| wanted(of.host()))
        .filter_map(|(of, seen)| {
            let (mean, max) = seen.over(what, RANKED)?;
            (max > 0.0).then_some((of, mean, max))
        })
        .collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    all.truncate(TOP);
    let round = |value: f64| (value * 100.0).round() / 100.0;
    all.into_iter()
        .filter_map(|(of, mean, max)| {
            let seen = hour.seen.get(of)?;
            Some(TopItem {
                of: of.clone(),
                name: seen.name.clone(),
                mean: round(mean),
                max: round(max),
                spark: seen.spark(what),
            })
        })
        .collect()
}
