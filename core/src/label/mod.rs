//! 格付・取扱制限. What a document's label says, how it is printed, read, inherited and compared; the words are data (the taxonomy).

mod check;
mod codec;
mod compare;
mod day;
mod decided;
mod document;
mod effect;
mod grades;
mod join;
mod level;
mod mapping;
mod marking;
mod nearest;
mod parse;
mod print;
mod restriction;
mod set;
mod taxonomy;
#[cfg(test)]
mod tests;
mod verb;
pub(crate) mod width;
mod words;

pub use check::LabelError;
pub use compare::{Lowering, is_lowering, lowerings};
pub use day::{Day, DayError};
pub use decided::{Decided, Decider, RuleDecision, SecretClass, SecretDocument};
pub use document::{Label, LabelDraft, MAX_SOURCES, TaxonomyRef};
pub use grades::{GradeCodeError, Grades, Mechanism};
pub use join::{Inherited, NotInherited};
pub use level::{Availability, Axis, Confidentiality, Integrity, LevelError};
pub use mapping::{Mapping, MappingError, Scheme};
pub use marking::{FileNameMark, GradeLine, GradeLineError, MAX_LINE, Shown, header_line};
pub use restriction::{AgencyRestriction, MAX_AUDIENCE, Restriction, RestrictionError, Rule, Terms};
pub use set::{MAX_RESTRICTIONS, Restrictions};
pub use taxonomy::{
    Detector, Edition, Level, MarkingForm, MarkingStyle, Organisation, OwnRow, Parameter, Row, Scan, Taxonomy,
    TaxonomyError, Weaker,
};
pub use verb::{EncryptScope, EnforcedBy, Mode, Verb};
pub use words::{Name, Note, Verbatim, Words, WordsError};
