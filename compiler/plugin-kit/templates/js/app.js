// Limits how many pods a node may run.

import { log } from 'flatwright:plugin/log@0.1.0';

const settingsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    maxPods: { description: 'How many pods a node may run.', type: 'integer', minimum: 1, default: 110 },
  },
  additionalProperties: false,
};

export const meta = {
  describe() {
    return {
      name: 'example-plugin',
      version: '0.1.0',
      summary: 'limits how many pods a node may run',
      settingsSchema: JSON.stringify(settingsSchema),
      documentation: undefined,
    };
  },
};

export const kubeadm = {
  customize(context, settings) {
    const findings = [];
    const { maxPods = 110 } = JSON.parse(context.settings);
    if (context.target.tag === 'group') {
      const group = context.groups[context.target.val];
      if (maxPods > 250) {
        findings.push(error(`node group \`${group.name}\` cannot run \`${maxPods}\` pods`, 'maxPods', 'set `maxPods` to 250 or less'));
      }
      const others = settings.node.kubeletArguments.filter(({ name }) => name !== 'max-pods');
      settings.node.kubeletArguments = [...others, { name: 'max-pods', value: String(maxPods) }];
      log('debug', `node group ${group.name} runs ${maxPods} pods at most`);
    }
    if (findings.some(({ severity }) => severity === 'error')) {
      throw findings;
    }
    return { settings, findings };
  },
};

/** A finding in the settings. */
function error(message, path, hint) {
  return {
    severity: 'error',
    code: undefined,
    message,
    place: { tag: 'settings', val: path },
    notes: [],
    hints: [hint],
    url: undefined,
  };
}
