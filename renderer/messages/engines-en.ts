/** English: engines, their speeds, and how many processes train. Part of en.ts, which has the rules. */
export const enginesEnglish = {
  'engine.name.auto': 'Automatic',
  'engine.name.compiled': 'Compiled',
  'engine.name.tensorflow': 'TensorFlow',
  'engine.name.wasm': 'tf.js',
  'engine.asked': '{engine}, as asked',
  'engine.only': '{engine}, slower than compiled, which cannot train this model: {reason}',
  'engine.measured': '{engine}, the fastest here: {speeds} images/s',
  'engine.speed': '{engine} {speed}',
  'engine.speed.one-process': 'Images a second of one process, measured on this machine: {speeds}',
  'engine.with-processes': '{engine}; {processes}',
  'engine.processes.asked': { one: '{count} process, as asked', other: '{count} processes, as asked' },
  'engine.processes.cores': { one: '{count} process, one a core', other: '{count} processes, one a core' },
  'engine.processes.quota': {
    one: '{count} process, as this program is given no more processor time',
    other: '{count} processes, as this program is given no more processor time',
  },
  'engine.processes.memory': {
    one: '{count} process, as {free} of memory are free and each needs {each}',
    other: '{count} processes, as {free} of memory are free and each needs {each}',
  },
  'engine.processes.work': {
    one: '{count} process, as no more can work side by side',
    other: '{count} processes, as no more can work side by side',
  },
  'engine.on-battery': '{processes}; on battery',
  'engine.missing': 'TensorFlow must be set up on this machine first: {command}. Or choose another engine.',
  'engine.missing.here': 'TensorFlow is not part of this installation: choose another engine.',
  'engine.session':
    '{engine} on this machine, each machine its own; where they differ, models agree only to rounding, about one part in a million',
  'engine.mixed':
    'each machine its own; where they differ, models agree only to rounding, about one part in a million',

  // the settings
  'settings.engines.here': 'On this machine',
  'settings.engines.there': 'here: {variant}',
  'settings.engines.missing': 'not installed',
  'settings.engines.compiled':
    'The whole training step in one WebAssembly module, Masquerade’s own. Nothing to install.',
  'settings.engines.tensorflow':
    'Google’s native library: more kinds of layers than compiled, and faster than tf.js.',
  'settings.engines.wasm': 'tf.js in WebAssembly: every layer there is, slowly.',
  'settings.engines.install':
    'In the source tree, this command sets it up: it downloads at most {download} and places at most {placed} on disk. Then start Masquerade again.',
  'settings.engines.unfinished':
    'A set-up is at work, or was cut short. If it is not at work, the command takes away what is left, and begins anew.',
  'settings.engines.placed': 'On disk: {placed}.',
  'settings.engines.remove': 'On disk: {placed}. In the source tree, this command takes it away.',
  'settings.engines.command': 'Command',
  'settings.engines.measured': 'Measured here',
  'settings.engines.measured.caption': 'Images a second of one process, by model and batch size',
  'settings.engines.measured.none':
    'Nothing yet: engines are measured for about a second when a model is first trained, once for each.',
  'settings.engines.model': 'Model',
  'settings.engines.model.batch': '{model}, batches of {batch}',
  'settings.engines.unmeasured': 'not measured',
  'settings.engines.now': 'Measure now',
  'settings.engines.again': 'Measure again',
  'settings.engines.measuring': 'Measuring ...',
  'settings.engines.done': 'Measured, with the reference network.',
  'settings.engines.too-busy':
    'This machine was too busy to measure its engines. Try again when it has less to do.',
  'settings.engines.mixed':
    'People in one session may use different engines. Models trained by different engines agree only to rounding, about one part in a million.',
} as const;
