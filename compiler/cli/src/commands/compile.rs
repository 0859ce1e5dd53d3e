//! `flatwright compile`.

use std::path::Path;

use anyhow::{Result, bail};
use flatwright::{Compilation, Format, Options, Profile, SpecFile, TemplateNames};

use crate::args::{self, Color};
use crate::disk::read_spec;
use crate::exit::Code;
use crate::output;
use crate::report::{self, Stream};
use crate::world::Disk;

/// What no object can say: the gate that every machine config of Flatcar depends on is set where the providers are installed.
const PREFLIGHT: &str =
    "the management cluster must have been made with EXP_KUBEADM_BOOTSTRAP_FORMAT_IGNITION=true (`clusterctl init`)";

pub(crate) fn run(command: &args::Compile, color: Color) -> Result<Code> {
    let to_stream = command.output == Path::new("-");
    if command.check && to_stream {
        bail!("`--check` compares with a directory: add `-o DIR`");
    }
    if command.specs.iter().chain(&command.policies).filter(|spec| spec.as_path() == Path::new("-")).count() > 1 {
        bail!("standard input can be read once only");
    }
    let files = command.specs.iter().map(|path| read_spec(path)).collect::<Result<Vec<SpecFile>>>()?;
    let policies = command.policies.iter().map(|path| read_spec(path)).collect::<Result<Vec<SpecFile>>>()?;
    let compilation = flatwright::compile(&files, &Disk, &Options { policies, ..options(command) });
    if command.trace_plugins {
        compilation.calls().for_each(report::call);
    } else {
        compilation.calls().for_each(report::loud_lines);
    }
    let Compilation { sources, report, clusters, failure, .. } = compilation;
    let code = report::present(report, &sources, None, &command.findings, Stream::Error, color)?;
    if let Some(reason) = failure {
        bail!("{reason}");
    }
    if code != Code::Success {
        return Ok(code);
    }
    let format = match command.format {
        args::Format::Yaml => Format::Yaml,
        args::Format::Json => Format::Json,
    };
    if to_stream {
        output::print(&flatwright::stream(&clusters, format))?;
        return Ok(Code::Success);
    }
    let files = flatwright::files(&clusters, format);
    if command.check {
        let differences = output::differences(&command.output, &files)?;
        differences.iter().for_each(|difference| report::line(difference));
        return Ok(if differences.is_empty() { Code::Success } else { Code::Findings });
    }
    output::write(&command.output, &files)?;
    let count = files.len();
    report::line(&format!("wrote {count} files to {}", command.output.display()));
    report::line(PREFLIGHT);
    Ok(Code::Success)
}

fn options(command: &args::Compile) -> Options {
    Options {
        contract: match command.contract {
            args::Contract::V1beta2 => flatwright::Contract::V1Beta2,
            args::Contract::V1beta1 => flatwright::Contract::V1Beta1,
        },
        template_names: match command.template_names {
            args::TemplateNames::Hashed => TemplateNames::Hashed,
            args::TemplateNames::Plain => TemplateNames::Plain,
        },
        profile: match command.compat {
            Some(args::Compat::Capz) => Profile::Capz,
            None => Profile::Flatwright,
        },
        allows_experimental: command.experimental,
        today: command.today,
        ..Options::default()
    }
}
