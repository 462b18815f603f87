/** English: texts of the attack dishonest-coordinator. Part of attacks/en.ts. */
export const dishonestCoordinatorEnglish = {
  'attack.dishonest-coordinator.title': 'A dishonest coordinator',
  'attack.dishonest-coordinator.question': 'What if the coordinator sends you another model?',
  'attack.dishonest-coordinator.method': 'A model built to leak, or another model for one person alone',

  // the attacker
  'attack.dishonest-coordinator.attacker': 'a coordinator that lies about the model',
  'attack.dishonest-coordinator.sees.masked': 'the exact sum of masked updates, and the model that it chose',
  'attack.dishonest-coordinator.sees.plain': 'every real update, and the model that it chose',
  'attack.dishonest-coordinator.sees.noise':
    'the exact sum of masked updates with noise of {noise} clipping norms on each, and the model that it chose',
  'attack.dishonest-coordinator.may.imprint': 'send a model with a layer that nobody agreed to',
  'attack.dishonest-coordinator.may.inconsistency': 'send one person another model than everybody else',
  'attack.dishonest-coordinator.may.weights': 'set the weights of the agreed model as it likes',
  'attack.dishonest-coordinator.target.sum':
    'the sum of {clients} clients’ updates, {batch} images each, one step of SGD',
  'attack.dishonest-coordinator.target.victim':
    'one of {clients} clients, behind the sum of all: {batch} images, one step of SGD',

  // verdicts
  'attack.dishonest-coordinator.leaks.imprint':
    'Yes. {came} of {count} images came back from an exact masked sum.',
  'attack.dishonest-coordinator.leaks.inconsistency':
    'Yes. Every mask cancels, and the sum is one person’s own update: {came} of {count} images came back.',
  'attack.dishonest-coordinator.leaks.weights':
    'Yes. The agreed model with other weights passes every check: {came} of {count} images came back.',
  'attack.dishonest-coordinator.partly': 'Partly. {came} of {count} images came back.',
  'attack.dishonest-coordinator.refused.imprint': {
    one: 'No. The one client refuses a layer that was not agreed to.',
    other: 'No. All {count} clients refuse a layer that was not agreed to.',
  },
  'attack.dishonest-coordinator.refused.inconsistency': {
    one: 'No. {count} client refuses a model that is not everybody’s.',
    other: 'No. {count} clients refuse a model that is not everybody’s.',
  },
  'attack.dishonest-coordinator.stopped': 'No. This attack found nothing here; another may.',
  'attack.dishonest-coordinator.stopped.noise':
    'This attack stopped: noise in the sum. You are not protected.',
  'attack.dishonest-coordinator.stopped.bound': 'This attack stopped, and there is a bound on every other.',

  // evidence
  'attack.dishonest-coordinator.evidence':
    '{came} of {count} recovered, from an honest model’s sum {untouched}; median similarity: {psnr}. The best that needs no attack, {name}: {value}.',
  'attack.dishonest-coordinator.evidence.imprint':
    'A layer that stands in the plan from the beginning is agreed to, and nothing refuses it: people have to read the plan.',
  'attack.dishonest-coordinator.evidence.inconsistency':
    '{share} of the first layer’s numbers in the sum are that person’s own, to the last bit.',
  'attack.dishonest-coordinator.evidence.weights':
    'Which weights training would have given, nobody can know who has not seen every update. What remains is a large crowd, and noise.',
  'attack.dishonest-coordinator.evidence.refused':
    'Everyone has the architecture from the plan; with the weights it makes one hash, on which every key, share and statement depends. Refused as {code}. Other weights within the agreed architecture would pass.',
  'attack.dishonest-coordinator.short': '{came} of {count} recovered',
  'attack.dishonest-coordinator.short.refused': 'refused by {count} clients',

  // names
  'attack.dishonest-coordinator.switch.imprint': 'A layer more',
  'attack.dishonest-coordinator.switch.imprint-checked': 'A layer more, checked',
  'attack.dishonest-coordinator.switch.inconsistency': 'Different models',
  'attack.dishonest-coordinator.switch.inconsistency-checked': 'Different models, checked',
  'attack.dishonest-coordinator.switch.weights-checked': 'Other weights, checked',
  'attack.dishonest-coordinator.switch.weights-noise': 'Other weights, noise 0.03',
  'attack.dishonest-coordinator.setting.variant': 'What it sends',
  'attack.dishonest-coordinator.setting.variant.imprint': 'A layer more',
  'attack.dishonest-coordinator.setting.variant.inconsistency': 'Different models',
  'attack.dishonest-coordinator.setting.variant.weights': 'Other weights',
  'attack.dishonest-coordinator.setting.checked': 'Clients check, as real ones do',
  'attack.dishonest-coordinator.setting.clients': 'Clients in the sum',
  'attack.dishonest-coordinator.setting.batch': 'Images of each client',
  'attack.dishonest-coordinator.setting.bins': 'Units of the layer',
  'attack.dishonest-coordinator.stage.identities': 'Everyone makes a key',
  'attack.dishonest-coordinator.stage.tries': 'What real clients say',
  'attack.dishonest-coordinator.stage.round': 'A round of the live protocol',
  'attack.dishonest-coordinator.image.randomNoise': 'Attack on noise',
  'attack.dishonest-coordinator.column.name': 'Try',
  'attack.dishonest-coordinator.column.outcome': 'Outcome',
  'attack.dishonest-coordinator.column.reason': 'Why',
  'attack.dishonest-coordinator.column.refusers': 'Clients that refuse',
  'attack.dishonest-coordinator.column.code': 'Code',
  'attack.dishonest-coordinator.column.phase': 'Phase',
  'attack.dishonest-coordinator.row.unchecked': 'Clients take what comes',
  'attack.dishonest-coordinator.row.trap-weights': 'The agreed model, other weights',
  'attack.dishonest-coordinator.row.layer-added': 'The larger model, as it is',
  'attack.dishonest-coordinator.row.layer-disguised': 'Its hash, over as many weights as agreed',
  'attack.dishonest-coordinator.row.layer-planned': 'Its parameters, in the announcement',
  'attack.dishonest-coordinator.row.one-hash': 'One hash, two models',
  'attack.dishonest-coordinator.row.hash-each': 'A hash for each model',
  'attack.dishonest-coordinator.row.kept-apart': 'The victim kept apart from the others',
  'attack.dishonest-coordinator.cell.accepted': 'accepted',
  'attack.dishonest-coordinator.cell.advertise-keys': 'keys',
  'attack.dishonest-coordinator.cell.share-keys': 'shares of keys',
  'attack.dishonest-coordinator.cell.why-too-large': 'larger than the agreed model can be',
  'attack.dishonest-coordinator.cell.why-model-malformed': 'another number of weights than agreed',
  'attack.dishonest-coordinator.cell.why-model-differs': 'the weights do not have the announced hash',
  'attack.dishonest-coordinator.cell.why-parameters-differ': 'not the parameters that were agreed to',
  'attack.dishonest-coordinator.cell.why-context-differs': 'the others’ keys are made for another model',
  'attack.dishonest-coordinator.cell.why-below-threshold': 'too few are left for a sum',

  'attack.dishonest-coordinator.notes':
    'Nothing is wrong with the masks here: they all cancel, and the sum is exact. It is the model that lies. First a layer that writes down each image; then a model that is dead for everybody but one. Switch the check on: architecture and weights have one hash, and everyone’s keys depend on it. Then be honest: nobody can check the weights themselves.',
} as const;
