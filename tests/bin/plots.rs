//! Draws what `accuracy --measure` wrote down: true pairs beside neighbours.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use heirloom_media::accuracy::measured::{self, Quantity};
use heirloom_media::accuracy::plots;
use heirloom_media::{Outcome, saying};

#[derive(Parser)]
#[command(about = "Histograms of what the accuracy tool measured")]
struct Args {
    /// Files of `accuracy --measure`.
    #[arg(required = true)]
    measured: Vec<PathBuf>,
    /// Where the plots go (default: docs/plots).
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("plots: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Outcome {
    let docs = || Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("docs").join("plots");
    let folder = args.to.clone().unwrap_or_else(docs);
    saying("plots", std::fs::create_dir_all(&folder))?;
    let mut all = Vec::new();
    for file in &args.measured {
        let text = saying(&file.display().to_string(), std::fs::read_to_string(file))?;
        all.extend(measured::read(&text));
    }
    for quantity in Quantity::ALL {
        let Some(plot) = plots::svg(quantity, &all) else { continue };
        let path = folder.join(format!("{}.svg", quantity.name()));
        saying(&path.display().to_string(), std::fs::write(&path, plot))?;
        println!("{}: {}", quantity.name(), spread(quantity, &all));
    }
    Ok(())
}

/// Both sides in numbers: how many, and what a hundredth lies beyond on either end.
fn spread(quantity: Quantity, all: &[measured::Measured]) -> String {
    let side = |is_true: bool| {
        let own = all.iter().filter(|one| one.quantity == quantity && one.is_true == is_true);
        let mut values: Vec<f64> = own.map(|one| one.value).collect();
        values.sort_by(f64::total_cmp);
        let at = |share: usize| values.get(values.len() * share / 100).copied().unwrap_or(f64::NAN);
        let (least, most) = (values.first(), values.last());
        let name = if is_true { "true" } else { "other" };
        let [first, middle, last] = [at(1), at(50), at(99)];
        format!("{} {name}, {least:?} {first:.2} {middle:.2} {last:.2} {most:?}", values.len())
    };
    format!("{}; {}", side(true), side(false))
}
