"""Limits how many pods a node may run."""

import json

from plugin import Report, hook
from wit_world import exports
from wit_world.exports.meta import Description
from wit_world.imports.cluster import Context, Target_Group
from wit_world.imports.kubeadm_types import Argument, CustomizedKubeadm, KubeadmSettings

SETTINGS_SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "maxPods": {
            "description": "How many pods a node may run.",
            "type": "integer",
            "minimum": 1,
            "default": 110,
        }
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
