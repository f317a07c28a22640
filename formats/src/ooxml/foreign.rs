//! 他の方式の格付. Microsoft's labels: the part of their own, and the custom properties that came before it.

use super::opc::{self, Opc, Relation};
use crate::error::ReadError;
use crate::foreign::{self, ForeignLabel, guid, is_guid, short};
use crate::limits;
use crate::xml;
use crate::zip::Archive;

use kakuzuke_core::label::Scheme;

const SPACE: &str = "http://schemas.microsoft.com/office/2020/mipLabelMetadata";

/// The labels of a package. What the part says of a tenant counts before what the properties say of it.
pub(super) fn read(archive: &Archive<'_>) -> Result<Vec<ForeignLabel>, ReadError> {
    let Some(package) = Opc::open(archive)? else { return Ok(Vec::new()) };
    let (mut labels, tenants) = match package.target(Relation::Classification) {
        Some(part) => part_labels(&opc::read(archive, part)?)?,
        None => (Vec::new(), Vec::new()),
    };
    let older = match package.target(Relation::Custom) {
        Some(part) => {
            let elements = xml::elements(&opc::read(archive, part)?, 1)?;
            foreign::of_words(super::label::words(&elements))
        }
        None => Vec::new(),
    };
    for label in older {
        let is_known = label.scheme == Scheme::Msip && label.site.as_ref().is_some_and(|site| tenants.contains(site));
        match labels.iter_mut().find(|known| known.id == label.id && known.site == label.site) {
            // Only the properties have its name.
            Some(known) => known.name = known.name.take().or(label.name),
            None if is_known => {}
            None => labels.push(label),
        }
    }
    Ok(labels)
}

/// The labels of the part, and every tenant it speaks of: a label that was removed is said to be, too.
fn part_labels(text: &str) -> Result<(Vec<ForeignLabel>, Vec<String>), ReadError> {
    let (mut labels, mut tenants) = (Vec::new(), Vec::new());
    let elements = xml::elements(text, 1)?;
    let found = elements.iter().filter(|e| e.depth == 1 && e.name == "label" && e.namespace == SPACE);
    for element in found.take(limits::FOREIGN_LABELS) {
        let site = element.attribute("siteId").map(guid);
        tenants.extend(site.clone());
        let is = |name: &str| element.attribute(name).is_some_and(|on| matches!(on.trim(), "1" | "true"));
        let id = element.attribute("id").map(guid).filter(|id| is_guid(id));
        if let Some(id) = id.filter(|_| is("enabled") && !is("removed")) {
            let of = |name: &str| element.attribute(name).and_then(short);
            labels.push(ForeignLabel {
                scheme: Scheme::Msip,
                id,
                site,
                name: of("name"),
                method: of("method"),
                set: of("setDate"),
            });
        }
    }
    Ok((labels, tenants))
}
