//! The command line. Each command has help and an example; what each does stands in the file of its name.

use crate::settings::{Said, Settings, Wrong};
use crate::{bench, check, demo, import, logs, official, serve, verify};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// The platform of a city: what people report, and what the city does about it.
#[derive(Parser)]
#[command(name = "songhan", version, about, max_term_width = 110)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve a city.
    #[command(after_help = "Example:\n  songhan serve --listen 127.0.0.1:8022 --data data --pack packs/sample\n\n\
        Every setting can also stand in the environment (SONGHAN_LISTEN=…) or in a TOML file (listen = \"…\"); flags are strongest, the file is weakest.")]
    Serve {
        #[command(flatten)]
        said: Flags,
    },
    /// Fill a fresh database with the pack's demonstration: people of every role and reports. Does nothing the second time.
    #[command(after_help = "Example:\n  songhan demo --data data --pack packs/sample --serve")]
    Demo {
        #[command(flatten)]
        said: Flags,
        /// Serve the city afterwards.
        #[arg(long)]
        serve: bool,
    },
    /// Check a city pack, and say like a compiler what is wrong with it.
    #[command(after_help = "Example:\n  songhan check packs/sample")]
    Check {
        /// The pack's folder.
        #[arg(value_name = "PACK")]
        pack: PathBuf,
    },
    /// Bring in what an older system holds.
    #[command(
        after_help = "Example:\n  songhan import cases old.csv --mapping map.toml --dry-run --data data --pack packs/sample"
    )]
    Import {
        #[command(subcommand)]
        what: Imports,
    },
    /// Check the journal against its chain and its seals, every case's rows against its journal, and every file against its name.
    #[command(after_help = "Example:\n  songhan verify --data data --pack packs/sample")]
    Verify {
        #[command(flatten)]
        said: Flags,
    },
    /// Measure what requests cost among a million cases, on a database of its own.
    #[command(after_help = "Example:\n  songhan bench --quick --pack packs/sample --json bench.json")]
    Bench {
        /// Write the results there as well.
        #[arg(long, value_name = "FILE")]
        json: Option<PathBuf>,
        /// 20,000 cases instead of 1,000,000.
        #[arg(long)]
        quick: bool,
        /// Keep the filled database in this folder, and use it again the next time.
        #[arg(long, value_name = "FOLDER")]
        keep: Option<PathBuf>,
        /// The folder of the city pack.
        #[arg(long, value_name = "FOLDER", default_value = "packs/sample", env = "SONGHAN_PACK")]
        pack: PathBuf,
        /// An empty database, sqlite:PATH or postgres://…; a file of its own, unless said.
        #[arg(long, value_name = "ADDRESS")]
        database: Option<String>,
        /// How long each kind of request is measured.
        #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
        seconds: u64,
    },
    /// Manage officials from the command line.
    #[command(
        after_help = "Example:\n  songhan official add --role administrator --unit dispatch-center --sign-in hoa --name \"Trần Thị Hoa\" --data data --pack packs/sample"
    )]
    Official {
        #[command(subcommand)]
        act: Officials,
    },
    /// Re-encodes one picture from standard input: the server calls this in a child process with bounded memory.
    #[command(hide = true)]
    Picture,
}

#[derive(Subcommand)]
enum Imports {
    /// Reports from a file of rows (CSV, plain or gzip). It can be run again: what is filed stays as it is.
    #[command(
        after_help = "Exit code:\n  0  every row is filed\n  1  the import could not be done\n  2  the command was not understood\n  \
        3  rows were refused, the others are filed (with --dry-run: would be)\n\n\
        Example:\n  songhan import cases old.csv --mapping map.toml --dry-run --data data --pack packs/sample"
    )]
    Cases {
        #[command(flatten)]
        said: Flags,
        /// The file of rows; `-` is standard input.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// How its columns are read: a TOML file.
        #[arg(long, value_name = "MAP")]
        mapping: PathBuf,
        /// Check everything, write nothing.
        #[arg(long)]
        dry_run: bool,
        /// Where refused rows are written with their reasons; beside the file, unless said.
        #[arg(long, value_name = "FILE")]
        refused: Option<PathBuf>,
    },
}

#[derive(Subcommand)]
enum Officials {
    /// Add an official; the one-time password is printed once and stored nowhere.
    #[command(
        after_help = "Example:\n  songhan official add --role administrator --unit dispatch-center --sign-in hoa --name \"Trần Thị Hoa\" --data data --pack packs/sample"
    )]
    Add {
        #[command(flatten)]
        said: Flags,
        /// The role, a key of the pack's roles.toml.
        #[arg(long, value_name = "ROLE")]
        role: String,
        /// The unit, a key of the pack's units.toml; the desk that receives what no rule routes, unless said.
        #[arg(long, value_name = "UNIT")]
        unit: Option<String>,
        /// What she will type to sign in; the role, unless said.
        #[arg(long, value_name = "NAME")]
        sign_in: Option<String>,
        /// Her full name; the name to sign in with, unless said.
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
    },
}

/// The settings as flags.
#[derive(Args, Clone, Default)]
pub(crate) struct Flags {
    /// Where to listen [environment: SONGHAN_LISTEN; usual: 127.0.0.1:8022]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// The folder of this city's data [environment: SONGHAN_DATA; usual: data]
    #[arg(long, value_name = "FOLDER")]
    data: Option<String>,
    /// The folder of the city pack [environment: SONGHAN_PACK]
    #[arg(long, value_name = "FOLDER")]
    pack: Option<String>,
    /// The database, sqlite:PATH or postgres://… [environment: SONGHAN_DATABASE; usual: sqlite:DATA/songhan.db]
    #[arg(long, value_name = "ADDRESS")]
    database: Option<String>,
    /// The address that people type, such as https://songhan.example [environment: SONGHAN_ORIGIN]
    #[arg(long, value_name = "ORIGIN")]
    origin: Option<String>,
    /// Addresses of trusted proxies, separated by commas [environment: SONGHAN_PROXIES]
    #[arg(long, value_name = "ADDRESSES")]
    proxies: Option<String>,
    /// Whether requests are counted: on, or off on a loopback address [environment: SONGHAN_LIMITS; usual: on]
    #[arg(long, value_name = "ON|OFF")]
    limits: Option<String>,
    /// Connections at once [environment: SONGHAN_CONNECTIONS; usual: 4096]
    #[arg(long, value_name = "NUMBER")]
    connections: Option<String>,
    /// This process's number among those on one database [environment: SONGHAN_NODE; usual: 0]
    #[arg(long, value_name = "NUMBER")]
    node: Option<String>,
    /// How logs are written: text or json [environment: SONGHAN_LOGS; usual: text]
    #[arg(long, value_name = "TEXT|JSON")]
    logs: Option<String>,
    /// A TOML file with settings [environment: SONGHAN_CONFIG]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Flags {
    /// All settings, from flags, environment and file.
    pub(crate) fn settings(&self) -> Result<Settings, Wrong> {
        let environment = |name: &str| std::env::var(name).ok();
        let config = self.config.clone().or_else(|| environment("SONGHAN_CONFIG").map(PathBuf::from));
        let file = match config {
            None => None,
            Some(path) => {
                let text = std::fs::read_to_string(&path)
                    .map_err(|e| Wrong(format!("{}: the settings file cannot be read: {e}", path.display())))?;
                Some((path, text))
            }
        };
        let flags = [
            ("listen", self.listen.clone()),
            ("data", self.data.clone()),
            ("pack", self.pack.clone()),
            ("database", self.database.clone()),
            ("origin", self.origin.clone()),
            ("proxies", self.proxies.clone()),
            ("limits", self.limits.clone()),
            ("connections", self.connections.clone()),
            ("node", self.node.clone()),
            ("logs", self.logs.clone()),
        ];
        Settings::from_said(&Said::gather(&flags, environment, file)?)
    }
}

/// Why a command ended without doing what it was asked: a sentence for whoever typed it.
pub(crate) struct Failed(pub String);

impl<E: std::error::Error> From<E> for Failed {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// Reads the command line, does what it says, and gives the exit code: 0 done, 1 not done, 2 not understood, 3 done but for the rows of an
/// import that were refused.
#[must_use]
pub fn run() -> ExitCode {
    let line = match Line::try_parse() {
        Ok(line) => line,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let done = match line.command {
        Command::Picture => pictures::apart::serve_child(std::io::stdin(), std::io::stdout()).map_err(Failed::from),
        Command::Check { pack } => check::run(&pack),
        Command::Serve { said } => with(&said, serve::run),
        Command::Demo { said, serve } => with(&said, |settings| demo::run(settings, serve)),
        Command::Import { what: Imports::Cases { said, file, mapping, dry_run, refused } } => {
            match with(&said, |settings| import::cases(settings, import::Wanted { file, mapping, dry_run, refused })) {
                Ok(import::Rows::SomeRefused) => return ExitCode::from(3),
                Ok(import::Rows::AllFiled) => Ok(()),
                Err(failed) => Err(failed),
            }
        }
        Command::Verify { said } => with(&said, verify::run),
        Command::Bench { json, quick, keep, pack, database, seconds } => {
            bench::run(&bench::Wanted { json, quick, keep, pack, database, seconds })
        }
        Command::Official { act: Officials::Add { said, role, unit, sign_in, name } } => {
            with(&said, |settings| official::add(settings, role, unit, sign_in, name))
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failed(why)) => {
            if !why.is_empty() {
                eprintln!("songhan: {why}");
            }
            ExitCode::FAILURE
        }
    }
}

fn with<T>(said: &Flags, act: impl FnOnce(Settings) -> Result<T, Failed>) -> Result<T, Failed> {
    let settings = said.settings()?;
    logs::begin(settings.logs);
    act(settings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn every_command_has_help_and_an_example() {
        let line = Line::command();
        line.clone().debug_assert();
        for command in line.get_subcommands().filter(|command| !command.is_hide_set()) {
            assert!(command.get_about().is_some(), "{} says nothing about itself", command.get_name());
            let example = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(example.contains(&format!("songhan {}", command.get_name())), "{} has no example", command.get_name());
        }
    }
}
