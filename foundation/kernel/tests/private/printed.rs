fn main() {
    let phone = kernel::Private::new(String::from("0905 123 456"));
    println!("{phone}");
}
