/** English: texts of the attack crowd-size. Part of attacks/en.ts. */
export const crowdSizeEnglish = {
  'attack.crowd-size.question': 'How big a crowd hides you in the sum?',
  'attack.crowd-size.method': 'The same closed form, on the sum of many people’s updates',
};
