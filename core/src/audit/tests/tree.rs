//! The tree of RFC 9162 2.1: known roots, and every proof of every small tree against the RFC's own definitions.

use core::convert::Infallible;

use data_encoding::HEXLOWER;
use proptest::prelude::*;

use super::super::{
    ConsistencyProof, Frontier, InclusionProof, NodeId, empty_root, leaf_hash, node_hash, prove_consistency,
    prove_inclusion,
};
use crate::crypto::default_provider;
use crate::id::LogHash;

/// Leaves and roots that implementations of RFC 6962 and RFC 9162 share.
const LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

#[test]
fn roots_are_the_known_ones() {
    let provider = default_provider();
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(empty_root(provider).to_string(), empty);
    let mut tree = Frontier::new();
    assert_eq!(tree.root(provider).to_string(), empty);
    for (leaf, root) in LEAVES.iter().zip(ROOTS) {
        let leaf = leaf_hash(provider, &HEXLOWER.decode(leaf.as_bytes()).unwrap());
        tree.push(provider, leaf, |_, _| {});
        assert_eq!(tree.root(provider).to_string(), root);
    }
}

fn leaves(size: u64) -> Vec<LogHash> {
    (0..size).map(|n| leaf_hash(default_provider(), &n.to_be_bytes())).collect()
}

fn split(n: usize) -> usize {
    n.next_power_of_two() / 2
}

/// MTH of RFC 9162 2.1.1, word for word.
fn mth(leaves: &[LogHash]) -> LogHash {
    match leaves {
        [] => empty_root(default_provider()),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node_hash(default_provider(), &mth(left), &mth(right))
        }
    }
}

/// PATH of RFC 9162 2.1.3.1.
fn path(at: usize, leaves: &[LogHash]) -> Vec<LogHash> {
    if leaves.len() < 2 {
        return Vec::new();
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut hashes, sibling) = if at < k { (path(at, left), mth(right)) } else { (path(at - k, right), mth(left)) };
    hashes.push(sibling);
    hashes
}

/// SUBPROOF of RFC 9162 2.1.4.1.
fn subproof(old: usize, leaves: &[LogHash], known: bool) -> Vec<LogHash> {
    if old == leaves.len() {
        return if known { Vec::new() } else { vec![mth(leaves)] };
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut hashes, sibling) =
        if old <= k { (subproof(old, left, known), mth(right)) } else { (subproof(old - k, right, false), mth(left)) };
    hashes.push(sibling);
    hashes
}

/// Nodes as an appender stores them.
fn stored(leaves: &[LogHash]) -> Vec<(NodeId, LogHash)> {
    let (mut tree, mut nodes) = (Frontier::new(), Vec::new());
    leaves.iter().for_each(|leaf| tree.push(default_provider(), *leaf, |id, hash| nodes.push((id, hash))));
    nodes
}

fn read(nodes: &[(NodeId, LogHash)]) -> impl FnMut(NodeId) -> Result<LogHash, Infallible> {
    |id| {
        let (found, hash) = nodes[usize::try_from(id.position()).unwrap()];
        assert_eq!(found, id);
        Ok(hash)
    }
}

fn inclusion(nodes: &[(NodeId, LogHash)], index: u64, size: u64) -> InclusionProof {
    prove_inclusion(default_provider(), index, size, read(nodes)).unwrap().unwrap()
}

fn consistency(nodes: &[(NodeId, LogHash)], old: u64, size: u64) -> ConsistencyProof {
    prove_consistency(default_provider(), old, size, read(nodes)).unwrap().unwrap()
}

#[test]
fn every_proof_of_every_small_tree_is_the_one_of_the_rfc() {
    const MOST: u64 = 40;
    let (all, provider) = (leaves(MOST), default_provider());
    let nodes = stored(&all);
    for size in 1..=MOST {
        let tree = &all[..size as usize];
        let root = mth(tree);
        for index in 0..size {
            let proof = inclusion(&nodes, index, size);
            assert_eq!(proof.hashes, path(index as usize, tree));
            proof.verify(provider, &all[index as usize], &root).unwrap();
        }
        for old in 1..=size {
            let proof = consistency(&nodes, old, size);
            assert_eq!(proof.hashes, subproof(old as usize, tree, true));
            proof.verify(provider, &mth(&all[..old as usize]), &root).unwrap();
        }
        assert!(consistency(&nodes, 0, size).verify(provider, &empty_root(provider), &root).is_ok());
    }
    assert_eq!(prove_inclusion(provider, 5, 5, read(&nodes)).unwrap(), None);
    assert_eq!(prove_consistency(provider, 6, 5, read(&nodes)).unwrap(), None);
}

#[test]
fn a_frontier_is_read_back_from_its_nodes() {
    let all = leaves(70);
    let nodes = stored(&all);
    for size in 0..=70 {
        let roots = Frontier::nodes(size).into_iter().map(|id| read(&nodes)(id).unwrap()).collect();
        let tree = Frontier::from_parts(size, roots).unwrap();
        assert_eq!(tree.root(default_provider()), mth(&all[..size as usize]));
    }
    assert_eq!(Frontier::from_parts(3, vec![all[0]]), None);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn an_inclusion_proof_proves_nothing_else(size in 1_u64..200, index in 0_u64..200, other in 0_u64..200, bit in 0_usize..256) {
        let (index, other) = (index % size, other % size);
        let (all, provider) = (leaves(size), default_provider());
        let root = mth(&all);
        let proof = inclusion(&stored(&all), index, size);
        if other != index {
            prop_assert!(proof.verify(provider, &all[other as usize], &root).is_err());
            let moved = InclusionProof { index: other, ..proof.clone() };
            prop_assert!(moved.verify(provider, &all[index as usize], &root).is_err());
        }
        let longer = InclusionProof { hashes: [&proof.hashes[..], &[root]].concat(), ..proof.clone() };
        prop_assert!(longer.verify(provider, &all[index as usize], &root).is_err());
        for at in 0..proof.hashes.len() {
            let mut changed = proof.clone();
            changed.hashes[at] = flip(changed.hashes[at], bit);
            prop_assert!(changed.verify(provider, &all[index as usize], &root).is_err());
            let mut shorter = proof.clone();
            shorter.hashes.remove(at);
            prop_assert!(shorter.verify(provider, &all[index as usize], &root).is_err());
        }
    }

    #[test]
    fn a_consistency_proof_shows_no_rewriting(size in 2_u64..200, old in 1_u64..200, changed in 0_u64..200, bit in 0_usize..256) {
        let old = 1 + old % (size - 1);
        let changed = changed % old;
        let (all, provider) = (leaves(size), default_provider());
        let (before, after) = (mth(&all[..old as usize]), mth(&all));
        let proof = consistency(&stored(&all), old, size);
        prop_assert!(proof.verify(provider, &before, &after).is_ok());
        let mut rewritten = all.clone();
        rewritten[changed as usize] = flip(rewritten[changed as usize], bit);
        let forged = consistency(&stored(&rewritten), old, size);
        prop_assert!(forged.verify(provider, &before, &mth(&rewritten)).is_err());
        prop_assert!(forged.verify(provider, &before, &after).is_err() || forged == proof);
        for at in 0..proof.hashes.len() {
            let mut flipped = proof.clone();
            flipped.hashes[at] = flip(flipped.hashes[at], bit);
            prop_assert!(flipped.verify(provider, &before, &after).is_err());
        }
    }
}

fn flip(hash: LogHash, bit: usize) -> LogHash {
    let mut bytes = *hash.as_bytes();
    bytes[bit / 8] ^= 1 << (bit % 8);
    LogHash::from_bytes(bytes)
}

#[test]
fn absurd_sizes_are_refused_without_work() {
    let root = leaves(1)[0];
    let provider = default_provider();
    let inclusion = InclusionProof { index: 0, size: u64::MAX, hashes: vec![root; 65] };
    assert!(inclusion.verify(provider, &root, &root).is_err());
    assert!(InclusionProof { index: 0, size: 0, hashes: vec![] }.verify(provider, &root, &root).is_err());
    let consistency = ConsistencyProof { old: u64::MAX - 1, size: u64::MAX, hashes: vec![root; 1_000] };
    assert!(consistency.verify(provider, &root, &root).is_err());
    assert!(ConsistencyProof { old: 2, size: 1, hashes: vec![] }.verify(provider, &root, &root).is_err());
}
