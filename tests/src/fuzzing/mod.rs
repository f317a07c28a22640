//! Everything that reads bytes from outside, as functions that any bytes can be thrown at.
//!
//! Two throw: `tests/tests/mutations.rs` (a bounded number, the same every time) and `fuzz/` (as long as one likes).
//! A target returns; where something can be known of the result, it asserts that too.

mod documents;
mod envelopes;
mod keys;
mod kinds;
pub mod mutate;
mod texts;

/// A parser and what it is fed with first.
pub struct Target {
    /// Its name, also that of its fuzz target.
    pub name: &'static str,
    /// Reads the bytes.
    pub run: fn(&[u8]),
    /// Good bytes to start from.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// Every target.
pub const TARGETS: &[Target] = &[
    Target { name: "head", run: envelopes::head, seeds: envelopes::heads },
    Target { name: "label", run: envelopes::label, seeds: envelopes::labels },
    Target { name: "cose", run: envelopes::cose, seeds: envelopes::labels },
    Target { name: "core", run: envelopes::core, seeds: envelopes::cores },
    Target { name: "opener", run: envelopes::opener, seeds: envelopes::encrypted },
    Target { name: "opener_clear", run: envelopes::opener_clear, seeds: envelopes::clear },
    Target { name: "trailer", run: envelopes::trailer, seeds: envelopes::trailers },
    Target { name: "metadata", run: envelopes::metadata, seeds: envelopes::metadata_sections },
    Target { name: "detached", run: envelopes::detached, seeds: envelopes::signature_files },
    Target { name: "certificate", run: envelopes::certificate, seeds: envelopes::certificates },
    Target { name: "taxonomy", run: texts::taxonomy, seeds: texts::taxonomies },
    Target { name: "marking", run: texts::marking, seeds: texts::markings },
    Target { name: "classify", run: texts::classify, seeds: texts::classified },
    Target { name: "restriction", run: texts::restriction, seeds: texts::restrictions },
    Target { name: "checkpoint", run: texts::checkpoint, seeds: texts::checkpoints },
    Target { name: "receipt", run: texts::receipt, seeds: texts::receipts },
    Target { name: "document", run: documents::document, seeds: documents::documents },
    Target { name: "carrier", run: documents::document, seeds: documents::carriers },
    Target { name: "text", run: documents::text, seeds: documents::written },
    Target { name: "sanitise", run: documents::sanitise, seeds: documents::hiding },
    Target { name: "mark", run: documents::mark, seeds: documents::documents },
    Target { name: "publication", run: keys::publication, seeds: keys::publications },
    Target { name: "stored_label", run: documents::stored_label, seeds: documents::documents },
    Target { name: "burn", run: documents::burn, seeds: documents::pictures },
    Target { name: "picture", run: documents::stored_label, seeds: kinds::pictures },
    Target { name: "compound", run: kinds::compound, seeds: kinds::compounds },
    Target { name: "properties", run: kinds::properties, seeds: kinds::property_sets },
    Target { name: "markup", run: documents::stored_label, seeds: kinds::markups },
    Target { name: "foreign", run: kinds::foreign, seeds: kinds::foreign_documents },
    Target { name: "mapping", run: kinds::mapping, seeds: kinds::mappings },
];

/// Runs the target of a name.
///
/// # Panics
/// If there is none; or if the target does.
pub fn run(name: &str, bytes: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name).expect("a target");
    (target.run)(bytes);
}
