//! `songhan import cases`: reports of an older system come in from a file of rows. What a row becomes is the room's business
//! (`feedback::import`); here are the file, the progress and the words at the end.

use crate::command::Failed;
use crate::house;
use crate::settings::Settings;
use feedback::import::{Fault, Import, refused_beside};
use indicatif::{ProgressBar, ProgressStyle};
use kernel::{Clock, SystemClock};
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

/// What to import.
pub struct Wanted {
    /// The file of rows.
    pub file: PathBuf,
    /// How its columns are read.
    pub mapping: PathBuf,
    /// Whether everything is checked and nothing is written.
    pub dry_run: bool,
    /// Where refused rows go; beside the file, unless said.
    pub refused: Option<PathBuf>,
}

pub fn cases(settings: Settings, wanted: Wanted) -> Result<(), Failed> {
    let mapping = std::fs::read_to_string(&wanted.mapping)
        .map_err(|e| Failed(format!("--mapping: {} cannot be read: {e}", wanted.mapping.display())))?;
    let input = File::open(&wanted.file).map_err(|e| Failed(format!("{} cannot be read: {e}", wanted.file.display())))?;
    let bytes = input.metadata()?.len();
    house::data_folder(&settings)?;
    let house = house::house();
    let pack = house::load_pack(&house, &settings.pack)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let db = house::open_database(&house, &settings, clock.clone())?;
    let city = house::runtime()?.block_on(house::open(&settings, db, clock, pack))?;
    let refused = wanted.refused.unwrap_or_else(|| refused_beside(&wanted.file));
    let mapping_name = wanted.mapping.display().to_string();
    let import = Import {
        db: &city.db,
        city: city.pack.clone(),
        places: &city.places,
        keys: city.keys.clone(),
        mapping_name: &mapping_name,
        mapping: &mapping,
        refused: Some(&refused),
        dry_run: wanted.dry_run,
    };
    let bar = ProgressBar::new(bytes);
    let style = ProgressStyle::with_template("{bar:24} {bytes}/{total_bytes} {msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let done = feedback::import::run(&import, bar.wrap_read(input), |so_far| {
        bar.set_message(format!("{} filed, {} refused", so_far.filed, so_far.refusals()));
    });
    bar.finish_and_clear();
    let summary = done.map_err(|fault| match fault {
        // Complaints speak for themselves.
        Fault::Mapping(complaints) => {
            eprint!("{}", pack::render(&complaints));
            Failed(format!("{mapping_name}: {} mistakes", complaints.len()))
        }
        other => Failed(other.to_string()),
    })?;
    print!("{summary}");
    if wanted.dry_run {
        println!("A dry run: nothing was written.");
    } else if summary.refusals() > 0 {
        println!(
            "The refused rows stand in {} with their reasons; the file can be mended and imported again.",
            refused.display()
        );
    }
    Ok(())
}
