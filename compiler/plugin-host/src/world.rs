//! Whether a component is a plugin, judged by the names of what it imports and exports, before any code is compiled or run.
//!
//! Owns: the versions of the plugin API that are supported, and the messages for a component that is something else.

use std::fmt;

use flatwright_diagnostic::Diagnostic;
use serde::{Deserialize, Serialize};

use crate::failure::{Checked, error};
use crate::fault::{Api, Exports, Fault};
use crate::hook::Hook;
use crate::shape::Shape;
use crate::text::line;

/// The package's name with the slash before an interface.
const PACKAGE: &str = "flatwright:plugin/";
/// The interfaces that hold functions a plugin may call: `log` alone.
const LOG: &str = "log";
/// The released minor versions that this compiler runs, newest last, with the newest patch of each.
const SUPPORTED: &[ApiVersion] = &[ApiVersion { major: 0, minor: 1, patch: 0 }];

/// A version of the plugin API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ApiVersion {
    /// Breaks everything.
    pub major: u32,
    /// Before 1.0: breaks everything too, but the host has an adapter for each.
    pub minor: u32,
    /// Adds interfaces only.
    pub patch: u32,
}

impl ApiVersion {
    /// The newest version this compiler runs.
    pub const LATEST: Self = SUPPORTED[SUPPORTED.len() - 1];

    fn parse(text: &str) -> Option<Self> {
        let version = semver::Version::parse(text).ok().filter(|it| it.pre.is_empty() && it.build.is_empty())?;
        let number = |number: u64| u32::try_from(number).ok();
        Some(Self { major: number(version.major)?, minor: number(version.minor)?, patch: number(version.patch)? })
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// What makes a component a plugin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct World {
    /// The version of the API it was built for.
    pub api: ApiVersion,
    /// The hooks it exports, in the order of [`Hook::ALL`].
    pub hooks: Vec<Hook>,
}

impl World {
    /// Reads the world from a component's shape, or says why it is no plugin.
    pub(crate) fn read(plugin: &str, shape: &Shape) -> Checked<Self> {
        check_imports(plugin, shape)?;
        let meta = shape.exports.iter().find_map(|export| interface(export).filter(|(name, _)| *name == "meta"));
        let Some((_, version)) = meta else { return Err(wrong_world(plugin, shape, Exports::NoMeta).into()) };
        let api = supported(plugin, version)?;
        let mut hooks = Vec::new();
        for export in &shape.exports {
            let Some((name, version)) = interface(export).filter(|(name, _)| *name != "meta") else { continue };
            let Some(hook) = Hook::ALL.into_iter().find(|hook| hook.name() == name) else {
                return Err(unknown_hook(plugin, export).into());
            };
            supported(plugin, version)?;
            hooks.push(hook);
        }
        if hooks.is_empty() {
            return Err(wrong_world(plugin, shape, Exports::NoHook).into());
        }
        hooks.sort_unstable();
        if let Some([twice, _]) = hooks.array_windows().find(|[one, next]| one == next) {
            return Err(wrong_world(plugin, shape, Exports::Twice(*twice)).into());
        }
        Ok(Self { api, hooks })
    }
}

/// Splits `flatwright:plugin/images@0.1.0` into `images` and `0.1.0`.
fn interface(name: &str) -> Option<(&str, &str)> {
    let rest = name.strip_prefix(PACKAGE)?;
    Some(rest.split_once('@').unwrap_or((rest, "")))
}

fn supported(plugin: &str, version: &str) -> Checked<ApiVersion> {
    let supported = SUPPORTED.iter().map(ApiVersion::to_string).collect::<Vec<_>>().join(", ");
    let Some(api) = ApiVersion::parse(version) else {
        let mut diagnostic = wrong_api(plugin, Api::Unversioned(line(version)));
        diagnostic.hint(format!("build it with the WIT package of version {}", ApiVersion::LATEST));
        return Err(diagnostic.into());
    };
    // Patch releases only add interfaces, so the patch does not matter here: an interface we lack is reported by its name.
    if SUPPORTED.iter().any(|known| (known.major, known.minor) == (api.major, api.minor)) {
        return Ok(api);
    }
    let mut diagnostic = wrong_api(plugin, Api::Unsupported(api.to_string(), supported));
    diagnostic.hint(if api > ApiVersion::LATEST {
        format!("use a newer flatwright, or a version of the plugin built for {}", ApiVersion::LATEST)
    } else {
        format!("use a newer version of the plugin, built for {}", ApiVersion::LATEST)
    });
    Err(diagnostic.into())
}

fn wrong_api(plugin: &str, flaw: Api) -> Diagnostic {
    error(&Fault::ApiVersion { plugin: plugin.to_owned(), flaw })
}

fn unknown_hook(plugin: &str, export: &str) -> Diagnostic {
    let mut diagnostic = wrong_api(plugin, Api::UnknownHook(export.to_owned()));
    diagnostic.hint("use a newer flatwright, or a plugin without that hook");
    diagnostic
}

fn wrong_world(plugin: &str, shape: &Shape, flaw: Exports) -> Diagnostic {
    let mut diagnostic = error(&Fault::WrongWorld { plugin: plugin.to_owned(), flaw });
    diagnostic.note(if shape.exports.is_empty() {
        "it exports nothing".to_owned()
    } else {
        format!("it exports {}", listed(&shape.exports))
    });
    let hooks = Hook::ALL.map(Hook::name).join("`, `");
    diagnostic.hint(format!("export `{PACKAGE}meta@{}` and at least one of `{hooks}`", ApiVersion::LATEST));
    diagnostic
}

/// Anything of another package is refused here; an interface of our own package with unexpected functions is refused when linking.
fn check_imports(plugin: &str, shape: &Shape) -> Checked<()> {
    let foreign: Vec<String> = shape.imports.iter().filter(|name| interface(name).is_none()).cloned().collect();
    if foreign.is_empty() {
        return Ok(());
    }
    Err(forbidden_imports(plugin, &foreign, &shape.producers).into())
}

/// The diagnostic for imports that a plugin cannot have.
pub(crate) fn forbidden_imports(plugin: &str, imports: &[String], producers: &[String]) -> Diagnostic {
    let mut diagnostic =
        error(&Fault::ForbiddenImport { plugin: plugin.to_owned(), imports: listed(imports), log: LOG });
    if imports.iter().any(|name| name.starts_with("wasi:") || name.starts_with("wasi_")) {
        diagnostic.note("there is no WASI in plugins: no files, clocks, randomness, environment or network");
        for hint in rebuild_hints(producers) {
            diagnostic.hint(hint);
        }
    } else {
        diagnostic.hint("remove the import; what the plugin needs to know goes into its settings");
    }
    diagnostic
}

/// How each language's tools leave WASI out. All of them, unless the component says what made it.
fn rebuild_hints(producers: &[String]) -> Vec<&'static str> {
    const OPTIONS: [(&[&str], &str); 5] = [
        (
            &["componentize-py"],
            "Python: build with `flatwright plugin build`, or with `componentize-py … componentize -s`",
        ),
        (
            &["componentize-js", "ComponentizeJS", "StarlingMonkey", "QuickJS", "jco"],
            "JavaScript: build with `flatwright plugin build`, or with `jco componentize --backend qjs --backend-qjs-stub-wasi --backend-qjs-disable-async`",
        ),
        (&["Go", "TinyGo"], "Go: build with TinyGo for `-target=wasm-unknown`, which has no WASI"),
        (&["Rust", "rustc"], "Rust: build for `wasm32-unknown-unknown`, or with `flatwright plugin build`"),
        (
            &["clang", "C11", "C17", "C_plus_plus"],
            "C: leave out stdio, clocks and environment, and link with `-mexec-model=reactor`",
        ),
    ];
    let named: Vec<_> = OPTIONS
        .iter()
        .filter(|(marks, _)| {
            producers.iter().any(|made_by| marks.contains(&made_by.split(' ').next().unwrap_or_default()))
        })
        .map(|(_, hint)| *hint)
        .take(1)
        .collect();
    if named.is_empty() { OPTIONS.iter().map(|(_, hint)| *hint).collect() } else { named }
}

fn listed(names: &[String]) -> String {
    const SHOWN: usize = 8;
    let mut text = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(imports: &[&str], exports: &[&str]) -> Checked<World> {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        World::read("p", &Shape { imports: owned(imports), exports: owned(exports), ..Shape::default() })
    }

    #[test]
    fn the_hooks_are_read_from_the_names() {
        let world = read(
            &["flatwright:plugin/cluster@0.1.0", "flatwright:plugin/log@0.1.0"],
            &[
                "exports",
                "flatwright:plugin/policy@0.1.0",
                "flatwright:plugin/meta@0.1.0",
                "flatwright:plugin/images@0.1.0",
            ],
        );
        let world = world.expect("is a plugin");
        assert_eq!(world.hooks, [Hook::Images, Hook::Policy]);
        assert_eq!(world.api, ApiVersion::LATEST);
    }

    #[test]
    fn a_newer_patch_runs_unless_it_has_a_hook_we_lack() {
        assert!(read(&[], &["flatwright:plugin/meta@0.1.7", "flatwright:plugin/images@0.1.7"]).is_ok());
        let refused =
            read(&[], &["flatwright:plugin/meta@0.1.7", "flatwright:plugin/addons@0.1.7"]).expect_err("unknown hook");
        assert_eq!(refused.code, Fault::API_VERSION);
    }

    #[test]
    fn a_hook_stands_once() {
        let both = ["flatwright:plugin/meta@0.1.0", "flatwright:plugin/images@0.1.0", "flatwright:plugin/images@0.1.1"];
        let refused = read(&[], &both).expect_err("which of them is called");
        assert!(
            refused.code == Fault::WRONG_WORLD && refused.message.contains("exports `images` twice"),
            "{refused:?}"
        );
    }

    #[test]
    fn other_versions_are_told_apart() {
        let newer = read(&[], &["flatwright:plugin/meta@0.9.0"]).expect_err("newer");
        assert!(newer.hints[0].starts_with("use a newer flatwright"), "{newer:?}");
        let older = read(&[], &["flatwright:plugin/meta@0.0.3"]).expect_err("older");
        assert!(older.hints[0].starts_with("use a newer version of the plugin"), "{older:?}");
        assert_eq!(read(&[], &["flatwright:plugin/meta"]).expect_err("none").code, Fault::API_VERSION);
    }

    #[test]
    fn what_is_exported_instead_is_listed() {
        let refused = read(&[], &["wasi:cli/run@0.2.0"]).expect_err("no plugin");
        assert_eq!(refused.code, Fault::WRONG_WORLD);
        assert!(refused.notes[0].contains("wasi:cli/run@0.2.0"));
    }

    #[test]
    fn the_rebuild_option_is_the_one_of_the_language() {
        let python = forbidden_imports("p", &["wasi:cli/stdout@0.2.0".into()], &["componentize-py 0.17.0".into()]);
        assert_eq!(python.hints.len(), 1);
        assert!(python.hints[0].contains("componentize -s"));
        assert_eq!(forbidden_imports("p", &["wasi:cli/stdout@0.2.0".into()], &[]).hints.len(), 5);
    }
}
