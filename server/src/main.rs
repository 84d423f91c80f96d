//! The program `songhan`: see `command.rs`.

use std::process::ExitCode;

fn main() -> ExitCode {
    songhan::command::run()
}
