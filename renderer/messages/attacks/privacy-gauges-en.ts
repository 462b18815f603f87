/** English: texts of the attack privacy-gauges. Part of attacks/en.ts. */
export const privacyGaugesEnglish = {
  'attack.privacy-gauges.question': 'The attack stopped. Are you protected?',
  'attack.privacy-gauges.method':
    'Clipping and noise: what the attack still reads, and what is proven against every attack',
};
