//! Checks our texts and makes them functions.

fn main() {
    texts::compile("texts");
}
