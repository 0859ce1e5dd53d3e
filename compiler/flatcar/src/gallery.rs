//! Azure community galleries that hold, or held, Flatcar images.
//!
//! Owns: the known galleries and which of their images no longer get made. Must not: judge galleries it does not know.

use flatwright_kubernetes::version::Release;

/// Who made a community gallery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gallery {
    /// Flatcar's own: plain Flatcar, image definitions such as `flatcar-stable-amd64`.
    Flatcar,
    /// Flatcar with Kubernetes baked in, for tests; ended with Kubernetes v1.26.
    FlatcarForCapi,
    /// Giant Swarm's Flatcar with Kubernetes.
    GiantSwarm,
    /// The default gallery of Cluster API Provider Azure: Ubuntu and Windows, no Flatcar.
    ClusterApi,
}

const GALLERIES: [(&str, Gallery); 4] = [
    ("flatcar-23485951-527a-48d6-9d11-6931ff0afc2e", Gallery::Flatcar),
    ("flatcar4capi-742ef0cb-dcaa-4ecb-9cb0-bfd2e43dccc0", Gallery::FlatcarForCapi),
    ("gsCapzFlatcar-41c2d140-ac44-4d8b-b7e1-7b2f1ddbe4d0", Gallery::GiantSwarm),
    ("ClusterAPI-f72ceb4f-5159-4c26-a0fe-2ea738f0d019", Gallery::ClusterApi),
];

/// The last minor for which [`Gallery::FlatcarForCapi`] got images.
const LAST_FLATCAR_FOR_CAPI: (u64, u64) = (1, 26);

/// The known gallery of this public name; Azure ignores case.
pub fn community_gallery(name: &str) -> Option<Gallery> {
    GALLERIES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, gallery)| *gallery)
}

/// Whether the gallery surely has no such image: it ended before this Kubernetes version. The version counts if the image name
/// (`flatcar-stable-amd64-capi-v1.26.0`) does not end in one itself.
pub fn is_dead(gallery: &str, image: &str, kubernetes: Option<Release>) -> bool {
    if community_gallery(gallery) != Some(Gallery::FlatcarForCapi) {
        return false;
    }
    let in_name = image.rsplit_once("-capi-").and_then(|(_, version)| Release::parse(version));
    in_name.or(kubernetes).is_some_and(|version| version.line() > LAST_FLATCAR_FOR_CAPI)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEAD: &str = "flatcar4capi-742ef0cb-dcaa-4ecb-9cb0-bfd2e43dccc0";

    #[test]
    fn galleries_are_known_by_their_public_name() {
        assert_eq!(community_gallery("clusterapi-F72CEB4F-5159-4c26-a0fe-2ea738f0d019"), Some(Gallery::ClusterApi));
        assert_eq!(community_gallery("mine-0"), None);
    }

    #[test]
    fn the_test_gallery_ended_with_its_last_minor() {
        let new = Release::parse("v1.34.2");
        assert!(is_dead(DEAD, "flatcar-stable-amd64-capi-v1.34.2", None));
        assert!(is_dead(DEAD, "flatcar-stable-amd64", new));
        assert!(!is_dead(DEAD, "flatcar-stable-amd64-capi-v1.26.0", new));
        assert!(!is_dead(DEAD, "flatcar-stable-amd64", None));
        assert!(!is_dead("mine-0", "flatcar-stable-amd64-capi-v1.34.2", None));
    }
}
