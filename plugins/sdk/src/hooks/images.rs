//! The hook `images`.

use crate::bindings::images::exports::flatwright::plugin::images;
use crate::cluster::{self, NodeGroup};
use crate::context::Context;
use crate::findings::Diagnostic;
use crate::hooks::{Adapter, customize, group};
use crate::image_types::{ContainerImage, CustomizedImage, Image, MachineImage};
use crate::plugin::Plugin;
use crate::report::Report;

/// Chooses images, machine images and container images alike. Both methods leave the image as it is unless they are written.
///
/// ```
/// # use flatwright_plugin_sdk::prelude::*;
/// # struct Mirror;
/// # impl Plugin for Mirror {
/// #     type Settings = NoSettings;
/// #     fn describe() -> Description { description!("mirrors") }
/// # }
/// impl Images for Mirror {
///     fn container(_: &Context<NoSettings>, image: &mut ContainerImage, _: &mut Report) {
///         if let Some(path) = image.repository.strip_prefix("quay.io/") {
///             image.repository = format!("mirror.example.com/quay/{path}");
///         }
///     }
/// }
/// ```
pub trait Images: Plugin {
    /// Chooses the machine image of a node group. Called once per group. `MachineImage::Other` must stay as it is.
    fn machine(context: &Context<Self::Settings>, group: &NodeGroup, image: &mut MachineImage, report: &mut Report) {
        let _ = (context, group, image, report);
    }

    /// Chooses a container image. Called once per image of the cluster. `image.component` must stay as it is.
    fn container(context: &Context<Self::Settings>, image: &mut ContainerImage, report: &mut Report) {
        let _ = (context, image, report);
    }
}

impl<P: Images> images::Guest for Adapter<P> {
    fn customize(context: cluster::Context, image: Image) -> Result<CustomizedImage, Vec<Diagnostic>> {
        let (image, findings) = customize::<P, _>(context, image, |context, target, image, report| match image {
            Image::Machine(image) => {
                if let Some(group) = group(context, target) {
                    P::machine(context, group, image, report);
                }
            }
            Image::Container(image) => P::container(context, image, report),
            Image::Other(_) => {}
        })?;
        Ok(CustomizedImage { image, findings })
    }
}
