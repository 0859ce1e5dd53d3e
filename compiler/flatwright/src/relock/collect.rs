//! What a spec needs of a version before it is one: for which processors, and on which offers.

use std::collections::BTreeSet;

use flatwright_flatcar::arch::Architecture;
use flatwright_flatcar::offer;
use flatwright_spec::types::{self, FlatcarCluster, Flavor, MachineProfile};

/// The processors of all groups.
pub(super) fn architectures(document: &FlatcarCluster) -> BTreeSet<Architecture> {
    profiles(document).map(|own| architecture(document, own)).collect()
}

fn profiles(document: &FlatcarCluster) -> impl Iterator<Item = &MachineProfile> {
    let spec = &document.spec;
    std::iter::once(&spec.control_plane.profile).chain(spec.pools.iter().map(|pool| &pool.profile))
}

fn shared(document: &FlatcarCluster) -> Option<&MachineProfile> {
    document.spec.machines.as_ref().map(|machines| &machines.profile)
}

fn architecture(document: &FlatcarCluster, own: &MachineProfile) -> Architecture {
    let set = own.architecture.or_else(|| shared(document).and_then(|shared| shared.architecture));
    match set.map(|architecture| architecture.value) {
        Some(types::Architecture::Arm64) => Architecture::Arm64,
        Some(types::Architecture::Amd64) | None => Architecture::Amd64,
    }
}

/// The marketplace images whose version is the release: those that groups have without saying it, and those that they name without a version.
pub(super) fn offers(document: &FlatcarCluster) -> BTreeSet<String> {
    let channel = flatwright_spec::channel(&document.spec);
    let mut offers = BTreeSet::new();
    for own in profiles(document) {
        let image = own.image.as_ref().or_else(|| shared(document).and_then(|shared| shared.image.as_ref()));
        match image {
            Some(image) => {
                if let Some(named) = image.marketplace.as_ref().filter(|named| named.version.is_none()) {
                    let publisher =
                        named.publisher.as_ref().map_or(offer::PUBLISHER, |publisher| publisher.value.as_str());
                    offers.insert(format!("{publisher}/{}/{}", named.offer.value, named.sku.value));
                }
            }
            None if document.spec.flavor.value == Flavor::Sysext => {
                if let Ok(image) = offer::default_image(channel, None, architecture(document, own)) {
                    offers.insert(format!("{}/{}/{}", image.publisher, image.offer, image.sku));
                }
            }
            None => {}
        }
    }
    offers
}

/// Whether Kubernetes comes as an extension.
pub(super) fn is_sysext(document: &FlatcarCluster) -> bool {
    document.spec.flavor.value == Flavor::Sysext
}

/// Where the lists of extensions are.
pub(super) fn bakery(document: &FlatcarCluster) -> flatwright_flatcar::bakery::Bakery {
    let url = document.spec.sysupdate.as_ref().and_then(|sysupdate| sysupdate.bakery.as_ref());
    url.map_or_else(Default::default, |url| flatwright_flatcar::bakery::Bakery::new(url.as_str()))
}
