import assert from 'node:assert/strict';
import { it } from 'node:test';
import { firstNameOf } from '../../../main/simulation/names.ts';

it('firstNameOf() gives a hundred clients short names of their own, and numbers to those beyond', () => {
  const names = Array.from({ length: 100 }, (_, index) => firstNameOf(index + 1));
  assert.equal(new Set(names).size, 100);
  for (const name of names) assert.match(name, /^\p{Lu}\p{Ll}{1,8}$/u);
  assert.equal(firstNameOf(1), 'Inès');
  assert.equal(firstNameOf(500), 'Client 500');
});
