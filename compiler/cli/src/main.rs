//! The `flatwright` command. Everything is in the modules; this only turns an outcome into an exit code.

mod args;
mod az;
mod clock;
mod commands;
mod directory;
mod disk;
mod exit;
mod fence;
mod fetching;
mod files_dir;
mod git;
mod inputs;
mod lists;
mod lock_file;
mod output;
mod pages;
mod plugin_host;
mod plugin_root;
mod report;
mod subscription;
mod walk;
mod world;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    if let Some(code) = plugin_host::serve_compiler() {
        return code;
    }
    let arguments = args::Arguments::parse();
    match commands::run(&arguments) {
        Ok(code) => code.into(),
        Err(error) if exit::is_broken_pipe(&error) => exit::Code::Success.into(),
        Err(error) => {
            report::environment_error(&error);
            exit::Code::Environment.into()
        }
    }
}
