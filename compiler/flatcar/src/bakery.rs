//! The sysext bakery: URLs of images and checksums, and the transfer files that keep an extension up to date.
//!
//! Owns: the bakery's URL layout and the texts of the transfer files. Must not: fetch anything, or know how a file reaches the node.

use flatwright_kubernetes::table::Table;

use crate::arch::Architecture;
use crate::sysext::{self, Sysext};

/// The public bakery.
pub const DEFAULT_BAKERY: &str = "https://extensions.flatcar.org/extensions";

/// The extensions that the public bakery builds.
pub static EXTENSIONS: Table = Table::new(include_str!("../../../facts/bakery-extensions.txt"));

/// Which versions an update may bring.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Follow {
    /// Only the last number of the version changes. Kubernetes wants this: a new minor needs `kubeadm upgrade` first.
    #[default]
    Patches,
    /// Every newer version.
    All,
}

/// A bakery, or a mirror with its layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bakery {
    base: String,
}

impl Default for Bakery {
    fn default() -> Self {
        Self::new(DEFAULT_BAKERY)
    }
}

impl Bakery {
    /// A bakery at this URL; slashes at its end do not count.
    pub fn new(base: &str) -> Self {
        Self { base: base.trim_end_matches('/').to_owned() }
    }

    /// The URL without a slash at its end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Where an image is: `<base>/kubernetes-v1.34.2-x86-64.raw`.
    pub fn image_url(&self, sysext: &Sysext) -> String {
        format!("{}/{}", self.base, sysext.image_file())
    }

    /// Where the SHA-256 sums of all images of an extension are, as sysupdate reads them: `<base>/kubernetes/SHA256SUMS`.
    pub fn checksums_url(&self, name: &str) -> String {
        format!("{}/{name}/SHA256SUMS", self.base)
    }

    /// Where the bakery's own transfer file of an extension is: `<base>/kubernetes/kubernetes-v1.34.conf`. Only upstream's templates fetch it; ours is
    /// written inline, see [`Bakery::transfer`].
    pub fn transfer_url(&self, sysext: &Sysext, follow: Follow) -> String {
        format!("{}/{}/{}.conf", self.base, sysext.name, transfer_stem(sysext, follow))
    }

    /// Where upstream's templates fetch the transfer that does nothing. The bakery no longer makes the file, so ours is inline: [`NOOP_TRANSFER`].
    pub fn noop_url(&self) -> String {
        format!("{}/noop.conf", self.base)
    }

    /// The transfer that keeps an extension up to date from this bakery. Its checksums are always compared; `Verify=false` because the bakery signs nothing.
    pub fn transfer(&self, sysext: &Sysext, follow: Follow) -> Transfer {
        let name = &sysext.name;
        let line = version_line(sysext, follow);
        Transfer {
            is_signature_verified: false,
            source_url: format!("{}/{name}/", self.base),
            match_pattern: format!("{name}-{line}@v-%a.raw"),
            target_directory: sysext::image_directory(name),
            current_symlink: sysext::link_path(name),
            instances_max: 3,
        }
    }
}

/// A transfer of files from a URL with checksums to a directory with a link to the newest one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// `Verify=`: whether a GPG signature of the checksums is demanded.
    pub is_signature_verified: bool,
    /// `[Source] Path=`: the directory with `SHA256SUMS`.
    pub source_url: String,
    /// `[Source] MatchPattern=`: `@v` stands for the version, `%a` for the architecture.
    pub match_pattern: String,
    /// `[Target] Path=`.
    pub target_directory: String,
    /// `[Target] CurrentSymlink=`.
    pub current_symlink: String,
    /// `[Target] InstancesMax=`: how many versions are kept, at least 2.
    pub instances_max: u32,
}

impl Transfer {
    /// The text of the transfer file.
    pub fn render(&self) -> String {
        let Self { source_url, match_pattern, target_directory, current_symlink, instances_max, .. } = self;
        format!(
            "[Transfer]\nVerify={}\n\n\
             [Source]\nType=url-file\nPath={source_url}\nMatchPattern={match_pattern}\n\n\
             [Target]\nInstancesMax={instances_max}\nType=regular-file\nPath={target_directory}\nCurrentSymlink={current_symlink}\n",
            self.is_signature_verified,
        )
    }
}

/// The path of an extension's transfer file: `/etc/sysupdate.kubernetes.d/kubernetes-v1.34.transfer`. The suffix comes from
/// [`crate::release::transfer_suffix`].
pub fn transfer_path(sysext: &Sysext, follow: Follow, suffix: &str) -> String {
    format!("{}/{}{suffix}", sysext.component_directory(), transfer_stem(sysext, follow))
}

/// The path of the transfer that does nothing: `/etc/sysupdate.d/noop.transfer`.
pub fn noop_transfer_path(suffix: &str) -> String {
    format!("/etc/sysupdate.d/noop{suffix}")
}

/// A transfer that never finds anything. `systemd-sysupdate.service` also updates the component without a name, and fails if that has no transfer at all.
pub const NOOP_TRANSFER: &str = "\
[Source]
Type=regular-file
Path=/
MatchPattern=invalid@v.raw

[Target]
Type=regular-file
Path=/
";

/// Takes an image file name apart: `kubernetes-v1.34.2-x86-64.raw`. The name ends before the first `-` that is followed by a digit, or by `v` and a digit.
pub fn parse_image_file(file: &str) -> Option<Sysext> {
    let stem = file.strip_suffix(".raw")?;
    let (stem, architecture) = Architecture::ALL.into_iter().find_map(|architecture| {
        Some((stem.strip_suffix(architecture.bakery_name())?.strip_suffix('-')?, architecture))
    })?;
    let starts_version = |text: &str| text.strip_prefix('v').unwrap_or(text).starts_with(|c: char| c.is_ascii_digit());
    let dash = stem.match_indices('-').map(|(at, _)| at).find(|at| starts_version(&stem[at + 1..]))?;
    let sysext = Sysext { name: stem[..dash].to_owned(), version: stem[dash + 1..].to_owned(), architecture };
    (sysext::is_valid_name(&sysext.name) && sysext::is_valid_version(&sysext.version)).then_some(sysext)
}

/// One line of a `SHA256SUMS` file: 64 hexadecimal digits, two separators, the file name.
pub fn parse_checksum_line(line: &str) -> Option<(&str, &str)> {
    let (sum, file) = line.trim_end_matches(['\r', '\n']).split_at_checked(64)?;
    let file = file.strip_prefix("  ").or_else(|| file.strip_prefix(" *"))?;
    (sum.bytes().all(|b| b.is_ascii_hexdigit()) && !file.is_empty()).then_some((sum, file))
}

fn transfer_stem(sysext: &Sysext, follow: Follow) -> String {
    match version_line(sysext, follow).strip_suffix('.') {
        Some(line) => format!("{}-{line}", sysext.name),
        None => sysext.name.clone(),
    }
}

/// What comes before `@v`: `v1.34.` of `v1.34.2` for patches. A version without a dot has no patches to follow.
fn version_line(sysext: &Sysext, follow: Follow) -> &str {
    match (follow, sysext.version.rfind('.')) {
        (Follow::Patches, Some(dot)) => &sysext.version[..=dot],
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kubernetes() -> Sysext {
        Sysext { name: "kubernetes".into(), version: "v1.35.7".into(), architecture: Architecture::Amd64 }
    }

    #[test]
    fn urls_follow_the_layout_of_the_bakery() {
        let mirror = Bakery::new("https://mirror.example/sysexts//");
        assert_eq!(mirror.image_url(&kubernetes()), "https://mirror.example/sysexts/kubernetes-v1.35.7-x86-64.raw");
        assert_eq!(mirror.checksums_url("wasmtime"), "https://mirror.example/sysexts/wasmtime/SHA256SUMS");
        assert_eq!(
            mirror.transfer_url(&kubernetes(), Follow::Patches),
            "https://mirror.example/sysexts/kubernetes/kubernetes-v1.35.conf"
        );
        assert_eq!(
            mirror.transfer_url(&kubernetes(), Follow::All),
            "https://mirror.example/sysexts/kubernetes/kubernetes.conf"
        );
    }

    #[test]
    fn patch_updates_stay_on_the_minor() {
        let transfer = Bakery::default().transfer(&kubernetes(), Follow::Patches);
        assert_eq!(transfer.match_pattern, "kubernetes-v1.35.@v-%a.raw");
        assert_eq!(Bakery::default().transfer(&kubernetes(), Follow::All).match_pattern, "kubernetes-@v-%a.raw");
        assert_eq!(
            transfer_path(&kubernetes(), Follow::Patches, ".transfer"),
            "/etc/sysupdate.kubernetes.d/kubernetes-v1.35.transfer"
        );
        assert!(transfer.render().contains("\nCurrentSymlink=/etc/extensions/kubernetes.raw\n"));
    }

    #[test]
    fn a_version_without_dots_follows_everything() {
        let dated = Sysext { version: "20260101".into(), ..kubernetes() };
        assert_eq!(Bakery::default().transfer(&dated, Follow::Patches).match_pattern, "kubernetes-@v-%a.raw");
        assert_eq!(transfer_path(&dated, Follow::Patches, ".conf"), "/etc/sysupdate.kubernetes.d/kubernetes.conf");
    }

    #[test]
    fn image_file_names_read_back() {
        let arm = Sysext {
            name: "docker_compose-ext".into(),
            version: "2.0.1-rc1".into(),
            architecture: Architecture::Arm64,
        };
        for sysext in [kubernetes(), arm] {
            assert_eq!(parse_image_file(&sysext.image_file()), Some(sysext));
        }
        for file in ["kubernetes.raw", "-1-arm64.raw", "a-b-arm64.raw", "kubernetes-v1.2.3-riscv.raw", "x86-64.raw"] {
            assert_eq!(parse_image_file(file), None, "{file}");
        }
    }

    #[test]
    fn checksum_lines_are_read() {
        let sum = "0123456789abcdef".repeat(4);
        assert_eq!(parse_checksum_line(&format!("{sum}  a-1-arm64.raw\n")), Some((sum.as_str(), "a-1-arm64.raw")));
        assert_eq!(parse_checksum_line(&format!("{sum} a")), None);
        assert_eq!(parse_checksum_line("é"), None);
    }
}
