//! What anybody without permission sees: a valid file of its kind, showing the cover page in Japanese.

use std::fs;
use std::path::Path;
use std::process::Command;

use kakuzuke_tests::agency::Agency;
use kakuzuke_tests::programs::have;

use super::sample;

/// The text of a file as an office suite or a PDF reader shows it.
fn shown(path: &Path, folder: &Path) -> String {
    let pdf = if path.extension().is_some_and(|e| e == "pdf") {
        path.to_owned()
    } else {
        let home = format!("-env:UserInstallation=file://{}", folder.join("home").display());
        let mut soffice = Command::new("soffice");
        soffice.args([&home, "--headless", "--convert-to", "pdf", "--outdir"]).arg(folder).arg(path);
        assert!(soffice.output().unwrap().status.success());
        folder.join(path.with_extension("pdf").file_name().unwrap())
    };
    let said = Command::new("pdftotext").arg("-layout").arg(&pdf).arg("-").output().unwrap();
    String::from_utf8_lossy(&said.stdout).into_owned()
}

#[test]
fn a_protected_file_shows_its_cover_in_the_programs_people_use() {
    if !(have("soffice") && have("pdftotext") && have("qpdf")) {
        return;
    }
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let place = agency.place("文書");
    for extension in ["docx", "xlsx", "pptx", "odt", "pdf"] {
        let path = sample(&place, extension);
        sato.protect(&path, "C2I2A1", &["複製禁止"]).good();
        let work = agency.place(&format!("見る-{extension}"));
        let text = shown(&path, &work);
        assert!(text.contains("機密性２情報"), "{extension}: {text}");
        assert!(text.contains("複製禁止"), "{extension}: {text}");
        if extension == "pdf" {
            let check = Command::new("qpdf").arg("--check").arg(&path).output().unwrap();
            assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
        } else {
            let check = Command::new("unzip").arg("-tq").arg(&path).output().unwrap();
            assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
        }
    }
    assert_eq!(fs::read_dir(&place).unwrap().count(), 5);
}
