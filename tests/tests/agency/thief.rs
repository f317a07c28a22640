//! What a thief, a view-only reader, and a stolen database can do: nothing.

use std::fs;

use kakuzuke_tests::agency::{Agency, Officer, exit};

use super::{sample, text};

#[test]
fn parts_of_two_documents_do_not_mix() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    let a = text(&place, "a.bin", &[1; 60_000]);
    let b = text(&place, "b.bin", &[2; 60_000]);
    sato.protect(&a, "C3I2A1", &["複製禁止"]).good();
    sato.protect(&b, "C2I2A1", &[]).good();
    let (a, b) = (fs::read(place.join("a.bin.kkz")).unwrap(), fs::read(place.join("b.bin.kkz")).unwrap());
    assert_eq!(a.len(), b.len(), "same sizes, so that offsets agree");
    let head = usize::try_from(u32::from_be_bytes(a[12..16].try_into().unwrap())).unwrap();
    let label = usize::try_from(u32::from_be_bytes(a[16..20].try_into().unwrap())).unwrap();
    let out = agency.place("開いたもの").join("out");
    let mut cases = vec![("b's head on a's content", [&b[..head], &a[head..]].concat())];
    if a[16..20] == b[16..20] {
        cases.push(("b's label in a's head", [&a[..32], &b[32..32 + label], &a[32 + label..]].concat()));
        cases.push(("b's grants in a's head", [&a[..32 + label], &b[32 + label..head], &a[head..]].concat()));
    }
    cases.push(("b's trailer on a", [&a[..a.len() - 2000], &b[b.len() - 2000..]].concat()));
    cases.push(("b's second half on a", [&a[..a.len() / 2], &b[b.len() / 2..]].concat()));
    for (what, bytes) in cases {
        let spliced = text(&place, "spliced.kkz", &bytes);
        let said = sato.open(&spliced, &out);
        assert!(
            (20..30).contains(&said.code) || said.code == exit::NOT_AVAILABLE,
            "{what}: {} {}",
            said.code,
            said.err
        );
        assert!(!out.exists(), "{what}");
    }
}

#[test]
fn a_stolen_database_and_files_open_nothing() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let path = text(&agency.place("文書"), "a.txt", "秘密の内容".repeat(100).as_bytes());
    sato.protect(&path, "C3I2A1", &[]).good();
    // The database without the passphrase: everything that leads to a key is sealed.
    let stolen = agency.server_dir();
    let mut found = Vec::new();
    for entry in fs::read_dir(&stolen).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type().unwrap().is_file() && !name.contains("pass") {
            let bytes = fs::read(entry.path()).unwrap();
            if bytes.windows(12).any(|w| w == "秘密の内".as_bytes()) {
                found.push(name);
            }
        }
    }
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn a_row_edited_in_the_database_denies() {
    let mut agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let suzuki = agency.officer("suzuki", "鈴木");
    let path = text(&agency.place("文書"), "a.txt", b"text");
    sato.protect(&path, "C2I1A1", &[]).good();
    let protected = path.with_file_name("a.txt.kkz");
    let out = agency.place("o");
    suzuki.open(&protected, &out.join("1")).good();
    agency.kill();
    let database = fs::read_dir(agency.server_dir())
        .unwrap()
        .flatten()
        .map(|e| e.path())
        .find(|p| fs::read(p).is_ok_and(|b| b.starts_with(b"SQLite format 3")))
        .expect("a database");
    let db = rusqlite::Connection::open(&database).unwrap();
    let tables: Vec<(String, String)> = {
        let mut all = db.prepare("select name, sql from sqlite_master where type = 'table'").unwrap();
        all.query_map([], |row| Ok((row.get(0)?, row.get::<_, Option<String>>(1)?.unwrap_or_default())))
            .unwrap()
            .map(Result::unwrap)
            .collect()
    };
    // Every MACed row gets one byte of its content changed.
    let mut changed = 0;
    for (name, sql) in tables {
        if sql.contains("mac") && sql.contains("body") {
            changed += db
                .execute(
                    &format!("update {name} set body = cast(substr(body, 1, length(body) - 1) || x'00' as blob)"),
                    [],
                )
                .unwrap();
        }
    }
    drop(db);
    assert!(changed > 0, "rows that feed decisions carry a code");
    let mut command = agency.run_command();
    let started = command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn();
    let mut server = started.unwrap();
    let said = suzuki.open(&protected, &out.join("2"));
    let _gone = server.kill();
    let _status = server.wait();
    assert_ne!(said.code, 0, "an edited row never opens anything");
    assert!(!out.join("2").exists());
}

#[test]
fn a_row_put_back_to_an_earlier_day_stops_the_server() {
    let mut agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let suzuki = agency.officer("suzuki", "鈴木");
    let place = agency.place("文書");
    let path = text(&place, "a.txt", b"text");
    sato.protect(&path, "C2I1A1", &[]).good();
    let protected = path.with_file_name("a.txt.kkz");
    let database = agency.server_dir().join("keyserver.db");
    let rows = |sql: &str, with: &[&dyn rusqlite::ToSql]| {
        rusqlite::Connection::open(&database).unwrap().execute(sql, with).unwrap()
    };
    rows("create table kept as select * from rows", &[]);
    sato.labeler(["revoke", protected.to_str().unwrap(), "--reason", "誤り"]).good();
    suzuki.open(&protected, &place.join("x")).refused(exit::DENIED);
    agency.kill();
    // Each row is one the server wrote itself, only an older one; the log is untouched.
    assert!(rows("insert or replace into rows select * from kept", &[]) > 0);
    rows("drop table kept", &[]);
    let mut command = agency.run_command();
    let said = command.output().unwrap();
    assert!(!said.status.success());
    let told = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(told.contains("an older row was put back") && told.contains("監査ログ"), "{told}");
    assert!(!place.join("x").exists());
}

#[test]
fn an_unregistered_file_with_a_thief_s_head_is_refused() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let mallory = agency.enrol("mallory", &["--name", "盗人", "--role", "officer", "--unit", "会計課"]);
    let place = agency.place("文書");
    let path = sample(&place, "csv");
    sato.labeler(["sync"]).good();
    sato.command().arg("protect").arg(&path).args(["--grade", "C2I2A1", "--offline"]).status().unwrap();
    let victim = place.join(format!("{}.kkz", path.file_name().unwrap().to_string_lossy()));
    let own = text(&place, "own.csv", &[b'x'; 937]);
    mallory.protect(&own, "C2I2A1", &[]).good();
    let (v, m) = (fs::read(&victim).unwrap(), fs::read(place.join("own.csv.kkz")).unwrap());
    let head = |b: &[u8]| usize::try_from(u32::from_be_bytes(b[12..16].try_into().unwrap())).unwrap();
    let forged = text(&place, "forged.kkz", &[&m[..head(&m)], &v[head(&v)..]].concat());
    let out = agency.place("o").join("stolen.csv");
    let said = mallory.open(&forged, &out);
    assert_ne!(said.code, 0);
    assert!(!out.exists(), "{}", said.err);
    // The unregistered file itself: Mallory presents its true head and is no reader.
    assert_ne!(mallory.open(&victim, &out).code, 0);
    // The author's colleague may, once it is registered on presentation or by the author.
    sato.labeler(["sync"]).good();
    sato.open(&victim, &out).good();
}

#[test]
fn what_is_entered_is_what_was_approved() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let head = "統括情報セキュリティ責任者";
    let enrol = |name: &str, rest: &[&str]| {
        let code = agency.code("ito", &[&["--name", "伊藤", "--role", "officer", "--unit", "総務課"], rest].concat());
        let officer = Officer { profile: agency.place("profiles").join(name), subject: "ito".to_owned() };
        officer.labeler(["enrol", &code]).refused(exit::APPROVAL_PENDING);
        officer
    };
    let first = enrol("1", &[]);
    let waiting = sato.labeler(["requests", "--json"]).good().json();
    let number = waiting[0]["number"].to_string();
    // The administrator changes what is entered while the first waits; the officer sees and approves the first.
    enrol("2", &["--post", head, "--role", "administrator"]);
    let shown = sato.labeler(["requests"]).good().out;
    assert!(shown.contains(head) && shown.contains("管理者"), "{shown}");
    sato.labeler(["approve", &number]).good();
    let zone = ["zone", "set", "本庁舎", "--network", "0.0.0.0/0", "--place", "本庁舎", "--reason", "試し", "--json"];
    let number = sato.labeler(zone).good().json()["number"].to_string();
    assert_ne!(first.labeler(["approve", &number]).code, 0, "a post nobody has approved");
    assert!(!sato.labeler(["zone", "list"]).good().out.contains("本庁舎"));
}

#[test]
fn an_administrator_makes_nobody_the_successor() {
    let agency = Agency::open();
    let first = agency.officer("first", "最初");
    let post = "総務課長";
    let admin = agency.enrol("admin", &["--name", "管理者", "--role", "administrator", "--unit", "情報課"]);
    let sato = agency.enrol("sato", &["--name", "佐藤", "--role", "officer", "--unit", "総務課", "--post", post]);
    let ito = agency.enrol("ito", &["--name", "伊藤", "--role", "officer", "--unit", "会計課", "--post", post]);
    let path = text(&agency.place("文書"), "a.txt", b"text");
    let mut command = sato.command();
    command.arg("protect").arg(&path).args(["--grade", "C2I1A1", "--post", post]);
    assert!(command.output().unwrap().status.success());
    let path = path.with_file_name("a.txt.kkz");
    admin.labeler(["revoke", "--subject", "sato", "--reason", "試し"]).good();
    let code = agency.code("sato", &["--name", "佐藤", "--role", "officer", "--unit", "会計課", "--post", post]);
    let again = Officer { profile: agency.place("profiles").join("sato"), subject: "sato".to_owned() };
    again.labeler(["enrol", &code]).refused(exit::APPROVAL_PENDING);
    let out = agency.place("o").join("a");
    assert_ne!(ito.open(&path, &out).code, 0);
    assert!(!out.exists());
    assert!(first.labeler(["requests"]).good().out.contains("会計課"));
}
