//! 格付の読取り. What an officer wrote becomes a label of the taxonomy in force.

use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::label::{
    Decided, Decider, GradeLine, Grades, Inherited, Label, LabelDraft, Restriction, Restrictions,
};
use kakuzuke_core::time::Timestamp;

use crate::error::{Error, Result};
use crate::messages;
use crate::options::Grading;
use crate::session::{Desk, Session};

/// The post that stands on a label when the decider names none.
const USUAL_POST: &str = "職員";

impl Session {
    /// What an officer should know of a grading before it is used: restrictions this taxonomy does not know, which are kept
    /// as written and seen to by people, and what they may be slips of.
    #[must_use]
    pub fn doubts(&self, grading: &Grading) -> Vec<Text> {
        let desk = &self.0;
        let Ok(label) = desk.now().and_then(|now| desk.read_grading(grading, now)) else { return Vec::new() };
        let unknown = label.restrictions().iter().filter_map(|restriction| match restriction {
            Restriction::Unknown(written) => Some(written.to_string()),
            Restriction::Known(_) | Restriction::Agency(_) => None,
        });
        unknown.map(|written| messages::unknown_restriction(&written, desk.taxonomy.nearest(&written))).collect()
    }
}

impl Desk {
    /// A label as written, decided by the holder of this profile.
    pub(crate) fn read_grading(&self, grading: &Grading, now: Timestamp) -> Result<Label> {
        self.finish_label(self.draft(grading, now)?)
    }

    /// The same, with what the sources hand down.
    pub(crate) fn read_inherited(&self, grading: &Grading, inherited: &Inherited, now: Timestamp) -> Result<Label> {
        self.finish_label(inherited.apply(self.draft(grading, now)?))
    }

    fn finish_label(&self, draft: LabelDraft) -> Result<Label> {
        draft.finish(self.taxonomy).map_err(|e| Error::new(e.code(), e.text()))
    }

    fn draft(&self, grading: &Grading, now: Timestamp) -> Result<LabelDraft> {
        let (grades, line) = self.read_grades(&grading.grade, now)?;
        let mut restrictions: Vec<Restriction> = line.restrictions.iter().cloned().collect();
        for text in grading.restrictions.iter().filter(|text| !text.trim().is_empty()) {
            restrictions.extend(self.read_restrictions(text, now)?.iter().cloned());
        }
        let decider = self.decider(grading.post.as_deref())?;
        let reference = self.taxonomy.reference().clone();
        let mut draft = LabelDraft::new(grades, reference, Decided::ByPerson(decider), now);
        draft.restrictions = restrictions.into_iter().collect();
        draft.own_level = line.own_level;
        Ok(draft)
    }

    fn read_grades(&self, text: &str, now: Timestamp) -> Result<(Grades, GradeLine)> {
        let bad = |why: Text| Error::new(Code::LabelInvalid, why);
        if let Ok(grades) = text.trim().parse::<Grades>() {
            return Ok((grades, GradeLine::default()));
        }
        let line = GradeLine::parse(text, self.taxonomy, now).map_err(|e| bad(e.text()))?;
        let grades = line.grades().ok_or_else(|| bad(messages::grade_incomplete(text)))?;
        Ok((grades, line))
    }

    /// One or several restrictions in a line.
    fn read_restrictions(&self, text: &str, now: Timestamp) -> Result<Restrictions> {
        let line = GradeLine::parse(text, self.taxonomy, now).map_err(|e| Error::new(Code::LabelInvalid, e.text()))?;
        let only_restrictions =
            line.confidentiality.is_none() && line.integrity.is_none() && line.availability.is_none();
        if only_restrictions {
            Ok(line.restrictions)
        } else {
            Err(Error::new(Code::LabelInvalid, messages::grade_among_restrictions(text)))
        }
    }

    pub(crate) fn decider(&self, post: Option<&str>) -> Result<Decider> {
        let bad = |text: &str| Error::new(Code::LabelInvalid, messages::bad_name(text));
        let post = post.unwrap_or(USUAL_POST);
        let name = self.info.name.as_str();
        Ok(Decider {
            subject: self.info.subject.clone(),
            name: name.try_into().map_err(|_| bad(name))?,
            post: post.try_into().map_err(|_| bad(post))?,
        })
    }
}
