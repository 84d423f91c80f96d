//! P2: a private value cannot be printed, logged, serialised or put where the public reads. Each file beside this one must fail to
//! compile, for the reason that stands in its `.stderr`.

#[test]
fn a_private_value_cannot_leave_by_formatting_or_serialising() {
    trybuild::TestCases::new().compile_fail("tests/private/*.rs");
}
