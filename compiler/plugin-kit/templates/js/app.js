// Limits how many pods a node may run.

// hook: kubeadm
import { log } from 'flatwright:plugin/log@0.1.0';

// end
const settingsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    // hook: kubeadm
    maxPods: { description: 'How many pods a node may run.', type: 'integer', minimum: 1, default: 110 },
    // end
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

// hook: images
export const images = {
  customize(context, image) {
    const isLatest = image.tag === 'machine' && image.val.tag === 'marketplace' && image.val.val.version === 'latest';
    if (isLatest && context.target.tag === 'group') {
      const group = context.groups[context.target.val];
      const place = { tag: 'value', val: 'machine.marketplace.version' };
      throw [error(`node group \`${group.name}\` boots whatever image is the latest`, place, 'set a version, so that all nodes are equal')];
    }
    return { image, findings: [] };
  },
};

// end
// hook: sysupdate
export const sysupdate = {
  customize(context, config) {
    config.schedule = { ...(config.schedule ?? { extra: [] }), onCalendar: ['Sun 03:00'] };
    return { config, findings: [] };
  },
};

// end
// hook: policy
const LONGEST_NAME = 40;

export const policy = {
  select() {
    return { objects: { tag: 'everything' }, machineConfigs: [] };
  },
  review(context, bundle) {
    return bundle.objects
      .filter(({ reference }) => reference.name.length > LONGEST_NAME)
      .map(({ reference }) => {
        const place = { tag: 'object', val: { object: reference, path: 'metadata.name' } };
        return error(`the name \`${reference.name}\` is longer than ${LONGEST_NAME} characters`, place, 'choose a shorter name');
      });
  },
};

// end
// hook: kubeadm
export const kubeadm = {
  customize(context, settings) {
    const findings = [];
    const { maxPods = 110 } = JSON.parse(context.settings);
    if (context.target.tag === 'group') {
      const group = context.groups[context.target.val];
      if (maxPods > 250) {
        findings.push(error(`node group \`${group.name}\` cannot run \`${maxPods}\` pods`, { tag: 'settings', val: 'maxPods' }, 'set `maxPods` to 250 or less'));
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

// end
// hook: images, kubeadm, policy
/** A finding of severity error. */
function error(message, place, hint) {
  return {
    severity: 'error',
    code: undefined,
    message,
    place,
    notes: [],
    hints: [hint],
    url: undefined,
  };
}
// end
