//! What belongs together on Flatcar machines: image, processors, etcd's disk, reboots, replicas.

use flatwright_diagnostic::Rule;
use flatwright_flatcar::arch::Architecture;
use flatwright_flatcar::offer::{NoImage, Problem};

/// VM size, image and extensions for different processors.
#[derive(Debug, Rule)]
#[rule(group = "architecture-mismatch")]
pub enum ArchitectureMismatch {
    /// A size of the other architecture.
    #[rule("vm-size-architecture", "VM size `{size}` has `{found}` processors, this group is `{wanted}`")]
    VmSize {
        /// The size.
        size: String,
        /// What it has.
        found: Architecture,
        /// What the group is.
        wanted: Architecture,
    },
    /// An extension's image for the other architecture.
    #[rule("extension-architecture", "`{file}` is not for the `{wanted}` processors of a group")]
    Extension {
        /// The image's file name.
        file: String,
        /// What the group is.
        wanted: Architecture,
    },
}

/// An image that Azure cannot start for this cluster, or not without more.
#[derive(Debug, Rule)]
#[rule(group = "image-reference")]
pub enum ImageReference {
    /// An offer that the publisher does not have.
    #[rule("unknown-offer", "{}", _0.message())]
    UnknownOffer(#[rule(debug)] Problem),
    /// An offer that is not sold any more.
    #[rule("discontinued-offer", "{}", _0.message())]
    DiscontinuedOffer(#[rule(debug)] Problem),
    /// An offer for other processors.
    #[rule("offer-architecture", "{}", _0.message())]
    OfferArchitecture(#[rule(debug)] Problem),
    /// A SKU that the offer does not have.
    #[rule("unknown-sku", "{}", _0.message())]
    UnknownSku(#[rule(debug)] Problem),
    /// A plan that is not sent.
    #[rule("plan-missing", "{}", _0.message())]
    PlanMissing(#[rule(debug)] Problem),
    /// A plan that there is not.
    #[rule("plan-forbidden", "{}", _0.message())]
    PlanForbidden(#[rule(debug)] Problem),
    /// Terms that somebody must have accepted.
    #[rule("terms-needed", "{}", _0.message())]
    TermsNeeded(#[rule(debug)] Problem),
    /// A release of another channel than the SKU's.
    #[rule("sku-of-other-channel", "{}", _0.message())]
    OtherChannel(#[rule(debug)] Problem),
    /// Neither an image nor an offer that could stand in for one.
    #[rule("no-default-image", "{0}", _0)]
    NoDefault(NoImage),
    /// The image of a community gallery that has ended.
    #[rule("ended-gallery", "gallery `{gallery}` has no image `{image}`: its last one is for Kubernetes v1.26.0")]
    EndedGallery {
        /// The gallery.
        gallery: String,
        /// The image definition.
        image: String,
    },
}

impl From<Problem> for ImageReference {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::UnknownOffer { .. } => Self::UnknownOffer(problem),
            Problem::Discontinued => Self::DiscontinuedOffer(problem),
            Problem::WrongArchitecture { .. } => Self::OfferArchitecture(problem),
            Problem::UnknownSku { .. } => Self::UnknownSku(problem),
            Problem::PlanMissing { .. } => Self::PlanMissing(problem),
            Problem::PlanForbidden { .. } => Self::PlanForbidden(problem),
            Problem::TermsNeeded { .. } => Self::TermsNeeded(problem),
            Problem::OtherChannel { .. } => Self::OtherChannel(problem),
        }
    }
}

/// The control plane's number of machines.
#[derive(Debug, Rule)]
#[rule(group = "control-plane-replicas")]
pub enum ControlPlaneReplicas {
    /// None.
    #[rule("no-control-plane", "a control plane needs a machine")]
    None,
    /// An even number.
    #[rule(
        "even-control-plane",
        "`{count}` is even: etcd is stacked, so an even number of machines only lowers the odds of a majority, and the API server refuses it"
    )]
    Even {
        /// The number.
        count: i64,
    },
}

/// What contradicts the etcd disk.
#[derive(Debug, Rule)]
#[rule(group = "etcd-disk")]
pub enum EtcdDisk {
    /// A data directory elsewhere.
    #[rule("etcd-data-directory", "etcd's data directory `{directory}` is not on the etcd disk")]
    DataDirectory {
        /// The directory.
        directory: String,
    },
    /// Its label for another file system.
    #[rule("etcd-disk-label", "`etcd_disk` is the label of the etcd disk")]
    Label,
    /// Its mount point for another disk.
    #[rule("etcd-disk-mount-point", "`/var/lib/etcddisk` is the etcd disk's mount point")]
    MountPoint,
    /// Its suffix for another disk.
    #[rule("etcd-disk-suffix", "`etcddisk` is the etcd disk's suffix")]
    Suffix,
}

/// Who reboots machines: one manager, if anything asks for reboots.
#[derive(Debug, Rule)]
#[rule(group = "reboot-manager")]
pub enum RebootManager {
    /// kured beside another.
    #[rule("two-reboot-managers", "the add-on kured reboots machines too, beside `{manager}`")]
    Two {
        /// The other.
        manager: &'static str,
    },
    /// Updates that wait for a reboot.
    #[rule("unattended-reboots", "updates ask for reboots that nobody makes")]
    Unattended,
}
