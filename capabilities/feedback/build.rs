//! Checks the words of this room and makes them functions.

fn main() {
    texts::compile("texts");
}
