//! A server with many documents: `grow DIR COUNT` copies the newest registered document of the stopped server in DIR under
//! COUNT new ids, each with its log entry. What the copies hold opens nothing; what is measured is how the rest behaves.
#![allow(clippy::print_stdout, reason = "a measuring program prints")]

use std::path::PathBuf;
use std::time::Instant;

use kakuzuke_core::audit::{EntryKind, Outcome};
use kakuzuke_core::id::{DocumentId, LineageId};
use kakuzuke_keyserver::app::App;
use kakuzuke_keyserver::audit::Entry;
use kakuzuke_keyserver::random::{bytes, generator};
use kakuzuke_keyserver::server::system_clock;
use kakuzuke_keyserver::store::{DocumentRow, LineageRow, StoreError};

/// Documents of one transaction.
const PAGE: u64 = 5_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args_os().skip(1);
    let dir = PathBuf::from(args.next().ok_or("grow DIR COUNT")?);
    let count: u64 = args.next().and_then(|n| n.to_str()?.parse().ok()).ok_or("grow DIR COUNT")?;
    let app = App::open_quietly(&dir, system_clock())?;
    let pattern = app.store.read(|reader| -> Result<_, StoreError> {
        let document = reader.list::<DocumentRow>()?.pop().ok_or(StoreError::Altered("document"))?.into_row();
        let line = reader.get::<LineageRow>(document.lineage.as_bytes())?.ok_or(StoreError::Altered("lineage"))?;
        Ok((document, line.into_row()))
    })?;
    let began = Instant::now();
    let mut done = 0;
    while done < count {
        let page = PAGE.min(count - done);
        let (now, (document, line)) = (app.now(), pattern.clone());
        app.store.write(move |tx| -> Result<(), StoreError> {
            for _ in 0..page {
                let id = DocumentId::new_v7(u64::try_from(now.unix()).unwrap_or(0) * 1000, bytes());
                let lineage = LineageId::from_bytes(bytes());
                let entry = Entry::new(now, EntryKind::Registered, Outcome::Done).document(id);
                let entry = tx.append(entry.finish(&mut generator()))?;
                tx.put(&DocumentRow { document: id, lineage, ..document.clone() }, entry)?;
                tx.put(&LineageRow { lineage, documents: vec![id], ..line.clone() }, entry)?;
            }
            Ok(())
        })?;
        done += page;
    }
    println!("{count} documents in {:.1} s", began.elapsed().as_secs_f64());
    Ok(())
}
