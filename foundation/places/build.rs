//! Makes the words of this room typed functions.

fn main() {
    texts::compile("texts");
}
