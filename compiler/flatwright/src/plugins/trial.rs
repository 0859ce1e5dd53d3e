//! A plugin that is tried out on a spec: `plugin run --spec`.

use flatwright_diagnostic::{Origin, Traced};
use flatwright_plan::{Plan, Plugin};
use flatwright_yaml::Value;

use crate::json::from_json;

/// A component to run besides the plugins of a spec.
#[derive(Clone, Debug)]
pub struct Trial {
    /// Its name. A plugin of this name in the spec is replaced, and lends its place, its settings, its limits and its `match`.
    pub name: String,
    /// The component.
    pub component: Vec<u8>,
    /// Settings over those of the spec.
    pub settings: Option<serde_json::Value>,
}

const TRIED: Origin = Origin::Flag("plugin run");

impl Trial {
    /// Puts the plugin into a plan.
    pub(crate) fn join(&self, plan: &mut Plan) {
        let index = plan.plugins.iter().position(|plugin| plugin.name.value == self.name).unwrap_or_else(|| {
            plan.plugins.push(self.entry());
            plan.plugins.len() - 1
        });
        let entry = &mut plan.plugins[index];
        entry.sha256 = None;
        if let Some(settings) = &self.settings {
            entry.settings = Some(from_json(settings));
        }
    }

    fn entry(&self) -> Plugin {
        Plugin {
            name: Traced::new(self.name.clone(), TRIED),
            source: Traced::new(self.name.clone(), TRIED),
            sha256: None,
            settings: None::<Value>,
            roles: Vec::new(),
            pools: Vec::new(),
            limits: Vec::new(),
            waivable: Vec::new(),
            outside: None,
            origin: TRIED,
        }
    }
}
