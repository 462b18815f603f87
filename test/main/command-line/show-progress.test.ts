import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RoundResult } from '../../../core/contract/run-result.ts';
import { openingLine, showProgress } from '../../../main/command-line/show-progress.ts';
import {
  aligned,
  createTerminal,
  labelled,
  type ProgressLine,
  type Terminal,
} from '../../../main/command-line/terminal.ts';
import type { ExperimentProgress } from '../../../main/simulation/progress.ts';
import { textsOf } from '../../../renderer/messages/translate.ts';

function watched(language: 'en' | 'fr', ...progress: readonly ExperimentProgress[]) {
  const lines: string[] = [];
  const drawn: ProgressLine[] = [];
  const terminal: Terminal = {
    line: (text) => void lines.push(text),
    progress: (state) => void drawn.push(state),
    clear: () => undefined,
  };
  const onProgress = showProgress(terminal, textsOf(language, 'terminal'));
  for (const one of progress) onProgress(one);
  return { lines, drawn };
}

const result: RoundResult = {
  round: 2,
  attempts: 2,
  accuracy: 0.98,
  f1Weighted: 0.9798,
  loss: 0.0612,
  clients: { advertised: 20, shared: 20, masked: 18, unmasked: 18 },
  dropped: [3, 11],
  refused: [
    { client: 0, phase: 'unmask', reason: 'survivors-differ' },
    { client: 4, phase: 'masked-input', reason: 'bad-signature' },
  ],
  exactSum: true,
  quantisationError: null,
  clippedRate: 0,
  bytesUpPerClient: { mean: 634_498, max: 640_000 },
  bytesDownPerClient: { mean: 0, max: 0 },
  ms: { train: 9_870, client: 61.2, coordinator: 95, evaluate: 0, total: 12_345 },
  phases: [{ phase: 'share-keys', clientMs: 5.25, coordinatorMs: 0, bytesUp: 0, bytesDown: 0 }],
  confusion: [],
  reported: { loss: 0, accuracy: 0, examples: 54_000, selected: 18 },
};

describe('showProgress()', () => {
  it('tells a finished round step by step', () => {
    assert.deepEqual(watched('en', { kind: 'round-finished', result }).lines, [
      'Round 2 (2 attempts)',
      '  keys      20 clients advertised two fresh keys, 0.00 ms each',
      '  shares    20 shared their secrets in sealed pieces, 5.25 ms each',
      '  training  54,000 images, 9.9 s',
      '  vectors   18 sent and verified, 634 kB a client, 0.00 ms each',
      '  unmask    18 signed who is in and revealed shares; the sum is exact, element by element',
      '  left      2 clients: 3, 11',
      '  refused   coordinator in unmask: survivors-differ',
      '  refused   client 4 in masked-input: bad-signature',
      '  model     accuracy 0.9800, F1 0.9798, loss 0.0612',
      '  time      12.3 s; protocol 61.2 ms a client, 95.0 ms coordinator',
    ]);
  });

  it('tells the same in French, with its spaces as ordinary ones', () => {
    const { lines } = watched('fr', { kind: 'round-finished', result });
    assert.equal(lines.length, 11);
    assert.equal(lines[0], 'Tour 2 (2 essais)');
    assert.equal(lines[9], '  modèle        exactitude 0,9800, F1 0,9798, perte 0,0612');
    assert.doesNotMatch(lines.join(''), /[\u00a0\u202f]/);
  });

  it('says in capitals that a sum differs', () => {
    const { lines } = watched('en', { kind: 'round-finished', result: { ...result, exactSum: false } });
    assert.match(lines.join('\n'), /unmask .*THE SUM DIFFERS/);
  });

  it('names the round that trains, or the row of the comparison, with the time left', () => {
    const training = {
      kind: 'training',
      byClient: new Map(),
      examplesDone: 1_000,
      examplesTotal: 5_000,
      examplesPerSecond: 100,
    } as const;
    const { drawn } = watched(
      'fr',
      { ...training, what: 'single-client' },
      { kind: 'round-started', round: 1, rounds: 5 },
      { ...training, what: 'round' },
    );
    const line = {
      share: 0.2,
      speed: '100 images/s',
      secondsLeft: 40,
      texts: textsOf('fr', 'terminal'),
    };
    assert.deepEqual(drawn, [
      { label: 'un client seul', ...line },
      { label: 'Tour 1 sur 5', ...line },
    ]);
  });
});

describe('createTerminal()', () => {
  it('draws the line that is redrawn in the language it is given, within the terminal', () => {
    const written: string[] = [];
    const stream = {
      isTTY: true,
      columns: 60,
      write: (text: string) => written.push(text) > 0,
    } as unknown as NodeJS.WriteStream;
    const line = { label: 'Tour 1', share: 0.5, secondsLeft: 40 };
    createTerminal({ stream }).progress({ ...line, texts: textsOf('fr', 'terminal') });
    createTerminal({ stream }).progress(line);
    const bar = `${'█'.repeat(12)}${'░'.repeat(12)}  50 %`;
    assert.deepEqual(written, [
      `\r\u001b[2KTour 1  ${bar}  encore 0:40`,
      `\r\u001b[2KTour 1  ${bar}  0:40 left`,
    ]);
  });
});

describe('openingLine()', () => {
  it('begins its texts in one column in each language', () => {
    for (const [language, column] of [
      ['en', 9],
      ['fr', 10],
    ] as const) {
      const texts = textsOf(language, 'terminal');
      for (const label of ['terminal.data', 'terminal.engine', 'terminal.words'] as const)
        assert.equal(openingLine(texts, label, '|').indexOf('|'), column);
    }
  });
});

describe('labelled() and aligned()', () => {
  it('make columns of any width', () => {
    assert.deepEqual(
      labelled([
        ['a', '1'],
        ['long', '2'],
      ]),
      ['a     1', 'long  2'],
    );
    assert.deepEqual(
      aligned([
        ['word', 'n'],
        ['a', '1,000'],
      ]),
      ['word       n', 'a      1,000'],
    );
  });
});
