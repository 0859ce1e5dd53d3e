"""Pins machine images per channel, and container images, from a table in the settings: `examples/pin-images` in Python."""

import json
from pathlib import Path

from plugin import Report, hook
from wit_world import exports
from wit_world.exports.meta import Description
from wit_world.imports.cluster import Context, Target_Group
from wit_world.imports.findings import Severity
from wit_world.imports.image_types import (
    CustomizedImage,
    Image,
    Image_Container,
    Image_Machine,
    MachineImage_CommunityGallery,
    MachineImage_ComputeGallery,
    MachineImage_Marketplace,
)

# Read while the component is built: a plugin has no files.
SETTINGS_SCHEMA = Path(__file__).with_name("settings.schema.json").read_text()

WITH_VERSION = (MachineImage_Marketplace, MachineImage_CommunityGallery, MachineImage_ComputeGallery)


class Meta(exports.Meta):
    def describe(self) -> Description:
        return Description(
            name="pin-images-python",
            version="0.1.0",
            summary="pins machine images per channel and container images",
            settings_schema=SETTINGS_SCHEMA,
            documentation=None,
        )


class Images(exports.Images):
    @hook
    def customize(self, context: Context, image: Image) -> CustomizedImage:
        settings = json.loads(context.settings)
        report = Report()
        if isinstance(image, Image_Machine) and isinstance(context.target, Target_Group):
            pin_machine(settings, context.groups[context.target.value], image.value, report)
        elif isinstance(image, Image_Container):
            pin_container(settings, image.value)
        report.stop_on_errors()
        return CustomizedImage(image, report.findings)


def pin_machine(settings, group, image, report):
    """Sets the version of the group's channel."""
    # A resource id names one image already.
    if not isinstance(image, WITH_VERSION):
        return
    channel = group.flatcar.channel
    pinned = settings.get("channels", {}).get(channel)
    if pinned is not None:
        image.value.version = pinned
        return
    report.add(
        Severity.ERROR if settings.get("strict", False) else Severity.WARNING,
        f"node group `{group.name}` is on channel `{channel}`, which is not pinned",
        code="channel-without-pin",
        settings="channels",
        hints=[f"add `{channel}: {image.value.version}` to keep the version of today"],
    )


def pin_container(settings, image):
    """Sets tag and digest of the image's repository."""
    pin = settings.get("containers", {}).get(image.repository)
    if pin is not None:
        image.tag = pin.get("tag", image.tag)
        # A digest of another tag would contradict the tag, so both are replaced.
        image.digest = pin.get("digest")
