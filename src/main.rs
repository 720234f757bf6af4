//! The command line. Everything is in the library; this file gives it a runtime and an exit code.

use std::process::ExitCode;

use clap::Parser as _;
use maitrise::command::Cli;

#[tokio::main]
async fn main() -> ExitCode {
    match Cli::parse().run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("maitrise: {error:#}");
            ExitCode::FAILURE
        }
    }
}
