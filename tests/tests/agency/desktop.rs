//! The Linux desktop: what it takes our files for, what opens them, and what it draws of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use kakuzuke_tests::agency::{Agency, Said, exit};
use kakuzuke_tests::programs::{have, program};

use super::{holds, names, text};

/// A person's home, with nothing in it yet.
struct Home(PathBuf);

impl Home {
    fn command(&self, name: &str) -> Command {
        let mut command = if name == "labeler" { program(name) } else { Command::new(name) };
        command.env("HOME", &self.0).env("XDG_DATA_HOME", self.0.join("share")).env("LC_ALL", "C.UTF-8");
        command.env("XDG_CONFIG_HOME", self.0.join("config")).env("XDG_DATA_DIRS", "/usr/share").env_remove("LANG");
        // Without a desktop of a name, xdg-mime asks `file`, which knows its own types only.
        command.env("KAKUZUKE_PROFILE", self.0.join("no profile")).env("XDG_CURRENT_DESKTOP", "GNOME");
        command
    }

    fn says(&self, name: &str, args: &[&str]) -> Said {
        self.command(name).args(args).output().unwrap().into()
    }
}

fn kind(home: &Home, path: &Path) -> String {
    home.says("gio", &["info", "-a", "standard::content-type", path.to_str().unwrap()]).good().out
}

#[test]
fn the_desktop_knows_a_protected_file_by_its_bytes_and_by_its_name_until_it_is_taken_back() {
    if !(have("update-mime-database") && have("gio") && have("desktop-file-validate") && have("xdg-mime")) {
        return;
    }
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    let plain = text(&place, "名簿.bin", b"\x00\x01 names");
    sato.protect(&plain, "C2I1A1", &["複製禁止"]).good();
    let sealed = place.join("名簿.bin.kkz");
    let renamed = place.join("名簿");
    fs::copy(&sealed, &renamed).unwrap();
    let home = Home(agency.place("home"));
    fs::create_dir_all(home.0.join("config")).unwrap();
    let list = home.0.join("config/mimeapps.list");
    fs::write(&list, "[Default Applications]\ntext/plain=editor.desktop\n").unwrap();

    home.says("labeler", &["desktop", "install", "--user"]).good();
    for path in [&sealed, &renamed] {
        assert!(kind(&home, path).contains("application/vnd.kakuzuke.envelope"), "{}", kind(&home, path));
        let found = home.says("xdg-mime", &["query", "filetype", path.to_str().unwrap()]).good().out;
        assert_eq!(found.trim(), "application/vnd.kakuzuke.envelope");
    }
    let opens = home.says("xdg-mime", &["query", "default", "application/vnd.kakuzuke.envelope"]).good().out;
    assert_eq!(opens.trim(), "kakuzuke-open.desktop");
    let applications = home.0.join("share/applications");
    let entries: Vec<_> = names(&applications).into_iter().filter(|name| name.ends_with(".desktop")).collect();
    assert_eq!(entries, ["kakuzuke-open.desktop", "kakuzuke-request.desktop", "kakuzuke-show.desktop"]);
    for entry in entries {
        let said = home.says("desktop-file-validate", &[applications.join(entry).to_str().unwrap()]).good();
        assert_eq!((said.out.as_str(), said.err.as_str()), ("", ""));
    }
    assert!(fs::read_to_string(&list).unwrap().contains("text/plain=editor.desktop"));

    home.says("labeler", &["desktop", "uninstall", "--user"]).good();
    assert!(!kind(&home, &sealed).contains("kakuzuke"));
    assert_eq!(fs::read_to_string(&list).unwrap(), "[Default Applications]\ntext/plain=editor.desktop\n");
    assert_eq!(holds(&home.0, b"kakuzuke"), None, "nothing of ours is left");
}

#[test]
fn a_thumbnail_is_the_cover_and_shows_nothing_of_the_content() {
    if !(have("update-mime-database") && have("identify") && have("compare")) {
        return;
    }
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    let home = Home(agency.place("home"));
    home.says("labeler", &["desktop", "install", "--user"]).good();
    let entry = fs::read_to_string(home.0.join("share/thumbnailers/kakuzuke.thumbnailer")).unwrap();
    let call = entry.lines().find_map(|line| line.strip_prefix("Exec=")).expect("what draws it").to_owned();
    let draw = |path: &Path, out: &Path, size: &str| -> Said {
        let words = call.split(' ').map(|word| match word {
            "%i" => path.to_str().unwrap(),
            "%o" => out.to_str().unwrap(),
            "%s" => size,
            other => other,
        });
        let words: Vec<&str> = words.collect();
        let mut command = home.command(words[0]);
        command.args(&words[1..]).output().unwrap().into()
    };
    let sealed = |name: &str, content: &[u8], restriction: &str| {
        let path = text(&place, name, content);
        sato.protect(&path, "C2I1A1", &[restriction]).good();
        place.join(format!("{name}.kkz"))
    };
    let (one, other) = (sealed("甲.bin", b"one", "複製禁止"), sealed("乙.bin", &[7; 100_000], "複製禁止"));
    let third = sealed("丙.bin", b"one", "印刷禁止");
    for (path, size) in [(&one, "256"), (&one, "64"), (&other, "256"), (&third, "256")] {
        let out = path.with_extension(format!("{size}.png"));
        draw(path, &out, size).good();
        let said = home.says("identify", &["-format", "%m %h %w", out.to_str().unwrap()]).good().out;
        let words: Vec<&str> = said.split(' ').collect();
        assert_eq!(words[..2], ["PNG", size]);
        assert!(words[2].parse::<u32>().unwrap() <= size.parse().unwrap(), "{said}");
    }
    let png = |path: &Path| fs::read(path.with_extension("256.png")).unwrap();
    assert!(png(&one) == png(&other), "the same label draws the same picture, whatever is inside");
    assert!(png(&one) != png(&third), "another label draws another");

    // Hostile files: an end, no picture, a clear answer.
    let whole = fs::read(&one).unwrap();
    let mut altered = whole.clone();
    altered[12..20].fill(0xff);
    let made =
        [text(&place, "cut.kkz", &whole[..1000]), text(&place, "lies.kkz", &altered), text(&place, "none.kkz", b"")];
    for path in made {
        let out = path.with_extension("png");
        let said = draw(&path, &out, "256");
        assert!(
            [exit::DAMAGED, exit::NOT_PROTECTED, exit::UNSUPPORTED].contains(&said.code),
            "{}: {said:?}",
            path.display()
        );
        assert!(!out.exists());
    }
    draw(&one, &place.join("x.png"), "60000").refused(exit::USAGE);
}

#[test]
fn what_the_desktop_calls_shows_its_answer_in_a_window() {
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let tanaka = agency.enrol("tanaka", &["--name", "田中", "--role", "officer", "--unit", "会計課"]);
    let path = text(&agency.place("文書"), "名簿.bin", b"names");
    sato.protect(&path, "C2I1A1", &[]).good();
    let path = path.with_extension("bin.kkz");
    // A window of our own making, which writes down what it was told to show.
    let tools = agency.place("tools");
    let shown = tools.join("shown");
    let script = format!(
        "#!/bin/sh\nprintf '%s\\n' \"$@\" >> {}\n[ \"$1\" = --entry ] && echo 会議のため\nexit 0\n",
        shown.display()
    );
    let zenity = text(&tools, "zenity", script.as_bytes());
    assert!(Command::new("chmod").arg("+x").arg(&zenity).status().unwrap().success());
    let call = |what: &str| -> Said {
        let _first = fs::remove_file(&shown);
        let usual = std::env::var("PATH").unwrap();
        let mut command = tanaka.command();
        command.env("PATH", format!("{}:{usual}", tools.display())).args(["desktop", what]).arg(&path);
        command.output().unwrap().into()
    };
    call("show").good();
    let words = fs::read_to_string(&shown).unwrap();
    assert!(words.contains("--info") && words.contains("C2I1A1"), "{words}");
    assert_ne!(call("open").code, 0);
    let words = fs::read_to_string(&shown).unwrap();
    assert!(words.contains("--error") && words.contains("3.1.1") && words.contains("remedy"), "{words}");
    call("request").good();
    let words = fs::read_to_string(&shown).unwrap();
    assert!(words.contains("Application") && words.contains("received"), "{words}");
    assert!(sato.labeler(["requests"]).good().out.contains("会議のため"));
}
