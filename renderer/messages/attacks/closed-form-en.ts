/** English: texts of the attack closed-form. Part of attacks/en.ts. */
export const closedFormEnglish = {
  'attack.closed-form.question': 'Can one update give your drawing away?',
  'attack.closed-form.method':
    'Closed form on the first dense layer: a row of weights divided by its bias is an image',
};
