//! A plugin for tests: its settings say what each hook does, so that every answer a plugin can give is a few lines in a spec.
//!
//! Made with the bare bindings and not with the SDK, because it must be able to give answers that the SDK would not let pass, and because somebody's plugin will be
//! made that way too. Nobody should use it as a plugin, or as an example of one.
//!
//! ```yaml
//! settings:
//!   kubeadm:                                   # a list of steps per hook: images, sysupdate, kubeadm, policy
//!   - {for: md-0, set: /node/files/~1etc~1motd/permissions, to: "0600"}
//!   - {for: cluster, say: {severity: Warning, message: the cluster is blue, place: {Settings: kubeadm}}}
//!   - {make: panic}
//!   secret: a text that the schema calls secret
//! ```
//!
//! The value of a hook is edited as JSON: field names of the bindings, cases of variants as `{Case: value}`.

mod bindings;
mod edit;
mod policy;
mod steps;

use bindings::exports::flatwright::plugin::{images, kubeadm, meta, sysupdate};
use bindings::flatwright::plugin::cluster::Context;
use bindings::flatwright::plugin::findings::Diagnostic;
use bindings::flatwright::plugin::image_types::{CustomizedImage, Image};
use bindings::flatwright::plugin::kubeadm_types::{CustomizedKubeadm, KubeadmSettings};
use bindings::flatwright::plugin::sysupdate_types::{CustomizedSysupdate, SysupdateConfig};

struct Puppet;

// Natively, for the unit tests, there is nothing to export.
#[cfg(target_arch = "wasm32")]
bindings::export!(Puppet with_types_in bindings);

impl meta::Guest for Puppet {
    fn describe() -> meta::Description {
        meta::Description {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            summary: "does what its settings say, for tests".to_owned(),
            settings_schema: Some(
                r#"{"type": "object", "properties": {"secret": {"type": "string", "writeOnly": true}}}"#.to_owned(),
            ),
            documentation: None,
        }
    }
}

impl images::Guest for Puppet {
    fn customize(context: Context, image: Image) -> Result<CustomizedImage, Vec<Diagnostic>> {
        let (image, findings) = steps::customize(&context, "images", image)?;
        Ok(CustomizedImage { image, findings })
    }
}

impl sysupdate::Guest for Puppet {
    fn customize(context: Context, config: SysupdateConfig) -> Result<CustomizedSysupdate, Vec<Diagnostic>> {
        let (config, findings) = steps::customize(&context, "sysupdate", config)?;
        Ok(CustomizedSysupdate { config, findings })
    }
}

impl kubeadm::Guest for Puppet {
    fn customize(context: Context, settings: KubeadmSettings) -> Result<CustomizedKubeadm, Vec<Diagnostic>> {
        let (settings, findings) = steps::customize(&context, "kubeadm", settings)?;
        Ok(CustomizedKubeadm { settings, findings })
    }
}
