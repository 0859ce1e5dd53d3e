//! `flatwright compile`.

use std::path::Path;

use anyhow::{Result, bail};
use flatwright::{Compilation, Format, Options, SpecFile, SpecStyle};
use flatwright_diagnostic::Report;

use crate::args::{self, Color};
use crate::directory::{self, Job, Written};
use crate::disk::read_spec;
use crate::exit::Code;
use crate::output;
use crate::report::{self, Stream};
use crate::subscription;
use crate::world::Disk;

/// What no object can say: the gate that every machine config of Flatcar depends on is set where the providers are installed.
const PREFLIGHT: &str =
    "the management cluster must have been made with EXP_KUBEADM_BOOTSTRAP_FORMAT_IGNITION=true (`clusterctl init`)";

pub(crate) fn run(command: &args::Compile, color: Color) -> Result<Code> {
    let to_stream = command.output == Path::new("-");
    if command.check && to_stream {
        bail!("`--check` compares with a directory: add `-o DIR`");
    }
    for (flag, is_given) in [("overwrite", command.overwrite), ("prune", command.prune)] {
        if is_given && to_stream {
            bail!("`--{flag}` is about a directory: add `-o DIR`");
        }
    }
    if command
        .specs
        .iter()
        .chain(&command.policies)
        .chain(&command.skus)
        .chain(&command.usage)
        .filter(|spec| spec.as_path() == Path::new("-"))
        .count()
        > 1
    {
        bail!("standard input can be read once only");
    }
    let files = command.specs.iter().map(|path| read_spec(path)).collect::<Result<Vec<SpecFile>>>()?;
    let policies = command.policies.iter().map(|path| read_spec(path)).collect::<Result<Vec<SpecFile>>>()?;
    let (skus, usage) = (command.skus.as_deref(), command.usage.as_deref());
    let subscription = match subscription::read(skus, usage, &command.findings, Stream::Error, color)? {
        Ok(subscription) => subscription,
        Err(code) => return Ok(code),
    };
    let options = Options { policies, subscription, ..options(command) };
    let compilation = flatwright::compile(&files, &Disk::new(&command.variables), &options);
    if command.trace_plugins {
        compilation.calls().for_each(report::call);
    } else {
        compilation.calls().for_each(report::loud_lines);
    }
    let Compilation { mut sources, mut report, clusters, failure, .. } = compilation;
    report::select(&mut report, &sources, &command.findings)?;
    let show = |report: &_, sources: &_| report::show(report, sources, None, &command.findings, Stream::Error, color);
    if failure.is_some() || report.has_errors() || to_stream {
        let code = show(&report, &sources)?;
        return match failure {
            Some(reason) => bail!("{reason}"),
            None if code == Code::Success => {
                output::print(&flatwright::stream(&clusters, format(command)))?;
                Ok(code)
            }
            None => Ok(code),
        };
    }
    let job = Job {
        directory: &command.output,
        clusters: &clusters,
        asked: flatwright::directory::Asked { format: format(command), prunes: command.prune },
        overwrites: command.overwrite,
    };
    let mut found = Report::new();
    let done = if command.check {
        directory::check(&job, &mut sources, &mut found).map(|()| None)
    } else {
        directory::write(&job, &mut sources, &mut found)
    };
    report::add(&mut report, found, &sources, &command.findings)?;
    let code = show(&report, &sources)?;
    if let Some(written) = done?.filter(|_| code == Code::Success) {
        report::line(&words(written, &command.output));
        report::line(PREFLIGHT);
    }
    Ok(code)
}

fn words(written: Written, directory: &Path) -> String {
    let Written { files, written, removed, overwritten } = written;
    let directory = directory.display();
    if (written, removed) == (0, 0) {
        return format!("{directory} is up to date: {files} files");
    }
    let mut words = format!("wrote {written} files to {directory}");
    for (count, what) in [(files - written, "are as they were"), (removed, "are removed")] {
        if count > 0 {
            words.push_str(&format!(", {count} {what}"));
        }
    }
    if overwritten > 0 {
        words.push_str(&format!("; {overwritten} of them had been edited, or were somebody else's"));
    }
    words
}

fn format(command: &args::Compile) -> Format {
    match command.format {
        args::Format::Yaml => Format::Yaml,
        args::Format::Json => Format::Json,
    }
}

fn options(command: &args::Compile) -> Options {
    let SpecStyle { contract, template_names, profile } = command.style.of_specs();
    Options {
        contract,
        template_names,
        profile,
        allows_experimental: command.experimental,
        today: command.today,
        is_locked: command.locked,
        ..Options::default()
    }
}
