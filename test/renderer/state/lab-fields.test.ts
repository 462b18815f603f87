import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attackCatalogue } from '../../../core/contract/attacks/catalogue.ts';
import { fieldsOf, isAllowed, valueOf, withSetting } from '../../../renderer/state/lab-fields.ts';
import { wholeSettings } from '../../../renderer/state/lab-requests.ts';

describe('fieldsOf()', () => {
  it('makes a field of every setting of every attack, with the default that its schema fills in', () => {
    for (const description of Object.values(attackCatalogue)) {
      const fields = fieldsOf(description);
      const defaults = wholeSettings(description, {});
      assert.deepEqual(fields.map(({ name }) => name).sort(), Object.keys(defaults).sort(), description.name);
      for (const field of fields) assert.equal(valueOf(field, {}), defaults[field.name], field.name);
    }
  });

  it('knows ranges and choices: what it allows the schema takes, what it does not the schema refuses', () => {
    for (const description of Object.values(attackCatalogue))
      for (const field of fieldsOf(description)) {
        const takes = (value: unknown): boolean =>
          description.settings.safeParse({ [field.name]: value }).success;
        if (field.kind === 'choice') {
          assert.ok(field.values.every(takes), field.name);
          assert.ok(!takes('no such choice'));
        }
        if (field.kind !== 'number') continue;
        for (const [value, good] of [
          [field.least, true],
          [field.most, true],
          [field.least - 1, false],
          [field.most + 1, false],
          [Number.NaN, false],
          [field.least + 0.5, field.whole ? false : field.least + 0.5 <= field.most],
        ] as const) {
          assert.equal(isAllowed(field, { [field.name]: value }), good, `${field.name} ${value}`);
          assert.equal(takes(value), good, `${description.name} ${field.name} ${value}`);
        }
      }
  });
});

describe('withSetting()', () => {
  it('keeps what differs from the default, and leaves out what does not', () => {
    const [field] = fieldsOf(attackCatalogue['closed-form']);
    assert.ok(field?.kind === 'number');
    const changed = withSetting(field, { other: 1 }, field.normal + 1);
    assert.deepEqual(changed, { other: 1, [field.name]: field.normal + 1 });
    assert.deepEqual(withSetting(field, changed, field.normal), { other: 1 });
  });
});
