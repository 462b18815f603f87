/** English: texts of the attack pruning. Part of attacks/en.ts. */
export const pruningEnglish = {
  'attack.pruning.title': 'Pruning is no defence',
  'attack.pruning.question': 'Is it enough to send only the largest values?',
  'attack.pruning.method': 'A fit of one image to what is left of a pruned update',
  'attack.pruning.sees': 'one update at a time, of which the largest {keep} were sent',
  'attack.pruning.sees.noise':
    'one update at a time, of which the largest {keep} were kept, then clipped, with noise of {noise} clipping norms',
  'attack.pruning.target': {
    one: '{count} person, one image and one gradient of a fresh network with {units} hidden units',
    other: '{count} people, one image and one gradient each of a fresh network with {units} hidden units',
  },

  'attack.pruning.leaks.all': {
    one: 'No. The image came back from {keep} of the update.',
    other: 'No. All {count} images came back from {keep} of the update.',
  },
  'attack.pruning.leaks.some': 'No. {came} of {count} images came back from {keep} of the update.',
  'attack.pruning.partly': 'No. Grey tones are lost, strokes are not.',
  'attack.pruning.stopped': 'This attack found nothing in {keep} of the update. Another may.',
  'attack.pruning.stopped.masked': 'The largest values are masked as well: the attack draws noise.',
  'attack.pruning.evidence':
    '{sent} of {parameters} values were sent. {came} of {count} recovered; median similarity: {psnr}. The best that needs no attack, {name}: {value}.',
  'attack.pruning.evidence.masked':
    'The same attack on pure noise: {value}. Masks hide it, pruning does not.',
  'attack.pruning.short': '{came} of {count} from {keep}',

  'attack.pruning.switch.keep-all': 'Everything sent',
  'attack.pruning.switch.keep-10': '10 % sent',
  'attack.pruning.switch.keep-5': '5 % sent',
  'attack.pruning.switch.keep-1': '1 % sent',
  'attack.pruning.setting.keep': 'Share that is sent',
  'attack.pruning.setting.clients': 'People under attack',
  'attack.pruning.setting.hidden': 'Hidden units',
  'attack.pruning.setting.series': 'Other shares too',
  'attack.pruning.series.psnr': 'Median similarity',
  'attack.pruning.series.psnr.x': '% of the update sent',
  'attack.pruning.series.psnr.y': 'dB',
  'attack.pruning.row.keep-100': 'Everything sent',
  'attack.pruning.row.keep-10': '10 % sent',
  'attack.pruning.row.keep-5': '5 % sent',
  'attack.pruning.row.keep-1': '1 % sent',
  'attack.pruning.image.keep-100': 'Everything sent',
  'attack.pruning.image.keep-10': '10 % sent',
  'attack.pruning.image.keep-5': '5 % sent',
  'attack.pruning.image.keep-1': '1 % sent',
  'attack.pruning.image.randomNoise': 'Attack on noise',

  'attack.pruning.notes':
    'Sending only the largest values saves bytes, and is sometimes sold as protection. Ask how much of an update it takes to draw a picture. A tenth is enough for an exact copy, as every pixel that is not black was sent by some unit. At one in a hundred the grey tones go, and the digit stays. What hides an update is a mask.',
} as const;
