//! What the mutating webhooks make of an object, as far as later rules see it. They run before the CRD's schema is asked, and they read the object into Go
//! structs, so a required field that is absent comes back as `""` or `0` and the schema has nothing to object to.

mod azure_cluster;
mod fill;

use std::collections::BTreeSet;

use flatwright_kubernetes::crds::{self, Form, Line};
use serde_json::{Map, Value, json};

use crate::contract::Contract;
use crate::field::Field;
use fill::{at, fill, insert, objects};

/// The object after the mutating webhooks: the defaults that other rules depend on, and the fields whose absence the webhooks hide from the CRD's schema.
/// `schema(defaulted(object))` says what the whole API server says, `schema(object)` is stricter.
pub fn defaulted(object: &Value) -> Value {
    let mut result = object.clone();
    let field = Field::root(object);
    let contract = Contract::of(&field);
    if !result.get("spec").is_some_and(Value::is_object) {
        return result;
    }
    let kind = field.get("kind").text_or_empty();
    if READ_INTO_STRUCTS.contains(&kind)
        && let Some(line) =
            crds::find(field.get("apiVersion").text_or_empty(), kind).and_then(|known| known.root.property("spec"))
        && let Some(spec) = result.get_mut("spec")
    {
        zero(spec, line);
    }
    match kind {
        "AzureMachineTemplate" => {
            azure_machine(&mut result, &["spec", "template", "spec"]);
            identities(at(&mut result, &["spec", "template", "spec"]));
        }
        "AzureMachinePool" => {
            fill(&mut result, &["spec", "location"], json!(""));
            azure_machine(&mut result, &["spec", "template"]);
            identities(at(&mut result, &["spec"]));
        }
        "AzureCluster" => {
            fill(&mut result, &["spec", "location"], json!(""));
            azure_cluster::cluster(&mut result, field.get("metadata.name").text_or_empty());
        }
        "AzureClusterTemplate" => azure_cluster::template(&mut result),
        "KubeadmControlPlane" => control_plane(&mut result, contract),
        "KubeadmControlPlaneTemplate" => strategy(&mut result, &["spec", "template", "spec"], contract),
        "MachineDeployment" => machine_deployment(&mut result, &field),
        "MachinePool" => machine_version(&mut result),
        "MachineHealthCheck" => {
            let path =
                contract.pick(&["spec", "nodeStartupTimeout"][..], &["spec", "checks", "nodeStartupTimeoutSeconds"]);
            fill(&mut result, path, contract.pick(json!("10m0s"), json!(600)));
        }
        "HelmChartProxy" => {
            fill(&mut result, &["spec", "chartName"], json!(""));
            fill(&mut result, &["spec", "clusterSelector"], json!({}));
        }
        "Cluster" => prefix_version(&mut result, &["spec", "topology", "version"]),
        _ => {}
    }
    result
}

/// Kinds whose mutating webhook writes the whole object back, with what Go has for a required field that is not there.
const READ_INTO_STRUCTS: &[&str] =
    &["AzureCluster", "AzureClusterTemplate", "AzureMachinePool", "AzureMachineTemplate", "HelmChartProxy"];

/// Writes Go's zero for every required field that is absent. A list stays absent: Go writes `null`, which the server drops.
fn zero(value: &mut Value, line: Line) {
    match (value, line.form()) {
        (Value::Object(fields), Form::Fields) => {
            for name in line.required() {
                let Some(below) = line.property(name).filter(|_| !fields.contains_key(name)) else { continue };
                let zero = match (below.form(), below.kind()) {
                    (Form::Fields, _) => json!({}),
                    (Form::Scalar, Some("string")) => json!(""),
                    (Form::Scalar, Some("integer" | "number")) => json!(0),
                    (Form::Scalar, Some("boolean")) => json!(false),
                    _ => continue,
                };
                fields.insert(name.to_owned(), zero);
            }
            for (name, value) in fields.iter_mut() {
                if let Some(below) = line.property(name) {
                    zero(value, below);
                }
            }
        }
        (Value::Object(fields), Form::Entries(below)) => fields.values_mut().for_each(|value| zero(value, below)),
        (Value::Array(items), Form::List(below)) => items.iter_mut().for_each(|item| zero(item, below)),
        _ => {}
    }
}

fn azure_machine(object: &mut Value, machine: &[&str]) {
    let Some(Value::Object(machine)) = at(object, machine) else { return };
    machine.entry("vmSize").or_insert_with(|| json!(""));
    if let Some(Value::Object(disk)) = machine.get_mut("osDisk") {
        disk.entry("osType").or_insert_with(|| json!("Linux"));
    }
    disks(machine);
    let has_interfaces =
        machine.get("networkInterfaces").and_then(Value::as_array).is_some_and(|list| !list.is_empty());
    if has_interfaces {
        for interface in machine.get_mut("networkInterfaces").and_then(Value::as_array_mut).into_iter().flatten() {
            let is_zero = interface.get("privateIPConfigs").is_none_or(|count| count == 0 || count.is_null());
            if let (true, Value::Object(interface)) = (is_zero, interface) {
                interface.insert("privateIPConfigs".to_owned(), json!(1));
            }
        }
    } else {
        let mut interface = Map::new();
        for key in ["subnetName", "acceleratedNetworking"] {
            if let Some(value) = machine.shift_remove(key).filter(|value| !value.is_null() && value != "") {
                interface.insert(key.to_owned(), value);
            }
        }
        interface.insert("privateIPConfigs".to_owned(), json!(1));
        machine.insert("networkInterfaces".to_owned(), json!([interface]));
    }
}

fn identities(holder: Option<&mut Value>) {
    for identity in objects(holder.and_then(|holder| holder.get_mut("userAssignedIdentities"))) {
        identity.entry("providerID").or_insert_with(|| json!(""));
    }
}

fn disks(machine: &mut Map<String, Value>) {
    let Some(Value::Array(disks)) = machine.get_mut("dataDisks") else { return };
    let mut taken: BTreeSet<i64> = disks.iter().filter_map(|disk| disk.get("lun")?.as_i64()).collect();
    for disk in disks.iter_mut().filter_map(Value::as_object_mut) {
        if disk.get("lun").is_none_or(Value::is_null)
            && let Some(free) = (0..64).find(|lun| !taken.contains(lun))
        {
            taken.insert(free);
            disk.insert("lun".to_owned(), json!(free));
        }
        let is_ultra =
            disk.get("managedDisk").and_then(|disk| disk.get("storageAccountType")) == Some(&json!("UltraSSD_LRS"));
        disk.entry("cachingType").or_insert_with(|| json!(if is_ultra { "None" } else { "ReadWrite" }));
        disk.entry("nameSuffix").or_insert_with(|| json!(""));
        disk.entry("diskSizeGB").or_insert_with(|| json!(0));
    }
}

fn control_plane(object: &mut Value, contract: Contract) {
    fill(object, &["spec", "replicas"], json!(1));
    fill(object, &["spec", "version"], json!(""));
    prefix_version(object, &["spec", "version"]);
    strategy(object, &["spec"], contract);
}

fn strategy(object: &mut Value, spec: &[&str], contract: Contract) {
    let strategy = [spec, contract.pick(&["rolloutStrategy"][..], &["rollout", "strategy"])].concat();
    fill(object, &[&strategy, &["rollingUpdate", "maxSurge"][..]].concat(), json!(1));
    if let Some(Value::Object(strategy)) = at(object, &strategy) {
        strategy.insert("type".to_owned(), json!("RollingUpdate"));
    }
}

fn machine_deployment(object: &mut Value, field: &Field<'_>) {
    machine_version(object);
    let cluster = field.get("spec.clusterName").text_or_empty();
    let name = field.get("metadata.name").text_or_empty();
    let is_unselective = crate::selector::is_empty(&field.get("spec.selector"));
    let mut labels = vec![("cluster.x-k8s.io/cluster-name", cluster)];
    if is_unselective {
        labels.push(("cluster.x-k8s.io/deployment-name", name));
    }
    for (key, value) in labels {
        // A template without labels of its own gets these; one that has them keeps what it says.
        insert(object, &["spec", "selector", "matchLabels", key], json!(value));
        insert(object, &["spec", "template", "metadata", "labels", key], json!(value));
    }
}

fn machine_version(object: &mut Value) {
    prefix_version(object, &["spec", "template", "spec", "version"]);
}

fn prefix_version(object: &mut Value, path: &[&str]) {
    if let Some(Value::String(version)) = at(object, path)
        && !version.starts_with('v')
    {
        version.insert(0, 'v');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_webhooks_fill_in_is_there() {
        let cluster = json!({"kind": "AzureCluster", "metadata": {"name": "a"}, "spec": {"networkSpec": {
            "vnet": {}, "subnets": [{"role": "node", "securityGroup": {"securityRules": [{"name": "b"}]}}],
        }}});
        let filled = defaulted(&cluster);
        for path in ["/spec/location", "/spec/networkSpec/vnet/name", "/spec/networkSpec/subnets/0/name"] {
            assert!(filled.pointer(path).is_some_and(Value::is_string), "{path}");
        }
        assert_eq!(
            filled.pointer("/spec/networkSpec/subnets/0/securityGroup/securityRules/0/description"),
            Some(&json!(""))
        );
        let machine = json!({"kind": "AzureMachineTemplate", "spec": {"template": {"spec": {
            "acceleratedNetworking": true, "dataDisks": [{"nameSuffix": "a", "diskSizeGB": 4}, {"nameSuffix": "b", "diskSizeGB": 4, "lun": 0}],
        }}}});
        let filled = defaulted(&machine);
        let spec = &filled["spec"]["template"]["spec"];
        assert_eq!(spec["networkInterfaces"], json!([{"acceleratedNetworking": true, "privateIPConfigs": 1}]));
        assert_eq!((&spec["dataDisks"][0]["lun"], &spec["vmSize"]), (&json!(1), &json!("")));
        assert!(spec.get("acceleratedNetworking").is_none());
    }

    #[test]
    fn other_values_are_left_alone() {
        for odd in
            [json!(null), json!([]), json!({"kind": "AzureCluster"}), json!({"kind": "KubeadmControlPlane", "spec": 3})]
        {
            assert_eq!(defaulted(&odd), odd);
        }
    }
}
