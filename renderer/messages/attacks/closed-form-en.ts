/** English: texts of the attack closed-form, and what other attacks on one update say like it. Part of attacks/en.ts. */
export const closedFormEnglish = {
  'attack.closed-form.title': 'One update, your drawing',
  'attack.closed-form.question': 'Can one update give your drawing away?',
  'attack.closed-form.method':
    'Closed form on the first dense layer: a row of weights divided by its bias is an image',

  // the attacker, of every attack on one update
  'attack.closed-form.attacker': 'a curious coordinator',
  'attack.closed-form.may': 'compute, nothing else: it follows the protocol',
  'attack.closed-form.sees.plain': 'one real update: the model before, and how far every weight has moved',
  'attack.closed-form.sees.signed': 'one signed update: the model before, and how far every weight has moved',
  'attack.closed-form.sees.noise':
    'one update, clipped, with noise of {noise} clipping norms on every weight',
  'attack.closed-form.sees.masked': 'one masked update: noise to whoever has it alone',
  'attack.closed-form.sees.everything':
    'one masked update, clipped and with noise of {noise} clipping norms beneath the mask',

  // what is attacked
  'attack.closed-form.target.fresh':
    'one update: {images}, {steps}, a fresh network with {units} hidden units',
  'attack.closed-form.target.model': 'one update of the chosen model: {images}, {steps}',
  'attack.closed-form.target.update': 'the update of client {client} as it arrived',
  'attack.closed-form.images': { one: '{count} image', other: '{count} images' },
  'attack.closed-form.steps.sgd': { one: '{count} step of SGD', other: '{count} steps of SGD' },
  'attack.closed-form.steps.adam': { one: '{count} step of Adam', other: '{count} steps of Adam' },

  // verdicts
  'attack.closed-form.leaks.all': {
    one: 'Yes. The image came back.',
    other: 'Yes. All {count} images came back.',
  },
  'attack.closed-form.leaks.drawing': {
    one: 'Yes. Your drawing came back.',
    other: 'Yes. All {count} images came back, your drawing among them.',
  },
  'attack.closed-form.leaks.some': 'Yes. {came} of {count} images came back.',
  'attack.closed-form.leaks.signed': 'Yes, still. A signature says who sent it, not what is in it.',
  'attack.closed-form.leaks.noise': 'Yes, still. So little noise hides nothing.',
  'attack.closed-form.partly.some': 'Partly. {came} of {count} images came back.',
  'attack.closed-form.partly.strokes': 'Partly. No image came back whole, but strokes show.',
  'attack.closed-form.partly.adam': 'Partly. Local Adam loses the grey levels, not the strokes.',
  'attack.closed-form.partly.noise': 'Partly. Strokes show through the noise.',
  'attack.closed-form.stopped': 'No. This attack found nothing here; another may.',
  'attack.closed-form.stopped.masked': 'No. From a masked update the same attack draws noise.',
  'attack.closed-form.stopped.noise': 'This attack stopped. You are not protected.',
  'attack.closed-form.stopped.bound': 'This attack stopped, and there is a bound on every other.',
  'attack.closed-form.exact.leaks': {
    one: 'Yes. {count} picture is an image beyond doubt.',
    other: 'Yes. {count} pictures are images beyond doubt.',
  },
  'attack.closed-form.exact.partly': {
    one: 'Partly. {count} picture is an image beyond doubt.',
    other: 'Partly. {count} pictures are images beyond doubt.',
  },
  'attack.closed-form.likely.leaks': {
    one: 'Yes, it seems. {count} picture looks like an image.',
    other: 'Yes, it seems. {count} pictures look like images.',
  },
  'attack.closed-form.likely.partly': {
    one: 'Partly, it seems. {count} picture looks like an image.',
    other: 'Partly, it seems. {count} pictures look like images.',
  },
  'attack.closed-form.likely.stopped.adam':
    'No, it seems. Local Adam loses the grey levels; strokes may show.',
  'attack.closed-form.likely.stopped': 'No, it seems. What came back does not look like images.',

  // evidence
  'attack.closed-form.evidence':
    '{came} of {count} recovered; median similarity: {psnr}. The best that needs no attack, {name}: {value}.',
  'attack.closed-form.evidence.rank':
    'The true image is {rank} of 100 of its class on average, by chance {chance}.',
  'attack.closed-form.evidence.masked':
    'The same attack on pure noise: {value}. What the sum of a small group gives away is another matter.',
  'attack.closed-form.evidence.signed': 'Signing stops forgery, replay and tampering; it hides nothing.',
  'attack.closed-form.evidence.adam': 'An accident of the optimiser is no protection.',
  'attack.closed-form.evidence.epsilon': 'Epsilon is {epsilon}: a better attack has all the room it needs.',
  'attack.closed-form.evidence.bound': 'Epsilon is {epsilon}, whatever the next attack may be.',
  'attack.closed-form.evidence.exact':
    '{count} have whole grey levels only, which neither mixtures nor noise have: these are right beyond doubt.',
  'attack.closed-form.evidence.likely':
    'Of {count} pictures, {likely} lie between black and white, and are as light, as grey and as rough as public images of the kind; of pure noise {value}.',
  'attack.closed-form.evidence.agreed': 'On {count} of them several hidden units agree.',
  'attack.closed-form.evidence.guess':
    'All else is a guess: nobody here knows the private images; a blind vote asks those who do.',
  'attack.closed-form.baseline.black': 'a black image',
  'attack.closed-form.baseline.globalMean': 'the mean image',
  'attack.closed-form.baseline.classMean': 'the mean of its class',
  'attack.closed-form.baseline.nearestOther': 'the nearest other of its class',
  'attack.closed-form.baseline.randomNoise': 'the attack on pure noise',
  'attack.closed-form.short': '{came} of {count} recovered',
  'attack.closed-form.short.likely': '{likely} of {count} look like images',

  // names
  'attack.closed-form.switch.adam': 'Local Adam',
  'attack.closed-form.setting.batch': 'Private images',
  'attack.closed-form.setting.steps': 'Local steps on them',
  'attack.closed-form.setting.hidden': 'Hidden units',
  'attack.closed-form.setting.optimizer': 'Optimiser',
  'attack.closed-form.setting.optimizer.sgd': 'SGD',
  'attack.closed-form.setting.optimizer.adam': 'Adam',
  'attack.closed-form.setting.judge': 'Ask a judge',
  'attack.closed-form.image.randomNoise': 'Attack on noise',

  'attack.closed-form.notes':
    'Let somebody draw, and press Run. No search, no guessing: it is a division, done in milliseconds. Each hidden unit that a single image fires holds that image; found images are taken off, and more units are left with one. Then switch on the signature, and ask who is surprised. Then the masks: the same division, and noise.',
} as const;
