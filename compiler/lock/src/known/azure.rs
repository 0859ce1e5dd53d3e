//! Machine images as Azure's command line prints them: `az vm image list --all`, `az sig image-definition list-community`, `az sig image-version list-community` and
//! `az sig image-version list`, each with `-o json`.

use flatwright_flatcar::arch::Architecture;
use flatwright_flatcar::offer::{self, Skus};
use serde_json::Value;

use super::Malformed;

/// A machine image, or the definition of images in a gallery.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// `PUBLISHER/OFFER/SKU` of the marketplace, or `GALLERY/DEFINITION`.
    pub name: String,
    /// The version; none for a definition.
    pub version: Option<String>,
    /// The architecture.
    pub architecture: Option<Architecture>,
    /// The generation of virtual machines: `V1` or `V2`.
    pub generation: Option<&'static str>,
    /// The region that was asked.
    pub location: Option<String>,
    /// Whether `latest` passes it over.
    pub is_excluded: bool,
    /// The day on which it ends.
    pub ends: Option<String>,
    /// Whether NVMe controllers are named among its features.
    pub takes_nvme: Option<bool>,
    /// Whether trusted launch is among its features.
    pub takes_trusted_launch: Option<bool>,
    /// Whether it is sold with a plan.
    pub has_plan: Option<bool>,
    /// Where it was read.
    pub read: String,
}

impl Image {
    /// Whether it is of the marketplace.
    pub fn is_of_marketplace(&self) -> bool {
        self.name.matches('/').count() == 2
    }
}

pub(super) fn read(items: &[Value], name: &str, out: &mut Vec<Image>) -> Result<(), Malformed> {
    let mut found = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let image = image(item).ok_or_else(|| {
            let number = index + 1;
            Malformed::line(0, format!("item {number} is neither an image of the marketplace nor one of a gallery"))
        })?;
        found.push(Image { read: name.to_owned(), ..image });
    }
    out.extend(found);
    Ok(())
}

fn image(item: &Value) -> Option<Image> {
    let text = |key: &str| item[key].as_str().filter(|text| is_word(text));
    if let (Some(publisher), Some(offer), Some(sku)) = (text("publisher"), text("offer"), text("sku")) {
        return marketplace(publisher, offer, sku, text("version")?, text("architecture"));
    }
    // The command line lays the fields of `identifier` and `properties` flat; the API does not.
    let field = |key: &str| match &item[key] {
        Value::Null => &item["properties"][key],
        value => value,
    };
    let id = text("uniqueId").or_else(|| item["identifier"]["uniqueId"].as_str()).or_else(|| text("id"));
    let (name, version) = gallery(id?)?;
    let published = |key: &str| match field(key) {
        Value::Null => &item["publishingProfile"][key],
        value => value,
    };
    let features: Vec<(&str, &str)> = field("features")
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|feature| Some((feature["name"].as_str()?, feature["value"].as_str()?)))
        .collect();
    let feature =
        |name: &str| features.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| *value);
    let has_features = field("features").is_array();
    Some(Image {
        name,
        version,
        architecture: field("architecture").as_str().and_then(architecture),
        generation: field("hyperVGeneration").as_str().and_then(generation_word),
        location: text("location").map(str::to_owned),
        is_excluded: published("excludeFromLatest").as_bool().unwrap_or(false),
        ends: published("endOfLifeDate")
            .as_str()
            .and_then(day)
            .or_else(|| field("consumptionEndTime").as_str().and_then(day)),
        takes_nvme: has_features.then(|| feature("DiskControllerTypes").is_some_and(|value| value.contains("NVMe"))),
        takes_trusted_launch: has_features
            .then(|| feature("SecurityType").is_some_and(|value| value.contains("TrustedLaunch"))),
        has_plan: item.get("purchasePlan").map(|plan| plan["name"].is_string()),
        read: String::new(),
    })
}

/// An image of the marketplace. Its generation is in the name of the SKU, or the offer has one only.
pub(super) fn marketplace(
    publisher: &str,
    offer: &str,
    sku: &str,
    version: &str,
    architecture_name: Option<&str>,
) -> Option<Image> {
    let words = [publisher, offer, sku, version];
    words.iter().all(|word| is_word(word) && !word.contains('/')).then(|| Image {
        name: format!("{publisher}/{offer}/{sku}"),
        version: Some(version.to_owned()),
        architecture: architecture_name.and_then(architecture),
        generation: generation(offer, sku),
        has_plan: offer::offer(offer)
            .filter(|_| publisher == offer::PUBLISHER)
            .map(|offer| offer.plan == offer::Plan::Required),
        ..Image::default()
    })
}

/// The generation of the machines that an image of Flatcar's publisher is for.
pub fn generation(offer: &str, sku: &str) -> Option<&'static str> {
    let known = offer::offer(offer)?;
    Some(match known.skus {
        Skus::PlainGeneration2 => "V2",
        _ if sku.ends_with("-gen2") => "V2",
        _ => "V1",
    })
}

/// `GALLERY/DEFINITION` and the version of a resource's id.
pub(super) fn gallery(id: &str) -> Option<(String, Option<String>)> {
    let parts: Vec<&str> = id.split('/').collect();
    let after = |word: &str| {
        let at = parts.iter().position(|part| part.eq_ignore_ascii_case(word))?;
        parts.get(at + 1).copied().filter(|part| is_word(part))
    };
    let gallery = after("CommunityGalleries").or_else(|| after("SharedGalleries")).or_else(|| after("galleries"))?;
    Some((format!("{gallery}/{}", after("Images")?), after("Versions").map(str::to_owned)))
}

pub(super) fn architecture(word: &str) -> Option<Architecture> {
    Architecture::ALL.into_iter().find(|architecture| architecture.azure_name().eq_ignore_ascii_case(word))
}

pub(super) fn generation_word(word: &str) -> Option<&'static str> {
    ["V1", "V2"].into_iter().find(|known| known.eq_ignore_ascii_case(word))
}

/// The day of a point in time.
fn day(text: &str) -> Option<String> {
    text.get(..10).filter(|day| flatwright_kubernetes::table::is_day(day)).map(str::to_owned)
}

pub(super) fn is_word(text: &str) -> bool {
    !text.is_empty() && text.len() <= 512 && text.chars().all(|c| c.is_ascii_graphic())
}
