//! Writes the seeds of the fuzz targets to `fuzz/corpus/TARGET/`.

use kakuzuke_tests::fuzzing::TARGETS;
use kakuzuke_tests::programs::repository;

fn main() -> std::io::Result<()> {
    for target in TARGETS {
        let folder = repository().join("fuzz/corpus").join(target.name);
        std::fs::create_dir_all(&folder)?;
        for (number, seed) in (target.seeds)().iter().enumerate() {
            std::fs::write(folder.join(format!("seed-{number}")), seed)?;
        }
    }
    Ok(())
}
