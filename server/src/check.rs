//! `songhan check PACK`: the pack as the server reads it, and what is wrong with it.

use crate::capabilities;
use crate::command::Failed;
use manifest::House;
use std::io::IsTerminal;
use std::path::Path;

pub fn run(folder: &Path) -> Result<(), Failed> {
    match House::new(capabilities::all()).pack_loader().load(folder) {
        Ok(city) => {
            println!(
                "{}: {} · {} units, {} areas, {} roles, {} places, version {}",
                folder.display(),
                city.name.en,
                city.units.all().count(),
                city.areas.all().count(),
                city.roles.len(),
                city.places.len(),
                &city.version[..12.min(city.version.len())]
            );
            Ok(())
        }
        Err(complaints) => {
            let drawn =
                if std::io::stderr().is_terminal() { pack::render_styled(&complaints) } else { pack::render(&complaints) };
            eprint!("{drawn}");
            let mistakes = if complaints.len() == 1 { "mistake" } else { "mistakes" };
            Err(Failed(format!("{}: {} {mistakes}", folder.display(), complaints.len())))
        }
    }
}
