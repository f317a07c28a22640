//! kill -9 at every write of a scenario. A child process does the scenario and reports each act once it was told that
//! it is done; the parent has it die at the first place, the second, … until it comes through, and looks at what is
//! left: what the child was told of is there, in both places. This shows the order of writes, not what a disk does when
//! its power fails: for that the store relies on fdatasync.

use std::io::Write as _;
use std::path::Path;
use std::process::{self, Command, Stdio};

use kakuzuke_core::id::LogHash;
use kakuzuke_core::protocol::Durability;
use rusqlite::Connection;
use tempfile::TempDir;

use super::super::{StoreError, begin_copy};
use super::copy::assert_same;
use super::{SettingRow, act, assert_sound, config, document, entry, open, setting, sink_lines, value_of};

const DIR: &str = "KAKUZUKE_CRASH_DIR";
const AT: &str = "KAKUZUKE_CRASH_AT";
const ACTS: u64 = 4;
/// Long enough that a transaction takes several pages.
const NOTE: usize = 3_000;

/// The scenario, run in a process of its own.
pub(super) struct Child(Command);

/// What it said before it ended.
pub(super) struct Told {
    /// Document, index and hash of each act it was told is done.
    pub(super) acknowledged: Vec<(u64, u64, LogHash)>,
    /// Numbers of the acts that were refused.
    pub(super) refused: Vec<u64>,
    pub(super) came_through: bool,
}

pub(super) struct Running(process::Child);

impl Child {
    pub(super) fn scenario(dir: &Path) -> Self {
        Self::under(Command::new(std::env::current_exe().unwrap()), dir)
    }

    /// The scenario by a command to which its program's arguments can be given.
    pub(super) fn under(mut command: Command, dir: &Path) -> Self {
        let test = "store::tests::crash::scenario_of_the_child";
        command.args([test, "--exact", "--ignored", "--nocapture", "--test-threads=1"]);
        command.env(DIR, dir).env_remove(AT).stdout(Stdio::piped()).stderr(Stdio::null());
        Self(command)
    }

    fn dying_at(mut self, point: u64) -> Self {
        self.0.env(AT, point.to_string());
        self
    }

    pub(super) fn spawn(mut self) -> Running {
        Running(self.0.spawn().unwrap())
    }
}

impl Running {
    pub(super) fn finish(self) -> Told {
        let output = self.0.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let mut told = Told { acknowledged: Vec::new(), refused: Vec::new(), came_through: output.status.success() };
        for line in said.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            match words.as_slice() {
                ["done", number, index, hash] => {
                    told.acknowledged.push((number.parse().unwrap(), index.parse().unwrap(), hash.parse().unwrap()))
                }
                ["refused", number] => told.refused.push(number.parse().unwrap()),
                _ => {}
            }
        }
        told
    }
}

#[test]
#[ignore = "the part of the child process"]
fn scenario_of_the_child() {
    let Some(dir) = std::env::var_os(DIR) else { return };
    let store = open(Path::new(&dir));
    let say = |line: String| {
        let mut out = std::io::stdout().lock();
        writeln!(out, "\n{line}").and_then(|()| out.flush()).unwrap();
    };
    for number in 0..ACTS {
        match act(&store, number, &"n".repeat(NOTE)) {
            Ok(written) => {
                let recorded = written.recorded.first().unwrap();
                assert_eq!(written.durability == Durability::Replicated, store.is_copied());
                say(format!("done {number} {} {}", recorded.index(), recorded.leaf_hash()));
            }
            Err(_) => say(format!("refused {number}")),
        }
    }
    // Two entries and a deletion in one job, and what was deleted gone from the files.
    let (first, second) = (entry(100, "first of two"), entry(101, "second of two"));
    let both = store.write(move |tx| -> Result<(), StoreError> {
        let first = tx.append(first)?;
        tx.put(&setting(100, "pair"), first)?;
        let second = tx.append(second)?;
        tx.put(&setting(101, "pair"), second)?;
        tx.delete::<SettingRow>(b"setting-0")?;
        tx.scrub();
        Ok(())
    });
    match both {
        Ok(written) => written.recorded.iter().zip([100, 101]).for_each(|(recorded, number)| {
            say(format!("done {number} {} {}", recorded.index(), recorded.leaf_hash()));
        }),
        Err(_) => say("refused 100".to_owned()),
    }
}

/// Everything the child was told is done is there; nothing is there by halves.
pub(super) fn assert_kept(dir: &Path, told: &Told) {
    // The second sink, before anybody repairs it.
    let lines = sink_lines(dir);
    for (number, index, hash) in &told.acknowledged {
        let line = lines.iter().find(|line| line.index == *index);
        assert_eq!(line.map(|line| line.hash), Some(*hash), "act {number} was acknowledged and is not in the sink");
    }
    if let Some(copy) = config(dir).copy {
        assert_copied(&copy, told);
    }
    let store = open(dir);
    assert_sound(dir, &store);
    if config(dir).copy.is_some() {
        assert_same(dir);
    }
    let entries = store.read(|r| r.entries(0, u64::MAX)).unwrap();
    for (number, index, hash) in &told.acknowledged {
        let entry = entries.iter().find(|entry| entry.index == *index);
        assert_eq!(entry.map(|entry| entry.hash), Some(*hash), "act {number} was acknowledged and is lost");
    }
    let has_entry = |number: u64| {
        entries
            .iter()
            .any(|entry| kakuzuke_core::audit::Leaf::decode(&entry.leaf).unwrap().document == Some(document(number)))
    };
    let pair = (has_entry(100), has_entry(101));
    assert_eq!(pair.0, pair.1, "half a job was kept");
    let row = |number: u64| store.read(|r| value_of(r, number)).unwrap();
    for number in (1..ACTS).chain([100, 101]) {
        assert_eq!(row(number).is_some(), has_entry(number), "row and entry of act {number} belong together");
    }
    assert_eq!(row(0).is_some(), has_entry(0) && !pair.0, "a deletion belongs to its entry");
}

/// The copy, before anybody brings it up to date.
fn assert_copied(copy: &Path, told: &Told) {
    let copy = Connection::open(copy).unwrap();
    for (number, index, hash) in &told.acknowledged {
        let found = copy.query_row("select hash from entries where idx = ?1", [index], |r| r.get::<_, Vec<u8>>(0)).ok();
        assert_eq!(found, Some(hash.as_bytes().to_vec()), "act {number} was acknowledged and is not in the copy");
    }
}

#[test]
fn killed_at_every_write_nothing_acknowledged_is_lost() {
    // Each of the five transactions begins, commits and writes its sink: fewer places would mean that some were missed.
    let places = kill_at_every_write(|_| ());
    assert!(places >= 5 * 6, "only {places} places to die at");
}

#[test]
fn killed_at_every_write_with_a_copy_nothing_acknowledged_is_missing_there() {
    let places = kill_at_every_write(|dir| begin_copy(&dir.join("copy.db")).unwrap());
    assert!(places >= 5 * 8, "only {places} places to die at");
}

/// The number of places to die at.
fn kill_at_every_write(prepare: impl Fn(&Path)) -> u64 {
    let mut places = 0;
    for point in 1.. {
        let dir = TempDir::new().unwrap();
        prepare(dir.path());
        let told = Child::scenario(dir.path()).dying_at(point).spawn().finish();
        assert_kept(dir.path(), &told);
        // The server comes back and goes on.
        let again = Child::scenario(dir.path()).spawn().finish();
        assert!(again.came_through && again.refused.is_empty(), "after a death at {point}");
        assert_eq!(again.acknowledged.len() as u64, ACTS + 2);
        assert_sound(dir.path(), &open(dir.path()));
        if told.came_through {
            assert_eq!(told.acknowledged.len() as u64, ACTS + 2);
            break;
        }
        places = point;
    }
    places
}
