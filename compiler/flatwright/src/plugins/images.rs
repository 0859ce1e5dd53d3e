//! The `images` hook: the machine image of each group, and kubeadm's container images.

use flatwright_diagnostic::{Origin, Report, Traced};
use flatwright_plan::{self as plan, Maybe, Plan};
use flatwright_plugin_host::Session;
use flatwright_plugin_host::model::cluster::Target;
use flatwright_plugin_host::model::images as model;

use super::pen::Pen;
use super::{CallSite, Ready, Run, Stop, charts, context, covered};

/// Where kubeadm pulls from unless told otherwise.
const DEFAULT_REPOSITORY: &str = "registry.k8s.io";

/// Where it pulls CoreDNS from then: only the default repository has a level for it.
const DEFAULT_DNS_REPOSITORY: &str = "registry.k8s.io/coredns";

/// The container images that kubeadm lets choose, with the words for reports.
const COMPONENTS: [(model::ImageComponent, &str); 3] = [
    (model::ImageComponent::Kubernetes, "cluster, kubernetes"),
    (model::ImageComponent::Etcd, "cluster, etcd"),
    (model::ImageComponent::CoreDns, "cluster, core-dns"),
];

pub(super) fn customize(
    run: &mut Run<'_>,
    ready: &Ready,
    session: &Session<'_>,
    plan: &mut Plan,
    report: &mut Report,
) -> Result<(), Stop> {
    let mut told = context::of_cluster(plan, run.contract, ready);
    for index in covered(ready, plan) {
        let before = model::Image::Machine(machine(&plan.groups[index].image));
        told.target = context::group_target(index);
        let outcome = session.customize_image(&told, &before);
        let target = plan.groups[index].name.value.clone();
        let site = CallSite { ready, hook: "images", target: &target, group: Some(index) };
        if let Some(model::Image::Machine(image)) = run.book(site, &before, outcome, plan, report)?
            && let Some(image) = machine_back(image, &plan.groups[index].image, &mut run.pen(&target))
        {
            plan.groups[index].image = image;
        }
    }
    told.target = Target::Cluster;
    // Every question shows what is pulled before any answer of this plugin: one answer does not change what is asked about the next image.
    let charts: Vec<_> = charts::images(&plan.addons, ready.entry(plan), report);
    let charts: Vec<_> = charts.into_iter().map(|image| (image.question(&plan.addons), image)).collect();
    let asked = COMPONENTS.map(|(component, target)| (container(plan, component), target));
    for (was, target) in asked {
        let before = model::Image::Container(was.clone());
        let outcome = session.customize_image(&told, &before);
        let site = CallSite { ready, hook: "images", target, group: None };
        if let Some(model::Image::Container(image)) = run.book(site, &before, outcome, plan, report)? {
            container_back(plan, &was, image, &mut run.pen("cluster"));
        }
    }
    for (was, chart) in charts {
        let before = model::Image::Container(was.clone());
        let outcome = session.customize_image(&told, &before);
        let target = format!("cluster, {}", chart.name);
        let site = CallSite { ready, hook: "images", target: &target, group: None };
        if let Some(model::Image::Container(image)) = run.book(site, &before, outcome, plan, report)? {
            chart.answer(&mut plan.addons, &was, &image, &mut run.pen("cluster"));
        }
    }
    Ok(())
}

fn machine(image: &plan::Image) -> model::MachineImage {
    let text = |value: &Traced<String>| value.value.clone();
    match image {
        plan::Image::Marketplace { publisher, offer, sku, version, third_party } => {
            model::MachineImage::Marketplace(model::MarketplaceImage {
                publisher: text(publisher),
                offer: text(offer),
                sku: text(sku),
                version: text(version),
                third_party: third_party.is_some_and(|flag| flag.value),
            })
        }
        plan::Image::Gallery {
            gallery,
            name,
            version,
            subscription_id: Some(subscription),
            resource_group: Some(group),
            plan,
        } => model::MachineImage::ComputeGallery(model::ComputeGalleryImage {
            subscription_id: text(subscription),
            resource_group: text(group),
            gallery: text(gallery),
            name: text(name),
            version: text(version),
            plan: plan.as_ref().map(|plan| model::PurchasePlan {
                publisher: text(&plan.publisher),
                offer: text(&plan.offer),
                sku: text(&plan.sku),
            }),
        }),
        plan::Image::Gallery { gallery, name, version, .. } => {
            model::MachineImage::CommunityGallery(model::CommunityGalleryImage {
                gallery: text(gallery),
                name: text(name),
                version: text(version),
            })
        }
        plan::Image::Id(id) => model::MachineImage::Id(text(id)),
    }
}

/// The answer in the plan's terms. Values that stayed keep the origin they had.
fn machine_back(image: model::MachineImage, old: &plan::Image, pen: &mut Pen<'_>) -> Option<plan::Image> {
    let kept = texts(old);
    for (text, gone) in texts(old) {
        if !model_texts(&image).contains(&text.as_str()) {
            pen.replace("machine", gone);
        }
    }
    let origin = pen.origin;
    let from = |value: String| {
        let same = kept.iter().find(|(text, _)| *text == value).map(|(_, origin)| *origin);
        Traced::new(value, same.unwrap_or(origin))
    };
    Some(match image {
        model::MachineImage::Marketplace(image) => plan::Image::Marketplace {
            publisher: from(image.publisher),
            offer: from(image.offer),
            sku: from(image.sku),
            version: from(image.version),
            third_party: image.third_party.then(|| Traced::new(true, origin)),
        },
        model::MachineImage::CommunityGallery(image) => plan::Image::Gallery {
            gallery: from(image.gallery),
            name: from(image.name),
            version: from(image.version),
            subscription_id: None,
            resource_group: None,
            plan: None,
        },
        model::MachineImage::ComputeGallery(image) => plan::Image::Gallery {
            gallery: from(image.gallery),
            name: from(image.name),
            version: from(image.version),
            subscription_id: Some(from(image.subscription_id)),
            resource_group: Some(from(image.resource_group)),
            plan: image.plan.map(|plan| plan::ImagePlan {
                publisher: from(plan.publisher),
                offer: from(plan.offer),
                sku: from(plan.sku),
            }),
        },
        model::MachineImage::Id(id) => plan::Image::Id(from(id)),
        model::MachineImage::Other(_) => return None,
    })
}

/// The texts of a machine image, with their origins.
pub(super) fn texts(image: &plan::Image) -> Vec<(String, Origin)> {
    let of =
        |values: Vec<&Traced<String>>| values.into_iter().map(|value| (value.value.clone(), value.origin)).collect();
    match image {
        plan::Image::Marketplace { publisher, offer, sku, version, .. } => of(vec![publisher, offer, sku, version]),
        plan::Image::Gallery { gallery, name, version, .. } => of(vec![gallery, name, version]),
        plan::Image::Id(id) => of(vec![id]),
    }
}

/// The texts of an answer.
fn model_texts(image: &model::MachineImage) -> Vec<&str> {
    match image {
        model::MachineImage::Marketplace(image) => {
            vec![&image.publisher, &image.offer, &image.sku, &image.version]
        }
        model::MachineImage::CommunityGallery(image) => vec![&image.gallery, &image.name, &image.version],
        model::MachineImage::ComputeGallery(image) => {
            vec![&image.gallery, &image.name, &image.version, &image.subscription_id, &image.resource_group]
        }
        model::MachineImage::Id(text) | model::MachineImage::Other(text) => vec![text],
    }
}

fn container(plan: &Plan, component: model::ImageComponent) -> model::ContainerImage {
    let kubeadm = &plan.kubeadm;
    let shared = kubeadm.image_repository.as_ref().map_or(DEFAULT_REPOSITORY, |repository| &repository.value);
    let (image, default) = match component {
        model::ImageComponent::Etcd => (Some(&kubeadm.etcd.image), shared),
        model::ImageComponent::CoreDns if shared == DEFAULT_REPOSITORY => (Some(&kubeadm.dns), DEFAULT_DNS_REPOSITORY),
        model::ImageComponent::CoreDns => (Some(&kubeadm.dns), shared),
        _ => (None, shared),
    };
    let text = |value: &Maybe<String>| value.as_ref().map(|value| value.value.clone());
    model::ContainerImage {
        repository: image.and_then(|image| text(&image.repository)).unwrap_or_else(|| default.to_owned()),
        tag: image.and_then(|image| text(&image.tag)),
        digest: None,
        component,
    }
}

/// Takes over what the answer changes; what stayed, stays as the spec says it, or unsaid.
fn container_back(plan: &mut Plan, before: &model::ContainerImage, after: model::ContainerImage, pen: &mut Pen<'_>) {
    // What kubeadm would pull anyway, now that it pulls its images from elsewhere, needs no words.
    let is_new = after.repository != before.repository
        && after.repository != container(plan, after.component.clone()).repository;
    let repository = is_new.then_some(after.repository);
    let kubeadm = &mut plan.kubeadm;
    let image = match after.component {
        model::ImageComponent::Kubernetes => {
            if repository.is_some() {
                let path = "container.repository of kubernetes";
                kubeadm.image_repository = pen.put_maybe(path, kubeadm.image_repository.as_ref(), repository);
            }
            return;
        }
        model::ImageComponent::Etcd => &mut kubeadm.etcd.image,
        model::ImageComponent::CoreDns => &mut kubeadm.dns,
        _ => return,
    };
    let name = if after.component == model::ImageComponent::Etcd { "etcd" } else { "core-dns" };
    if repository.is_some() {
        let path = format!("container.repository of {name}");
        image.repository = pen.put_maybe(&path, image.repository.as_ref(), repository);
    }
    if after.tag != before.tag {
        image.tag = pen.put_maybe(&format!("container.tag of {name}"), image.tag.as_ref(), after.tag);
    }
}
