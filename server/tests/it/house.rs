//! What the tests share: where the repository is, and the test city with everything in it.

use std::path::{Path, PathBuf};
use testkit::TestCity;

/// The repository's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the server has a folder above").to_owned()
}

/// A golden file of this binary.
pub fn golden(name: &str, text: &str) {
    testkit::golden(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/golden").join(name), text);
}

/// The whole house as a test city, on SQLite.
pub async fn city() -> TestCity {
    testkit::sqlite(songhan::capabilities::all).await
}
