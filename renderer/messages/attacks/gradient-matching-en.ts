/** English: texts of the attack gradient-matching. Part of attacks/en.ts. */
export const gradientMatchingEnglish = {
  'attack.gradient-matching.title': 'Gradient matching',
  'attack.gradient-matching.question': 'Guess, compare, correct: gradient matching',
  'attack.gradient-matching.method': 'Searches for the image whose gradient is the update',

  // what is attacked
  'attack.gradient-matching.target.fresh': 'one update: {images}, one step of SGD, {network}',
  'attack.gradient-matching.target.update':
    'the update of client {client} as it arrived, searched as if it were one step',
  'attack.gradient-matching.images': { one: '{count} image', other: '{count} images' },
  'attack.gradient-matching.network.mlp-sigmoid': 'a fresh dense network with sigmoids',
  'attack.gradient-matching.network.cnn-small': 'a fresh small convolutional network',
  'attack.gradient-matching.network.cnn-relu':
    'a fresh small convolutional network with rectifiers and pooling',

  // verdicts
  'attack.gradient-matching.leaks.all': {
    one: 'Yes. Guess by guess, the image came back.',
    other: 'Yes. Guess by guess, all {count} images came back.',
  },
  'attack.gradient-matching.leaks.drawing': {
    one: 'Yes. Guess by guess, your drawing came back.',
    other: 'Yes. Guess by guess, all {count} images came back, your drawing among them.',
  },
  'attack.gradient-matching.leaks.some': 'Yes. {came} of {count} images came back.',
  'attack.gradient-matching.partly.some': 'Partly. {came} of {count} images came back.',
  'attack.gradient-matching.partly.strokes':
    'Partly. The search came near, but not to the end: strokes show, grey levels do not fit.',
  'attack.gradient-matching.stopped.many':
    'No. An update of many images and steps is no gradient that this search could compute again.',
  'attack.gradient-matching.stopped.adam':
    'No. Local Adam moves weights otherwise than gradients do, and this search matches gradients.',

  // evidence
  'attack.gradient-matching.evidence.labels':
    'Classes right: {value}, read from the last layer’s bias; by chance {chance}.',
  'attack.gradient-matching.evidence.labels.searched':
    'Classes right: {value}, searched for together with the images; by chance {chance}.',
  'attack.gradient-matching.evidence.many':
    'It searched for {count} of the {examples} images behind the update, in {steps} steps of training.',

  // names
  'attack.gradient-matching.switch.dlg': 'DLG',
  'attack.gradient-matching.switch.batch-4': 'Four images',
  'attack.gradient-matching.switch.relu': 'Rectifiers, pooling',
  'attack.gradient-matching.switch.mlp': 'Sigmoid network',
  'attack.gradient-matching.setting.variant': 'What is matched',
  'attack.gradient-matching.setting.variant.dlg': 'Distance (DLG)',
  'attack.gradient-matching.setting.variant.cosine': 'Angle',
  'attack.gradient-matching.setting.model': 'Network',
  'attack.gradient-matching.setting.model.mlp-sigmoid': 'Dense, sigmoids',
  'attack.gradient-matching.setting.model.cnn-small': 'Small CNN, tanh',
  'attack.gradient-matching.setting.model.cnn-relu': 'Small CNN, rectifiers',
  'attack.gradient-matching.setting.batch': 'Private images',
  'attack.gradient-matching.setting.steps': 'Steps of the search',
  'attack.gradient-matching.setting.labels': 'Classes are',
  'attack.gradient-matching.setting.labels.read': 'Read from the update',
  'attack.gradient-matching.setting.labels.searched': 'Searched for too',
  'attack.gradient-matching.setting.signed': 'Signs only',
  'attack.gradient-matching.setting.variation': 'Weight of smoothness',
  'attack.gradient-matching.series.loss': 'Distance of the gradients',
  'attack.gradient-matching.series.loss.x': 'step',
  'attack.gradient-matching.series.loss.y': 'distance',
  'attack.gradient-matching.series.psnr': 'Similarity',
  'attack.gradient-matching.series.psnr.x': 'step',
  'attack.gradient-matching.series.psnr.y': 'dB',
  'attack.gradient-matching.image.randomNoise': 'Attack on noise',

  'attack.gradient-matching.notes':
    'Watch noise become a digit. The attacker never sees the image: it guesses one, computes the gradient that the guess would give, and corrects the guess. It needs no layer of a certain kind, only a step that it can compute again. Try four images, then rectifiers and pooling: it finds them harder to follow. Then the masks: the same search matches noise, and draws noise.',
} as const;
