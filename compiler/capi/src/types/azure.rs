//! CAPZ's kinds.

use flatwright_diagnostic::Traced;

use super::Maybe;
use crate::wire::{Fixed, Keep, Labels, object};

object! {
    /// The desired state of an AzureCluster.
    pub struct AzureClusterSpec {
        /// Tags of every resource.
        "additionalTags" additional_tags: Labels,
        /// The cloud.
        "azureEnvironment" azure_environment: Maybe<String>,
        /// Who CAPZ is towards Azure.
        "identityRef" identity_ref: IdentityRef,
        /// The region.
        "location" location: Traced<String>,
        /// Networks.
        "networkSpec" network_spec: NetworkSpec,
        /// The resource group.
        "resourceGroup" resource_group: Traced<String>,
        /// The subscription.
        "subscriptionID" subscription_id: Traced<String>,
    }
}

object! {
    /// A reference to an AzureClusterIdentity.
    pub struct IdentityRef {
        /// Its API version.
        "apiVersion" api_version: Fixed,
        /// Its kind.
        "kind" kind: Fixed,
        /// Its name.
        "name" name: Traced<String>,
        /// Its namespace.
        "namespace" namespace: Maybe<String>,
    }
}

object! {
    /// Networks.
    pub struct NetworkSpec {
        /// Subnets.
        "subnets" subnets: Vec<SubnetSpec>,
        /// The virtual network.
        "vnet" vnet: VnetSpec,
    }
}

object! {
    /// A subnet.
    pub struct SubnetSpec {
        /// Its addresses.
        "cidrBlocks" cidr_blocks: Vec<Traced<String>>,
        /// Its name.
        "name" name: Traced<String>,
        /// Its NAT gateway.
        "natGateway" nat_gateway: NamedResource,
        /// What runs in it.
        "role" role: Traced<String>,
        /// Its route table.
        "routeTable" route_table: NamedResource,
        /// Its security group.
        "securityGroup" security_group: NamedResource,
    }
}

object! {
    /// A resource by name.
    pub struct NamedResource {
        /// The name.
        "name" name: Maybe<String>,
    }
}

object! {
    /// The virtual network.
    pub struct VnetSpec {
        /// Its address space.
        "cidrBlocks" cidr_blocks: Vec<Traced<String>>,
        /// Its name.
        "name" name: Traced<String>,
        /// Its resource group.
        "resourceGroup" resource_group: Maybe<String>,
    }
}

object! {
    /// The desired state of an AzureClusterIdentity.
    pub struct AzureClusterIdentitySpec {
        /// Which namespaces may use it; `{}` means all.
        "allowedNamespaces" allowed_namespaces: Keep<Labels>,
        /// The client id.
        "clientID" client_id: Maybe<String>,
        /// The Secret with the client secret.
        "clientSecret" client_secret: Option<SecretReference>,
        /// The managed identity.
        "resourceID" resource_id: Maybe<String>,
        /// The tenant id.
        "tenantID" tenant_id: Maybe<String>,
        /// The type.
        "type" identity_type: Traced<String>,
    }
}

object! {
    /// A Secret by name and namespace.
    pub struct SecretReference {
        /// Its name.
        "name" name: Traced<String>,
        /// Its namespace.
        "namespace" namespace: Traced<String>,
    }
}

object! {
    /// The desired state of an AzureMachineTemplate.
    pub struct AzureMachineTemplateSpec {
        /// The template.
        "template" template: AzureMachineTemplateResource,
    }
}

object! {
    /// The template of an AzureMachine.
    pub struct AzureMachineTemplateResource {
        /// The machine.
        "spec" spec: AzureMachineSpec,
    }
}

object! {
    /// A machine.
    pub struct AzureMachineSpec {
        /// Tags.
        "additionalTags" additional_tags: Labels,
        /// Data disks.
        "dataDisks" data_disks: Vec<DataDisk>,
        /// The kind of identity.
        "identity" identity: Maybe<String>,
        /// The image.
        "image" image: Image,
        /// Network interfaces.
        "networkInterfaces" network_interfaces: Vec<NetworkInterface>,
        /// The OS disk.
        "osDisk" os_disk: OsDisk,
        /// Security settings.
        "securityProfile" security_profile: SecurityProfile,
        /// Spot machines.
        "spotVMOptions" spot_vm_options: Option<Keep<SpotVmOptions>>,
        /// The administrator's key, base64.
        "sshPublicKey" ssh_public_key: Maybe<String>,
        /// User-assigned identities.
        "userAssignedIdentities" user_assigned_identities: Vec<UserAssignedIdentity>,
        /// The VM size.
        "vmSize" vm_size: Traced<String>,
    }
}

object! {
    /// A network interface.
    pub struct NetworkInterface {
        /// Accelerated networking.
        "acceleratedNetworking" accelerated_networking: Maybe<bool>,
        /// How many private addresses.
        "privateIPConfigs" private_ip_configs: Maybe<i64>,
        /// The subnet.
        "subnetName" subnet_name: Maybe<String>,
    }
}

object! {
    /// A data disk.
    pub struct DataDisk {
        /// Host caching.
        "cachingType" caching_type: Maybe<String>,
        /// Its size in GiB.
        "diskSizeGB" disk_size_gb: Traced<i64>,
        /// Its logical unit number.
        "lun" lun: Traced<i64>,
        /// The managed disk.
        "managedDisk" managed_disk: Option<ManagedDisk>,
        /// Appended to the machine's name.
        "nameSuffix" name_suffix: Traced<String>,
    }
}

object! {
    /// A managed disk.
    pub struct ManagedDisk {
        /// The disk encryption set.
        "diskEncryptionSet" disk_encryption_set: Option<DiskEncryptionSet>,
        /// Its type.
        "storageAccountType" storage_account_type: Maybe<String>,
    }
}

object! {
    /// A disk encryption set.
    pub struct DiskEncryptionSet {
        /// Its resource id.
        "id" id: Traced<String>,
    }
}

object! {
    /// The OS disk.
    pub struct OsDisk {
        /// Host caching.
        "cachingType" caching_type: Maybe<String>,
        /// An ephemeral disk.
        "diffDiskSettings" diff_disk_settings: Option<DiffDiskSettings>,
        /// Its size in GiB.
        "diskSizeGB" disk_size_gb: Traced<i64>,
        /// The managed disk.
        "managedDisk" managed_disk: Option<ManagedDisk>,
        /// Always `Linux`.
        "osType" os_type: Fixed,
    }
}

object! {
    /// An ephemeral OS disk.
    pub struct DiffDiskSettings {
        /// Always `Local`.
        "option" option: Traced<String>,
        /// Where on the host.
        "placement" placement: Maybe<String>,
    }
}

object! {
    /// An image.
    pub struct Image {
        /// A gallery.
        "computeGallery" compute_gallery: Option<ComputeGallery>,
        /// A resource id.
        "id" id: Maybe<String>,
        /// A marketplace offer.
        "marketplace" marketplace: Option<Marketplace>,
    }
}

object! {
    /// A marketplace offer.
    pub struct Marketplace {
        /// The offer.
        "offer" offer: Traced<String>,
        /// The publisher.
        "publisher" publisher: Traced<String>,
        /// The SKU.
        "sku" sku: Traced<String>,
        /// Whether it has a plan.
        "thirdPartyImage" third_party_image: Maybe<bool>,
        /// The version.
        "version" version: Traced<String>,
    }
}

object! {
    /// A compute or community gallery.
    pub struct ComputeGallery {
        /// The gallery.
        "gallery" gallery: Traced<String>,
        /// The image.
        "name" name: Traced<String>,
        /// The plan.
        "plan" plan: Option<Plan>,
        /// The gallery's resource group.
        "resourceGroup" resource_group: Maybe<String>,
        /// The gallery's subscription.
        "subscriptionID" subscription_id: Maybe<String>,
        /// The version.
        "version" version: Traced<String>,
    }
}

object! {
    /// A marketplace plan.
    pub struct Plan {
        /// The offer.
        "offer" offer: Traced<String>,
        /// The publisher.
        "publisher" publisher: Traced<String>,
        /// The SKU.
        "sku" sku: Traced<String>,
    }
}

object! {
    /// Security settings.
    pub struct SecurityProfile {
        /// Encryption at the host.
        "encryptionAtHost" encryption_at_host: Maybe<bool>,
    }
}

object! {
    /// Spot machines.
    pub struct SpotVmOptions {
        /// What happens to a machine that is taken away.
        "evictionPolicy" eviction_policy: Maybe<String>,
        /// The highest price of an hour.
        "maxPrice" max_price: Maybe<String>,
    }
}

object! {
    /// A user-assigned identity.
    pub struct UserAssignedIdentity {
        /// Its provider id.
        "providerID" provider_id: Traced<String>,
    }
}

impl crate::wire::Wire for Keep<SpotVmOptions> {
    fn wire(&self) -> Option<flatwright_yaml::Value> {
        Some(self.0.wire().unwrap_or_else(flatwright_yaml::Value::map))
    }
}
