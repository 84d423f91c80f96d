//! Test F11 and the store's promises: a file is visible whole or not at all, whoever dies when.

#![allow(clippy::unwrap_used)] // a helper of a test fails as the test does

use files::{Damage, Error, Hash, Kind, Store};
use kernel::{Clock, HandClock, Instant};
use pictures::Workshop;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// A folder that is gone when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("songhan-files-{}", kernel::Key::random().as_str())))
    }
    fn open(&self) -> Store {
        self.open_by(Arc::new(HandClock::at(Instant(1_795_600_000_000))))
    }
    fn open_by(&self, clock: Arc<HandClock>) -> Store {
        Store::open(&self.0, Workshop::here(), clock).unwrap()
    }
    fn temporaries(&self) -> usize {
        std::fs::read_dir(self.0.join("temp")).unwrap().count()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn path_of(root: &Path, hash: &Hash) -> PathBuf {
    root.join(&hash.as_str()[..2]).join(&hash.as_str()[2..])
}

fn photo() -> Vec<u8> {
    let image = image::RgbImage::from_fn(300, 200, |x, y| image::Rgb([(x % 256) as u8, (y % 256) as u8, ((x * y) % 256) as u8]));
    let mut out = std::io::Cursor::new(Vec::new());
    image.write_to(&mut out, image::ImageFormat::Jpeg).unwrap();
    out.into_inner()
}

#[test]
fn a_file_comes_back_as_it_went_in() {
    let folder = Folder::new();
    let store = folder.open();
    let stored = store.put_now(b"%PDF-1.7 a letter").unwrap();
    assert_eq!(stored.kind, Kind::Pdf);
    assert_eq!(stored.bytes, 17);
    assert_eq!(stored.hash, Hash::of(b"%PDF-1.7 a letter"));
    assert_eq!(store.read_now(&stored.hash).unwrap().as_deref(), Some(&b"%PDF-1.7 a letter"[..]));
    assert_eq!(store.put_now(b"%PDF-1.7 a letter").unwrap(), stored, "the same bytes are the same file");
    assert_eq!(store.all().unwrap(), std::slice::from_ref(&stored.hash));
}

#[test]
fn a_file_goes_only_when_it_was_stored_before_a_moment() {
    let folder = Folder::new();
    let clock = Arc::new(HandClock::at(Instant(1_795_600_000_000)));
    let store = folder.open_by(clock.clone());
    let old = || Store::folders().flat_map(|folder| store.stored_before(folder, clock.now()).unwrap()).collect::<Vec<_>>();
    let stored = store.put_now(b"a photo that came with a form").unwrap().hash;
    assert_eq!(old(), [], "nothing was stored before this moment");
    clock.pass(Duration::from_millis(1));
    assert_eq!(old(), std::slice::from_ref(&stored));
    // The same bytes come once more while somebody looks: the file is young again, and stays.
    let looked = clock.now();
    assert_eq!(store.put_now(b"a photo that came with a form").unwrap().hash, stored);
    assert!(!store.remove_before(&stored, looked).unwrap());
    assert!(store.has(&stored));
    clock.pass(Duration::from_millis(1));
    assert!(store.remove_before(&stored, clock.now()).unwrap());
    assert!(!store.remove_before(&stored, clock.now()).unwrap(), "absence is no error");
    assert!(!store.has(&stored));
    assert_eq!(store.read_now(&stored).unwrap(), None);
}

#[test]
fn whoever_stores_the_same_bytes_while_they_are_removed_has_them() {
    let folder = Folder::new();
    let clock = Arc::new(HandClock::at(Instant(1_795_600_000_000)));
    let store = folder.open_by(clock.clone());
    for round in 0..200 {
        let bytes = format!("photo {round}").into_bytes();
        let hash = store.put_now(&bytes).unwrap().hash;
        clock.pass(Duration::from_millis(1));
        let moment = clock.now();
        let (remover, gone) = (store.clone(), hash.clone());
        let removing = std::thread::spawn(move || remover.remove_before(&gone, moment).unwrap());
        store.put_now(&bytes).unwrap();
        removing.join().unwrap();
        assert!(store.has(&hash), "round {round}");
    }
}

#[test]
fn twenty_clients_cut_in_mid_upload_leave_nothing_and_can_send_again() {
    let folder = Folder::new();
    let store = folder.open();
    let photo = photo();
    for cut in 0..20 {
        let mut upload = store.begin(1 << 20).unwrap();
        upload.write(&photo[..photo.len() * cut / 20]).unwrap();
        assert_eq!(folder.temporaries(), 1);
        drop(upload); // the connection is cut: the handler's future is dropped with it
        assert_eq!(folder.temporaries(), 0, "cut {cut} left a temporary");
        assert_eq!(store.all().unwrap(), [], "cut {cut} left a visible file");
    }
    let mut upload = store.begin(1 << 20).unwrap();
    for piece in photo.chunks(1000) {
        upload.write(piece).unwrap();
    }
    let stored = upload.finish().unwrap();
    assert_eq!(store.read_now(&stored.hash).unwrap(), Some(photo));
    assert_eq!(folder.temporaries(), 0);
}

#[test]
fn what_a_killed_process_left_is_gone_at_the_next_start() {
    let folder = Folder::new();
    let store = folder.open();
    for _ in 0..20 {
        let mut upload = store.begin(1 << 20).unwrap();
        upload.write(b"half a photo").unwrap();
        std::mem::forget(upload); // a killed process runs no destructor
    }
    assert_eq!(folder.temporaries(), 20);
    let again = folder.open();
    assert_eq!(folder.temporaries(), 0);
    assert_eq!(again.all().unwrap(), []);
    again.put_now(b"whole").unwrap();
}

#[test]
fn a_file_over_its_limit_is_refused_while_it_comes() {
    let folder = Folder::new();
    let store = folder.open();
    let mut upload = store.begin(10).unwrap();
    upload.write(b"12345").unwrap();
    upload.write(b"67890").unwrap();
    assert!(matches!(upload.write(b"1"), Err(Error::TooLarge { limit: 10 })));
    drop(upload);
    assert_eq!(folder.temporaries(), 0);
}

#[test]
fn a_flipped_bit_is_noticed_by_name_and_healed_by_the_same_bytes() {
    let folder = Folder::new();
    let store = folder.open();
    let stored = store.put_now(b"what was promised").unwrap();
    assert_eq!(store.verify(&stored.hash).unwrap(), None);
    std::fs::write(path_of(&folder.0, &stored.hash), b"what was promisee").unwrap();
    assert_eq!(store.verify(&stored.hash).unwrap(), Some(Damage::Changed));
    store.put_now(b"what was promised").unwrap();
    assert_eq!(store.verify(&stored.hash).unwrap(), None);
    assert_eq!(store.verify(&Hash::of(b"never stored")).unwrap(), Some(Damage::Missing));
}

#[test]
fn what_is_no_hash_is_never_a_path() {
    let long = "a".repeat(65);
    for text in ["", "..", "../../etc/passwd", "ABCDEF", &long, &format!("{}/", "a".repeat(63)), &format!("{}A", "a".repeat(63))]
    {
        assert_eq!(Hash::parse(text), None, "{text}");
    }
    assert!(Hash::parse(&"a0".repeat(32)).is_some());
}

#[tokio::test]
async fn a_picture_is_kept_re_encoded_and_never_as_it_came() {
    let folder = Folder::new();
    let store = folder.open();
    let original = photo();
    let stored = store.put_picture(original.clone()).await.unwrap();
    assert_eq!((stored.width, stored.height), (300, 200));
    assert_eq!((stored.full.kind, stored.thumb.kind), (Kind::Jpeg, Kind::Jpeg));
    assert!(!store.has(&Hash::of(&original)));
    assert!(store.has(&stored.full.hash) && store.has(&stored.thumb.hash));
    let refused = store.put_picture(original[..original.len() / 2].to_vec()).await;
    assert!(matches!(refused, Err(Error::Picture(pictures::Refusal::Truncated))));
    assert_eq!((store.picture_counts().done, store.picture_counts().refused), (1, 1));
}
