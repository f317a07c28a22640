//! 利用許可. Asked of the server for one document, verified, and turned into what opens it; or one kept as a lease.

use kakuzuke_core::cbor;
use kakuzuke_core::code::Code;
use kakuzuke_core::cose::{Domain, UnverifiedSign1};
use kakuzuke_core::crypto::{Secret, hpke};
use kakuzuke_core::envelope::{KeyShare, LicenceFacts, PayloadSuite, Share, UnverifiedLabel, VerifiedHead, combine};
use kakuzuke_core::id::{DocumentId, RequestId};
use kakuzuke_core::licence::Licence;
use kakuzuke_core::protocol::{Answer, Bytes, LicenceItem, LicenceRequest, paths};
use kakuzuke_core::time::Timestamp;
use kakuzuke_core::trust::Service;

use crate::error::{Error, Result};
use crate::messages;
use crate::options::Opening;
use crate::random;
use crate::reports::LeaseInfo;
use crate::session::Desk;

const FOLDER: &str = "leases";
const LEASE_AAD: &[u8] = b"kakuzuke/profile/lease";

/// What is asked of the server for one document.
pub(crate) struct Ask<'a> {
    pub(crate) head: &'a [u8],
    pub(crate) core: Option<Vec<u8>>,
    pub(crate) opening: &'a Opening,
    pub(crate) offline_seconds: u32,
    /// The opening that goes on; none for a new one.
    pub(crate) request: Option<RequestId>,
}

impl Desk {
    /// Asks for licences, one answer each, in order.
    pub(crate) fn ask_licences(&self, asks: Vec<Ask<'_>>, purpose: &str) -> Result<Vec<Result<Licence>>> {
        let mut items = Vec::new();
        for ask in asks {
            items.push(LicenceItem {
                head: Bytes::from(ask.head),
                core: ask.core.map(Bytes),
                wanted: ask.opening.wanted,
                offline_seconds: ask.offline_seconds,
                request: ask.request.map_or_else(|| random::bytes().map(RequestId::from_bytes), Ok)?,
            });
        }
        let request = LicenceRequest { items, purpose: purpose.to_owned() };
        let answers: Vec<Answer<Bytes>> = self.server.post(self.caller(), paths::LICENCES, &request)?;
        if answers.len() != request.items.len() {
            return Err(Error::of(Code::Unready));
        }
        let pairs = answers.into_iter().zip(&request.items);
        Ok(pairs
            .map(|(answer, item)| match answer {
                Answer::Ok(bytes) => self.fresh_licence(bytes.as_slice(), item),
                Answer::Err(problem) => Err(Error::from(*problem)),
            })
            .collect())
    }

    /// A licence in answer to our request, valid now by the server's clock.
    fn fresh_licence(&self, bytes: &[u8], item: &LicenceItem) -> Result<Licence> {
        let licence = self.verify_licence(bytes, self.clock.now())?;
        if licence.request != item.request || !item.wanted.iter().all(|right| licence.rights.allows(right)) {
            return Err(Error::new(Code::SignatureInvalid, messages::NOT_OUR_LICENCE));
        }
        self.seen.keep_time(licence.valid_from)?;
        if item.offline_seconds > 0 {
            self.keep_lease(&licence, bytes)?;
        }
        Ok(licence)
    }

    /// Signed by the authority's licence service, for this subject on this device.
    fn verify_licence(&self, bytes: &[u8], now: Timestamp) -> Result<Licence> {
        let refused = || Error::new(Code::SignatureInvalid, messages::NOT_OUR_LICENCE);
        let signed = UnverifiedSign1::parse(bytes, Domain::LICENCE).map_err(|e| refused().caused_by(e))?;
        let anchors = self.profile.anchors();
        let verified = anchors.verify_service(self.provider, &signed, Service::Licence, now);
        let (_, payload) = verified.map_err(|e| refused().caused_by(e))?;
        let licence: Licence = cbor::decode_strict(payload).map_err(|e| refused().caused_by(e))?;
        let card = self.profile.card();
        let ours =
            licence.authority == card.authority && licence.device == card.device && licence.subject == card.subject;
        if ours { Ok(licence) } else { Err(refused()) }
    }

    /// What a licence says of the document whose head this is, with its key.
    pub(crate) fn facts(&self, licence: &Licence, head: &VerifiedHead) -> Result<Option<LicenceFacts>> {
        let refused = || Error::new(Code::SignatureInvalid, messages::NOT_OUR_LICENCE);
        let current = UnverifiedLabel::parse(self.provider, licence.label_section.as_slice()).map_err(|_| refused())?;
        let same = licence.document == head.section().document()
            && current.hash() == licence.label_hash
            && current.claims().document() == licence.document;
        if !same {
            return Err(refused());
        }
        if head.section().payload_suite() == PayloadSuite::Clear {
            return Ok(None);
        }
        if licence.shares != 1 {
            return Err(Error::new(Code::Unsupported, messages::SEVERAL_AUTHORITIES));
        }
        let info = cbor::encode(&(
            "kakuzuke/v1/licence",
            licence.authority,
            licence.document,
            licence.label_hash,
            licence.device,
            licence.request,
        ));
        let kem = self.profile.keys().kem();
        let share = hpke::open(self.provider, kem, licence.enc.as_slice(), &info, &[], licence.ct.as_slice());
        let share = share.ok().and_then(|bytes| Secret::from_slice(bytes.expose())).ok_or_else(refused)?;
        let place = Share::new(licence.share, licence.shares).ok_or_else(refused)?;
        let key = combine(&[KeyShare::new(place, share)]).map_err(|_| refused())?;
        let (label_hash, root) = (licence.label_hash, licence.root);
        Ok(Some(LicenceFacts { current: current.claims().clone(), label_hash, root, key }))
    }

    fn keep_lease(&self, licence: &Licence, bytes: &[u8]) -> Result<()> {
        if licence.offline_until.is_none() {
            return Err(Error::new(Code::Denied, messages::NO_LEASE_GIVEN));
        }
        let nonce: [u8; 12] = random::bytes()?;
        let mut sealed = bytes.to_vec();
        let tag = self.profile.keys().storage(self.provider).seal(&nonce, LEASE_AAD, &mut sealed);
        let tag = tag.map_err(|e| Error::of(Code::Internal).caused_by(e))?;
        let file = [&nonce[..], &sealed, &tag].concat();
        self.profile.folder().inner(FOLDER)?.write(&format!("{}.lease", licence.document), &file)
    }

    /// The lease for a document, while it lasts.
    pub(crate) fn lease(&self, document: &DocumentId) -> Result<Licence> {
        let now = self.now()?;
        let found = self.read_lease(&format!("{document}.lease"))?;
        let licence = found.ok_or_else(|| Error::of(Code::NoLease))?;
        let lasts = licence.offline_until.is_some_and(|until| now < until) && licence.document == *document;
        if lasts { Ok(licence) } else { Err(Error::of(Code::NoLease)) }
    }

    /// A lease as it was kept. One of another device or profile does not open, and is none.
    fn read_lease(&self, name: &str) -> Result<Option<Licence>> {
        let Some(file) = self.profile.folder().inner(FOLDER)?.find(name)? else { return Ok(None) };
        let parts =
            file.split_first_chunk::<12>().and_then(|(nonce, rest)| Some((nonce, rest.split_last_chunk::<16>()?)));
        let Some((nonce, (sealed, tag))) = parts else { return Ok(None) };
        let mut bytes = sealed.to_vec();
        if self.profile.keys().storage(self.provider).open(nonce, LEASE_AAD, &mut bytes, tag).is_err() {
            return Ok(None);
        }
        // The certificate of the licence service was valid when the lease was given.
        let signed = UnverifiedSign1::parse(&bytes, Domain::LICENCE).ok();
        let claimed: Option<Licence> = signed.and_then(|s| cbor::decode_strict(s.unverified_payload()).ok());
        match claimed {
            Some(claimed) => self.verify_licence(&bytes, claimed.valid_from).map(Some),
            None => Ok(None),
        }
    }

    /// The leases at hand; those that have ended are removed.
    pub(crate) fn list_leases(&self) -> Result<Vec<LeaseInfo>> {
        let folder = self.profile.folder().inner(FOLDER)?;
        let now = self.now()?;
        let mut leases = Vec::new();
        for name in folder.names(".lease")? {
            match self.read_lease(&name)?.and_then(|l| Some((l.document, l.title.clone(), l.offline_until?))) {
                Some((document, title, offline_until)) if now < offline_until => {
                    leases.push(LeaseInfo { document, title, offline_until });
                }
                _ => folder.remove(&name)?,
            }
        }
        Ok(leases)
    }
}
