//! `songhan official add`: the first administrator, and whoever must be added while nobody can sign in.

use crate::command::Failed;
use crate::house;
use crate::settings::Settings;
use accounts::official::Wanted;
use kernel::{Clock, Lang, SystemClock};
use std::sync::Arc;

pub fn add(
    settings: Settings,
    role: String,
    unit: Option<String>,
    sign_in: Option<String>,
    name: Option<String>,
) -> Result<(), Failed> {
    house::data_folder(&settings)?;
    let house = house::house();
    let pack = house::load_pack(&house, &settings.pack)?;
    if pack.role(&role).is_none() {
        let hint = pack::nearest(&role, pack.roles.iter().map(|r| r.key.as_str()));
        let known = pack.roles.iter().map(|r| r.key.as_str()).collect::<Vec<_>>().join(", ");
        let hint = hint.map_or_else(|| format!("the roles are {known}"), |near| format!("did you mean `{near}`?"));
        return Err(Failed(format!("--role: there is no role `{role}` in {}; {hint}", settings.pack.display())));
    }
    let unit = unit.unwrap_or_else(|| pack.triage.clone());
    if pack.units.get(&unit).is_none() {
        let hint = pack::nearest(&unit, pack.units.all().map(|u| u.key.as_str())).map(|near| format!("; did you mean `{near}`?"));
        return Err(Failed(format!(
            "--unit: there is no unit `{unit}` in {}{}",
            settings.pack.display(),
            hint.unwrap_or_default()
        )));
    }
    let sign_in = sign_in.unwrap_or_else(|| role.clone());
    let wanted = Wanted { name: name.unwrap_or_else(|| sign_in.clone()), sign_in, role, unit };
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let db = house::open_database(&house, &settings, clock)?;
    let once = accounts::official::add(&db, &pack, &wanted).map_err(|refusal| Failed(refusal.text(Lang::En)))?;
    println!("{} can sign in with the one-time password", wanted.sign_in);
    println!("  {}", once.open());
    println!("It is shown only now, holds for seven days, and has to be changed at the first sign-in.");
    Ok(())
}
