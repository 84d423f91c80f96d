struct PublicReport {
    title: String,
}
fn main() {
    let phone = kernel::Private::new(String::from("0905 123 456"));
    let view = PublicReport { title: phone };
    println!("{}", view.title);
}
