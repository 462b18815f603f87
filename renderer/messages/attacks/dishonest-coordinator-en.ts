/** English: texts of the attack dishonest-coordinator. Part of attacks/en.ts. */
export const dishonestCoordinatorEnglish = {
  'attack.dishonest-coordinator.question': 'What if the coordinator sends you another model?',
  'attack.dishonest-coordinator.method': 'A model built to leak, or another model for one person alone',
};
