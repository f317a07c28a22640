//! Protected PDFs in zathura: our plugin, driven page by page as zathura does, and in zathura itself on a screen nobody sees.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use kakuzuke_tests::agency::{Agency, Officer, exit};
use kakuzuke_tests::library::Library;
use kakuzuke_tests::programs::{clock_library, have, repository};
use kakuzuke_tests::screen::{Screen, dots};

use super::{holds, sample, text};

/// The plugin, built once against the installed library, and the program that drives it.
struct Viewer {
    library: Library,
    /// As it is installed.
    built: PathBuf,
    /// The same under AddressSanitizer and UndefinedBehaviorSanitizer.
    watched: PathBuf,
}

impl Viewer {
    fn built() -> Option<Self> {
        if !["make", "zathura", "pkg-config", "convert", "pdftotext"].iter().all(|tool| have(tool)) {
            return None;
        }
        let library = Library::installed()?;
        let built = library.prefix.parent().unwrap().join("viewer");
        fs::create_dir_all(&built).unwrap();
        let lock = File::create(built.join("lock")).unwrap();
        lock.lock().unwrap();
        let watched = built.join("watched");
        let make = |folder: &Path, flags: &str| {
            let mut make = Command::new("make");
            make.arg("-C").arg(repository().join("ffi/viewer")).arg(format!("BUILD={}", folder.display()));
            make.arg(format!("CFLAGS={flags}")).arg("all").arg(folder.join("driver"));
            let output = make.env("PKG_CONFIG_PATH", library.folder().join("pkgconfig")).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        };
        make(&built, "-O2 -g");
        make(&watched, "-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all");
        let plugins = built.join("plugins");
        fs::create_dir_all(&plugins).unwrap();
        // Never written over: another test's zathura may have it loaded, and would run into the void.
        let (made, plugin) = (built.join("kakuzuke.so"), plugins.join("kakuzuke.so"));
        if fs::read(&plugin).ok() != fs::read(&made).ok() {
            let next = built.join("next.so");
            fs::copy(&made, &next).unwrap();
            fs::rename(&next, &plugin).unwrap();
        }
        Some(Self { library, built, watched })
    }

    fn driver(&self, built: &Path, who: &Officer, path: &Path, actions: &[String]) -> Command {
        let mut command = self.library.command(&built.join("driver"));
        command.arg(built.join("kakuzuke.so")).arg(path).args(actions);
        // What GTK keeps until the end is not ours to judge.
        command.env("ASAN_OPTIONS", "detect_leaks=0");
        command.env("KAKUZUKE_PROFILE", &who.profile).env("LC_ALL", "C.UTF-8");
        command
    }

    /// What the driver said, line by line, and what the plugin told the person.
    fn drive(&self, who: &Officer, path: &Path, actions: &[String]) -> (Vec<String>, String) {
        let output = self.driver(&self.watched, who, path, actions).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{}: {told}", output.status);
        (String::from_utf8_lossy(&output.stdout).lines().map(ToOwned::to_owned).collect(), told)
    }
}

fn act(what: &str, out: &Path) -> String {
    format!("{what}:{}", out.display())
}

/// Bytes decrypted, after each step.
fn decrypted(lines: &[String]) -> Vec<u64> {
    lines.iter().filter_map(|line| line.strip_prefix("decrypted ")?.parse().ok()).collect()
}

/// 総務課: sato writes, suzuki reads; tanaka of another unit may not.
fn people(agency: &Agency) -> [Officer; 3] {
    let sato = agency.officer("sato", "佐藤");
    let suzuki = agency.officer("suzuki", "鈴木");
    [sato, suzuki, agency.enrol("tanaka", &["--name", "田中", "--role", "officer", "--unit", "会計課"])]
}

#[test]
fn a_page_shows_its_reader_and_what_is_not_permitted_is_not_done() {
    let Some(viewer) = Viewer::built() else { return };
    let agency = Agency::open();
    let [sato, suzuki, tanaka] = people(&agency);
    let place = agency.place("文書");
    let path = sample(&place, "pdf");
    let plain = place.join("plain.pdf");
    fs::copy(&path, &plain).unwrap();
    sato.protect(&path, "C2I1A1", &["複製禁止", "印刷禁止"]).good();
    let work = agency.place("work");
    let (page, ordinary, paper, copy) =
        (work.join("page.png"), work.join("ordinary.png"), work.join("paper.pdf"), work.join("copy.pdf"));
    let all = [act("render:1", &page), "text:1".to_owned(), "select:1".to_owned(), "search:1:検査".to_owned()];
    let rest = ["index".to_owned(), "info".to_owned(), act("print:1", &paper), act("save", &copy)];
    let (lines, told) = viewer.drive(&suzuki, &path, &[&all[..], &rest[..]].concat());
    let has = |what: &str| lines.iter().any(|line| line.starts_with(what));
    assert!(has("open 0 pages 2") && has("render 1 ok") && has("search ok 3") && has("entry 1 "), "{lines:?}");
    assert!(lines.contains(&"text refused ".to_owned()) && has("select refused 0"), "{lines:?}");
    assert!(has("print 1 refused") && has("save refused") && !copy.exists(), "{lines:?}");
    assert!(lines.iter().any(|l| l.contains("機密性２情報") && l.contains("複製禁止")), "{lines:?}");
    assert!(
        told.contains("印刷できません") && told.contains("印刷禁止") && told.contains("may not be printed"),
        "{told}"
    );

    // The same page without protection: what was dark is dark still, and something lies across what was white.
    viewer.drive(&suzuki, &plain, &[act("render:1", &ordinary)]);
    let (shown, bare) = (dots(&page), dots(&ordinary));
    assert_eq!(shown.len(), bare.len());
    assert!(shown.iter().zip(&bare).all(|(shown, bare)| *bare > 40 || *shown < 120), "the words are readable");
    let across = shown.iter().zip(&bare).filter(|(shown, bare)| **bare == 255 && **shown < 240).count();
    assert!(across * 100 > bare.len() && across * 3 < bare.len(), "{across} of {} dots", bare.len());

    // Who may: on paper with the name, saved as protected as it was.
    let (lines, _) = viewer.drive(&sato, &path, &[act("print:1", &paper), act("save", &copy), "text:1".to_owned()]);
    assert!(
        lines.iter().any(|line| line == "print 1 ok") && lines.iter().any(|line| line.starts_with("text ok １")),
        "{lines:?}"
    );
    let printed = Command::new("pdftotext").arg(&paper).arg("-").output().unwrap();
    assert!(String::from_utf8_lossy(&printed.stdout).contains("佐藤"), "the watermark is on paper");
    assert!(fs::read(&copy).unwrap() == fs::read(&path).unwrap(), "a copy of the protected file");

    // Who may not: one page that says why.
    let (lines, _) = viewer.drive(
        &tanaka,
        &path,
        &[act("render:1", &page), "text:1".to_owned(), act("save", &paper.with_extension("x"))],
    );
    assert!(lines[0].starts_with("open 0 pages 1") && decrypted(&lines).iter().all(|bytes| *bytes == 0), "{lines:?}");
    assert!(lines.iter().any(|l| l == "text refused ") && lines.iter().any(|l| l == "save refused"), "{lines:?}");
    assert!(dots(&page).iter().any(|dot| *dot < 100), "words on the page");
}

/// A PDF of many pages, each with a picture that can't be made smaller.
fn large(path: &Path, pages: u32, picture: usize) {
    let mut out = std::io::BufWriter::new(File::create(path).unwrap());
    let (mut at, mut offsets, mut seed) = (0_usize, Vec::new(), 1_u32);
    let mut put = |bytes: &[u8], begins: bool| {
        if begins {
            offsets.push(at);
        }
        at += bytes.len();
        out.write_all(bytes).unwrap();
    };
    put(b"%PDF-1.4\n", false);
    put(b"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n", true);
    let kids: String = (0..pages).map(|page| format!("{} 0 R ", 3 + page * 3)).collect();
    put(format!("2 0 obj\n<</Type/Pages/Count {pages}/Kids[{kids}]>>\nendobj\n").as_bytes(), true);
    for page in 0..pages {
        let own = 3 + page * 3;
        let entries = format!("/Contents {} 0 R/Resources<</XObject<</I {} 0 R>>>>", own + 1, own + 2);
        let head = format!("{own} 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]{entries}>>\nendobj\n");
        put(head.as_bytes(), true);
        let drawing = "q 400 0 0 400 97 200 cm /I Do Q";
        let content = format!("{} 0 obj\n<</Length {}>>stream\n{drawing}\nendstream\nendobj\n", own + 1, drawing.len());
        put(content.as_bytes(), true);
        let head = format!(
            "{} 0 obj\n<</Type/XObject/Subtype/Image/Width 100/Height {}/ColorSpace/DeviceGray/BitsPerComponent 8/Length {picture}>>stream\n",
            own + 2,
            picture / 100
        );
        put(head.as_bytes(), true);
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            seed.to_be_bytes()[0]
        })
        .take(picture)
        .collect();
        put(&noise, false);
        put(b"\nendstream\nendobj\n", false);
    }
    let count = offsets.len() + 1;
    let lines: String = offsets.iter().map(|offset| format!("{offset:010} 00000 n \n")).collect();
    let table = format!(
        "xref\n0 {count}\n0000000000 65535 f \n{lines}trailer\n<</Size {count}/Root 1 0 R>>\nstartxref\n{at}\n%%EOF\n"
    );
    out.write_all(table.as_bytes()).unwrap();
}

#[test]
fn of_a_large_document_only_what_is_shown_is_decrypted() {
    let Some(viewer) = Viewer::built() else { return };
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let path = agency.place("文書").join("large.pdf");
    large(&path, 1_000, 100_000);
    sato.protect(&path, "C2I1A1", &[]).good();
    let size = fs::metadata(&path).unwrap().len();
    let out = agency.place("work").join("page.png");
    let (lines, _) = viewer.drive(
        &sato,
        &path,
        &[act("render:1", &out), act("render:2", &out), act("render:3", &out), "size:900".to_owned()],
    );
    assert!(
        lines.iter().any(|line| line == "open 0 pages 1000") && lines.iter().any(|line| line == "size 900 595 842"),
        "{lines:?}"
    );
    let after = decrypted(&lines);
    assert!(after[1] < 6 << 20 && size > 90 << 20, "opened by {} bytes of {size}", after[1]);
    for step in after[1..5].windows(2) {
        assert!(step[1] - step[0] < 300_000, "a page of 100,000 bytes took {}", step[1] - step[0]);
    }

    // As installed: zathura is given a small file that names the large one, so that it does not read it through.
    let (dest, run) = (agency.place("dest"), agency.place("run"));
    let mut make = Command::new("make");
    make.arg("-C").arg(repository().join("ffi/viewer")).arg(format!("BUILD={}", viewer.built.display())).arg("install");
    make.arg(format!("DESTDIR={}", dest.display())).env("PKG_CONFIG_PATH", viewer.library.folder().join("pkgconfig"));
    assert!(make.output().unwrap().status.success());
    let tools = agency.place("tools");
    let zathura = text(&tools, "zathura", b"#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    assert!(Command::new("chmod").arg("+x").arg(&zathura).status().unwrap().success());
    let mut view = Command::new(dest.join("usr/local/bin/kakuzuke-view"));
    view.arg(&path).env("PATH", format!("{}:{}", tools.display(), std::env::var("PATH").unwrap()));
    let given = view.env("XDG_RUNTIME_DIR", &run).output().unwrap();
    let given = String::from_utf8_lossy(&given.stdout).into_owned();
    let given = PathBuf::from(given.lines().last().unwrap());
    assert!(given.starts_with(&run) && given.ends_with("large.pdf") && fs::metadata(&given).unwrap().len() < 500);
    let mut driver = viewer.driver(&viewer.built, &sato, &given, &["size:900".to_owned()]);
    let said = driver.env("XDG_RUNTIME_DIR", &run).output().unwrap().stdout;
    assert!(String::from_utf8_lossy(&said).starts_with("open 0 pages 1000"));
    let elsewhere = agency.place("work").join("large.pdf");
    fs::copy(&given, &elsewhere).unwrap();
    let said =
        viewer.driver(&viewer.built, &sato, &elsewhere, &[]).env("XDG_RUNTIME_DIR", &run).output().unwrap().stdout;
    assert!(String::from_utf8_lossy(&said).starts_with("open 1 "), "a file from elsewhere is not believed");
}

#[test]
fn a_licence_that_ended_leaves_a_page_that_says_so() {
    let (Some(viewer), Some(clock)) = (Viewer::built(), clock_library()) else { return };
    let mut agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let path = sample(&agency.place("文書"), "pdf");
    sato.protect(&path, "C2I1A1", &[]).good();
    let work = agency.place("work");
    let (before, after) = (work.join("before.png"), work.join("after.png"));
    let hour = text(&work, "clock", b"+0s\n");
    let actions = [
        act("render:1", &before),
        "wait".to_owned(),
        act("render:1", &after),
        "text:1".to_owned(),
        "search:1:検査".to_owned(),
    ];
    let mut command = viewer.driver(&viewer.built, &sato, &path, &actions);
    command.env("LD_PRELOAD", clock).env("FAKETIME_TIMESTAMP_FILE", &hour).env("FAKETIME_NO_CACHE", "1");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line == "waiting"));
    agency.stop();
    fs::write(&hour, "+6h\n").unwrap();
    child.stdin.take().unwrap().write_all(b"on\n").unwrap();
    let rest: Vec<String> = lines.collect();
    assert!(child.wait().unwrap().success(), "{rest:?}");
    assert!(rest.contains(&"text refused ".to_owned()) && rest.contains(&"search refused 0".to_owned()), "{rest:?}");
    let (page, notice) = (dots(&before), dots(&after));
    let dark = |dots: &[u8]| dots.iter().filter(|dot| **dot < 100).count();
    assert!(dark(&notice) > 100 && dark(&notice) * 2 < dark(&page), "a few words, not the page");
}

#[test]
fn what_is_no_pdf_or_was_altered_is_told_and_an_ordinary_pdf_needs_no_profile() {
    let Some(viewer) = Viewer::built() else { return };
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    let nobody = Officer { profile: place.join("none"), subject: "nobody".to_owned() };
    let plain = sample(&place, "pdf");
    let copy = agency.place("work").join("copy.pdf");
    let (lines, _) = viewer.drive(&nobody, &plain, &["text:1".to_owned(), act("save", &copy)]);
    assert!(lines.iter().any(|line| line.starts_with("text ok １")), "{lines:?}");
    assert!(fs::read(&copy).unwrap() == fs::read(&plain).unwrap());
    let other = text(&place, "名簿.bin", b"no PDF");
    sato.protect(&other, "C2I1A1", &[]).good();
    let (lines, _) = viewer.drive(&sato, &place.join("名簿.bin.kkz"), &["text:1".to_owned()]);
    assert!(lines[0].starts_with("open 0 pages 1") && lines.contains(&"text refused ".to_owned()), "{lines:?}");
    // Every eighth part of a sealed file altered: an answer, never a crash, never altered content.
    sato.protect(&plain, "C2I2A1", &[]).good();
    let whole = fs::read(&plain).unwrap();
    for part in 0..8 {
        let mut altered = whole.clone();
        altered[whole.len() / 8 * part + whole.len() / 16] ^= 0x40;
        let path = text(&place, &format!("altered-{part}.pdf"), &altered);
        let (lines, _) = viewer.drive(&sato, &path, &["text:1".to_owned(), "search:2:入札".to_owned()]);
        assert!(lines[0].starts_with("open "), "{lines:?}");
    }
    for (name, bytes) in [("noise.pdf", &b"%PDF-1.4 and nothing more"[..]), ("empty.pdf", b"")] {
        let (lines, _) = viewer.drive(&nobody, &text(&place, name, bytes), &[]);
        assert!(lines[0].starts_with("open 1 "), "{lines:?}");
    }
}

fn show(screen: &mut Screen, viewer: &Viewer, who: &Officer, path: &Path, with: &[(&str, &Path)]) {
    let mut command = screen.command("zathura");
    command.arg(format!("--plugins-dir={}", viewer.built.join("plugins").display())).arg(path);
    command.env("KAKUZUKE_PROFILE", &who.profile).env("LD_LIBRARY_PATH", viewer.library.folder());
    command.envs(with.iter().copied()).stdout(Stdio::null()).stderr(Stdio::null());
    screen.start(command);
}

#[test]
fn zathura_itself_shows_the_page_with_its_reader_and_lets_no_words_out() {
    let Some(viewer) = Viewer::built() else { return };
    if !(have("Xvfb") && have("xdotool") && have("import") && have("xclip")) {
        return;
    }
    let agency = Agency::open();
    let [sato, suzuki, tanaka] = people(&agency);
    let path = sample(&agency.place("文書"), "pdf");
    let plain = fs::read(&path).unwrap();
    sato.protect(&path, "C2I1A1", &["複製禁止", "印刷禁止"]).good();
    let mut screen = Screen::open(agency.place("screen"), (900, 1100));
    let grey = |dots: &[u8]| dots.iter().filter(|dot| (210..=226).contains(*dot)).count();
    let white = |dots: &[u8]| dots.iter().filter(|dot| **dot == 255).count();
    show(&mut screen, &viewer, &suzuki, &path, &[]);
    screen.until("page.png", |dots| white(dots) > 50_000 && grey(dots) > 2_000);
    // A selection with the mouse, then saving: a window says why not, and nothing is there.
    let window = |dots: &[u8]| dots.iter().filter(|dot| (240..=248).contains(*dot)).count() > 20_000;
    let drag = ["mousemove", "250", "200", "mousedown", "1", "mousemove", "400", "300", "mousemove", "550", "400"];
    screen.keys(&[&drag[..], &["mouseup", "1"]].concat());
    screen.until("copy.png", window);
    let mut clip = screen.command("xclip");
    assert!(clip.args(["-o", "-selection", "primary"]).output().unwrap().stdout.is_empty());
    let close = ["search", "--onlyvisible", "--name", "Kakuzuke", "windowfocus"];
    screen.insist(&[&close, &["key", "Escape"]], "closed.png", |dots| !window(dots));
    let out = screen.home().join("out.pdf");
    let order = format!("write {}", out.display());
    let focus = ["search", "--onlyvisible", "--name", "[.]pdf", "windowfocus"];
    screen.insist(
        &[&focus, &["key", "Escape"], &["key", "colon"], &["type", &order], &["key", "Return"]],
        "write.png",
        window,
    );
    assert!(!out.exists());
    for needle in [&plain[plain.len() / 2..plain.len() / 2 + 64], "納入成果物".as_bytes()] {
        assert_eq!(holds(screen.home(), needle), None, "nothing of the content on disk");
    }
    drop(screen);
    let mut screen = Screen::open(agency.place("screen-tanaka"), (900, 1100));
    show(&mut screen, &viewer, &tanaka, &path, &[]);
    screen.until("refused.png", |dots| white(dots) > 50_000 && grey(dots) < 2_000);
}

#[test]
fn zathura_itself_takes_a_page_off_the_screen_when_the_licence_has_ended() {
    let (Some(viewer), Some(library)) = (Viewer::built(), clock_library()) else { return };
    if !(have("Xvfb") && have("import")) {
        return;
    }
    let mut agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let path = sample(&agency.place("文書"), "pdf");
    sato.protect(&path, "C2I1A1", &[]).good();
    let mut screen = Screen::open(agency.place("screen"), (900, 1100));
    let clock = text(&agency.place("work"), "clock", b"+0s\n");
    let often = Path::new("1");
    let with =
        [("LD_PRELOAD", library.as_path()), ("FAKETIME_TIMESTAMP_FILE", clock.as_path()), ("FAKETIME_NO_CACHE", often)];
    show(&mut screen, &viewer, &sato, &path, &with);
    let grey = |dots: &[u8]| dots.iter().filter(|dot| (210..=226).contains(*dot)).count();
    let white = |dots: &[u8]| dots.iter().filter(|dot| **dot == 255).count();
    screen.until("page.png", |dots| white(dots) > 50_000 && grey(dots) > 2_000);
    agency.stop();
    fs::write(&clock, "+6h\n").unwrap();
    // Nobody touches anything.
    screen.until("ended.png", |dots| white(dots) > 50_000 && grey(dots) < 1_000);
}

#[test]
fn a_profile_under_a_passphrase_is_opened_by_what_is_typed_at_zathura_s_prompt() {
    let Some(viewer) = Viewer::built() else { return };
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let mori = Officer { profile: agency.place("home").join("profile"), subject: "mori".to_owned() };
    let code = agency.code("mori", &["--name", "森", "--role", "officer", "--unit", "総務課"]);
    let passphrase = "ひみつのことば99";
    let enrolled = mori.command().args(["enrol", &code]).env("KAKUZUKE_PASSPHRASE", passphrase).output().unwrap();
    assert!(enrolled.status.code().is_some_and(|code| code == exit::APPROVAL_PENDING), "{enrolled:?}");
    sato.approve_all();
    let path = sample(&agency.place("文書"), "pdf");
    sato.protect(&path, "C2I1A1", &[]).good();
    for (typed, opens) in [(None, false), (Some("wrong"), false), (Some(passphrase), true)] {
        let typed: Vec<String> = typed.iter().map(|typed| format!("PASSWORD={typed}")).collect();
        let (lines, told) = viewer.drive(&mori, &path, &typed);
        // 5: zathura's own number for "a password is needed".
        assert!(lines[0].starts_with(if opens { "open 0 pages 2" } else { "open 5 " }), "{lines:?} {told}");
        assert!(!lines.iter().any(|line| line.contains(passphrase)) && !told.contains(passphrase));
    }
}
