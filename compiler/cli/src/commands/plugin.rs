//! `flatwright plugin`: thin commands over the author tools.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flatwright_plugin_host::{Failure, Hook, Limits, Plugin, Source, inspect};
use flatwright_plugin_kit::{self as kit, Case, Error, SdkSource};

use crate::args::{self, Color, PluginLanguage};
use crate::disk::read_spec;
use crate::exit::Code;
use crate::world::Disk;
use crate::{disk, output, plugin_host, report};

pub(crate) fn run(command: &args::Plugin, color: Color) -> Result<Code> {
    let done = match command {
        args::Plugin::New(command) => new(command),
        args::Plugin::Build(command) => build(command),
        args::Plugin::Check(command) => check(command),
        args::Plugin::Inspect(command) => inspect_file(command),
        args::Plugin::Run(command) => try_out(command, color),
        args::Plugin::Test(command) => test(command),
        args::Plugin::Bench(command) => bench(command),
    };
    plugin_host::tell_trouble();
    // What is wrong with the plugin is a finding; what is wrong with the machine ends as every environment error does.
    done.or_else(|error| match error.downcast::<Error>() {
        Ok(Error::Plugin(Failure::Plugin(diagnostic))) => {
            report::unplaced(&diagnostic);
            Ok(Code::Findings)
        }
        Ok(error) if error.is_environment() => Err(error.into()),
        Ok(error) => {
            report::line(&format!("error: {error}"));
            Ok(Code::Findings)
        }
        Err(error) => Err(error),
    })
}

fn new(command: &args::New) -> Result<Code> {
    let language = match command.lang {
        PluginLanguage::Rust => kit::Language::Rust,
        PluginLanguage::Python => kit::Language::Python,
        PluginLanguage::Js => kit::Language::JavaScript,
        PluginLanguage::C => kit::Language::C,
    };
    let sdk = match &command.sdk {
        None => SdkSource::Repository,
        Some(path) => SdkSource::at(path)?,
    };
    let wanted = command.hook.iter().map(|name| hook(name)).collect::<Result<Vec<_>>>()?;
    let hooks: Vec<Hook> = Hook::ALL.into_iter().filter(|hook| wanted.contains(hook)).collect();
    let files = kit::new_project(&command.name, language, &hooks, &sdk)?;
    kit::write_project(Path::new(&command.name), &files)?;
    let (count, name) = (files.len(), &command.name);
    report::line(&format!("wrote {count} files to {name}; next: cd {name} && flatwright plugin build"));
    Ok(Code::Success)
}

fn build(command: &args::Build) -> Result<Code> {
    let build = if command.debug { kit::build_for_debugging } else { kit::build };
    let built = build(&plugin_host::shared(), &command.project, command.output.as_deref())?;
    warn(&built);
    output::print(&built.to_string())?;
    Ok(Code::Success)
}

/// What the language's compiler has to say about the plugin.
fn warn(built: &kit::Built) {
    built.warnings.lines().for_each(report::line);
}

fn check(command: &args::Check) -> Result<Code> {
    let component = disk::read(&command.file)?;
    let cases = cases(command.cases.as_deref().or(command.rebuild.as_deref()))?;
    let host = plugin_host::shared();
    let mut is_sound = true;
    if let Some(project) = &command.rebuild {
        let rebuilt = kit::compare_builds(&host, &component, project, &cases)?;
        output::print(&rebuilt.to_string())?;
        is_sound = rebuilt.is_sound();
    }
    let checked = kit::check(&host, &name_of(&command.file), &component, &cases)?;
    output::print(&checked.to_string())?;
    Ok(if is_sound && checked.is_fit() { Code::Success } else { Code::Findings })
}

fn inspect_file(command: &args::Inspect) -> Result<Code> {
    let component = disk::read(&command.file)?;
    let failed = |diagnostic| Error::Plugin(Failure::Plugin(diagnostic));
    let inspection = inspect(&name_of(&command.file), &component).map_err(failed)?;
    let text = if command.json {
        serde_json::to_string_pretty(&inspection).context("failed to write JSON")? + "\n"
    } else {
        kit::inspect_text(&inspection)
    };
    output::print(&text)?;
    Ok(Code::Success)
}

fn test(command: &args::Test) -> Result<Code> {
    let component = match &command.plugin {
        Some(file) => disk::read(file)?,
        None => {
            let (component, built) = kit::build_if_changed(&plugin_host::shared(), &command.project)?;
            built.iter().for_each(warn);
            component
        }
    };
    let name = command.plugin.as_deref().map_or_else(|| name_of(&command.project), name_of);
    let plugin = load(&name, &component)?;
    let tested = kit::test(&plugin, &kit::find_cases(&command.project)?, command.bless)?;
    output::print(&tested.to_string())?;
    Ok(if tested.is_passed() { Code::Success } else { Code::Findings })
}

fn bench(command: &args::Bench) -> Result<Code> {
    let component = disk::read(&command.file)?;
    let plugin = load(&name_of(&command.file), &component)?;
    let lines: String = kit::bench(&plugin, &cases(command.cases.as_deref())?, command.calls)?
        .iter()
        .map(|bench| format!("{bench}\n"))
        .collect();
    output::print(&lines)?;
    Ok(Code::Success)
}

/// Without a spec, the plain question of each hook; with one, a compile with the plugin in it, of which only its own calls are shown.
fn try_out(command: &args::Run, color: Color) -> Result<Code> {
    let file = match &command.file {
        Some(file) => file.clone(),
        None => only_component()?,
    };
    let component = disk::read(&file)?;
    let settings = command.settings.as_deref().map(serde_json::from_str::<serde_json::Value>).transpose();
    let settings = settings.context("`--settings` is not JSON")?;
    let hook = command.hook.as_deref().map(hook).transpose()?;
    let plugin = load(&name_of(&file), &component)?;
    if let Some(hook) = hook.filter(|hook| !plugin.hooks().contains(hook)) {
        report::line(&format!("error: `{}` does not have the hook `{hook}`", file.display()));
        return Ok(Code::Findings);
    }
    let Some(spec) = &command.spec else {
        let mut code = Code::Success;
        let schema = plugin.description().settings_schema.as_deref().unwrap_or_default();
        let secrets = kit::Secrets::of_settings(schema, settings.as_ref().unwrap_or(&serde_json::Value::Null));
        let masked = |failure| match failure {
            Failure::Plugin(mut diagnostic) => {
                secrets.mask(&mut diagnostic);
                Error::Plugin(Failure::Plugin(diagnostic))
            }
            failure => Error::from(failure),
        };
        let hooks = plugin.hooks().iter().filter(|known| hook.is_none_or(|hook| hook == **known));
        for plain in hooks.flat_map(|hook| Case::plain(*hook)) {
            let case = Case { settings: settings.clone().unwrap_or_else(|| serde_json::json!({})), ..plain };
            let (context, question) = case.question().map_err(Error::from)?;
            let answer = kit::call(&plugin, &context, &question).map_err(masked)?.masked(&secrets);
            output::print(&format!("hook `{}`, {}\n{answer}", case.hook, context.target_name()))?;
            if answer.is_refusal() {
                code = Code::Findings;
            }
        }
        return Ok(code);
    };
    let name = plugin.description().name.clone();
    let trial = flatwright::Trial { name: name.clone(), component, settings };
    let options = flatwright::Options { trial: Some(trial), ..flatwright::Options::default() };
    let compilation = flatwright::compile(&[read_spec(spec)?], &Disk::new(&command.variables), &options);
    report::print(&compilation.report, &compilation.sources, color);
    if let Some(reason) = &compilation.failure {
        bail!("{reason}");
    }
    let own =
        compilation.calls().filter(|call| call.plugin == name && hook.is_none_or(|hook| hook.name() == call.hook));
    output::print(&own.map(ToString::to_string).collect::<String>())?;
    Ok(if compilation.report.has_errors() { Code::Findings } else { Code::Success })
}

fn hook(name: &str) -> Result<Hook> {
    let found = Hook::ALL.into_iter().find(|hook| hook.name() == name);
    found.with_context(|| format!("`{name}` is not a hook; there are images, sysupdate, kubeadm and policy"))
}

fn load(name: &str, component: &[u8]) -> Result<Plugin> {
    let limits = Limits::default();
    Ok(plugin_host::shared().load(Source::new(name, component, &limits)).map_err(Error::from)?)
}

fn cases(project: Option<&Path>) -> Result<Vec<Case>> {
    let Some(project) = project else { return Ok(Vec::new()) };
    let parse = |directory: &PathBuf| {
        let file = directory.join("case.json");
        let case = Case::parse(&String::from_utf8_lossy(&disk::read(&file)?));
        // Asked once here, so that what does not fit is told with its file.
        let case = case.and_then(|case| case.question().map(|_| case));
        Ok(case.map_err(|error| Error::Project(format!("`{}`: {error}", file.display())))?)
    };
    kit::find_cases(project)?.iter().map(parse).collect()
}

fn only_component() -> Result<PathBuf> {
    let mut built = disk::list(Path::new("dist")).unwrap_or_default();
    built.retain(|path| path.extension().is_some_and(|extension| extension == "wasm") && name_of(path) != "unfinished");
    match &built[..] {
        [one] => Ok(one.clone()),
        [] => bail!("there is no plugin in `dist`; run `flatwright plugin build`, or name a file"),
        _ => bail!("there are several plugins in `dist`; name one"),
    }
}

fn name_of(path: &Path) -> String {
    let name = path.file_stem().filter(|stem| *stem != ".").map(|stem| stem.to_string_lossy().into_owned());
    name.unwrap_or_else(|| "plugin".to_owned())
}
