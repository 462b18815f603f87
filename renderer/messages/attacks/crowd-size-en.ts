/** English: texts of the attack crowd-size. Part of attacks/en.ts. */
export const crowdSizeEnglish = {
  'attack.crowd-size.title': 'How big a crowd?',
  'attack.crowd-size.question': 'How big a crowd hides you in the sum?',
  'attack.crowd-size.method': 'The same closed form, on the sum of many people’s updates',
  'attack.crowd-size.sees.sum': {
    one: 'the sum of {count} masked update, once the masks cancel',
    other: 'the sum of {count} masked updates, once the masks cancel',
  },
  'attack.crowd-size.sees.noisy': {
    one: 'the sum of {count} masked update, once the masks cancel; noise of {noise} clipping norms beneath each',
    other:
      'the sum of {count} masked updates, once the masks cancel; noise of {noise} clipping norms beneath each',
  },
  'attack.crowd-size.sees.each': {
    one: '{count} real update, as it is',
    other: '{count} real updates, each by itself',
  },
  'attack.crowd-size.target': {
    one: '{count} person, one image and one gradient of a fresh network with {units} hidden units',
    other: '{count} people, one image each, one gradient each of a fresh network with {units} hidden units',
  },

  // verdicts
  'attack.crowd-size.leaks.all': {
    one: 'One is no crowd. The image came back from its sum.',
    other: '{count} are too few. All {count} images came back from their sum.',
  },
  'attack.crowd-size.leaks.some': '{count} are too few. {came} of their images came back from the sum.',
  'attack.crowd-size.leaks.each': 'Without masks there is no crowd: each update is read by itself.',
  'attack.crowd-size.partly': {
    one: '{count} hide most, not all: {came} of the images came back from the sum.',
    other: '{count} hide most, not all: {came} of the images came back from the sum.',
  },
  'attack.crowd-size.partly.strokes': 'Among {count}, no image came back whole, but strokes show.',
  'attack.crowd-size.stopped': 'From the sum of {count} this attack draws nothing. A better one may.',
  'attack.crowd-size.stopped.noise': 'This attack stopped: noise in the sum. You are not protected.',
  'attack.crowd-size.stopped.bound': 'This attack stopped, and there is a bound on every other.',

  // evidence
  'attack.crowd-size.evidence':
    '{share} recovered, without an attack {base}; median similarity: {psnr}, without an attack at best {value} ({name}).',
  'attack.crowd-size.evidence.masks':
    'One masked update alone gives {alone}, pure noise {noise}: masks hide one update, not the sum of a small group.',
  'attack.crowd-size.evidence.each': 'All were read from real updates, which masks would have hidden.',
  'attack.crowd-size.short': '{came} of {count} from their sum',

  // names
  'attack.crowd-size.switch.crowd-8': 'Sum of 8',
  'attack.crowd-size.switch.crowd-16': 'Sum of 16',
  'attack.crowd-size.switch.crowd-32': 'Sum of 32',
  'attack.crowd-size.switch.crowd-64': 'Sum of 64',
  'attack.crowd-size.switch.crowd-128': 'Sum of 128',
  'attack.crowd-size.switch.none': 'No masks',
  'attack.crowd-size.switch.sum-noise': 'Sum, noise 0.01',
  'attack.crowd-size.setting.clients': 'People in the sum',
  'attack.crowd-size.setting.hidden': 'Hidden units',
  'attack.crowd-size.setting.series': 'Other crowds too',
  'attack.crowd-size.stage.summing': 'Masked updates are summed',
  'attack.crowd-size.series.recovered': 'Came back from the sum',
  'attack.crowd-size.series.recovered.x': 'people in the sum',
  'attack.crowd-size.series.recovered.y': 'share of their images',
  'attack.crowd-size.series.psnr': 'Median similarity',
  'attack.crowd-size.series.psnr.x': 'people in the sum',
  'attack.crowd-size.series.psnr.y': 'dB',
  'attack.crowd-size.row.masked': 'One masked update',
  'attack.crowd-size.column.name': 'People in the sum',
  'attack.crowd-size.image.randomNoise': 'Attack on noise',

  'attack.crowd-size.notes':
    'Under masks, the coordinator sees the sum and nothing else. Ask the room how many people it takes until nobody can be read from it. Eight are too few: a sum of eight is a batch of eight. Run it for 32 and 128. Then say what masks promise: that nothing but the sum is seen, not that the sum says nothing.',
} as const;
