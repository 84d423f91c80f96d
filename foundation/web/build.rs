//! Makes the words of the pages and lays the built styles, scripts, fonts and icons into the program.

use std::{env, fmt::Write, fs, path::Path};

fn main() {
    texts::compile("texts");
    assets();
}

/// `assets/dist/list.txt` names every built file: `name path type`. Its constants and bytes become `assets.rs`.
fn assets() {
    let dist = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("assets/dist");
    println!("cargo:rerun-if-changed=assets/dist/list.txt");
    let Ok(list) = fs::read_to_string(dist.join("list.txt")) else {
        println!(
            "cargo:error=foundation/web/assets/dist is empty: run `npm ci --prefix foundation/web/assets` and `node foundation/web/assets/build.mjs` first (./run and ./test do)"
        );
        std::process::exit(1);
    };
    // Copied first: the next build of the assets takes these files away, and the program may be compiled after it.
    let (mut out, mut all) = (String::new(), String::new());
    let home = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("assets");
    let _ = fs::remove_dir_all(&home);
    fs::create_dir_all(&home).expect("OUT_DIR can be written");
    let take = |file: &str| fs::copy(dist.join(file), home.join(file)).is_ok();
    let quoted = |file: &str| format!("include_bytes!({:?})", home.join(file).display().to_string());
    for line in list.lines() {
        let [name, file, kind] = line.split(' ').collect::<Vec<_>>()[..] else { continue };
        if !take(file) {
            println!(
                "cargo:error=foundation/web/assets/dist/{file} vanished: the assets are being built at this moment, try again"
            );
            std::process::exit(1);
        }
        let constant = name.to_uppercase().replace(['.', '-'], "_");
        let zipped = |ending: &str| {
            let packed = format!("{file}{ending}");
            if take(&packed) { format!("Some({})", quoted(&packed)) } else { "None".to_owned() }
        };
        writeln!(out, "/// `{name}`, built.\npub const {constant}: Asset = Asset({:?});", format!("/a/{file}"))
            .expect("a String takes it");
        let (br, gz, plain) = (zipped(".br"), zipped(".gz"), quoted(file));
        writeln!(all, "    File {{ name: {file:?}, kind: {kind:?}, plain: {plain}, br: {br}, gz: {gz} }},")
            .expect("a String takes it");
    }
    writeln!(out, "static FILES: &[File] = &[\n{all}];").expect("a String takes it");
    let icons = fs::read_to_string(dist.join("icons.txt")).unwrap_or_default();
    let names: Vec<&str> = icons.split_whitespace().collect();
    writeln!(out, "static ICONS: &[&str] = &{names:?};").expect("a String takes it");
    let to = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("assets.rs");
    fs::write(to, out).expect("OUT_DIR can be written");
}
