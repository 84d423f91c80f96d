//! Importing: an older system's reports go in row by row, once; what cannot go in says why.

use crate::verbs::house;
use db::Lane;
use encoding_rs::WINDOWS_1258;
use feedback::import::{self, Import, Summary, Unfit};
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use kernel::{Instant, Point};
use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::path::{Path, PathBuf};
use testkit::{TestCity, both};

const OLD: &str = include_str!("../import/old.toml");
const HEADING: &str = "Số,Nhận,Xong,Sửa,Loại,Trạng thái,Nội dung,Nơi,Tọa độ,Đơn vị,Kênh,Ghi chú";
const POTHOLE: &str = r#"17-001,05/06/2025 08:15,07/06/2025 16:30,,Ổ gà,Xong,Ổ gà sâu trước số 12 Lê Lợi.,"12 Lê Lợi, Hòa Bình","(12.0215, 110.513)",Đội 3,Điện thoại,"đã vá, nhựa nguội""#;
const LAMP: &str =
    "17-002,01/10/2026 19:02,,,Đèn đường,Đang làm,Đèn trước chợ chập chờn.,Chợ Sao Mai,POINT (110.513 12.0215),Đội 5,Ứng dụng,";
const CLERK: &str = "17-003,01/10/2026 09:00,02/10/2026 09:00,,Cán bộ,Hủy,Cán bộ nói năng cộc cằn.,Một cửa,,Nội vụ,Thư,";

fn file(rows: &[&str]) -> String {
    format!("{HEADING}\n{}\n", rows.join("\n"))
}

fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("songhan-import-{}", kernel::Token::random().reveal()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    folder
}

struct Run<'a> {
    map: &'a str,
    refused: Option<&'a Path>,
    dry_run: bool,
}

const PLAIN: Run<'static> = Run { map: OLD, refused: None, dry_run: false };

impl Run<'_> {
    fn on(&self, city: &TestCity, data: &[u8]) -> Result<Summary, import::Fault> {
        let (web, db) = (&city.city, city.db.db());
        let import = Import {
            db: &db,
            city: web.pack.clone(),
            places: &web.places,
            keys: web.keys.clone(),
            mapping_name: "map.toml",
            mapping: self.map,
            refused: self.refused,
            dry_run: self.dry_run,
        };
        import::run(&import, data, |_| ())
    }
}

fn imports(city: &TestCity, rows: &[&str]) -> Summary {
    PLAIN.on(city, file(rows).as_bytes()).unwrap_or_else(|fault| panic!("{fault}"))
}

fn counts(summary: &Summary) -> [u64; 5] {
    [summary.rows, summary.filed, summary.unchanged, summary.changed, summary.refusals()]
}

#[tokio::test]
async fn what_an_older_system_had_is_listed_searched_and_opened() {
    both(house, |city| async move {
        let summary = imports(&city, &[POTHOLE, LAMP, CLERK]);
        assert_eq!(counts(&summary), [3, 3, 0, 0, 0], "{summary}");

        let (list, lan) = ("/reports", city.lan());
        lan.sees(list).await.shows("Ổ gà, 12 Lê Lợi").shows("Đèn đường, Chợ Sao Mai").hides("cộc cằn").hides("OLD-17-003");
        lan.sees("/reports?q=o+ga+le+loi").await.shows("OLD-17-001").hides("OLD-17-002");
        lan.sees("/reports?state=in-progress").await.shows("OLD-17-002").hides("OLD-17-001");
        lan.sees("/reports?area=hoa-binh").await.shows("OLD-17-001").shows("OLD-17-002");
        lan.sees("/reports?q=coc+can").await.hides("OLD-17-003");

        let page = lan.sees("/r/OLD-17-001").await;
        page.shows("Ổ gà sâu trước số 12 Lê Lợi.")
            .shows("8:15, 05/06/2025")
            .shows("16:30, 07/06/2025")
            .shows("12 Lê Lợi, Hòa Bình");
        page.hides("nhựa nguội").hides("Đội 3");
        lan.sees("/r").await.form("/r").fill("code", " old-17-001 ").send().await.is(200).shows("OLD-17-001");
        lan.sees("/r/OLD-17-003").await.hides("cộc cằn").hides("Một cửa");

        // What is still open is on the desk of the unit that answers for it today, without a term.
        let hoa = city.hoa().await;
        hoa.sees("/desk/reports").await.shows("OLD-17-002").hides("OLD-17-001");
        hoa.sees("/desk/reports/OLD-17-002").await.shows("Đèn trước chợ chập chờn.");
        hoa.sees("/desk/reports/OLD-17-001").await.shows("Ổ gà sâu trước số 12 Lê Lợi.");
    })
    .await;
}

#[tokio::test]
async fn an_import_run_again_changes_nothing() {
    both(house, |city| async move {
        imports(&city, &[POTHOLE, LAMP]);
        let before = city.digest(&[]).await;
        let again = imports(&city, &[POTHOLE, LAMP]);
        assert_eq!(counts(&again), [2, 0, 2, 0, 0], "{again}");
        let otherwise = POTHOLE.replace("Đội 3", "Đội 4");
        let changed = imports(&city, &[LAMP, &otherwise]);
        assert_eq!((counts(&changed), changed.first_changed), ([2, 0, 1, 1, 0], vec![3]));
        // A column that the mapping does not name may change: nobody would see it.
        assert_eq!(city.digest(&[]).await, before);
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_says_the_same_and_writes_nothing() {
    both(house, |city| async move {
        imports(&city, &[LAMP]);
        let (before, folder) = (city.digest(&[]).await, folder());
        let refused = folder.join("rows.refused.csv");
        let data = file(&[POTHOLE, LAMP, &CLERK.replace("Cán bộ,", "Chó mèo,")]);
        let dry = Run { dry_run: true, refused: Some(&refused), ..PLAIN }.on(&city, data.as_bytes()).expect("it can be read");
        assert_eq!(city.digest(&[]).await, before);
        assert!(!refused.exists());
        let wet = Run { refused: Some(&refused), ..PLAIN }.on(&city, data.as_bytes()).expect("it can be read");
        assert_eq!(dry, wet);
        assert_eq!(counts(&wet), [3, 1, 1, 0, 1], "{wet}");
        assert!(refused.exists());
        let _ = std::fs::remove_dir_all(folder);
    })
    .await;
}

#[tokio::test]
async fn a_refused_row_says_why_and_goes_in_once_it_is_mended() {
    let city = testkit::sqlite(house).await;
    let cases: [(String, Unfit); 13] = [
        (POTHOLE.replace("17-001", ""), Unfit::NoReference),
        (POTHOLE.replace("17-001", "số 1"), Unfit::Reference("số 1".to_owned())),
        (POTHOLE.replace("05/06/2025 08:15", ""), Unfit::NoTime("Nhận".to_owned())),
        (POTHOLE.replace("05/06/2025 08:15", "31/06/2025 08:15"), Unfit::Time("Nhận".to_owned(), "31/06/2025 08:15".to_owned())),
        (POTHOLE.replace("05/06/2025", "05/06/2027"), Unfit::ToCome("Nhận".to_owned())),
        (POTHOLE.replace("07/06/2025 16:30", ""), Unfit::NotClosed),
        (POTHOLE.replace("Ổ gà,", "Ổ voi,"), Unfit::Category("Ổ voi".to_owned())),
        (POTHOLE.replace(",Xong,", ",xong rồi,"), Unfit::State("xong rồi".to_owned())),
        (POTHOLE.replace("Ổ gà sâu trước số 12 Lê Lợi.", " "), Unfit::NoText),
        (POTHOLE.replace("(12.0215, 110.513)", "(112.0215, 110.513)"), Unfit::Place("(112.0215, 110.513)".to_owned())),
        (POTHOLE.replace("Đội 3,", ""), Unfit::Columns(11, 12)),
        (POTHOLE.replace("Ổ gà sâu", &"Ổ gà ".repeat(900)), Unfit::Long("text", 4_000)),
        (LAMP.to_owned(), Unfit::Twice(2)),
    ];
    let rows: Vec<&str> = std::iter::once(LAMP).chain(cases.iter().map(|(row, _)| row.as_str())).collect();
    let folder = folder();
    let refused = folder.join("rows.refused.csv");
    let run = Run { refused: Some(&refused), ..PLAIN };
    let summary = run.on(&city, file(&rows).as_bytes()).expect("it can be read");
    let expected: Vec<(u64, Unfit)> = cases.iter().zip(3..).map(|((_, why), row)| (row, why.clone())).collect();
    assert_eq!(summary.first_refused, expected);
    assert_eq!(counts(&summary), [14, 1, 0, 0, 13]);

    let written = std::fs::read_to_string(&refused).expect("refused rows are beside");
    assert_eq!(written.lines().count(), 14);
    let line = written.lines().nth(7).expect("an eighth line");
    assert!(line.starts_with(r#"9,"the category `Ổ voi` is not in the mapping, and there is no default",17-001,"#), "{line}");
    // Refused again, it has the two columns once.
    let again = folder.join("again.csv");
    let mended = format!("{}\n{}\n", written.lines().next().expect("a heading"), line);
    Run { refused: Some(&again), ..PLAIN }.on(&city, mended.as_bytes()).expect("it can be read");
    let rewritten = std::fs::read_to_string(&again).expect("refused rows are beside");
    assert_eq!(rewritten.lines().next(), written.lines().next());
    assert!(
        rewritten.lines().nth(1).is_some_and(
            |line| line.starts_with(r#"2,"the category `Ổ voi` is not in the mapping, and there is no default",17-001,"#)
        ),
        "{rewritten}"
    );
    // Mended where it stands, the file goes in by the same mapping.
    let mended: String = written.lines().take(1).chain([line]).collect::<Vec<_>>().join("\n").replace("Ổ voi,", "Ổ gà,");
    let summary = PLAIN.on(&city, mended.as_bytes()).expect("it can be read");
    assert_eq!(counts(&summary), [1, 1, 0, 0, 0], "{summary}");
    let _ = std::fs::remove_dir_all(folder);
}

#[tokio::test]
async fn a_code_that_is_taken_stays_with_its_case() {
    let city = testkit::sqlite(house).await;
    imports(&city, &[POTHOLE]);
    let other = OLD.replace("old-hotline", "older-hotline");
    let summary = Run { map: &other, ..PLAIN }.on(&city, file(&[POTHOLE, LAMP]).as_bytes()).expect("it can be read");
    assert_eq!(summary.first_refused, [(2, Unfit::CodeTaken("OLD-17-001".to_owned()))]);
    assert_eq!(summary.filed, 1);
}

#[tokio::test]
async fn old_letters_and_packed_files_are_read() {
    let city = testkit::sqlite(house).await;
    let packed = |bytes: &[u8]| {
        let mut to = GzEncoder::new(Vec::new(), Compression::fast());
        to.write_all(bytes).expect("it can be packed");
        to.finish().expect("it can be packed")
    };
    // Windows-1258 writes a vowel and its tone apart.
    let apart = |text: &str| {
        let (vowels, tones) = ("aăâeêioôơuưyAĂÂEÊIOÔƠUƯY", ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}']);
        let both = vowels.chars().flat_map(|vowel| tones.map(|tone| format!("{vowel}{tone}")));
        both.fold(text.to_owned(), |text, apart| text.replace(&kernel::nfc(&apart), &apart))
    };
    let text = apart(&file(&[POTHOLE, LAMP]));
    let (bytes, _, lossy) = WINDOWS_1258.encode(&text);
    assert!(!lossy, "{text}");
    let map = OLD.replace("publish = true", "publish = true\nencoding = \"windows-1258\"");
    let summary = Run { map: &map, ..PLAIN }.on(&city, &packed(&bytes)).unwrap_or_else(|fault| panic!("{fault}"));
    assert_eq!(counts(&summary), [2, 2, 0, 0, 0], "{summary}");
    city.lan().sees("/r/OLD-17-001").await.shows("Ổ gà sâu trước số 12 Lê Lợi.");
    // The same bytes are no UTF-8: nothing is guessed.
    let fault = PLAIN.on(&city, &bytes).expect_err("the heading cannot be read");
    assert!(fault.to_string().contains("letters that this encoding does not know"), "{fault}");
}

#[tokio::test]
async fn a_mistake_in_a_mapping_is_told_with_its_place() {
    let pack = testkit::sqlite(house).await.city.pack.clone();
    let heading: Vec<String> = HEADING.split(',').map(str::to_owned).collect();
    let read = |text: String| import::Mapping::read("map.toml", text, &pack, Some(&heading));
    read(OLD.to_owned()).unwrap_or_else(|complaints| panic!("{}", pack::render(&complaints)));
    for (right, wrong, expect) in [
        ("owner =", "ower =", "map.toml:14:1: unknown key `ower`; did you mean `owner`?"),
        ("\"Kênh\"", "\"Kenh\"", "map.toml:15:11: column `Kenh` is unknown; did you mean `Kênh`?"),
        ("{Nội dung}", "{Noi dung}", "map.toml:11:8: column `Noi dung` is unknown; did you mean `Nội dung`?"),
        ("\"pothole\"", "\"pot-hole\"", "map.toml:28:21: category `pot-hole` is unknown; did you mean `pothole`?"),
        ("\"answered\"", "\"closed\"", "known are `received`, `in-progress`, `answered`, `archived`"),
        ("\"Asia/Ho_Chi_Minh\"", "\"Asia/Hanoi\"", "the zone `Asia/Hanoi` is unknown"),
        ("prefix = \"OLD\"", "prefix = \"PA\"", "`PA` is the prefix of this city's own codes"),
        ("%d/%m/%Y %H:%M", "dd/mm/yyyy", "no time can be read by `dd/mm/yyyy`"),
        ("format = 1", "format = 2", "map.toml:2:10: this program reads mappings of format 1"),
        ("reference = \"Số\"\n", "", "`reference` is missing"),
        ("{Nơi}\"\nloc", "{Nơi\"\nloc", "a bracket without its partner"),
        ("publish = true", "publish = true\nencoding = \"tcvn3\"", "the encoding `tcvn3` is unknown"),
    ] {
        let text = OLD.replacen(right, wrong, 1);
        assert_ne!(text, OLD, "{right}");
        let complaints = read(text).expect_err(expect);
        let told = complaints.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        assert!(told.contains(expect), "expected: {expect}\ntold: {told}");
    }
}

// ---- real requests of another city ----

const LA: [(&str, &str); 4] = [
    ("la311_2017-12.csv.gz", include_str!("../import/la311.toml")),
    ("la311_2018-01.csv.gz", include_str!("../import/la311.toml")),
    ("la311_2018-12.csv.gz", include_str!("../import/la311.toml")),
    ("la311_2020-01.csv.gz", include_str!("../import/la311-2020.toml")),
];
/// The columns that the mappings name.
const KEPT: [&str; 20] = [
    "SRNumber",
    "CreatedDate",
    "ClosedDate",
    "UpdatedDate",
    "ServiceDate",
    "RequestType",
    "ActionTaken",
    "Status",
    "RequestSource",
    "Owner",
    "AssignTo",
    "Address",
    "ZipCode",
    "Latitude",
    "Longitude",
    "Location",
    "CD",
    "NCName",
    "PolicePrecinct",
    "_daystoclose",
];

/// Rows of each file in the short form of the story: all of them take a minute on a busy machine.
const SOME: usize = 1_000;

fn shared() -> Option<PathBuf> {
    let usual = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folder = std::env::var_os("SONGHAN_SHARED").map_or_else(usual, PathBuf::from).join("data/requests311");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no real requests in {} (SONGHAN_SHARED names the folder of shared data)", folder.display());
    None
}

/// A row of a file, by the names that the older files give the columns.
type Row = HashMap<String, String>;

/// The first rows of a file, as they stand there, and read without the program's own reader.
fn rows_of(packed: &[u8], most: usize) -> (Vec<u8>, Vec<Row>) {
    let mut text = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(packed), &mut text).expect("it is packed by gzip");
    let mut reader = csv::Reader::from_reader(text.as_slice());
    let usual = |name: &str| {
        KEPT.iter().find(|kept| kept.eq_ignore_ascii_case(name)).map_or_else(|| name.to_owned(), |kept| (*kept).to_owned())
    };
    let names: Vec<String> = reader.headers().expect("a heading").iter().map(usual).collect();
    let (mut rows, mut record) = (Vec::new(), csv::StringRecord::new());
    while rows.len() < most && reader.read_record(&mut record).expect("a row") {
        rows.push(names.iter().cloned().zip(record.iter().map(str::to_owned)).collect());
    }
    let end = usize::try_from(reader.position().byte()).expect("a small file");
    text.truncate(end);
    (text, rows)
}

/// `12/31/2018 11:55:30 PM` or `2020-01-01 00:05:00` of Los Angeles, read without the program's own reader.
fn moment(written: &str, zone: &TimeZone) -> Instant {
    let n = |range: std::ops::Range<usize>| written[range].parse::<i16>().expect("digits");
    let (year, month, day) =
        if written.as_bytes()[2] == b'/' { (n(6..10), n(0..2), n(3..5)) } else { (n(0..4), n(5..7), n(8..10)) };
    let hour = match written.get(20..) {
        Some("PM") => n(11..13) % 12 + 12,
        Some("AM") => n(11..13) % 12,
        _ => n(11..13),
    };
    let small = |n: i16| i8::try_from(n).expect("small");
    let civil =
        DateTime::new(year, small(month), small(day), small(hour), small(n(14..16)), small(n(17..19)), 0).expect("a time");
    Instant::from_civil(civil, zone)
}

/// What the database has of a row, through the functions that pages use.
struct Stored {
    import: feedback::store::Import,
    case: cases::Case,
    details: feedback::store::Details,
}

async fn stored(city: &TestCity, references: Vec<String>) -> Vec<Stored> {
    let read = move |rd: &mut db::Rd<'_>| {
        let one = |reference: &String| -> db::Result<Stored> {
            let import = feedback::store::import(rd, "la311", reference)?.ok_or(db::Error::NotFound)?;
            let (case, details) = (cases::by_id(rd, import.case_id)?, feedback::store::details(rd, import.case_id)?);
            Ok(Stored { import, case, details })
        };
        references.iter().map(one).collect::<db::Result<Vec<_>>>()
    };
    city.city.read(Lane::Comfort, read).await.unwrap_or_else(|why: db::Error| panic!("every row is there: {why}"))
}

fn same(row: &Row, stored: &Stored, zone: &TimeZone) {
    let of = |column: &str| row[column].as_str();
    let reference = of("SRNumber");
    let kept: BTreeMap<String, String> = serde_json::from_str(&stored.import.mapped).expect("kept as JSON");
    let expected: usize = KEPT.iter().filter(|column| row.contains_key(**column)).count();
    assert_eq!(kept.len(), expected, "{reference}");
    for (column, value) in &kept {
        let column = KEPT.iter().find(|kept| kept.eq_ignore_ascii_case(column)).expect("a column that is mapped");
        assert_eq!(value, of(column), "{reference} {column}");
    }
    let (case, details) = (&stored.case, &stored.details);
    assert_eq!(case.code, format!("LA-{reference}"));
    assert_eq!((case.channel.as_str(), case.flags, case.confidentiality), ("import", cases::Flags::IMPORTED, 0), "{reference}");
    assert_eq!(case.received_at, moment(of("CreatedDate"), zone), "{reference}");
    let (public, ended) = match of("Status") {
        "Open" => ("received", false),
        "Pending" => ("in-progress", false),
        "Closed" => ("answered", true),
        _ => ("archived", true),
    };
    let closed = if of("ClosedDate").is_empty() { of("UpdatedDate") } else { of("ClosedDate") };
    let closed_at = ended.then(|| moment(closed, zone));
    assert_eq!((case.public.key(), case.closed_at), (public, closed_at), "{reference}");
    assert_eq!(case.published_at, Some(closed_at.unwrap_or(case.received_at)), "{reference}");
    let category = match of("RequestType") {
        "Graffiti Removal" | "Homeless Encampment" => "sidewalk",
        "Single Streetlight Issue" | "Multiple Streetlight Issue" => "street-light",
        "Report Water Waste" => "drain",
        "Other" | "Feedback" => "other",
        _ => "waste",
    };
    assert_eq!(case.category, category, "{reference}");
    let degree = |column| of(column).parse::<f64>().ok();
    let point = degree("Latitude").zip(degree("Longitude")).map(|(lat, long)| Point { lat, long });
    assert_eq!((case.point, case.area.as_str()), (point, ""), "{reference}");
    assert_eq!(case.bodies.received.as_deref(), Some(of("Owner")), "{reference}");
    assert_eq!(
        details.public_text.as_deref(),
        Some(format!("{}. {}", of("RequestType"), of("ActionTaken")).as_str()),
        "{reference}"
    );
    assert_eq!(details.public_address.as_deref(), Some(of("Address")), "{reference}");
    // A title stands on one line, in single spaces; address and text stay as they are.
    let title = format!("{}, {}", of("RequestType"), of("Address"));
    assert_eq!(case.title, title.split_whitespace().collect::<Vec<_>>().join(" "), "{reference}");
}

/// Every published report, page by page.
async fn listed(city: &TestCity, state: Option<cases::PublicState>) -> usize {
    let (mut after, mut all) = (cases::After::NEWEST, 0);
    loop {
        let filter = cases::Filter { kind: "report".to_owned(), public: state, ..cases::Filter::default() };
        let page = city.city.read(Lane::Comfort, move |rd| cases::published(rd, &filter, after, 500)).await;
        let page: Vec<cases::Case> = page.unwrap_or_else(|why: db::Error| panic!("{why}"));
        let Some(last) = page.last() else { return all };
        after = cases::After { at: last.published_at.expect("published"), id: last.id };
        all += page.len();
    }
}

#[tokio::test]
async fn real_requests_go_in_and_read_back_the_same() {
    let Some(folder) = shared() else { return };
    let long = std::env::var_os("SONGHAN_LONG").is_some();
    let most = if long { usize::MAX } else { SOME };
    if !long {
        println!("short form: the first {SOME} rows of each file; SONGHAN_LONG=1 takes all 39,999");
    }
    let migrations = manifest::House::new(house()).migrations();
    let db = db::test::sqlite_with(&migrations, |config| config.run_twice = false);
    let city = TestCity::open(house(), db, web::Settings::default()).await;
    let zone = TimeZone::get("America/Los_Angeles").expect("a zone");
    let (mut all, mut states) = (0, HashMap::<&str, usize>::new());
    for (name, map) in LA {
        let packed = std::fs::read(folder.join(name)).expect("the file is there");
        let (some, rows) = rows_of(&packed, most);
        // A whole file goes in as it lies there, packed.
        let data = if long { packed } else { some };
        let (run, begun) = (Run { map, ..PLAIN }, std::time::Instant::now());
        let summary = run.on(&city, &data).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        let n = rows.len() as u64;
        println!("{name}: {n} rows filed in {:?}, {:.0} rows/s", begun.elapsed(), n as f64 / begun.elapsed().as_secs_f64());
        assert_eq!(counts(&summary), [n, n, 0, 0, 0], "{name}: {summary}");
        for part in rows.chunks(250) {
            let references = part.iter().map(|row| row["SRNumber"].clone()).collect();
            for (row, stored) in part.iter().zip(stored(&city, references).await) {
                same(row, &stored, &zone);
                *states.entry(stored.case.public.key()).or_default() += 1;
            }
        }
        let again = run.on(&city, &data).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        assert_eq!(counts(&again), [n, 0, n, 0, 0], "{name}: {again}");
        all += rows.len();

        // Each file's first request is found by its words and opened.
        let (first, lan) = (&rows[0], city.lan());
        let code = format!("LA-{}", first["SRNumber"]);
        let words: String = format!("{} {}", first["RequestType"], first["Address"]);
        lan.sees(&format!("/reports?q={}", kernel::fold(&words).replace(' ', "+"))).await.shows(&code);
        lan.sees(&format!("/r/{code}")).await.shows(&first["Address"]).shows(&first["ActionTaken"]);
    }
    assert_eq!(all, if long { 39_999 } else { 4 * SOME });
    assert_eq!(listed(&city, None).await, all);
    for state in cases::PublicState::ALL {
        assert_eq!(listed(&city, Some(*state)).await, states.get(state.key()).copied().unwrap_or(0), "{}", state.key());
    }
    city.lan().sees("/reports").await.shows("LA-1-");
    city.lan().sees("/reports?q=graffiti&state=answered").await.shows("Graffiti Removal");
}
