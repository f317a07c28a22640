//! How the next thing is painted: the part of the graphics state (ISO 32000-2, 8.4) that decides what is seen through it.

use super::canvas::{self, Clip, Lay};
use super::colour::Space;
use crate::hidden::Rgb;

/// What an ink leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Solid,
    /// A pattern that does not fill its ground.
    Gaps,
    /// Nothing is printed.
    Nothing,
}

/// A colour, or a pattern.
#[derive(Clone)]
pub(in crate::pdf::text) struct Ink {
    pub(super) space: Space,
    pub(super) colour: Option<Rgb>,
    pub(super) sort: Sort,
}

/// How colours meet what lies below (11.3.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Normal,
    Darkens,
    Other,
}

/// The state that things are painted in.
#[derive(Clone)]
pub(in crate::pdf::text) struct Paint {
    pub(super) fill: Ink,
    pub(super) stroke: Ink,
    /// Opacity of fills, of strokes, and of the groups around.
    pub(super) fill_alpha: f64,
    pub(super) stroke_alpha: f64,
    pub(super) group_alpha: f64,
    pub(super) mode: Mode,
    pub(super) group_mode: Mode,
    /// A soft mask says where it is painted.
    pub(super) is_masked: bool,
    pub(super) width: f64,
    pub(super) is_dashed: bool,
    pub(super) clip: Option<Clip>,
    /// Only letters are painted over.
    pub(super) in_letters: bool,
}

impl Ink {
    pub(super) fn of(space: Space) -> Self {
        let sort = if matches!(space, Space::Nothing) { Sort::Nothing } else { Sort::Solid };
        Self { colour: space.initial(), space, sort }
    }

    pub(super) fn device(n: &[f64]) -> Option<Self> {
        let space = match n.len() {
            1 => Space::Grey,
            3 => Space::Rgb,
            4 => Space::Cmyk,
            _ => return None,
        };
        Some(Self { colour: space.colour(n), space, sort: Sort::Solid })
    }
}

impl Default for Paint {
    fn default() -> Self {
        Self {
            fill: Ink::of(Space::Grey),
            stroke: Ink::of(Space::Grey),
            fill_alpha: 1.0,
            stroke_alpha: 1.0,
            group_alpha: 1.0,
            mode: Mode::Normal,
            group_mode: Mode::Normal,
            is_masked: false,
            width: 1.0,
            is_dashed: false,
            clip: None,
            in_letters: false,
        }
    }
}

impl Paint {
    /// How an ink of this opacity is laid on; `None` where nothing comes of it.
    pub(super) fn lay(&self, ink: &Ink, alpha: f64) -> Option<Lay> {
        let much = alpha * self.group_alpha;
        if much < 0.01 || ink.sort == Sort::Nothing {
            return None;
        }
        if self.is_masked || self.in_letters || ink.sort == Sort::Gaps {
            return Some(Lay::Somehow);
        }
        let is_dark = ink.colour.is_some_and(|colour| !colour.is_told_from(Rgb::BLACK));
        Some(match (self.mode, self.group_mode) {
            (Mode::Normal, Mode::Normal) => canvas::lay(much),
            (Mode::Other, _) | (_, Mode::Other) => Lay::Somehow,
            // Black takes all light away.
            _ if much > 0.95 && is_dark => Lay::Over,
            _ if much > 0.95 => Lay::Darken,
            _ => Lay::Somehow,
        })
    }

    /// In a group of its own (11.6.6), the opacity around is that of the whole.
    pub(super) fn enter_group(&mut self) {
        self.group_alpha *= self.fill_alpha;
        if self.mode != Mode::Normal {
            self.group_mode = self.mode;
        }
        if self.is_masked {
            self.group_mode = Mode::Other;
        }
        (self.fill_alpha, self.stroke_alpha, self.mode, self.is_masked) = (1.0, 1.0, Mode::Normal, false);
    }
}
