// Written by `flatwright plugin build` around the author's `app.js`.
//
// What the author writes to the console becomes log lines; an exception ends the call with its message and line; what a plugin cannot do is said in words. A component without
// WASI ends at a call of WASI without a word, so whatever would lead there is stopped before.

import { log } from 'flatwright:plugin/log@0.1.0';

let runs = false;

const text = (value) => {
  if (typeof value === 'string') {
    return value;
  }
  if (value instanceof Error) {
    return String(value);
  }
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
};

const writer = (level) => (...values) => {
  if (runs) {
    log(level, values.map(text).join(' '));
  }
};

const nothing = () => {};
globalThis.console = {
  log: writer('info'),
  info: writer('info'),
  debug: writer('debug'),
  trace: writer('trace'),
  warn: writer('warn'),
  error: writer('error'),
  dir: writer('info'),
  table: writer('info'),
  assert: (holds, ...values) => holds || writer('error')('assertion failed', ...values),
  group: writer('info'),
  groupEnd: nothing,
  time: nothing,
  timeEnd: nothing,
};

const CLOCK = 'a plugin has no clock; a date goes into the settings';
const RANDOM = 'a plugin has no randomness: equal questions get equal answers';

class Unavailable extends Error {}

const stop = (name, words) => {
  if (runs) {
    throw new Unavailable(`\`${name}\`: ${words}`);
  }
};

const { random } = Math;
Math.random = () => {
  stop('Math.random()', RANDOM);
  return random();
};

const clock = (name, original) => (...values) => {
  stop(name, CLOCK);
  return original(...values);
};
const { now } = Date;
Date.now = clock('Date.now()', () => now());
globalThis.Date = new Proxy(Date, {
  construct(date, values, target) {
    if (values.length === 0) {
      stop('new Date()', CLOCK);
    }
    return Reflect.construct(date, values, target);
  },
  apply(date) {
    stop('Date()', CLOCK);
    return date();
  },
});
// So that `date.constructor === Date` goes on to hold.
Date.prototype.constructor = Date;
if (typeof performance === 'object') {
  globalThis.performance = { now: clock('performance.now()', performance.now.bind(performance)) };
}

// What other programs that run JavaScript have, and why a plugin has not.
const ELSEWHERE = {
  setTimeout: 'a plugin has no timers; it answers when the function returns',
  setInterval: 'a plugin has no timers; it answers when the function returns',
  setImmediate: 'a plugin has no timers; it answers when the function returns',
  fetch: 'a plugin has no network; what it needs to know goes into its settings',
  XMLHttpRequest: 'a plugin has no network; what it needs to know goes into its settings',
  WebSocket: 'a plugin has no network; what it needs to know goes into its settings',
  process: 'a plugin is no process: it has no environment and no `exit`; a hook returns, or throws a list of findings',
  require: 'a plugin loads nothing while it runs; use `import` at the top of the file',
  crypto: RANDOM,
  Deno: 'a plugin reaches nothing but its settings',
  Bun: 'a plugin reaches nothing but its settings',
};

/** What the host reads of an exception: place, words, and the way there. */
const tell = (error) => {
  const is = error instanceof Error;
  const frames = [...String((is && error.stack) || '').matchAll(/at (\S+) \(\/?([^():]+):(\d+)(?::(\d+))?\)/g)]
    .map(([, name, file, line, column]) => ({ name, file, place: `${file}:${line}${column ? `:${column}` : ''}` }))
    .filter(({ file }) => !file.startsWith('dist/.flatwright/'));
  let words = is ? `${error.name}: ${error.message}` : `a value that is no list of findings: ${text(error)}`;
  if (error instanceof Unavailable) {
    words = error.message;
  }
  const missing = is && error instanceof ReferenceError ? /^'?(\w+)'? is not defined/.exec(error.message) : null;
  if (missing && Object.hasOwn(ELSEWHERE, missing[1])) {
    words = `\`${missing[1]}\`: ${ELSEWHERE[missing[1]]}`;
  }
  const one = (line) => line.split('\n').join('; ');
  const way = frames.slice(0, 8).map(({ name, place }) => `in ${name} (${place})`);
  if (is && error.cause !== undefined) {
    way.push(`after ${one(text(error.cause))}`);
  }
  log('error', [`raised at ${frames[0]?.place ?? 'an unknown line'}:`, one(words), ...way].join('\n'));
};

const isFindings = (thrown) => Array.isArray(thrown) && thrown.some((finding) => finding?.severity === 'error');

/** The functions of an export, with what becomes of exceptions. */
export const hooks = (exported) => {
  if (exported === undefined) {
    return undefined;
  }
  const called = (name) => (...values) => {
    runs = true;
    try {
      return exported[name](...values);
    } catch (error) {
      if (!isFindings(error)) {
        tell(error);
      }
      throw error;
    }
  };
  const names = ['describe', 'customize', 'select', 'review'].filter((name) => typeof exported[name] === 'function');
  return Object.fromEntries(names.map((name) => [name, called(name)]));
};
