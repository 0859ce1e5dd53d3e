//! kubeadm's files whose text would not reach the machine as it is: they go into the machine config, which keeps every byte and stays readable.
//!
//! Owns: which files those are, and how many of them there is room for. Must not: write a config itself (`ignition` does).

use flatwright_capi::survives_as_content;
use flatwright_ignition::clc::{Room, WriteError, write_readable};
use flatwright_ignition::ignition2::{self as v2, encode_data_url};
use flatwright_plan::{KubeadmFile, KubeadmFileContent, NodeGroup};

/// A file that goes into the machine config.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Carried<'p> {
    /// Which of the group's files it is.
    index: usize,
    path: &'p str,
    text: &'p str,
    owner: &'p str,
    mode: u32,
}

/// The files of a group that are text and would be changed as `content`, and whose mode is one.
pub(super) fn carried(group: &NodeGroup) -> Vec<Carried<'_>> {
    group.kubeadm.files.iter().enumerate().filter_map(|(index, file)| of_file(index, file)).collect()
}

fn of_file(index: usize, file: &KubeadmFile) -> Option<Carried<'_>> {
    let KubeadmFileContent::Bytes(bytes) = &file.content else { return None };
    let text = std::str::from_utf8(&bytes.value).ok()?;
    let is_binary = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.is_empty() || survives_as_content(text) || text.contains(is_binary) {
        return None;
    }
    let mode = u32::from_str_radix(&file.permissions.value, 8).ok()?;
    Some(Carried { index, path: &file.path.value, text, owner: &file.owner.value, mode })
}

/// The config with as many of the files as there is room for, and which those are. The others stay where they are, in base64.
pub(super) fn written(
    mut config: v2::Config,
    carried: &[Carried<'_>],
    room: &Room<'_>,
) -> Result<(String, Vec<usize>), Vec<WriteError>> {
    if carried.is_empty() {
        return Ok((write_readable(&config, room)?, Vec::new()));
    }
    let own = config.storage.files.len();
    config.storage.files.extend(carried.iter().map(file));
    let all = write_readable(&config, &Room { limit: usize::MAX, ..*room })?;
    let mut length = all.chars().count();
    let mut kept: Vec<&Carried<'_>> = carried.iter().collect();
    // The largest are the first to go: most files stay readable.
    while length > room.limit
        && let Some(largest) = (0..kept.len()).max_by_key(|index| kept[*index].text.len())
    {
        length = length.saturating_sub(kept.remove(largest).text.chars().count());
    }
    if kept.len() < carried.len() {
        config.storage.files.truncate(own);
        config.storage.files.extend(kept.iter().map(|carried| file(carried)));
        return Ok((write_readable(&config, room)?, kept.iter().map(|carried| carried.index).collect()));
    }
    Ok((all, kept.iter().map(|carried| carried.index).collect()))
}

fn file(carried: &Carried<'_>) -> v2::File {
    let (user, group) = carried.owner.split_once(':').unwrap_or((carried.owner, ""));
    let named = |name: &str| (!name.is_empty()).then(|| v2::NodeOwner { id: None, name: name.to_owned() });
    v2::File {
        filesystem: "root".to_owned(),
        group: named(group),
        overwrite: None,
        path: carried.path.to_owned(),
        user: named(user),
        append: false,
        contents: v2::FileContents { source: encode_data_url(carried.text.as_bytes()), ..v2::FileContents::default() },
        mode: Some(i64::from(carried.mode)),
    }
}
