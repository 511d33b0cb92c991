//! How fast the parts are that a run spends its time in: `cargo bench -p
//! heirloom-core`. Pictures are the tests' fixtures.

use std::hint::black_box;
use std::path::Path;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use heirloom_core::examine::bench::fingerprint;
use heirloom_core::examine::pixels::{luma, shrink};
use heirloom_core::examine::{Depth, examine, gather};
use heirloom_core::matching::bench::{Fingerprints, Photos, UnitId, parts, residual};
use heirloom_core::model::{Miniature, Size};
use heirloom_core::settings::Limits;

/// Long edge at which originals are decoded for the proof.
const PROOF: u32 = 1536;

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures");
    std::fs::read(folder.join(name)).unwrap_or_default()
}

fn decode(criterion: &mut Criterion) {
    let limits = Limits::default();
    let mut group = criterion.benchmark_group("decode");
    group.sample_size(10);
    for name in ["photos/cat.jpg", "photos/berlin.jpg", "photos/pug.heic"] {
        let bytes = fixture(name);
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_with_input(BenchmarkId::new("for the proof", name), &bytes, |run, bytes| {
            run.iter(|| luma(black_box(bytes), PROOF, &limits));
        });
        let head = gather(&bytes, Depth::Head, &limits);
        let Ok(head) = head else { continue };
        group.bench_with_input(BenchmarkId::new("head", name), &head, |run, head| {
            run.iter(|| examine(name, None, black_box(head), &limits));
        });
    }
    let sent = fixture("whatsapp/00000001-PHOTO-2019-06-20-16-00-15.jpg");
    group.throughput(Throughput::Bytes(sent.len() as u64));
    group.bench_function("an exported picture", |run| {
        run.iter(|| luma(black_box(&sent), 1280, &limits));
    });
    group.finish();
}

fn compare(criterion: &mut Criterion) {
    let limits = Limits::default();
    let picture = luma(&fixture("photos/berlin.jpg"), PROOF, &limits);
    let Ok(picture) = picture else { return };
    criterion.bench_function("fingerprint", |run| run.iter(|| fingerprint(black_box(&picture))));
    let size = Size::new(512, 384);
    criterion.bench_function("shrink to 512", |run| {
        run.iter(|| shrink(black_box(&picture), size));
    });
    let (one, other) = (shrink(&picture, size), shrink(&picture, size));
    criterion.bench_function("residual at 512", |run| {
        run.iter(|| residual(black_box(&one), black_box(&other)));
    });
}

/// Fingerprints as even as they come, numbered.
fn fingerprints(count: u32) -> Vec<(u64, UnitId)> {
    let mix = |number: u32| {
        let mut bits = u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits ^ (bits >> 31), UnitId(number))
    };
    (0..count).map(mix).collect()
}

fn search(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("search within 10 bits");
    group.sample_size(10);
    for count in [10_000, 100_000, 200_000, 1_000_000, 10_000_000] {
        let known = fingerprints(count);
        let asked: Vec<u64> = known.iter().step_by(97).map(|(bits, _)| bits ^ 0x8001).collect();
        let mut next = asked.iter().cycle();
        let scan = Fingerprints::scanned(known.clone());
        group.bench_function(BenchmarkId::new("scan", count), |run| {
            run.iter(|| scan.within(next.next().copied().unwrap_or_default(), 10));
        });
        let index = Fingerprints::indexed(known);
        group.bench_function(BenchmarkId::new("index", count), |run| {
            run.iter(|| index.within(next.next().copied().unwrap_or_default(), 10));
        });
    }
    group.finish();
}

/// Miniatures of soft shapes, each another one.
fn miniatures(count: u32, from: u64) -> Vec<Miniature> {
    let soft = |bits: u64| {
        let corner = |x: usize, y: usize| ((bits >> ((y * 4 + x) * 4 % 61)) & 15) as f32 * 17.0;
        let level = |at: usize| {
            let (x, y) = ((at % 32) as f32 / 10.4, (at / 32) as f32 / 10.4);
            let (left, top) = (x as usize, y as usize);
            let (right, below) = (x - left as f32, y - top as f32);
            let row = |y: usize| corner(left, y) * (1.0 - right) + corner(left + 1, y) * right;
            (row(top) * (1.0 - below) + row(top + 1) * below) as u8
        };
        Miniature((0..Miniature::EDGE * Miniature::EDGE).map(level).collect())
    };
    fingerprints(count).into_iter().map(|(bits, _)| soft(bits ^ from)).collect()
}

fn search_parts(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("search of parts");
    group.sample_size(10);
    let wanted = miniatures(100, 0x5555_5555_5555_5555);
    for count in [1_000, 10_000] {
        let originals = miniatures(count, 0);
        group.bench_function(BenchmarkId::new("100 pictures in", count), |run| {
            run.iter(|| parts(black_box(&wanted), &originals));
        });
    }
    group.finish();
}

/// Photos grouped, with all that they can give each other; nothing is read.
fn events(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("events");
    group.sample_size(10);
    for count in [10_000, 100_000] {
        group.throughput(Throughput::Elements(count as u64));
        group.bench_with_input(BenchmarkId::from_parameter(count), &count, |run, &count| {
            let mut photos = Photos::many(count);
            run.iter(|| black_box(&mut photos).groups());
        });
    }
    group.finish();
}

criterion_group!(benches, decode, compare, search, search_parts, events);
criterion_main!(benches);
