// Pins machine images per channel, and container images, from a table in the settings: `examples/pin-images` in JavaScript.

const settingsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    channels: { type: 'object', additionalProperties: { type: 'string', pattern: '^[0-9]+\\.[0-9]+\\.[0-9]+$' } },
    containers: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        properties: { tag: { type: 'string' }, digest: { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' } },
        minProperties: 1,
        additionalProperties: false,
      },
    },
    strict: { type: 'boolean', default: false },
  },
  additionalProperties: false,
};

export const meta = {
  describe: () => ({
    name: 'pin-images-js',
    version: '0.1.0',
    summary: 'pins machine images per channel and container images',
    settingsSchema: JSON.stringify(settingsSchema),
    documentation: undefined,
  }),
};

export const images = {
  customize(context, image) {
    const settings = JSON.parse(context.settings);
    const findings = [];
    if (image.tag === 'machine' && context.target.tag === 'group') {
      pinMachine(settings, context.groups[context.target.val], image.val, findings);
    } else if (image.tag === 'container') {
      pinContainer(settings, image.val);
    }
    if (findings.some(({ severity }) => severity === 'error')) {
      throw findings;
    }
    return { image, findings };
  },
};

/** Sets the version of the group's channel. */
function pinMachine({ channels = {}, strict = false }, group, image, findings) {
  // A resource id names one image already.
  if (!['marketplace', 'community-gallery', 'compute-gallery'].includes(image.tag)) {
    return;
  }
  const { channel } = group.flatcar;
  if (channels[channel] !== undefined) {
    image.val.version = channels[channel];
    return;
  }
  findings.push({
    severity: strict ? 'error' : 'warning',
    code: 'channel-without-pin',
    message: `node group \`${group.name}\` is on channel \`${channel}\`, which is not pinned`,
    place: { tag: 'settings', val: 'channels' },
    notes: [],
    hints: [`add \`${channel}: ${image.val.version}\` to keep the version of today`],
    url: undefined,
  });
}

/** Sets tag and digest of the image's repository. */
function pinContainer({ containers = {} }, image) {
  const pin = containers[image.repository];
  if (pin !== undefined) {
    image.tag = pin.tag ?? image.tag;
    // A digest of another tag would contradict the tag, so both are replaced.
    image.digest = pin.digest;
  }
}
