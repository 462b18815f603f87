import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { textsOf } from '../../../renderer/messages/translate.ts';
import { hostProblemText } from '../../../renderer/wording/host-problem.ts';

const [english, french] = [textsOf('en'), textsOf('fr')];

describe('hostProblemText()', () => {
  it('says what is known in the person’s language, with its numbers', () => {
    const classes = { code: 'class-count', message: '', details: { classes: 1, lowest: 2, highest: 256 } };
    assert.equal(hostProblemText(classes, english), 'Its number of classes is 1, and must be from 2 to 256.');
    assert.match(hostProblemText(classes, french), /de 2 à 256/);
    assert.match(
      hostProblemText({ code: 'idx-truncated', message: '', details: {} }, english),
      /IDX files are damaged/,
    );
  });

  it('says what went wrong in the attack lab', () => {
    for (const code of ['target-unknown', 'not-a-demonstration', 'attack-died']) {
      const problem = { code, message: 'In English.', details: {} };
      for (const texts of [english, french]) assert.notEqual(hostProblemText(problem, texts), 'In English.');
    }
    const real = { code: 'not-a-demonstration', message: '', details: {} };
    assert.match(hostProblemText(real, french), /démonstration/);
  });

  it('says that there is no model, and that nobody answers', () => {
    for (const code of ['no-model', 'host-lost'])
      assert.notEqual(hostProblemText({ code, message: 'In English.', details: {} }, french), 'In English.');
  });

  it('takes the host’s own words for anything else', () => {
    const other = { code: 'invalid-setting', message: 'Cannot.', details: {} };
    assert.equal(hostProblemText(other, french), 'Cannot.');
  });
});
