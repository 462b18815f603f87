import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { textsOf } from '../../../renderer/messages/translate.ts';
import {
  comparedHeadline,
  haveOtherEngines,
  outcomeLines,
  settingLines,
} from '../../../renderer/wording/comparing.ts';
import { sampleComparison, sampleSession, sampleSimulation } from '../../main/report/sample-results.ts';

const english = textsOf('en');
const plain = (text: string | undefined): string | undefined => text?.replaceAll(/[\u00a0\u202f]/g, ' ');

function ending(accuracy: number) {
  const sample = sampleSimulation();
  return { ...sample, final: { ...sample.final, accuracy } };
}

describe('settingLines()', () => {
  it('marks the settings that differ, and no other', () => {
    const lines = settingLines(
      [sampleSimulation(), sampleSimulation({ settings: { drop: 0.3, seed: 7 } })],
      english,
    );
    const differing = lines.filter(({ differs }) => differs);
    assert.deepEqual(
      differing.map(({ name, values }) => [name, ...values]),
      [
        ['Seed', '1', '7'],
        ['Share that leaves a round', '0', '0.3'],
      ],
    );
    assert.ok(lines.length > 20);
  });

  it('compares the number of clients of a simulation with that of people in a session', () => {
    const lines = settingLines([sampleSimulation(), sampleSession()], english);
    const clients = lines.find(({ name }) => name === 'Clients');
    assert.deepEqual(clients, { name: 'Clients', values: ['20', '4'], differs: true });
  });

  it('does not call different what one of them does not have', () => {
    const lines = settingLines([sampleSimulation(), sampleSession()], english);
    const dropping = lines.find(({ name }) => name === 'Share that leaves a round');
    assert.deepEqual(dropping, { name: 'Share that leaves a round', values: ['0', '–'], differs: false });
  });

  it('compares the federated part of a comparison', () => {
    const lines = settingLines([sampleComparison(), sampleSimulation()], english);
    assert.deepEqual(
      lines.filter(({ differs }) => differs),
      [],
    );
  });
});

describe('engines', () => {
  const plain = sampleSimulation();
  const slow = { ...plain, engine: { ...plain.engine, name: 'wasm', variant: '' } };
  const { engine: _, ...untold } = sampleSession();

  it('are compared by what trained, in simulations and sessions alike', () => {
    const line = settingLines([plain, slow, sampleSession(), untold], english).find(
      ({ name }) => name === 'Engine',
    );
    const compiled = 'compiled (relaxed SIMD)';
    assert.deepEqual(line, { name: 'Engine', values: [compiled, 'wasm', compiled, '–'], differs: true });
  });

  it('differ where two are known to', () => {
    assert.equal(haveOtherEngines([plain, slow]), true);
    assert.equal(haveOtherEngines([plain, sampleSession(), untold]), false);
  });
});

describe('outcomeLines()', () => {
  it('tells what came of each', () => {
    const dropping = sampleSimulation({ settings: { drop: 0.3 } });
    const lines = outcomeLines([sampleSimulation(), dropping], english);
    const left = lines.find(({ name }) => name === 'Left, in all rounds');
    assert.deepEqual(left, { name: 'Left, in all rounds', values: ['0', '30'], differs: true });
  });
});

describe('comparedHeadline()', () => {
  it('says which got further, and by how much', () => {
    assert.equal(
      plain(comparedHeadline([ending(0.94), ending(0.981)], ['A', 'B'], english)),
      'B ends 4.1 points above A.',
    );
    assert.equal(
      plain(comparedHeadline([ending(0.94), ending(0.981), ending(0.96)], ['A', 'B', 'C'], english)),
      'B ends highest, 4.1 points above A.',
    );
    assert.equal(
      plain(comparedHeadline([ending(0.9801), ending(0.9803)], ['A', 'B'], english)),
      'B and A end level.',
    );
  });

  it('says nothing of a run without a round', () => {
    const none = sampleSimulation({ roundsDone: 0, ended: 'too-few-clients' });
    assert.equal(comparedHeadline([none, ending(0.9)], ['A', 'B'], english), undefined);
  });
});
