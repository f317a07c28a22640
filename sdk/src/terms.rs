//! 利用の条件. What a licence gives an open document, and the label that is in force with it; exchanged as a whole at each renewal.

use std::sync::Arc;

use kakuzuke_core::envelope::LabelSection;
use kakuzuke_core::id::LabelHash;
use kakuzuke_core::label::Label;
use kakuzuke_core::licence::{Licence, Obligations, Right, Rights};
use kakuzuke_core::time::Timestamp;

use crate::labels::{LabelView, Place};
use crate::options::Contact;

/// What holds now; renewed while the document stays open.
#[derive(Clone)]
pub(crate) struct Terms {
    pub(crate) rights: Rights,
    pub(crate) obligations: Obligations,
    pub(crate) until: Timestamp,
    pub(crate) offline_until: Option<Timestamp>,
    pub(crate) audit_index: u64,
    pub(crate) label: Arc<Current>,
}

/// The label in force, as far as is known.
pub(crate) struct Current {
    pub(crate) view: LabelView,
    pub(crate) label: Label,
    pub(crate) hash: LabelHash,
}

impl Terms {
    /// As a licence gives them.
    pub(crate) fn of(licence: &Licence, contact: Contact, label: Arc<Current>) -> Self {
        let until = match (contact, licence.offline_until) {
            (Contact::Offline, Some(until)) => until,
            _ => licence.valid_until,
        };
        Self {
            rights: licence.rights,
            obligations: licence.obligations.clone(),
            until,
            offline_until: licence.offline_until,
            audit_index: licence.audit_index,
            label,
        }
    }

    /// 機密性1情報: nothing is withheld.
    pub(crate) fn clear(label: Arc<Current>) -> Self {
        Self {
            label,
            rights: Right::ALL.iter().copied().collect(),
            obligations: Obligations::default(),
            until: Timestamp::from_unix(i64::MAX),
            offline_until: None,
            audit_index: 0,
        }
    }
}

impl Current {
    pub(crate) fn of(section: &LabelSection, hash: LabelHash) -> Self {
        let place = Place { document: section.document(), lineage: section.lineage(), revision: section.revision() };
        Self { view: LabelView::new(place, section.label()), label: section.label().clone(), hash }
    }
}
