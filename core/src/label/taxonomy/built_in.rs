//! The taxonomies that ship with the program.

use std::sync::LazyLock;

use super::Taxonomy;

const JP_H30_TEXT: &str = concat!(
    include_str!("../../../taxonomies/jp-h30.toml"),
    "\n",
    include_str!("../../../taxonomies/jp-h30-detectors.toml"),
    "\n",
    include_str!("../../../taxonomies/jp-h30-clauses.toml")
);
const JP_LOCAL_TEXT: &str = include_str!("../../../taxonomies/jp-local.toml");

#[expect(clippy::expect_used, reason = "the file is part of the program and a test loads it")]
static JP_H30: LazyLock<Taxonomy> = LazyLock::new(|| Taxonomy::parse(JP_H30_TEXT).expect("built-in taxonomy jp-h30"));

#[expect(clippy::expect_used, reason = "the file is part of the program and a test loads it")]
static JP_LOCAL: LazyLock<Taxonomy> =
    LazyLock::new(|| JP_H30.extend(JP_LOCAL_TEXT).expect("built-in taxonomy jp-local"));

impl Taxonomy {
    /// `jp-h30`: the frame of the standard, 平成30年度版.
    #[must_use]
    pub fn jp_h30() -> &'static Self {
        &JP_H30
    }

    /// `jp-local`: 地方公共団体, an example of an extension (自治体機密性3A/3B/3C/2/1).
    #[must_use]
    pub fn jp_local() -> &'static Self {
        &JP_LOCAL
    }

    /// The built-in taxonomy of an id.
    #[must_use]
    pub fn built_in(id: &str) -> Option<&'static Self> {
        [Self::jp_h30 as fn() -> &'static Self, Self::jp_local]
            .into_iter()
            .map(|load| load())
            .find(|taxonomy| taxonomy.reference().id.as_str() == id)
    }
}
