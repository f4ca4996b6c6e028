//! What a value costs on disk: five real containers at 1 Hz, with everything in the file, beside what others need for the same.

use crate::report::{line, print};
use anyhow::{Context, Result};
use flate2::read::GzDecoder;
use plimsoll_model::{Batch, Observation};
use plimsoll_server::{Packing, Recorder, retention};
use plimsoll_shared::{
    BlockIo, Collection, ContainerId, HostId, Memory, Reading, Throttling, Traffic, UnixMs,
};
use plimsoll_store::LifeId;
use std::{collections::BTreeMap, fs::File, io::Read as _, path::PathBuf, time::Duration};
use tokio_util::sync::CancellationToken;

/// Numbers a row of the recording has, beside the container's name and the time.
const COLUMNS: usize = 10;
/// Seconds that are recorded: the recording again and again, until shortly before the first roll-up.
const SECONDS: usize = 23 * 900;
/// A moment at which a stretch of every tier begins.
const START: i64 = 735 * 28 * 24 * 3_600_000;
const MAX_GAP_MS: i64 = 3500;

/// A container's rows, a second each.
type Rows = Vec<[u64; COLUMNS]>;

/// Records and packs the recording, and weighs the file.
pub(crate) async fn run() -> Result<()> {
    let Some(recording) = recording()? else {
        return Ok(());
    };
    let containers = recording.len();
    let values = containers * SECONDS * COLUMNS;
    let (file, packed) = recorded(&recording).await?;
    let zstd = zstd(&recording)?;
    let (beszel, kept) = beszel(&recording)?;
    let each = |bytes: usize, values: usize| format!("{:.3}", bytes as f64 / values as f64);
    let day = |bytes: usize, seconds: usize| {
        let daily = bytes as f64 / containers as f64 / seconds as f64 * 86_400.0;
        format!("{:.0} kB", daily / 1000.0)
    };
    let length = recording.values().map(Vec::len).max().unwrap_or_default();
    print(
        &format!("{containers} real containers, {values} values"),
        "aim or peer",
        &[
            line(
                "bytes a value, the whole samples.db",
                each(file, values),
                "0.5",
            ),
            line(
                "bytes a value, front and blocks of the chunks",
                each(packed, values),
                format!("zstd -9 {}", each(zstd, containers * length * COLUMNS)),
            ),
            line(
                "a container and day: every second here, a mean a minute there",
                day(file, SECONDS),
                format!("Beszel's JSON rows {}", day(beszel, length)),
            ),
            line(
                "bytes a kept value",
                each(file, values),
                format!("Beszel's JSON rows {}", each(beszel, kept)),
            ),
        ],
    );
    println!("\nbytes per value: {}", each(file, values));
    Ok(())
}

/// The recording by container; `None`, and said, when it is absent.
fn recording() -> Result<Option<BTreeMap<String, Rows>>> {
    let folder = std::env::var_os("PLIMSOLL_VECTORS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    );
    let path = folder.join("history/real-1hz-5-containers.csv.gz");
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) => {
            println!(
                "\nbytes per value: not measured, {} is absent: {error}. PLIMSOLL_VECTORS names the folder it is in.",
                path.display()
            );
            return Ok(None);
        }
    };
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text)?;
    let mut rows: BTreeMap<String, Rows> = BTreeMap::new();
    for text in text.lines().skip(1) {
        let mut fields = text.split(',');
        let name = fields.next().context("a row without a container")?;
        let numbers: Vec<u64> = fields.skip(1).map(str::parse).collect::<Result<_, _>>()?;
        let row = numbers.try_into().ok().context("a row of another length")?;
        rows.entry(name.to_owned()).or_default().push(row);
    }
    Ok(Some(rows))
}

/// Bytes of samples.db, and of the chunks' fronts and blocks in it.
async fn recorded(recording: &BTreeMap<String, Rows>) -> Result<(usize, usize)> {
    let folder = tempfile::tempdir().context("no folder for the history")?;
    let recorder = Recorder::open(folder.path(), MAX_GAP_MS).await?;
    let stop = CancellationToken::new();
    let running = tokio::spawn(recorder.clone().run(stop.clone()));
    let store = recorder.store().context("the history cannot be opened")?;
    let host = HostId::local();
    let ids: Vec<ContainerId> = (0..recording.len())
        .map(|number| format!("{number:064x}").parse())
        .collect::<Result<_, _>>()?;
    let packing = Packing {
        retention: retention(Duration::from_secs(48 * 3600)),
        max_gap_ms: MAX_GAP_MS,
    };
    for second in 0..SECONDS {
        let at = UnixMs(START + i64::try_from(second)? * 1000);
        let readings = ids.iter().zip(recording.values());
        let batch = Batch {
            at,
            collection: Collection::Cgroup1,
            readings: readings
                .map(|(id, rows)| (id.clone(), reading(at, second, rows)))
                .collect(),
            machine: None,
        };
        recorder.keep(&host, Observation::Readings(batch));
        // As the server does: what is over is packed, and its room used again.
        if second % 900 == 899 {
            while store.newest(&host).await? < Some(at) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            let over = UnixMs(at.0 + 31_000);
            packing.once(&store, &host, over, &stop).await?;
        }
    }
    stop.cancel();
    running.await??;
    let end = UnixMs(START + i64::try_from(SECONDS)? * 1000);
    let mut fronts = BTreeMap::new();
    let mut packed = 0;
    for id in &ids {
        let lives: Vec<LifeId> = store
            .lives(&host, id, 9)
            .await?
            .iter()
            .map(|life| life.id)
            .collect();
        for life in lives {
            for block in store.blocks(life, 0, UnixMs(START), end).await? {
                packed += block.bytes.len();
                fronts.insert(block.from, block.front.len());
            }
        }
    }
    packed += fronts.values().sum::<usize>();
    drop(store);
    recorder.close().await;
    let file = std::fs::metadata(folder.path().join("samples.db"))?.len();
    Ok((usize::try_from(file)?, packed))
}

/// The row of a second; after its end the recording begins anew, its counters going on where they were.
fn reading(at: UnixMs, second: usize, rows: &Rows) -> Reading {
    let (round, place) = (second / rows.len(), second % rows.len());
    let row = &rows[place];
    let so_far = |column: usize| {
        let (first, last) = (rows[0][column], rows[rows.len() - 1][column]);
        row[column] + u64::try_from(round).unwrap_or(0) * last.saturating_sub(first)
    };
    Reading {
        at,
        cpu_percent: None,
        cpu_total_ns: so_far(0),
        throttling: Some(Throttling {
            periods: 0,
            throttled_periods: 0,
            throttled_ns: so_far(8),
        }),
        memory: Memory {
            used: row[1],
            raw: row[1],
            limit: Some(row[2]),
            rss: Some(row[9]),
            cache: None,
        },
        network: Some(Traffic {
            received: so_far(3),
            sent: so_far(4),
            received_dropped: 0,
            sent_dropped: 0,
        }),
        block: Some(BlockIo {
            read: so_far(5),
            written: so_far(6),
        }),
        pids: Some(row[7]),
        pids_limit: None,
        machine: None,
    }
}

/// Bytes of the columns, a quarter of an hour at a time, as little-endian steps between values through `zstd -9`.
fn zstd(recording: &BTreeMap<String, Rows>) -> Result<usize> {
    let mut size = 0;
    for rows in recording.values().flat_map(|rows| rows.chunks(900)) {
        for column in 0..COLUMNS {
            let mut before = 0;
            let mut bytes = Vec::with_capacity(rows.len() * 8);
            for row in rows {
                bytes.extend(row[column].wrapping_sub(before).to_le_bytes());
                before = row[column];
            }
            size += zstd::bulk::compress(&bytes, 9)?.len();
        }
    }
    Ok(size)
}

/// Bytes of one JSON array a minute that holds all containers' means of CPU, memory, sent and received, as Beszel keeps them, and how many
/// values that are.
fn beszel(recording: &BTreeMap<String, Rows>) -> Result<(usize, usize)> {
    let minutes = recording
        .values()
        .map(|rows| rows.len() / 60)
        .max()
        .unwrap_or_default();
    let (mut bytes, mut values) = (0, 0);
    for minute in 0..minutes {
        let mut row = Vec::new();
        for (name, rows) in recording {
            let (Some(first), Some(last)) = (rows.get(minute * 60), rows.get(minute * 60 + 59))
            else {
                continue;
            };
            let grown = |column: usize| last[column].saturating_sub(first[column]);
            let hundredths = |value: f64| (value * 100.0).round() / 100.0;
            row.push(serde_json::json!({
                "n": name,
                "c": hundredths(grown(0) as f64 / 59e7),
                "m": hundredths(last[1] as f64 / 1_048_576.0),
                "b": [grown(4) / 59, grown(3) / 59],
            }));
            values += 4;
        }
        bytes += serde_json::to_vec(&row)?.len();
    }
    Ok((bytes, values))
}
