//! Serves the page of samples alone, for whoever works on the look: `cargo run -p web --example samples -- packs/sample 8199`.

use db::Config;
use kernel::{Clock, SystemClock};
use std::{path::Path, sync::Arc};
use web::{City, Doors, Opening, Settings};

#[tokio::main]
async fn main() {
    let mut given = std::env::args().skip(1);
    let (folder, port) =
        (given.next().unwrap_or_else(|| "packs/sample".to_owned()), given.next().unwrap_or_else(|| "8199".to_owned()));
    let pack = match pack::load(Path::new(&folder)) {
        Ok(pack) => Arc::new(pack),
        Err(complaints) => {
            eprintln!("{}", pack::render(&complaints));
            std::process::exit(1);
        }
    };
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let home = std::env::temp_dir().join(format!("songhan-samples-{}", std::process::id()));
    std::fs::create_dir_all(&home).expect("the temporary folder can be made");
    let db =
        db::Db::open(Config::new(format!("sqlite:{}", home.join("samples.db").display())), &[access::MIGRATIONS], clock.clone())
            .expect("a fresh database opens");
    let workshop = pictures::Workshop::apart(std::env::current_exe().expect("this program has a path"));
    let charter = access::Charter::of(&pack);
    let city = City::new(Opening {
        access: access::Access::new(db.clone(), clock.clone(), charter, access::Settings::default()),
        places: Arc::new(places::Places::new(&pack)),
        files: files::Store::open(home.join("files"), workshop, clock.clone()).expect("a fresh folder opens"),
        keys: Arc::new(cases::Keys::for_tests()),
        settings: Settings::default(),
        db,
        pack,
        clock,
    });
    let (app, list) = Doors::new().join(web::sample_doors()).open(&city);
    print!("{}", web::lines(&list));
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await.expect("the port is free");
    println!("http://127.0.0.1:{port}/samples");
    web::serve(listener, app, 64, std::future::pending()).await;
}
