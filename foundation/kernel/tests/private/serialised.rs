#[derive(serde::Serialize)]
struct PublicReport {
    phone: kernel::Private<String>,
}
fn main() {
    let phone = kernel::Private::new(String::from("0905 123 456"));
    let _ = PublicReport { phone };
}
