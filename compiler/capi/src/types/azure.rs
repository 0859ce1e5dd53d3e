//! CAPZ's kinds.

use flatwright_diagnostic::Traced;

use super::Maybe;
use crate::wire::{Fixed, Keep, Labels, Object};

/// The desired state of an AzureCluster.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct AzureClusterSpec {
    /// Tags of every resource.
    pub additional_tags: Labels,
    /// The cloud.
    pub azure_environment: Maybe<String>,
    /// Who CAPZ is towards Azure.
    pub identity_ref: IdentityRef,
    /// The region.
    pub location: Traced<String>,
    /// Networks.
    pub network_spec: NetworkSpec,
    /// The resource group.
    pub resource_group: Traced<String>,
    /// The subscription.
    #[key("subscriptionID")]
    pub subscription_id: Traced<String>,
}

/// A reference to an AzureClusterIdentity.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct IdentityRef {
    /// Its API version.
    pub api_version: Fixed,
    /// Its kind.
    pub kind: Fixed,
    /// Its name.
    pub name: Traced<String>,
    /// Its namespace.
    pub namespace: Maybe<String>,
}

/// Networks.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct NetworkSpec {
    /// Subnets.
    pub subnets: Vec<SubnetSpec>,
    /// The virtual network.
    pub vnet: VnetSpec,
}

/// A subnet.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct SubnetSpec {
    /// Its addresses.
    pub cidr_blocks: Vec<Traced<String>>,
    /// Its name.
    pub name: Traced<String>,
    /// Its NAT gateway.
    pub nat_gateway: NamedResource,
    /// What runs in it.
    pub role: Traced<String>,
    /// Its route table.
    pub route_table: NamedResource,
    /// Its security group.
    pub security_group: NamedResource,
}

/// A resource by name.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct NamedResource {
    /// The name.
    pub name: Maybe<String>,
}

/// The virtual network.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct VnetSpec {
    /// Its address space.
    pub cidr_blocks: Vec<Traced<String>>,
    /// Its name.
    pub name: Traced<String>,
    /// Its resource group.
    pub resource_group: Maybe<String>,
}

/// The desired state of an AzureClusterIdentity.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct AzureClusterIdentitySpec {
    /// Which namespaces may use it; `{}` means all.
    pub allowed_namespaces: Keep<AllowedNamespaces>,
    /// The client id.
    #[key("clientID")]
    pub client_id: Maybe<String>,
    /// The Secret with the client secret.
    pub client_secret: Option<SecretReference>,
    /// The managed identity.
    #[key("resourceID")]
    pub resource_id: Maybe<String>,
    /// The tenant id.
    #[key("tenantID")]
    pub tenant_id: Maybe<String>,
    /// The type.
    #[key("type")]
    pub identity_type: Traced<String>,
}

/// The namespaces whose clusters may use an identity.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct AllowedNamespaces {
    /// Their names; absent for all.
    pub list: Vec<Traced<String>>,
}

impl crate::wire::Wire for Keep<AllowedNamespaces> {
    fn wire(&self) -> Option<flatwright_yaml::Value> {
        Some(self.0.wire().unwrap_or_else(flatwright_yaml::Value::map))
    }
}

/// A Secret by name and namespace.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct SecretReference {
    /// Its name.
    pub name: Traced<String>,
    /// Its namespace.
    pub namespace: Traced<String>,
}

/// The desired state of an AzureMachineTemplate.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct AzureMachineTemplateSpec {
    /// The template.
    pub template: AzureMachineTemplateResource,
}

/// The template of an AzureMachine.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct AzureMachineTemplateResource {
    /// The machine.
    pub spec: AzureMachineSpec,
}

/// A machine.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct AzureMachineSpec {
    /// Tags.
    pub additional_tags: Labels,
    /// Data disks.
    pub data_disks: Vec<DataDisk>,
    /// The kind of identity.
    pub identity: Maybe<String>,
    /// The image.
    pub image: Image,
    /// Network interfaces.
    pub network_interfaces: Vec<NetworkInterface>,
    /// The OS disk.
    pub os_disk: OsDisk,
    /// Security settings.
    pub security_profile: SecurityProfile,
    /// Spot machines.
    #[key("spotVMOptions")]
    pub spot_vm_options: Option<Keep<SpotVmOptions>>,
    /// The administrator's key, base64.
    pub ssh_public_key: Maybe<String>,
    /// User-assigned identities.
    pub user_assigned_identities: Vec<UserAssignedIdentity>,
    /// The VM size.
    pub vm_size: Traced<String>,
}

/// A network interface.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct NetworkInterface {
    /// Accelerated networking.
    pub accelerated_networking: Maybe<bool>,
    /// How many private addresses.
    #[key("privateIPConfigs")]
    pub private_ip_configs: Maybe<i64>,
    /// The subnet.
    pub subnet_name: Maybe<String>,
}

/// A data disk.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct DataDisk {
    /// Host caching.
    pub caching_type: Maybe<String>,
    /// Its size in GiB.
    #[key("diskSizeGB")]
    pub disk_size_gb: Traced<i64>,
    /// Its logical unit number.
    pub lun: Traced<i64>,
    /// The managed disk.
    pub managed_disk: Option<ManagedDisk>,
    /// Appended to the machine's name.
    pub name_suffix: Traced<String>,
}

/// A managed disk.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ManagedDisk {
    /// The disk encryption set.
    pub disk_encryption_set: Option<DiskEncryptionSet>,
    /// Its type.
    pub storage_account_type: Maybe<String>,
}

/// A disk encryption set.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct DiskEncryptionSet {
    /// Its resource id.
    pub id: Traced<String>,
}

/// The OS disk.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct OsDisk {
    /// Host caching.
    pub caching_type: Maybe<String>,
    /// An ephemeral disk.
    pub diff_disk_settings: Option<DiffDiskSettings>,
    /// Its size in GiB.
    #[key("diskSizeGB")]
    pub disk_size_gb: Traced<i64>,
    /// The managed disk.
    pub managed_disk: Option<ManagedDisk>,
    /// Always `Linux`.
    pub os_type: Fixed,
}

/// An ephemeral OS disk.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct DiffDiskSettings {
    /// Always `Local`.
    pub option: Traced<String>,
    /// Where on the host.
    pub placement: Maybe<String>,
}

/// An image.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Image {
    /// A gallery.
    pub compute_gallery: Option<ComputeGallery>,
    /// A resource id.
    pub id: Maybe<String>,
    /// A marketplace offer.
    pub marketplace: Option<Marketplace>,
}

/// A marketplace offer.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Marketplace {
    /// The offer.
    pub offer: Traced<String>,
    /// The publisher.
    pub publisher: Traced<String>,
    /// The SKU.
    pub sku: Traced<String>,
    /// Whether it has a plan.
    pub third_party_image: Maybe<bool>,
    /// The version.
    pub version: Traced<String>,
}

/// A compute or community gallery.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct ComputeGallery {
    /// The gallery.
    pub gallery: Traced<String>,
    /// The image.
    pub name: Traced<String>,
    /// The plan.
    pub plan: Option<Plan>,
    /// The gallery's resource group.
    pub resource_group: Maybe<String>,
    /// The gallery's subscription.
    #[key("subscriptionID")]
    pub subscription_id: Maybe<String>,
    /// The version.
    pub version: Traced<String>,
}

/// A marketplace plan.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct Plan {
    /// The offer.
    pub offer: Traced<String>,
    /// The publisher.
    pub publisher: Traced<String>,
    /// The SKU.
    pub sku: Traced<String>,
}

/// Security settings.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct SecurityProfile {
    /// Encryption at the host.
    pub encryption_at_host: Maybe<bool>,
}

/// Spot machines.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct SpotVmOptions {
    /// What happens to a machine that is taken away.
    pub eviction_policy: Maybe<String>,
    /// The highest price of an hour.
    pub max_price: Maybe<String>,
}

/// A user-assigned identity.
#[derive(Clone, Debug, Default, PartialEq, Object)]
pub struct UserAssignedIdentity {
    /// Its provider id.
    #[key("providerID")]
    pub provider_id: Traced<String>,
}

impl crate::wire::Wire for Keep<SpotVmOptions> {
    fn wire(&self) -> Option<flatwright_yaml::Value> {
        Some(self.0.wire().unwrap_or_else(flatwright_yaml::Value::map))
    }
}
