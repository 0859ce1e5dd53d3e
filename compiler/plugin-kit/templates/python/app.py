"""Limits how many pods a node may run."""

import json

from plugin import Report, hook
from wit_world import exports
from wit_world.exports.meta import Description
from wit_world.imports.cluster import Context, Target_Group
# hook: images
from wit_world.imports.image_types import CustomizedImage, Image, Image_Machine, MachineImage_Marketplace
# end
# hook: kubeadm
from wit_world.imports.kubeadm_types import Argument, CustomizedKubeadm, KubeadmSettings
# end
# hook: policy
from wit_world.imports.findings import Diagnostic
from wit_world.imports.policy_types import Bundle, Interests, ObjectInterest_Everything
# end
# hook: sysupdate
from wit_world.imports.sysupdate_types import CustomizedSysupdate, Schedule, SysupdateConfig
# end

SETTINGS_SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        # hook: kubeadm
        "maxPods": {
            "description": "How many pods a node may run.",
            "type": "integer",
            "minimum": 1,
            "default": 110,
        },
        # end
    },
    "additionalProperties": False,
}


class Meta(exports.Meta):
    def describe(self) -> Description:
        return Description(
            name="example-plugin",
            version="0.1.0",
            summary="limits how many pods a node may run",
            settings_schema=json.dumps(SETTINGS_SCHEMA),
            documentation=None,
        )

# hook: images

class Images(exports.Images):
    @hook
    def customize(self, context: Context, image: Image) -> CustomizedImage:
        report = Report()
        if (
            isinstance(image, Image_Machine)
            and isinstance(image.value, MachineImage_Marketplace)
            and image.value.value.version == "latest"
            and isinstance(context.target, Target_Group)
        ):
            group = context.groups[context.target.value]
            report.error(
                f"node group `{group.name}` boots whatever image is the latest",
                value="machine.marketplace.version",
                hints=["set a version, so that all nodes are equal"],
            )
        report.stop_on_errors()
        return CustomizedImage(image, report.findings)

# end
# hook: sysupdate

class Sysupdate(exports.Sysupdate):
    @hook
    def customize(self, context: Context, config: SysupdateConfig) -> CustomizedSysupdate:
        if config.schedule is None:
            config.schedule = Schedule([], None, None, None, None, None, [])
        config.schedule.on_calendar = ["Sun 03:00"]
        return CustomizedSysupdate(config, [])

# end
# hook: policy

LONGEST_NAME = 40


class Policy(exports.Policy):
    @hook
    def select(self, context: Context) -> Interests:
        return Interests(ObjectInterest_Everything(), [])

    @hook
    def review(self, context: Context, bundle: Bundle) -> list[Diagnostic]:
        report = Report()
        for found in bundle.objects:
            name = found.reference.name
            if len(name) > LONGEST_NAME:
                report.error(
                    f"the name `{name}` is longer than {LONGEST_NAME} characters",
                    object=(found.reference, "metadata.name"),
                    hints=["choose a shorter name"],
                )
        return report.findings

# end
# hook: kubeadm

class Kubeadm(exports.Kubeadm):
    @hook
    def customize(self, context: Context, settings: KubeadmSettings) -> CustomizedKubeadm:
        report = Report()
        max_pods = json.loads(context.settings).get("maxPods", 110)
        if isinstance(context.target, Target_Group):
            group = context.groups[context.target.value]
            if max_pods > 250:
                report.error(
                    f"node group `{group.name}` cannot run `{max_pods}` pods",
                    settings="maxPods",
                    hints=["set `maxPods` to 250 or less"],
                )
            arguments = settings.node.kubelet_arguments
            arguments[:] = [argument for argument in arguments if argument.name != "max-pods"]
            arguments.append(Argument("max-pods", str(max_pods)))
        report.stop_on_errors()
        return CustomizedKubeadm(settings, report.findings)
# end
