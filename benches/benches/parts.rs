//! The parts one by one, both providers: what a protected file and a key release are made of.
#![allow(missing_docs, clippy::expect_used, reason = "a benchmark")]

use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use kakuzuke_core::audit::{Frontier, leaf_hash};
use kakuzuke_core::classify::{Classifier, Rules};
use kakuzuke_core::crypto::chunked::{ChunkedKey, Run, SEALED_CHUNK_LEN, Salt};
use kakuzuke_core::crypto::{KemPrivateKey, KeyKind, KeySuite, Provider, Secret, SigningKey, fast, hpke, pure, role};
use kakuzuke_core::label::Taxonomy;
use kakuzuke_core::passage::{Passage, Spot};
use kakuzuke_core::time::Timestamp;
use rand_core::UnwrapErr;

type Rng = UnwrapErr<getrandom::SysRng>;

fn rng() -> Rng {
    UnwrapErr(getrandom::SysRng)
}

fn providers() -> [&'static dyn Provider; 2] {
    [pure(), fast()]
}

fn chunks(c: &mut Criterion) {
    let mut group = c.benchmark_group("chunked, 1 MiB in place");
    let stored = SEALED_CHUNK_LEN * 64;
    group.throughput(Throughput::Bytes(1 << 20)).measurement_time(Duration::from_secs(3));
    for provider in providers() {
        let key = Secret::<32, role::PayloadKey>::generate(&mut rng());
        let key = ChunkedKey::new(provider, &key, Salt::generate(&mut rng()), b"bench").expect("a key");
        let mut buffer = vec![7; stored];
        group.bench_function(format!("seal {}", provider.name()), |b| {
            b.iter(|| key.seal_run_in_place(0, black_box(&mut buffer), Run::Inner, |_, _| ()));
        });
        key.seal_run_in_place(0, &mut buffer, Run::Inner, |_, _| ()).expect("sealed");
        let sealed = buffer.clone();
        group.bench_function(format!("open {}", provider.name()), |b| {
            b.iter_batched_ref(
                || sealed.clone(),
                |buffer| key.open_run_in_place(0, buffer, Run::Inner).expect("opened"),
                BatchSize::LargeInput,
            );
        });
    }
}

fn key_wraps(c: &mut Criterion) {
    let mut group = c.benchmark_group("HPKE, 60 bytes");
    for provider in providers() {
        for &suite in KeySuite::ALL {
            let key = KemPrivateKey::generate(provider, suite, &mut rng()).expect("a key");
            group.bench_function(format!("seal {suite:?} {}", provider.name()), |b| {
                b.iter(|| hpke::seal(provider, key.public(), b"info", b"", &[7; 60], &mut rng()));
            });
            let sealed = hpke::seal(provider, key.public(), b"info", b"", &[7; 60], &mut rng()).expect("sealed");
            group.bench_function(format!("open {suite:?} {}", provider.name()), |b| {
                b.iter(|| hpke::open(provider, &key, &sealed.enc, b"info", b"", &sealed.ct).expect("opened"));
            });
        }
    }
}

fn signatures(c: &mut Criterion) {
    let mut group = c.benchmark_group("signature, 500 bytes");
    let message = [7; 500];
    for provider in providers() {
        for kind in [KeyKind::Ed25519, KeyKind::P384] {
            let key = SigningKey::generate(provider, kind, &mut rng()).expect("a key");
            group.bench_function(format!("sign {kind:?} {}", provider.name()), |b| {
                b.iter(|| key.sign(black_box(&message), &mut rng()));
            });
            let signature = key.sign(&message, &mut rng()).expect("signed");
            group.bench_function(format!("verify {kind:?} {}", provider.name()), |b| {
                b.iter(|| key.public().verify(provider, key.algorithm(), &message, black_box(&signature)));
            });
        }
    }
}

fn log(c: &mut Criterion) {
    let mut group = c.benchmark_group("audit log");
    for provider in providers() {
        let mut tree = Frontier::new();
        group.bench_function(format!("append a leaf of 200 bytes {}", provider.name()), |b| {
            b.iter(|| {
                let leaf = leaf_hash(provider, black_box(&[7; 200]));
                tree.push(provider, leaf, |_, _| ());
            });
        });
    }
}

fn classification(c: &mut Criterion) {
    let line =
        "本件について、関係課と協議の上、令和８年度の予算額 1,234,567 円を次のとおり取りまとめた。電話 03-1234-5678、";
    let text = line.repeat((1 << 20) / line.len());
    let rules = Rules::new(Taxonomy::jp_h30()).expect("rules");
    let passages: Vec<Passage> =
        text.split_inclusive('、').map(|text| Passage { spot: Spot::default(), text: text.to_owned() }).collect();
    let mut group = c.benchmark_group("classification");
    group.throughput(Throughput::Bytes(u64::try_from(text.len()).expect("a length"))).sample_size(20);
    group.bench_function("1 MiB of Japanese text", |b| {
        b.iter(|| {
            let mut classifier = Classifier::new(&rules, Timestamp::from_unix(0));
            passages.iter().for_each(|passage| classifier.take(black_box(passage)));
            classifier.finish(Vec::new())
        });
    });
}

criterion_group!(parts, chunks, key_wraps, signatures, log, classification);
criterion_main!(parts);
