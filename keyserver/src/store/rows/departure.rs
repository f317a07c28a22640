//! 持出しの台帳. What left, how, to whom: the basis on which addressees open it, and what calling back goes by.

use kakuzuke_core::id::{DocumentId, LabelHash, LineageId, RequestId, SubjectId};
use kakuzuke_core::protocol::{AcceptedHidden, CopyState, Route};
use kakuzuke_core::time::Timestamp;
use minicbor::{Decode, Encode};

use super::super::row::{Link, Row};

/// A document that left.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Departed {
    /// Which version.
    #[n(0)]
    pub document: DocumentId,
    /// Its line.
    #[n(1)]
    pub lineage: LineageId,
    /// Its label then.
    #[n(2)]
    pub label_hash: LabelHash,
    /// As printed.
    #[n(3)]
    pub header: String,
    /// Whether it left in clear: nothing of it can be stopped.
    #[n(4)]
    pub clear: bool,
    /// Index of the entry that records it.
    #[n(5)]
    pub entry: u64,
    /// What was hidden in it and went along, and why.
    #[n(6)]
    #[cbor(skip_if = "Vec::is_empty", default)]
    pub accepted: Vec<AcceptedHidden>,
}

/// 提供先.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Given {
    /// The address.
    #[n(0)]
    pub address: String,
    /// Whose.
    #[n(1)]
    pub subject: Option<SubjectId>,
    /// Taken back then.
    #[n(2)]
    pub stopped: Option<Timestamp>,
}

/// 第○号.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Printed {
    /// Number, from 1.
    #[n(0)]
    pub number: u16,
    /// For whom.
    #[n(1)]
    pub holder: String,
    /// State.
    #[n(2)]
    pub state: CopyState,
    /// Since when, once it is not with its holder.
    #[n(3)]
    pub since: Option<Timestamp>,
}

/// One entry of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DepartureRow {
    /// 台帳番号.
    #[n(0)]
    pub number: u64,
    /// How.
    #[n(1)]
    pub route: Route,
    /// Who.
    #[n(2)]
    pub by: SubjectId,
    /// Their 課室 then.
    #[n(3)]
    pub unit: String,
    /// In which request: the same again is the same departure.
    #[n(4)]
    pub request: RequestId,
    /// When.
    #[n(5)]
    pub at: Timestamp,
    /// 利用目的.
    #[n(6)]
    pub purpose: String,
    /// The documents.
    #[n(7)]
    pub documents: Vec<Departed>,
    /// To whom, by mail.
    #[n(8)]
    pub given: Vec<Given>,
    /// On which medium.
    #[n(9)]
    pub medium: Option<String>,
    /// Until when: may be opened by those it was given to, or is to be back.
    #[n(10)]
    pub until: Option<Timestamp>,
    /// Prints.
    #[n(11)]
    pub copies: Vec<Printed>,
    /// When the medium was back.
    #[n(12)]
    pub returned: Option<Timestamp>,
}

impl DepartureRow {
    /// The key of a number.
    #[must_use]
    pub fn key_of(number: u64) -> Vec<u8> {
        number.to_be_bytes().to_vec()
    }

    /// What leads to the departures by which a document was provided to somebody.
    #[must_use]
    pub fn provided_to(document: &DocumentId, subject: &SubjectId) -> Vec<u8> {
        [document.as_bytes().as_slice(), subject.as_str().as_bytes()].concat()
    }

    /// Whether it lets a subject open a document at a time.
    #[must_use]
    pub fn provides(&self, document: &DocumentId, subject: &SubjectId, now: Timestamp) -> bool {
        let holds = |given: &Given| given.subject.as_ref() == Some(subject) && given.stopped.is_none();
        self.until.is_none_or(|until| self.route != Route::Mail || now < until)
            && self.documents.iter().any(|departed| departed.document == *document && !departed.clear)
            && self.given.iter().any(holds)
    }

    /// Whether something of it is still out.
    #[must_use]
    pub fn is_out(&self) -> bool {
        match self.route {
            Route::Mail => false,
            Route::Medium => self.returned.is_none(),
            Route::Paper => self.copies.iter().any(|copy| copy.state == CopyState::Out),
        }
    }
}

impl Row for DepartureRow {
    const KIND: u8 = 13;
    const NAME: &'static str = "departure";

    fn key(&self) -> Vec<u8> {
        Self::key_of(self.number)
    }

    fn links(&self) -> Vec<(Link, Vec<u8>)> {
        let mut links = vec![
            (Link::Subject, self.by.as_str().as_bytes().to_vec()),
            (Link::Unit, self.unit.as_bytes().to_vec()),
            (Link::Request, self.request.as_bytes().to_vec()),
        ];
        links.extend(self.medium.iter().map(|medium| (Link::Medium, medium.as_bytes().to_vec())));
        links.extend(self.given.iter().map(|given| (Link::Address, given.address.as_bytes().to_vec())));
        for departed in &self.documents {
            links.push((Link::Lineage, departed.lineage.as_bytes().to_vec()));
            let live = self.given.iter().filter(|given| given.stopped.is_none() && !departed.clear);
            links.extend(live.filter_map(|given| {
                Some((Link::Provided, Self::provided_to(&departed.document, given.subject.as_ref()?)))
            }));
        }
        links.sort_by(|a, b| (a.0 as u8, &a.1).cmp(&(b.0 as u8, &b.1)));
        links.dedup();
        links
    }
}
