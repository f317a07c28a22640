//! A chain that was found good answers for its second, its bytes and its anchors, and for nothing else.

use kakuzuke_core::crypto::{KeySuite, pure};
use kakuzuke_core::time::Timestamp;
use kakuzuke_core::trust::{AsOf, TrustError};
use kakuzuke_tests::envelope::pki::UNTIL;
use kakuzuke_tests::envelope::world::{AT, World};

#[test]
fn a_chain_found_good_is_checked_again_for_every_other_question() {
    let (ours, other) = (World::new(KeySuite::Kz1), World::new(KeySuite::Kz3));
    let anchors = ours.anchors();
    let chain = &ours.author.chain;
    for _ in 0..3 {
        let signer = anchors.verify_chain(pure(), chain, AT).unwrap();
        assert_eq!(signer.person().map(ToString::to_string).as_deref(), Some("sato"));
        let late = Timestamp::from_unix(UNTIL + 1);
        assert_eq!(anchors.verify_chain(pure(), chain, late).unwrap_err(), TrustError::NotValidAt);
        assert!(anchors.verify_chain(pure(), chain, AsOf::AtOrBefore(late)).unwrap().ended().is_some());
        assert!(anchors.verify_chain(pure(), chain, AsOf::AtOrBefore(AT)).unwrap().ended().is_none());
        assert_eq!(other.anchors().verify_chain(pure(), chain, AT).unwrap_err(), TrustError::UnknownAuthority);
        assert!(anchors.verify_chain(pure(), &other.author.chain, AT).is_err());
        assert_eq!(anchors.clone().verify_chain(pure(), &[], AT).unwrap_err(), TrustError::NoCertificate);
    }
    // More chains than are remembered.
    for number in 0..40 {
        let device = ours.authority.device("sato", number);
        assert!(anchors.verify_chain(pure(), &device.chain, AT).is_ok());
    }
    assert!(anchors.verify_chain(pure(), chain, AT).is_ok());
}
