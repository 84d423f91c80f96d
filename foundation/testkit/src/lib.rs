//! Testkit: the test city, its people, and a clock that we move.
//!
//! Start at [`TestCity`]: the real house on a fresh database with the sample pack, its doors tried over HTTP within the process. A
//! [`Person`] holds cookies as a browser does, reads pages, fills forms as they stand there, and may try the wrong thing.
//! [`both`] runs a story on SQLite and on PostgreSQL. [`golden`] compares with a kept file. The house's capabilities come from the test, since
//! nothing in the foundation knows them by name; a room's own verbs (`lan.reports(…)`) stand beside its stories.
//! Not here: databases for tests (`db::test`), real processes that are killed (`server/tests`).

mod city;
mod golden;
mod html;
mod page;
mod person;

pub use city::{PASSWORD, SAMPLE, TestCity, both, sqlite};
pub use golden::golden;
pub use html::{Tag, labels, tags};
pub use page::{Page, WebForm};
pub use person::{Answer, Person};

/// A small true JPEG, for forms with photos. Two numbers make two different pictures.
///
/// # Panics
/// Never: the picture is made here.
#[must_use]
pub fn photo(n: u32) -> Vec<u8> {
    let image =
        image::RgbImage::from_fn(64, 48, |x, y| image::Rgb([(x * 3 + n * 17) as u8, (y * 5 + n * 29) as u8, (n * 41) as u8]));
    let mut out = std::io::Cursor::new(Vec::new());
    image.write_to(&mut out, image::ImageFormat::Jpeg).expect("a picture in memory is written");
    out.into_inner()
}
