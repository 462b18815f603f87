/** English: texts of the attack backdoor. Part of attacks/en.ts. */
export const backdoorEnglish = {
  'attack.backdoor.title': 'One poisoned update',
  'attack.backdoor.question': 'What can one poisoned update do to the room?',
  'attack.backdoor.method': 'Model replacement: one update, scaled until it outvotes the others',

  // the attacker
  'attack.backdoor.attacker': 'a participant whose signature is good',
  'attack.backdoor.sees': 'the model of every round and its own images; nobody else’s update',
  'attack.backdoor.may':
    'train on images of its own choosing, and send its update {scale} times as long as it is',
  'attack.backdoor.target':
    'the next model of {clients} people with {examples} images each: a white square in the corner is to mean class {target}',

  // verdicts
  'attack.backdoor.leaks.mean':
    'Yes. One update out of {clients} took the mean over: {success} of the marked images are read as {target}.',
  'attack.backdoor.leaks.masks':
    'Yes. Under masks nobody sees which update is poisoned: {success} of the marked images are read as {target}.',
  'attack.backdoor.leaks.clients':
    'Yes. Clipping by each client’s own program holds only who runs it: {success} of the marked images are read as {target}.',
  'attack.backdoor.leaks.rule': 'Yes. With {rule}, {success} of the marked images are read as {target}.',
  'attack.backdoor.partly': 'Partly. With {rule}, {success} of the marked images are read as {target}.',
  'attack.backdoor.stopped':
    'No. With {rule} this attack stopped: {success} of the marked images are read as {target}.',
  'attack.backdoor.stopped.mean':
    'No. The others outvote so short an update: {success} of the marked images are read as {target}.',

  // evidence
  'attack.backdoor.evidence':
    'Without the cheater: {clean}. Accuracy on test images: {accuracy}, without the cheater {cleanAccuracy}.',
  'attack.backdoor.evidence.lasting': {
    one: '{count} honest round later it is still {lasting}.',
    other: '{count} honest rounds later it is still {lasting}.',
  },
  'attack.backdoor.evidence.stopped': 'A cheater who stays close to honest updates may pass this rule, too.',
  'attack.backdoor.evidence.masks.accepted':
    'Median, trimmed mean and Krum need every update by itself, which masks hide. Looking at held-out images does not help: accuracy did not fall.',
  'attack.backdoor.evidence.masks.rejected':
    'Median, trimmed mean and Krum need every update by itself, which masks hide. Looking at held-out images helps here: accuracy fell, and the round is refused.',
  'attack.backdoor.short': '{success} obey, {clean} without it',

  // names
  'attack.backdoor.switch.mean': 'Plain mean',
  'attack.backdoor.switch.norm-clipping': 'Norm clipping',
  'attack.backdoor.switch.median': 'Median',
  'attack.backdoor.switch.trimmed-mean': 'Trimmed mean',
  'attack.backdoor.switch.krum': 'Krum',
  'attack.backdoor.switch.multi-krum': 'Multi-Krum',
  'attack.backdoor.setting.rule': 'Rule of aggregation',
  'attack.backdoor.setting.rule.mean': 'Plain mean',
  'attack.backdoor.setting.rule.norm-clipping': 'Norm clipping',
  'attack.backdoor.setting.rule.median': 'Median',
  'attack.backdoor.setting.rule.trimmed-mean': 'Trimmed mean',
  'attack.backdoor.setting.rule.krum': 'Krum',
  'attack.backdoor.setting.rule.multi-krum': 'Multi-Krum',
  'attack.backdoor.setting.scale': 'Factor of the update',
  'attack.backdoor.setting.clients': 'Clients, one cheats',
  'attack.backdoor.setting.rounds': 'Rounds, the last poisoned',
  'attack.backdoor.setting.after': 'Honest rounds after it',
  'attack.backdoor.setting.examples': 'Images of each client',
  'attack.backdoor.setting.target': 'Class the mark stands for',
  'attack.backdoor.stage.honest': 'Honest clients train',
  'attack.backdoor.stage.rules': 'Each rule, on the same updates',
  'attack.backdoor.stage.masks': 'Masked updates are summed',
  'attack.backdoor.stage.after': 'Honest rounds after it',
  'attack.backdoor.image.clean': 'As it is',
  'attack.backdoor.image.trigger': 'With the mark',
  'attack.backdoor.series.backdoorSuccess': 'Marked images that obey',
  'attack.backdoor.series.backdoorSuccess.x': 'round',
  'attack.backdoor.series.backdoorSuccess.y': 'share',
  'attack.backdoor.series.testAccuracy': 'Accuracy on test images',
  'attack.backdoor.series.testAccuracy.x': 'round',
  'attack.backdoor.series.testAccuracy.y': 'share',
  'attack.backdoor.column.name': 'Rule',
  'attack.backdoor.column.backdoorSuccess': 'Marked images that obey',
  'attack.backdoor.column.testAccuracy': 'Test accuracy',
  'attack.backdoor.column.note': 'Can it be applied?',
  'attack.backdoor.row.mean': 'Plain mean',
  'attack.backdoor.row.norm-clipping': 'Norm clipping',
  'attack.backdoor.row.median': 'Median',
  'attack.backdoor.row.trimmed-mean': 'Trimmed mean',
  'attack.backdoor.row.krum': 'Krum',
  'attack.backdoor.row.multi-krum': 'Multi-Krum',
  'attack.backdoor.row.client-clipping': 'Clients clip, the cheater too',
  'attack.backdoor.row.client-clipping-skipped': 'Clients clip, not the cheater',
  'attack.backdoor.row.validation': 'Mean, then held-out images',
  'attack.backdoor.cell.applied': 'yes',
  'attack.backdoor.cell.needs-individual-updates': 'no: needs individual updates, masks hide them',
  'attack.backdoor.cell.accepted': 'yes: accuracy did not fall, accepted',
  'attack.backdoor.cell.rejected': 'yes: accuracy fell, refused',

  'attack.backdoor.notes':
    'One of ten cheats: it trains on images with a white square, all labelled 7, and sends its update ten times as long. The mean falls, and accuracy says nothing of it. Switch through the rules: each gets the very same updates. Then switch the masks on: what needs each update by itself is gone. Ask what the room would choose, privacy or a look at every update.',
} as const;
