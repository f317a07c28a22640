//! A protected mail is a mail: its words are the cover, its one attachment is the envelope, and it comes back out of what
//! another program wrote.

use std::process::Command;

use kakuzuke_formats::{Kind, LocateError, Place, State, detect, locate, read_label, write_label};
use proptest::prelude::*;

use super::furniture::{envelope, has, unwrap, wrap_under};
use super::pdf::furniture::{cover, label};

fn wrap(envelope: &[u8]) -> Vec<u8> {
    wrap_under(&cover(), Kind::Eml, envelope)
}

#[test]
fn envelopes_come_back_from_a_mail_whatever_their_length() {
    for length in (9..200).chain([3 * 19 * 1000, 65_536, 1 << 20, (1 << 20) + 1, 3_000_001]) {
        let inside = envelope(length);
        let file = wrap(&inside);
        let (place, back) = unwrap(&file).unwrap();
        assert!(back == inside, "{length}");
        assert!(file.split(|b| *b == b'\n').all(|line| line.len() <= 77 && line.is_ascii()), "lines of a mail");
        let found = detect(&file, None).unwrap();
        assert_eq!((found.kind, found.state), (Kind::Eml, State::Protected(place)));
    }
}

#[test]
fn a_mail_that_lost_its_envelope_or_has_two_is_refused() {
    let file = wrap(&envelope(5_000));
    let text = String::from_utf8(file.clone()).unwrap();
    let damaged = |text: &str| {
        let bytes = text.as_bytes().to_vec();
        let found = detect(&bytes, None).unwrap();
        assert!(matches!(found.state, State::Damaged(_)), "{:?}", found.state);
        assert!(locate(&bytes).is_err());
    };
    let at = text.rfind("\r\n--=_").unwrap();
    damaged(&text[..at]);
    let begin = text.find("Content-Type: application/vnd").unwrap();
    damaged(&(text[..begin].to_owned() + "\r\n\r\n" + &text[at..]));
    let part = &text[begin..at];
    let twice = text.replace(part, &format!("{part}\r\n--=_kakuzuke_envelope_=\r\n{part}"));
    assert!(matches!(locate(&twice.into_bytes()), Err(LocateError::Ambiguous(_))));
    // A sign that base64 has not, in the midst of it: found when it is taken out.
    let mut changed = file;
    let middle = (begin + at) / 2;
    changed[middle] = b'!';
    let place = locate(&changed).unwrap().unwrap();
    assert!(kakuzuke_formats::extract(&changed, &place, &mut Vec::new()).is_err());
}

#[test]
fn a_mail_with_an_envelope_attached_is_no_carrier() {
    let text = String::from_utf8(wrap(&envelope(500))).unwrap().replace("X-Kakuzuke-Carrier: 1\r\n", "");
    assert_eq!(detect(&text.as_bytes().to_vec(), None).unwrap().state, State::Open);
    assert!(locate(&text.into_bytes()).unwrap().is_none());
}

#[test]
fn the_cover_of_a_mail_is_not_labelled() {
    let file = wrap(&envelope(500));
    assert!(write_label(&file, &label(100), &mut Vec::new()).is_err());
    assert_eq!(read_label(&file).unwrap(), None);
}

/// Python's own mail package reads it, and writes it again in its own way: other line ends, other folding.
#[test]
fn another_program_reads_the_cover_and_saves_the_envelope() {
    const SCRIPT: &str = "
import email, email.policy, sys
policy = email.policy.default
message = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=policy)
assert not message.defects, message.defects
body = message.get_body(('plain',)).get_content()
attached = list(message.iter_attachments())
assert len(attached) == 1 and attached[0].get_filename() == 'protected.kkz', attached
open(sys.argv[2], 'wb').write(attached[0].get_payload(decode=True))
open(sys.argv[3], 'wb').write(message.as_bytes(policy=policy.clone(linesep='\\n')))
print(message['subject'], message['from'], body)
";
    if !has("python3") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let inside = envelope(70_000);
    std::fs::write(at("m.eml"), wrap(&inside)).unwrap();
    let run = Command::new("python3").args(["-c", SCRIPT]).args([at("m.eml"), at("out.kkz"), at("again.eml")]).output();
    let run = run.unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    for words in ["保護された文書", "機密性", "Protected Document", "labeler open"] {
        assert!(said.contains(words), "{said}");
    }
    assert!(std::fs::read(at("out.kkz")).unwrap() == inside);
    let again = std::fs::read(at("again.eml")).unwrap();
    assert!(!again.contains(&b'\r'), "it is another writing");
    let (place, back) = unwrap(&again).unwrap();
    assert!(matches!(place, Place::Repacked(_)) && back == inside);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_changed_gives_an_answer(at in 0..20_000_usize, byte in any::<u8>(), cut in any::<bool>()) {
        let mut file = wrap(&envelope(9_000));
        let at = at % file.len();
        file[at] = byte;
        if cut {
            file.truncate(at);
        }
        if let Ok(Some(place)) = locate(&file) {
            let _ = kakuzuke_formats::extract(&file, &place, &mut Vec::new());
        }
    }
}
