import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forgeryTricks } from '../../../core/contract/attacks/forgery.ts';
import { attackForTest } from '../../support/attack-run.ts';

const everything = { signature: true, masks: true };

/** Who refuses what, by which name, where everything is on: the codes of the live machines. */
const refusals: Readonly<Record<(typeof forgeryTricks)[number], readonly [string, string, string]>> = {
  tamper: ['bad-signature', 'coordinator', 'masked-input'],
  'tamper-model': ['bad-signature', 'client', 'advertise-keys'],
  replay: ['replayed', 'coordinator', 'masked-input'],
  'replay-round': ['stale-round', 'coordinator', 'masked-input'],
  'replay-session': ['wrong-session', 'coordinator', 'masked-input'],
  stranger: ['unknown-sender', 'coordinator', 'masked-input'],
  forge: ['bad-signature', 'coordinator', 'masked-input'],
  impersonate: ['wrong-sender', 'coordinator', 'masked-input'],
  'second-vector': ['contradiction', 'coordinator', 'masked-input'],
  inflate: ['aggregate-implausible', 'coordinator', 'aggregate'],
  'key-swap': ['relay-refused', 'client', 'share-keys'],
  'both-shares': ['relay-refused', 'client', 'unmask'],
  'second-sum': ['survivors-differ', 'client', 'statement'],
  'claim-dropouts': ['below-threshold', 'client', 'statement'],
  'lower-threshold': ['parameters-differ', 'client', 'advertise-keys'],
  'weak-plan': ['floors-not-met', 'client', 'session'],
};

test('with masks and signatures every trick is refused by name, and only a poisoned update in its bounds passes', async () => {
  const { findings, rows, row, steps } = await attackForTest('forgery', { protection: everything });
  for (const [name, [code, by, phase]] of Object.entries(refusals)) {
    const { outcome, sum, ...cells } = row(name);
    assert.equal(outcome, 'refused', name);
    assert.deepEqual([cells['code'], cells['by'], cells['phase']], [code, by, phase], name);
    assert.notEqual(sum, 'sum-wrong', name);
  }
  assert.deepEqual(
    rows.map(({ name }) => name),
    [...forgeryTricks, 'poison'],
  );
  assert.equal(row('poison')['outcome'], 'passed');
  assert.equal(row('poison')['sum'], 'sum-right');
  // one client of five moved the mean by a fifth of the bound
  assert.ok(Math.abs(Number(findings.facts['shift']) - 0.2) < 0.02);

  const { refused } = findings.results;
  assert.equal(refused!.value, forgeryTricks.length);
  assert.equal(findings.success, false);
  assert.equal(findings.outcome, 'stopped');
  assert.equal(findings.gauges.stopped, 1);
  const off = rows.slice(0, -1).filter(({ cells }) => cells['off'] === 'refused').length;
  assert.equal(refused!.baselines.untouched, off);
  assert.ok(off < forgeryTricks.length);
  // row by row, while it works
  const rowSteps = steps.filter(({ kind }) => kind === 'rows').length;
  assert.equal(rowSteps, forgeryTricks.length + 1);
});

test('without signatures and masks, messages are rewritten at will and updates lie open', async () => {
  const { findings, row } = await attackForTest('forgery');
  for (const name of ['tamper', 'tamper-model', 'replay-round', 'replay-session', 'forge']) {
    assert.equal(row(name)['outcome'], 'passed', name);
    assert.equal(row(name)['sum'], name === 'tamper-model' ? 'sum-right' : 'sum-wrong', name);
  }
  for (const name of [
    'key-swap',
    'both-shares',
    'second-sum',
    'claim-dropouts',
    'lower-threshold',
    'weak-plan',
  ])
    assert.equal(row(name)['outcome'], 'open', name);
  // rules that rest on neither
  for (const name of ['replay', 'stranger', 'impersonate', 'second-vector', 'inflate'])
    assert.equal(row(name)['outcome'], 'refused', name);
  assert.equal(findings.success, true);
  assert.equal(findings.outcome, 'leaks');
  assert.equal(findings.results.refused!.value, findings.results.refused!.baselines.untouched);
});

test('masks without signatures: the coordinator swaps keys and reads the update; both shares are still too few', async () => {
  const { row, findings } = await attackForTest('forgery', { protection: { masks: true } });
  assert.equal(row('key-swap')['outcome'], 'passed');
  assert.equal(row('tamper')['outcome'], 'passed');
  // another model is another context: masks alone notice it
  assert.deepEqual(
    [row('tamper-model')['outcome'], row('tamper-model')['code']],
    ['refused', 'wrong-context'],
  );
  // two sets of T of the same people share more than a third of them, signed or not
  assert.deepEqual(
    [row('both-shares')['outcome'], row('both-shares')['code'], row('both-shares')['by']],
    ['refused', 'too-few-shares', 'quorum'],
  );
  assert.equal(row('second-sum')['code'], 'survivors-differ');
  assert.equal(findings.outcome, 'leaks');
});

test('signatures without masks: nothing is forged, and everything is read', async () => {
  const { row, findings } = await attackForTest('forgery', { protection: { signature: true } });
  assert.equal(row('forge')['outcome'], 'refused');
  assert.equal(row('key-swap')['outcome'], 'open');
  assert.equal(findings.success, true);
  assert.ok(findings.results.refused!.value > findings.results.refused!.baselines.untouched!);
});

test('the same request gives the same rows, for other numbers of clients too', async () => {
  const request = { protection: everything, settings: { clients: 4 } };
  const [first, second] = [await attackForTest('forgery', request), await attackForTest('forgery', request)];
  assert.deepEqual(second.rows, first.rows);
  assert.deepEqual(second.findings, first.findings);
  assert.equal(first.findings.results.refused!.value, forgeryTricks.length);
  const { findings } = await attackForTest('forgery', { ...request, settings: { clients: 7 } });
  assert.equal(findings.results.refused!.value, forgeryTricks.length);
});
