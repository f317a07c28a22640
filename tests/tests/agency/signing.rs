//! Signed for outsiders: what is published bears a signature that other people's programs verify, and a changed byte breaks.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use kakuzuke_tests::agency::{Agency, Officer, Said, exit};
use kakuzuke_tests::programs::have;

use super::{sample, text};

fn run(program: &str, args: &[&str]) -> Output {
    Command::new(program).args(args).output().unwrap()
}

fn good(program: &str, args: &[&str]) -> String {
    let output = run(program, args);
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {args:?}: {said}");
    said
}

/// An authority of the tests' own, with the tools that agencies have.
struct Authority(PathBuf);

impl Authority {
    fn new(folder: &Path) -> Self {
        let ca = folder.join("ca");
        let (key, certificate) = (format!("{}.key", ca.display()), format!("{}.pem", ca.display()));
        good(
            "openssl",
            &[
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-keyout",
                &key,
                "-out",
                &certificate,
                "-days",
                "30",
                "-subj",
                "/C=JP/O=Test Government/CN=Test CA",
                "-addext",
                "keyUsage=critical,keyCertSign,cRLSign",
            ],
        );
        Self(folder.to_owned())
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    /// A key of this kind and its certificate, with the authority's behind it.
    fn issue(&self, name: &str, kind: &[&str], extension: &str, days: &str) -> (String, String) {
        let (key, request) = (self.path(&format!("{name}.key")), self.path(&format!("{name}.csr")));
        let (own, chain) = (self.path(&format!("{name}.pem")), self.path(&format!("{name}-chain.pem")));
        good("openssl", &[&["genpkey", "-out", &key], kind].concat());
        good(
            "openssl",
            &["req", "-new", "-key", &key, "-out", &request, "-subj", "/C=JP/O=Test Agency/CN=Publication"],
        );
        let extensions = self.path(&format!("{name}.ext"));
        fs::write(&extensions, extension).unwrap();
        good(
            "openssl",
            &[
                "x509",
                "-req",
                "-in",
                &request,
                "-CA",
                &self.path("ca.pem"),
                "-CAkey",
                &self.path("ca.key"),
                "-CAcreateserial",
                "-out",
                &own,
                "-days",
                days,
                "-extfile",
                &extensions,
            ],
        );
        let both = fs::read_to_string(&own).unwrap() + &fs::read_to_string(self.path("ca.pem")).unwrap();
        fs::write(&chain, both).unwrap();
        (chain, key)
    }
}

const SIGNS: &str = "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\n";
const RSA: &[&str] = &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
const P256: &[&str] = &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
const P384: &[&str] = &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"];

fn publish(officer: &Officer, path: &Path, out: &Path, rest: &[&str]) -> Said {
    let mut command = officer.command();
    command.args(["publish", "--json"]).arg(path).arg("-o").arg(out).args(["--accept", "form-data=様式"]).args(rest);
    Said::from(command.output().unwrap())
}

/// What poppler says of a document's signatures, trusting the authority.
fn pdfsig(authority: &Authority, file: &Path) -> String {
    let database = authority.path("nss");
    if !Path::new(&database).exists() {
        fs::create_dir(&database).unwrap();
        let place = format!("sql:{database}");
        good("certutil", &["-N", "-d", &place, "--empty-password"]);
        good("certutil", &["-A", "-d", &place, "-n", "ca", "-t", "CT,CT,CT", "-i", &authority.path("ca.pem")]);
    }
    let output = run("pdfsig", &["-nssdir", &database, file.to_str().unwrap()]);
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The signature of a PDF, and what it is over.
fn taken_apart(file: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let text = String::from_utf8_lossy(file);
    let range = text.split("/ByteRange [").nth(1).unwrap().split(']').next().unwrap().to_owned();
    let numbers: Vec<usize> = range.split_whitespace().map(|n| n.parse().unwrap()).collect();
    let [0, first, second, length] = numbers[..] else { panic!("{numbers:?}") };
    assert_eq!(second + length, file.len(), "the signature is over all of the file");
    let digits: Vec<u8> = file[first + 1..second - 1].to_vec();
    let bytes: Vec<u8> =
        digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect();
    // Its own length says where the filling begins.
    let signature = match bytes[..] {
        [0x30, 0x82, a, b, ..] => bytes[..4 + usize::from(a) * 256 + usize::from(b)].to_vec(),
        _ => panic!("no signature"),
    };
    (signature, [&file[..first], &file[second..]].concat())
}

#[test]
fn a_published_pdf_is_signed_and_a_changed_byte_breaks_it() {
    if !["openssl", "pdfsig", "certutil", "qpdf"].into_iter().all(have) {
        return;
    }
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let (place, pki) = (agency.place("文書"), agency.place("鍵"));
    let authority = Authority::new(&pki);
    let path = sample(&place, "pdf");
    sato.protect(&path, "C1I1A1", &[]).good();
    for (name, kind) in [("rsa", RSA), ("p256", P256), ("p384", P384)] {
        let (chain, key) = authority.issue(name, kind, SIGNS, "20");
        let out = place.join(format!("{name}.pdf"));
        let said = publish(&sato, &path, &out, &["--sign-certificate", &chain, "--sign-key", &key]).good();
        assert!(said.json()["signed"]["signer"].as_str().unwrap().contains("Publication"), "{}", said.json());
        good("qpdf", &["--check", out.to_str().unwrap()]);
        let verdict = pdfsig(&authority, &out);
        for line in ["Signature is Valid", "Certificate is Trusted", "ETSI.CAdES.detached", "Total document signed"] {
            assert!(verdict.contains(line), "{name}: no {line:?} in {verdict}");
        }
        let file = fs::read(&out).unwrap();
        let (signature, content) = taken_apart(&file);
        let (cms, signed) = (pki.join("s.der"), pki.join("s.bin"));
        fs::write(&cms, signature).unwrap();
        fs::write(&signed, content).unwrap();
        let (cms, signed) = (cms.to_str().unwrap(), signed.to_str().unwrap());
        let root = authority.path("ca.pem");
        let verify = [
            "cms",
            "-verify",
            "-inform",
            "DER",
            "-binary",
            "-in",
            cms,
            "-content",
            signed,
            "-CAfile",
            &root,
            "-purpose",
            "any",
            "-out",
            "/dev/null",
            "-cades",
        ];
        good("openssl", &verify);
        // One byte of the page.
        let mut changed = file.clone();
        let at = changed.len() / 3;
        changed[at] ^= 1;
        fs::write(&out, &changed).unwrap();
        assert!(!pdfsig(&authority, &out).contains("Signature is Valid"), "{name}");
    }
}

#[test]
fn a_certified_pdf_may_not_be_changed_and_a_protected_key_wants_its_passphrase() {
    if !["openssl", "pdfsig", "certutil", "qpdf"].into_iter().all(have) {
        return;
    }
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let (place, pki) = (agency.place("文書"), agency.place("鍵"));
    let authority = Authority::new(&pki);
    let (chain, key) = authority.issue("p256", P256, SIGNS, "20");
    let sealed = authority.path("sealed.key");
    good("openssl", &["pkcs8", "-topk8", "-in", &key, "-out", &sealed, "-passout", "pass:正しい合言葉"]);
    let path = sample(&place, "pdf");
    sato.protect(&path, "C1I1A1", &[]).good();
    let out = place.join("公表用.pdf");
    let signing = ["--sign-certificate", &chain, "--sign-key", &sealed, "--certify"];
    publish(&sato, &path, &out, &signing).refused(2);
    assert!(!out.exists());
    let with = |passphrase: &str| {
        let mut command = sato.command();
        command.env("KAKUZUKE_SIGN_PASSPHRASE", passphrase).args(["publish", "--json"]).arg(&path);
        command.arg("-o").arg(&out).args(["--accept", "form-data=様式"]).args(signing);
        Said::from(command.output().unwrap())
    };
    with("誤った合言葉").refused(2);
    with("正しい合言葉").good();
    assert!(pdfsig(&authority, &out).contains("Signature is Valid"));
    let file = fs::read(&out).unwrap();
    let has = |words: &str| file.windows(words.len()).any(|w| w == words.as_bytes());
    assert!(has("/DocMDP") && has("/P 1"));
    // Our own label writer keeps to it: the label stands beside.
    sato.protect(&out, "C1I1A1", &[]).good();
    assert!(fs::read(&out).unwrap() == file);
}

#[test]
fn other_files_have_their_signature_beside_them() {
    if !have("openssl") {
        return;
    }
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let (place, pki) = (agency.place("文書"), agency.place("鍵"));
    let authority = Authority::new(&pki);
    let (chain, key) = authority.issue("rsa", RSA, SIGNS, "20");
    let path = text(&place, "公告.txt", "公告します。\n".as_bytes());
    sato.protect(&path, "C1I1A1", &[]).good();
    let out = place.join("公表用.txt");
    publish(&sato, &path, &out, &["--sign-certificate", &chain, "--sign-key", &key]).good();
    let beside = place.join("公表用.txt.p7s");
    let root = authority.path("ca.pem");
    let verify = |content: &Path| {
        let (beside, content) = (beside.to_str().unwrap(), content.to_str().unwrap());
        run(
            "openssl",
            &[
                "cms",
                "-verify",
                "-inform",
                "DER",
                "-binary",
                "-in",
                beside,
                "-content",
                content,
                "-CAfile",
                &root,
                "-purpose",
                "any",
                "-cades",
                "-out",
                "/dev/null",
            ],
        )
    };
    let verified = verify(&out);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    let other = text(&place, "偽.txt", "公告しません。\n".as_bytes());
    assert!(!verify(&other).status.success());
    // Neither file is written over unasked.
    fs::remove_file(&out).unwrap();
    publish(&sato, &path, &out, &["--sign-certificate", &chain, "--sign-key", &key]).refused(exit::CONFLICT);
    assert!(!out.exists());
}

#[test]
fn a_certificate_that_may_not_sign_is_refused_in_clear_words() {
    if !have("openssl") {
        return;
    }
    let agency = Agency::open();
    let sato = agency.officer("sato", "佐藤");
    let (place, pki) = (agency.place("文書"), agency.place("鍵"));
    let authority = Authority::new(&pki);
    let path = text(&place, "公告.txt", b"x\n");
    sato.protect(&path, "C1I1A1", &[]).good();
    let out = place.join("公表用.txt");
    let (good_chain, good_key) = authority.issue("good", P256, SIGNS, "20");
    let (expired, expired_key) = authority.issue("expired", P256, SIGNS, "-1");
    let (server, server_key) =
        authority.issue("server", P256, "keyUsage=digitalSignature\nextendedKeyUsage=serverAuth\n", "20");
    let (enciphers, enciphers_key) = authority.issue("enciphers", RSA, "keyUsage=keyEncipherment\n", "20");
    let (small, small_key) =
        authority.issue("small", &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"], SIGNS, "20");
    let cases = [
        (&expired, &expired_key, "expired"),
        (&server, &server_key, "not for signing"),
        (&enciphers, &enciphers_key, "not for signing"),
        (&authority.path("ca.pem"), &authority.path("ca.key"), "not for signing"),
        (&good_chain, &expired_key, "does not belong"),
        (&small, &small_key, "can't be read"),
        (&good_key, &good_key, "certificate can't be read"),
        (&good_chain, &good_chain, "signing key can't be read"),
    ];
    for (certificate, key, words) in cases {
        let mut command = sato.command();
        command.env("LANG", "en_US.UTF-8").args(["publish"]).arg(&path).arg("-o").arg(&out);
        command.args(["--sign-certificate", certificate.as_str(), "--sign-key", key.as_str()]);
        let said = Said::from(command.output().unwrap()).refused(2);
        assert!(said.err.contains(words), "{words}: {}", said.err);
        assert!(!out.exists());
    }
}
