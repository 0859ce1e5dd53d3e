//! What plugins wrote into the plan, by the rules for what users write into a spec.
//!
//! Owns: which rule holds for which field. Must not: have rules of its own (the spec's types and `flatcar` have them), or look at values that no plugin changed.

use flatwright_diagnostic::{Diagnostic, Origin, Report, Severity, Traced};
use flatwright_flatcar::arch::Architecture;
use flatwright_flatcar::{offer, unit};
use flatwright_plan::{
    Contents, GroupKubeadm, HostPath, Image, KubeadmFile, KubeadmFileContent, MachineConfig, Plan, Taint,
};
use flatwright_plugin_host::escape_line;
use flatwright_spec::decode::{FromScalar, form_problem};
use flatwright_spec::types;

use super::{Call, describe_origin};
use crate::code;

pub(super) fn check(plan: &Plan, calls: &[Call], report: &mut Report) {
    if calls.iter().all(|call| call.edits.is_empty()) {
        return;
    }
    let mut check = Check { plan, calls, report };
    for component in [&plan.kubeadm.api_server, &plan.kubeadm.controller_manager, &plan.kubeadm.scheduler] {
        component.volumes.iter().for_each(|volume| check.volume(volume));
    }
    for group in &plan.groups {
        check.image(&group.image, Architecture::from_name(group.architecture.value));
        check.node(&group.kubeadm);
        check.machine_config(&group.machine_config);
    }
}

struct Check<'a> {
    plan: &'a Plan,
    calls: &'a [Call],
    report: &'a mut Report,
}

impl Check<'_> {
    fn node(&mut self, kubeadm: &GroupKubeadm) {
        kubeadm.files.iter().for_each(|file| self.file(file));
        kubeadm.taints.iter().flatten().for_each(|taint| self.taint(taint));
    }

    fn file(&mut self, file: &KubeadmFile) {
        self.form::<types::MachinePath>("files.path", &file.path);
        self.form::<types::Owner>("files.owner", &file.owner);
        self.form::<types::FileMode>("files.permissions", &file.permissions);
        if let KubeadmFileContent::Secret { name, .. } = &file.content {
            self.form::<types::Subdomain>("files.content.secret.name", name);
        }
    }

    fn taint(&mut self, taint: &Taint) {
        self.form::<types::LabelKey>("registration.taints.key", &taint.key);
        if let Some(value) = &taint.value {
            self.form::<types::LabelValue>("registration.taints.value", value);
        }
        if !["NoSchedule", "PreferNoSchedule", "NoExecute"].contains(&taint.effect.value.as_str()) {
            let fact = format!("`{}` is no effect of a taint", taint.effect.value);
            self.error("registration.taints.effect", taint.effect.origin, &fact);
        }
    }

    fn volume(&mut self, volume: &HostPath) {
        self.form::<types::Label>("volumes.name", &volume.name);
        self.form::<types::MachinePath>("volumes.host-path", &volume.host_path);
        self.form::<types::MachinePath>("volumes.mount-path", &volume.mount_path);
    }

    fn machine_config(&mut self, parts: &MachineConfig) {
        for file in &parts.files {
            self.form::<types::MachinePath>("path", &file.path);
            if let Contents::Remote { url, sha512 } = &file.contents {
                self.form::<types::FetchUrl>("extensions.source", url);
                sha512.iter().for_each(|sum| self.form::<types::Sha512>("extensions.hash", sum));
            }
        }
        for link in &parts.links {
            self.form::<types::MachinePath>("path", &link.path);
        }
        for each in &parts.units {
            if !unit::is_valid_unit_name(&each.name.value) {
                self.error("units.name", each.name.origin, &format!("`{}` is no unit name", each.name.value));
            }
            for drop_in in each.drop_ins.iter().filter(|drop_in| !is_drop_in(&drop_in.name)) {
                let fact =
                    format!("`{}` is no name of a drop-in: it is a file name that ends in `.conf`", drop_in.name);
                self.error("units.drop-ins.name", drop_in.contents.origin, &fact);
            }
        }
    }

    fn image(&mut self, image: &Image, machine: Option<Architecture>) {
        match image {
            Image::Marketplace { publisher, offer, sku, version, third_party } => {
                let reference = offer::Reference {
                    publisher: &publisher.value,
                    offer: &offer.value,
                    sku: &sku.value,
                    version: &version.value,
                    is_third_party: third_party.is_some_and(|flag| flag.value),
                };
                let origins = [offer.origin, sku.origin, version.origin];
                let Some(origin) = origins.into_iter().find(|origin| matches!(origin, Origin::Plugin(_))) else {
                    return;
                };
                for problem in offer::check(&reference, machine) {
                    let field = match problem.field() {
                        offer::Field::Offer => "machine.marketplace.offer",
                        offer::Field::Sku => "machine.marketplace.sku",
                        offer::Field::Version => "machine.marketplace.version",
                        offer::Field::ThirdPartyImage => "machine.marketplace.third-party",
                    };
                    self.finding(problem.severity(), field, origin, &problem.message());
                }
            }
            Image::Gallery { subscription_id: Some(subscription), .. } => {
                self.form::<types::Guid>("machine.compute-gallery.subscription-id", subscription);
            }
            Image::Gallery { .. } => {}
            Image::Id(id) => self.form::<types::ResourceId>("machine.id", id),
        }
    }

    fn form<T: FromScalar>(&mut self, field: &str, value: &Traced<String>) {
        if matches!(value.origin, Origin::Plugin(_))
            && let Some(fact) = form_problem::<T>(&value.value)
        {
            self.error(field, value.origin, &fact);
        }
    }

    fn error(&mut self, field: &str, origin: Origin, fact: &str) {
        self.finding(Severity::Error, field, origin, fact);
    }

    /// One fact about a value that a plugin gave; about any other, the spec's own checks have spoken.
    fn finding(&mut self, severity: Severity, field: &str, origin: Origin, fact: &str) {
        let Some((anchor, note)) = describe_origin(origin, self.calls, self.plan) else { return };
        let Origin::Plugin(index) = origin else { return };
        let Some(call) = usize::try_from(index).ok().and_then(|index| self.calls.get(index)) else { return };
        let message = format!("plugin `{}`, hook `{}`, field `{field}`: {}", call.plugin, call.hook, escape_line(fact));
        let mut diagnostic = Diagnostic::new(code::PLUGIN_VALUE, severity, message);
        diagnostic.at(anchor).note(note).hint("`--trace-plugins` shows what each plugin changed");
        self.report.push(diagnostic);
    }
}

fn is_drop_in(name: &str) -> bool {
    name.len() > ".conf".len() && name.ends_with(".conf") && !name.contains('/') && !name.chars().any(char::is_control)
}
