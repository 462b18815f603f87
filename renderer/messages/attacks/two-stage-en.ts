/** English: texts of the attack two-stage. Part of attacks/en.ts. */
export const twoStageEnglish = {
  'attack.two-stage.title': 'The same on a CNN',
  'attack.two-stage.question': 'Does a convolutional network give your drawing away too?',
  'attack.two-stage.method': 'First the features by closed form, then the image that has them',

  // what is attacked
  'attack.two-stage.target.fresh': 'one update: {images}, one step of SGD, a fresh network {network}',
  'attack.two-stage.target.model': 'one update of the chosen model: {images}, one step of SGD',
  'attack.two-stage.target.update':
    'the update of client {client} as it arrived, read as if it were one step',
  'attack.two-stage.images': { one: '{count} image', other: '{count} images' },

  // verdicts
  'attack.two-stage.leaks.one': 'Yes. The image came back through all convolutions.',
  'attack.two-stage.leaks.drawing': 'Yes. Your drawing came back through all convolutions.',
  'attack.two-stage.leaks.some': 'Yes. {came} of {count} images came back through all convolutions.',
  'attack.two-stage.partly.dropout':
    'Partly, by accident: dropout had deleted half of the features, and strokes still show.',
  'attack.two-stage.partly.mixed':
    'Partly. The features of several images mix; what comes back still points at them.',
  'attack.two-stage.partly': 'Partly. The search came near, but not to the end.',
  'attack.two-stage.stopped.mixed':
    'This attack stopped: the features of several images mix. Another attack may part them.',
  'attack.two-stage.stopped.many':
    'This attack stopped: it reads one step of plain SGD, and this update is none.',

  // evidence
  'attack.two-stage.evidence.features':
    'The dense layer gave away {known} of the {features} values that it was fed; dropout had deleted the others, or they were zero.',
  'attack.two-stage.evidence.all': 'The dense layer gave away all {features} values that it was fed.',
  'attack.two-stage.evidence.deeper':
    'The dense layer gave away what it was fed, and that opened the gradient of the convolution before it: all {features} values that went into it, dropout or not.',

  // names
  'attack.two-stage.stage.features': 'Features by closed form',
  'attack.two-stage.stage.again': 'Once more, from other noise',
  'attack.two-stage.switch.cnn-two': 'Two convolutions',
  'attack.two-stage.switch.batch-4': 'Four images',
  'attack.two-stage.setting.model': 'Network',
  'attack.two-stage.setting.model.cnn': 'Three convolutions',
  'attack.two-stage.setting.model.cnn-two': 'Two convolutions',
  'attack.two-stage.setting.model.cnn-light': 'Two, no hidden layer',
  'attack.two-stage.setting.batch': 'Private images',
  'attack.two-stage.setting.steps': 'Steps of the search',
  'attack.two-stage.series.loss': 'Distance of the features',
  'attack.two-stage.series.loss.x': 'step',
  'attack.two-stage.series.loss.y': 'distance',
  'attack.two-stage.series.psnr': 'Similarity',
  'attack.two-stage.series.psnr.x': 'step',
  'attack.two-stage.series.psnr.y': 'dB',
  'attack.two-stage.image.randomNoise': 'Attack on noise',

  'attack.two-stage.notes':
    'Ask whether convolutions protect, now that no dense layer reads the image. The one behind them gives away what it was fed, by a division; dropout has deleted half of that. What is left opens the gradient of the last convolution, and all that went into it. Then it is a search for the picture with these values. With two convolutions there is no such gradient, and less comes back; with four images, features mix: limits of this attack, no protection.',
} as const;
