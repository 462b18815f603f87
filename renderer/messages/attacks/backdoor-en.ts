/** English: texts of the attack backdoor. Part of attacks/en.ts. */
export const backdoorEnglish = {
  'attack.backdoor.question': 'What can one poisoned update do to the room?',
  'attack.backdoor.method': 'Model replacement: one update, scaled until it outvotes the others',
};
