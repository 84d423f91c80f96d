//! `songhan import cases`: reports of an older system come in from a file of rows. What a row becomes is the room's business
//! (`feedback::import`); here are the file, the progress and the words at the end.

use crate::command::Failed;
use crate::house;
use crate::settings::Settings;
use cases::Keys;
use db::Lane;
use feedback::import::{Fault, Import, refused_beside};
use indicatif::{ProgressBar, ProgressStyle};
use kernel::{Clock, SystemClock};
use places::Places;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

/// What to import.
pub struct Wanted {
    /// The file of rows; `-` is standard input.
    pub file: PathBuf,
    /// How its columns are read.
    pub mapping: PathBuf,
    /// Whether everything is checked and nothing is written.
    pub dry_run: bool,
    /// Where refused rows go; beside the file, unless said.
    pub refused: Option<PathBuf>,
}

/// What became of the rows.
pub enum Rows {
    /// Each is filed, now or by an earlier run.
    AllFiled,
    /// Some, or all of them, were refused; the others are filed.
    SomeRefused,
}

pub fn cases(settings: Settings, wanted: Wanted) -> Result<Rows, Failed> {
    let mapping = std::fs::read_to_string(&wanted.mapping)
        .map_err(|e| Failed(format!("--mapping: {} cannot be read: {e}", wanted.mapping.display())))?;
    let from_pipe = wanted.file.as_os_str() == "-";
    let (input, bytes): (Box<dyn Read>, u64) = if from_pipe {
        (Box::new(std::io::stdin()), 0)
    } else {
        let file = File::open(&wanted.file).map_err(|e| Failed(format!("{} cannot be read: {e}", wanted.file.display())))?;
        let bytes = file.metadata()?.len();
        (Box::new(file), bytes)
    };
    house::data_folder(&settings)?;
    let house = house::house();
    let pack = house::load_pack(&house, &settings.pack)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let db = house::open_database(&house, &settings, clock)?;
    // Not the whole city: opening the files clears away what a server beside us is just receiving.
    let keys = Keys::open(&settings.data)?;
    let holding = keys.clone();
    db.write_now(Lane::Comfort, move |tx| holding.check(tx))??;
    let places = Places::new(&pack);
    let refused = wanted.refused.unwrap_or_else(|| refused_beside(&wanted.file));
    let mapping_name = wanted.mapping.display().to_string();
    let import = Import {
        db: &db,
        city: pack,
        places: &places,
        keys: Arc::new(keys),
        mapping_name: &mapping_name,
        mapping: &mapping,
        refused: Some(&refused),
        dry_run: wanted.dry_run,
    };
    let bar = ProgressBar::new(bytes);
    let style = ProgressStyle::with_template(if from_pipe { "{bytes} {msg}" } else { "{bar:24} {bytes}/{total_bytes} {msg}" });
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
    Ok(if summary.refusals() > 0 { Rows::SomeRefused } else { Rows::AllFiled })
}

#[cfg(test)]
mod tests {
    use crate::house;
    use feedback::import::Mapping;
    use std::path::{Path, PathBuf};

    fn under(folder: &str) -> Vec<PathBuf> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
        std::fs::read_dir(folder).expect("the folder is there").flatten().map(|entry| entry.path()).collect()
    }

    #[test]
    fn the_mappings_of_the_guide_fit_a_pack_of_ours() {
        let loader = house::house().pack_loader();
        let packs: Vec<_> = under("packs").into_iter().filter_map(|pack| loader.load(pack).ok()).collect();
        let maps: Vec<_> =
            under("docs/guides/import-cases").into_iter().filter(|path| path.extension().is_some_and(|e| e == "toml")).collect();
        assert!(!packs.is_empty() && maps.len() >= 2);
        for map in maps {
            let (name, text) = (map.display().to_string(), std::fs::read_to_string(&map).expect("the mapping is there"));
            let complaints: Vec<_> =
                packs.iter().map_while(|pack| Mapping::read(&name, text.clone(), pack, None).err()).collect();
            assert!(complaints.len() < packs.len(), "{}", complaints.iter().map(|all| pack::render(all)).collect::<String>());
        }
    }
}
