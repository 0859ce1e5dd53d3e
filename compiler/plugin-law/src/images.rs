//! Answers of the hook `images`.

use flatwright_flatcar::offer;
use flatwright_kubernetes::chart_images::chart_image;
use flatwright_plugin_host::model::images::{ContainerImage, Image, ImageComponent, MachineImage, MarketplaceImage};
use flatwright_spec::rules::ImageReference;
use flatwright_spec::types;

use crate::judge::{Judge, Judged};
use crate::rule::PluginValue;

impl Judge for Image {
    fn judge(&self, question: &Self, judged: &mut Judged<'_>) {
        // Offer, plan and version make sense together or not: what was wrong with the question is not the plugin's.
        let known = judged.of(|judged| fields(question, question, judged));
        fields(self, question, judged);
        judged.forget(&known);
    }
}

fn fields(image: &Image, question: &Image, judged: &mut Judged<'_>) {
    match image {
        Image::Machine(image) => machine(image, judged),
        Image::Container(image) => container(image, question, judged),
        Image::Other(kind) if image != question => {
            judged.error("other", &PluginValue::UnknownKind { kind: kind.clone(), of: "image" });
        }
        Image::Other(_) => {}
    }
}

fn machine(image: &MachineImage, judged: &mut Judged<'_>) {
    match image {
        MachineImage::Marketplace(image) => marketplace(image, judged),
        MachineImage::CommunityGallery(image) => {
            texts("machine.community-gallery", [("version", &image.version)], judged);
            texts("machine.community-gallery", [("gallery", &image.gallery), ("name", &image.name)], judged);
        }
        MachineImage::ComputeGallery(image) => {
            judged.form::<types::Guid>("machine.compute-gallery.subscription-id", &image.subscription_id);
            judged.form::<types::ResourceGroup>("machine.compute-gallery.resource-group", &image.resource_group);
            texts("machine.compute-gallery", [("gallery", &image.gallery), ("name", &image.name)], judged);
            texts("machine.compute-gallery", [("version", &image.version)], judged);
            if let Some(plan) = &image.plan {
                let values = [("publisher", &plan.publisher), ("offer", &plan.offer), ("sku", &plan.sku)];
                texts("machine.compute-gallery.plan", values, judged);
            }
        }
        MachineImage::Id(id) => judged.form::<types::ResourceId>("machine.id", id),
        MachineImage::Other(kind) => {
            judged.error("machine", &PluginValue::UnknownKind { kind: kind.clone(), of: "image" });
        }
    }
}

fn texts<const N: usize>(field: &str, values: [(&str, &String); N], judged: &mut Judged<'_>) {
    for (name, value) in values {
        judged.form::<types::Word>(&format!("{field}.{name}"), value);
    }
}

fn marketplace(image: &MarketplaceImage, judged: &mut Judged<'_>) {
    let values =
        [("publisher", &image.publisher), ("offer", &image.offer), ("sku", &image.sku), ("version", &image.version)];
    texts("machine.marketplace", values, judged);
    let reference = offer::Reference {
        publisher: &image.publisher,
        offer: &image.offer,
        sku: &image.sku,
        version: &image.version,
        is_third_party: image.third_party,
    };
    for problem in offer::check(&reference, judged.facts.architecture) {
        let field = match problem.field() {
            offer::Field::Offer => "machine.marketplace.offer",
            offer::Field::Sku => "machine.marketplace.sku",
            offer::Field::Version => "machine.marketplace.version",
            offer::Field::ThirdPartyImage => "machine.marketplace.third-party",
        };
        judged.rule(problem.severity(), field, &ImageReference::from(problem));
    }
}

fn container(image: &ContainerImage, question: &Image, judged: &mut Judged<'_>) {
    judged.form::<types::ImageRepository>("container.repository", &image.repository);
    if let Some(tag) = &image.tag {
        texts("container", [("tag", tag)], judged);
    }
    let asked = if let Image::Container(asked) = question { asked } else { image };
    // Whoever pulls the image would go on without them, and the plugin would seem to have pinned what it has not.
    let row = match &image.component {
        ImageComponent::Addon(name) => chart_image(name),
        _ => None,
    };
    if let Some(digest) = image.digest.as_ref().filter(|digest| asked.digest.as_ref() != Some(*digest)) {
        let is_taken = row.is_some_and(|row| row.value("digest").is_some());
        let hex = digest.strip_prefix("sha256:").unwrap_or_default();
        let is_digest = hex.len() == 64 && hex.bytes().all(|c| c.is_ascii_digit() || (b'a'..=b'f').contains(&c));
        if !is_taken {
            let of_chart = "the chart takes no digest for this image";
            let why = if row.is_some() { of_chart } else { "kubeadm takes no digest for this image" };
            judged.not_taken("container.digest", why);
        } else if !is_digest {
            judged.malformed(
                "container.digest",
                "a digest is `sha256:` and 64 hexadecimal digits in lower case".to_owned(),
            );
        } else if image.tag.is_none() {
            judged.not_taken("container.digest", "the chart writes the digest behind the tag, and there is no tag");
        }
    }
    if image.tag == asked.tag {
        return;
    }
    if image.component == ImageComponent::Kubernetes && image.tag.is_some() {
        judged.not_taken("container.tag", "the tags of Kubernetes' own images follow the version in the spec");
    }
    if let (ImageComponent::Addon(_), Some(row)) = (&image.component, row) {
        if row.value("tag").is_none() {
            judged.not_taken("container.tag", "the values of the chart have no tag for this image");
        } else if image.tag.is_none() {
            judged.not_taken("container.tag", "the tag cannot be removed");
        }
    }
}
