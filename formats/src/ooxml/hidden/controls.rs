//! フォームの部品. Check boxes and buttons on a sheet are drawn by VML; their shape in the drawing is kept hidden for programs
//! to come, with the words once more ([MS-ODRAWXML] 2.3.1.8). Such a twin hides nothing, unless it says more.

use std::collections::{HashMap, HashSet};

use crate::hidden::Said;
use crate::text::{Node, walk};

/// The controls that a sheet shows, by their id: letters and digits of their words.
#[derive(Default)]
pub(super) struct Shown(HashMap<String, Vec<char>>);

impl Shown {
    /// Takes up what a VML part shows, as far as it can be read.
    pub fn read(&mut self, vml: &str) {
        // The ids of a shape, and whether it is shown; shapes lie in groups.
        let mut open: Vec<(Vec<String>, Vec<char>)> = Vec::new();
        let _as_far_as_it_goes = walk(vml, &mut |node| {
            match node {
                Node::Start(tag) if tag.name == "shape" => {
                    let style: String = tag.get("style").unwrap_or_default().split_whitespace().collect();
                    let is_shown = !style.to_ascii_lowercase().contains("visibility:hidden");
                    // `o:spid` is the id where `id` is the name that people gave.
                    let ids = ["spid", "id"].iter().filter_map(|name| tag.get(name)).filter(|_| is_shown);
                    open.push((ids.collect(), Vec::new()));
                }
                Node::Start(_) => {}
                Node::Text(words) => {
                    if let Some((_, letters)) = open.last_mut() {
                        letters.extend(words.chars().filter(|c| c.is_alphanumeric()));
                    }
                }
                Node::End("shape") => {
                    if let Some((ids, letters)) = open.pop() {
                        self.0.extend(ids.into_iter().map(|id| (id, letters.clone())));
                    }
                }
                Node::End(_) => {}
            }
            Ok(())
        });
    }

    /// The ids of those hidden shapes of a drawing that say nothing but what is shown.
    pub fn twins(&self, drawing: &str) -> HashSet<String> {
        if !drawing.contains("compatExt") {
            return HashSet::new();
        }
        let (mut twins, mut current) = (HashSet::new(), None::<(String, Vec<char>)>);
        let mut is_text = false;
        let done = walk(drawing, &mut |node| {
            match node {
                Node::Start(tag) if tag.name == "compatExt" => {
                    current = tag.get("spid").map(|id| (id, Vec::new()));
                }
                Node::Start(tag) => is_text |= tag.name == "t",
                Node::Text(words) if is_text => {
                    if let Some((_, letters)) = &mut current {
                        letters.extend(words.chars().filter(|c| c.is_alphanumeric()));
                    }
                }
                Node::Text(_) => {}
                Node::End("t") => is_text = false,
                Node::End("sp" | "pic" | "graphicFrame") => {
                    if let Some((id, letters)) = current.take()
                        && self.0.get(&id).is_some_and(|shown| !Said::of(shown).lacks(&letters))
                    {
                        twins.insert(id);
                    }
                }
                Node::End(_) => {}
            }
            Ok(())
        });
        if done.is_ok() { twins } else { HashSet::new() }
    }
}
