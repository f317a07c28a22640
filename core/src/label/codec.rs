//! How restrictions stand in CBOR and JSON. One flat map each; decoding goes through the same checks as making them.

use core::num::NonZeroU32;

use minicbor::decode::{Decoder, Error as DecodeError};
use minicbor::encode::{Encoder, Error as EncodeError, Write};
use serde::{Serialize, Serializer};

use super::day::Day;
use super::level::Axis;
use super::restriction::{AgencyRestriction, Restriction, Rule, Terms};
use super::set::{MAX_RESTRICTIONS, Restrictions};
use super::verb::{EncryptScope, Mode, Verb};
use super::words::{Name, Verbatim};

/// A restriction as it stands in CBOR: keys 0 to 10 for a rule, 11 to 13 for an agency's own, 13 alone for an unknown one.
#[derive(Default, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
struct Flat {
    #[n(0)]
    verb: Option<Verb>,
    #[n(1)]
    mode: Option<Mode>,
    #[n(2)]
    from: Option<Day>,
    #[n(3)]
    until: Option<Day>,
    #[n(4)]
    audience: Option<Vec<Name>>,
    #[n(5)]
    count: Option<NonZeroU32>,
    #[n(6)]
    zone: Option<Name>,
    #[n(7)]
    place: Option<Name>,
    #[n(8)]
    within: Option<NonZeroU32>,
    #[n(9)]
    scope: Option<EncryptScope>,
    #[n(10)]
    event: Option<Name>,
    #[n(11)]
    id: Option<Name>,
    #[n(12)]
    axis: Option<Axis>,
    #[n(13)]
    printed: Option<Verbatim>,
}

impl From<&Restriction> for Flat {
    fn from(restriction: &Restriction) -> Self {
        match restriction {
            Restriction::Known(rule) => {
                let t = rule.terms().clone();
                Self {
                    verb: Some(rule.verb()),
                    mode: Some(rule.mode()),
                    from: t.from,
                    until: t.until,
                    audience: (!t.audience.is_empty()).then_some(t.audience),
                    count: t.count,
                    zone: t.zone,
                    place: t.place,
                    within: t.within,
                    scope: t.scope,
                    event: t.event,
                    ..Self::default()
                }
            }
            Restriction::Agency(own) => Self {
                id: Some(own.id.clone()),
                axis: Some(own.axis),
                printed: Some(own.printed.clone()),
                ..Self::default()
            },
            Restriction::Unknown(printed) => Self { printed: Some(printed.clone()), ..Self::default() },
        }
    }
}

impl TryFrom<Flat> for Restriction {
    type Error = &'static str;

    fn try_from(flat: Flat) -> Result<Self, Self::Error> {
        match (flat.verb, flat.mode, flat.id, flat.axis, flat.printed) {
            (Some(verb), Some(mode), None, None, None) => {
                let terms = Terms {
                    from: flat.from,
                    until: flat.until,
                    audience: flat.audience.unwrap_or_default(),
                    count: flat.count,
                    zone: flat.zone,
                    place: flat.place,
                    within: flat.within,
                    scope: flat.scope,
                    event: flat.event,
                };
                Rule::new(verb, mode, terms).map(Self::Known).map_err(|_| "restriction without meaning")
            }
            (None, None, Some(id), Some(axis), Some(printed)) => {
                Ok(Self::Agency(AgencyRestriction { id, axis, printed }))
            }
            (None, None, None, None, Some(printed)) => Ok(Self::Unknown(printed)),
            _ => Err("restriction neither known, agency's own nor verbatim"),
        }
    }
}

impl<C> minicbor::Encode<C> for Restriction {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, ctx: &mut C) -> Result<(), EncodeError<W::Error>> {
        Flat::from(self).encode(e, ctx)
    }
}

impl<'b, C> minicbor::Decode<'b, C> for Restriction {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, DecodeError> {
        Self::try_from(Flat::decode(d, ctx)?).map_err(DecodeError::message)
    }
}

impl<C> minicbor::Encode<C> for Restrictions {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, ctx: &mut C) -> Result<(), EncodeError<W::Error>> {
        e.array(u64::try_from(self.len()).unwrap_or(u64::MAX))?;
        self.iter().try_for_each(|r| r.encode(e, ctx))
    }
}

impl<'b, C> minicbor::Decode<'b, C> for Restrictions {
    /// Refuses what is not in normal form, and more than [`MAX_RESTRICTIONS`].
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, DecodeError> {
        let mut listed: Vec<Restriction> = Vec::new();
        for restriction in d.array_iter_with(ctx)? {
            if listed.len() >= MAX_RESTRICTIONS {
                return Err(DecodeError::message("too many restrictions"));
            }
            listed.push(restriction?);
        }
        let normal: Self = listed.iter().cloned().collect();
        if normal.iter().eq(listed.iter()) {
            Ok(normal)
        } else {
            Err(DecodeError::message("restrictions not in normal form"))
        }
    }
}

/// The JSON view of a restriction.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct View<'a> {
    printed: String,
    kind: &'static str,
    axis: Axis,
    #[serde(skip_serializing_if = "Option::is_none")]
    verb: Option<Verb>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<Mode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Day>,
    #[serde(skip_serializing_if = "<[Name]>::is_empty")]
    audience: &'a [Name],
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<NonZeroU32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    zone: Option<&'a Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<&'a Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    within_seconds: Option<NonZeroU32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<EncryptScope>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<&'a Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a Name>,
}

impl Serialize for Restriction {
    /// `printed` as people read it, `kind` (`known`, `agency`, `unknown`), and the parameters that are there.
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let none = Terms::default();
        let (kind, id) = match self {
            Self::Known(_) => ("known", None),
            Self::Agency(own) => ("agency", Some(&own.id)),
            Self::Unknown(_) => ("unknown", None),
        };
        let t = self.rule().map_or(&none, Rule::terms);
        View {
            printed: self.to_string(),
            kind,
            axis: self.axis(),
            verb: self.rule().map(Rule::verb),
            mode: self.rule().map(Rule::mode),
            from: t.from,
            until: t.until,
            audience: &t.audience,
            count: t.count,
            zone: t.zone.as_ref(),
            place: t.place.as_ref(),
            within_seconds: t.within,
            scope: t.scope,
            event: t.event.as_ref(),
            id,
        }
        .serialize(s)
    }
}

impl Serialize for Restrictions {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(self.iter())
    }
}
