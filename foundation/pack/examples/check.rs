//! Checks the pack folder that is named: `cargo run -p pack --example check packs/sample`.

fn main() {
    let dir = std::env::args().nth(1).unwrap_or_else(|| "packs/sample".to_owned());
    match pack::load(&dir) {
        Ok(city) => println!("{} {}: sound", city.key, city.version),
        Err(complaints) => {
            print!("{}", pack::render_styled(&complaints));
            println!("{} mistake(s)", complaints.len());
            std::process::exit(1);
        }
    }
}
