/** English: the attack lab's words on other screens, which are there before the lab is opened. Part of en.ts. */
export const labElsewhereEnglish = {
  // drawing what is to be attacked, answering a question to the room
  'lab.draw.attack': 'Attack it',
  'lab.draw.back': 'Back to the attack',
  'lab.vote.choice': 'Picture {letter}',

  // what went wrong
  'lab.problem.target-unknown':
    'What was to be attacked is not there any more, or nothing of it is kept. Choose another target.',
  'lab.problem.not-a-demonstration':
    'A person’s update can be attacked only in a simulation, or in a session that was started openly as a demonstration that everyone agreed to. This one was not.',
  'lab.problem.attack-died':
    'The attack’s process ended before it was done. Free some memory, then run it again.',

  // rules of aggregation
  'attack.backdoor.rule.mean': 'the plain mean',
  'attack.backdoor.rule.norm-clipping': 'norm clipping',
  'attack.backdoor.rule.median': 'the median',
  'attack.backdoor.rule.trimmed-mean': 'the trimmed mean',
  'attack.backdoor.rule.krum': 'Krum',
  'attack.backdoor.rule.multi-krum': 'multi-Krum',

  // keys
  'lab.keys': 'In the attack lab',
  'lab.keys.run': 'Runs, or runs again',
  'lab.keys.switch': 'Under another protection',
  'lab.keys.walk': 'Presenting: the next one, the one before',
  'lab.keys.notes': 'Presenting: speaker notes',
  'lab.keys.vote': 'Asks the room; reveals',
} as const;
