//! Names and ids of Azure.

use flatwright_flatcar::azure::Size;

use crate::decode::{Flaw, Text};

/// A GUID, as Azure writes subscriptions, tenants and clients.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a GUID", pattern = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", check = guid)]
pub struct Guid(String);

/// An Azure region in its short spelling, such as `westeurope`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "an Azure region such as `westeurope`", pattern = "^[a-z][a-z0-9]*$", check = location)]
pub struct Location(String);

/// An Azure resource group: 1 to 90 letters, digits, `-`, `_`, `.`, `(` or `)`, not ending in a dot.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "an Azure resource group", pattern = "^[-\\w._()]{0,89}[-\\w_()]$", check = resource_group)]
pub struct ResourceGroup(String);

/// The name of an Azure network resource: letters, digits, `-`, `_` and `.`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "an Azure resource name", pattern = "^[-\\w._]{1,80}$", check = resource_name)]
pub struct ResourceName(String);

/// An Azure VM size, such as `Standard_D4s_v5`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "an Azure VM size such as `Standard_D4s_v5`", pattern = "^(Standard|Basic)_[A-Za-z0-9_-]+$", check = vm_size)]
pub struct VmSize(String);

/// The id of an Azure resource: `/subscriptions/…/resourceGroups/…/providers/…`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "an Azure resource id", pattern = "^/subscriptions/", check = resource_id)]
pub struct ResourceId(String);

/// The provider id of an identity: `azure:///subscriptions/…`, or the resource id alone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "an identity's provider id", pattern = "^(azure://)?/subscriptions/", check = identity_id)]
pub struct IdentityId(String);

/// What an hour of a spot machine may cost in US dollars, or `-1` for the normal price.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "a price such as `0.05`", pattern = "^(-1|[0-9]+(\\.[0-9]+)?)$", check = price, takes_numbers)]
pub struct Price(String);

/// An availability zone of Azure.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Text)]
#[text(expected = "an availability zone such as `1`", pattern = "^[1-9]$", check = zone, takes_numbers)]
pub struct Zone(String);

fn guid(text: &str) -> Result<(), String> {
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    let is_guid = groups == [8, 4, 4, 4, 12] && text.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit());
    if is_guid { Ok(()) } else { Err("a GUID has 8-4-4-4-12 hexadecimal digits".to_owned()) }
}

fn location(text: &str) -> Result<(), Flaw> {
    if text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    {
        Ok(())
    } else {
        let short = text.to_lowercase().replace([' ', '-', '_'], "");
        Err(Flaw::meaning("the short spelling has lower-case letters and digits only", short))
    }
}

fn resource_group(text: &str) -> Result<(), String> {
    if text.is_empty() || text.chars().count() > 90 {
        return Err("a resource group has 1 to 90 characters".to_owned());
    }
    if text.ends_with('.') {
        return Err("a resource group cannot end in a dot".to_owned());
    }
    if text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.()".contains(c)) {
        Ok(())
    } else {
        Err("it may have letters, digits, `-`, `_`, `.`, `(` and `)`".to_owned())
    }
}

fn resource_name(text: &str) -> Result<(), String> {
    let is_name =
        !text.is_empty() && text.len() <= 80 && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    if is_name { Ok(()) } else { Err("it has 1 to 80 letters, digits, `-`, `_` and `.`".to_owned()) }
}

fn vm_size(text: &str) -> Result<(), Flaw> {
    let rest = text.strip_prefix("Standard_").or_else(|| text.strip_prefix("Basic_"));
    if rest.is_some_and(|rest| {
        !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
    }) {
        Ok(())
    } else {
        // Azure's own tools take any case, and the size without its tier.
        let whole = if text.to_ascii_lowercase().starts_with("standard_") {
            text.to_owned()
        } else {
            format!("Standard_{text}")
        };
        let meant = Size::in_other_case(&whole).map_or(whole, str::to_owned);
        Err(Flaw::meaning("a size begins with `Standard_` or `Basic_`", meant))
    }
}

fn resource_id(text: &str) -> Result<(), String> {
    if text.starts_with("/subscriptions/") && text.split('/').count() >= 5 && !text.contains(char::is_whitespace) {
        Ok(())
    } else {
        Err("it begins with `/subscriptions/<id>/resourceGroups/<name>/`".to_owned())
    }
}

fn identity_id(text: &str) -> Result<(), String> {
    let id = text.strip_prefix("azure://").unwrap_or(text);
    if id.starts_with("/subscriptions/") && id.contains("/userAssignedIdentities/") {
        Ok(())
    } else {
        Err("it is `azure:///subscriptions/<id>/resourceGroups/<name>/providers/Microsoft.ManagedIdentity/userAssignedIdentities/<name>`".to_owned())
    }
}

fn price(text: &str) -> Result<(), String> {
    let is_number =
        |digits: &str| !digits.is_empty() && digits.len() < 10 && digits.bytes().all(|b| b.is_ascii_digit());
    let (whole, cents) = text.split_once('.').unwrap_or((text, "0"));
    if text == "-1" || is_number(whole) && is_number(cents) {
        Ok(())
    } else {
        Err("it is a decimal number of US dollars, or `-1` for the normal price".to_owned())
    }
}

fn zone(text: &str) -> Result<(), String> {
    let is_zone = matches!(text.as_bytes(), [b'1'..=b'9']);
    if is_zone { Ok(()) } else { Err("a zone is a number, without its region".to_owned()) }
}
