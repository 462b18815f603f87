import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { csvColumns, resultCsv } from '../../../main/report/csv.ts';
import { sampleComparison, sampleNoised, sampleSession, sampleSimulation } from './sample-results.ts';

/** A plain reader of RFC 4180, one record per line of the sample. */
function parse(csv: string): readonly ReadonlyMap<string, string>[] {
  const records: string[][] = [[]];
  for (const [, quoted, bare, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    records.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare ?? '');
    if (end === '\r\n') records.push([]);
  }
  const [header = [], ...lines] = records.slice(0, -1);
  return lines.map((line) => new Map(header.map((name, index) => [name, line[index] ?? ''])));
}

describe('resultCsv()', () => {
  it('holds every epoch and round of a comparison, with the result’s own digits', () => {
    const result = sampleComparison();
    const lines = parse(resultCsv(result));
    assert.equal(lines.length, 15);
    for (const row of result.rows) {
      const own = lines.filter((line) => line.get('row') === row.name);
      assert.deepEqual(
        own.map((line) => Number(line.get('accuracy'))),
        row.curve.map((point) => point.accuracy),
      );
      assert.deepEqual(
        own.map((line) => Number(line.get('loss'))),
        row.curve.map((point) => point.loss),
      );
      assert.ok(own.every((line) => Number(line.get('row.examples')) === row.examples));
    }
  });

  it('reads back what the protocol did in each round', () => {
    const result = sampleSimulation({ settings: { clients: 30, drop: 0.2 } });
    const lines = parse(resultCsv(result));
    assert.deepEqual(
      lines.map((line) => [
        line.get('dropped')?.split(' ').map(Number),
        line.get('refused'),
        line.get('exactSum'),
      ]),
      result.rounds.map((round) => [[...round.dropped], String(round.refused.length), 'true']),
    );
    assert.equal(
      Number(lines[1]?.get('quantisationError.largest')),
      result.rounds[1]?.quantisationError?.largest,
    );
    assert.equal(Number(lines[1]?.get('ms.coordinator')), result.rounds[1]?.ms.coordinator);
  });

  it('names the engine beside every epoch and round', () => {
    for (const result of [sampleComparison(), sampleSession()])
      for (const line of parse(resultCsv(result))) assert.match(line.get('engine')!, /^compiled \(.*SIMD\)$/);
  });

  it('leaves empty what a run did not have', () => {
    const [line] = parse(resultCsv(sampleSimulation({ settings: { quantisation: false } })));
    assert.equal(line!.get('exactSum'), '');
    assert.equal(line!.get('row.seconds'), '');
  });

  it('tells what noise was in each round, and leaves empty what nobody told', () => {
    const result = sampleNoised();
    for (const [index, line] of parse(resultCsv(result)).entries()) {
      const { privacy } = result.rounds[index]!;
      for (const name of ['epsilon', 'delta', 'clippingNorm', 'noiseNorm', 'updateNorm'] as const)
        assert.equal(Number(line.get(`privacy.${name}`)), privacy?.[name], name);
      assert.deepEqual([line.get('clippedRate'), line.get('quantisationError.largest')], ['', '']);
    }
    const [line] = parse(resultCsv(sampleSimulation()));
    assert.equal(line?.get('privacy.epsilon'), '');
  });

  it('is a header alone for a run without a round', () => {
    assert.equal(resultCsv(sampleSimulation({ roundsDone: 0 })).split('\r\n').length, 2);
  });

  it('has one name and a meaning per column', () => {
    assert.equal(new Set(csvColumns.map((column) => column.name)).size, csvColumns.length);
    assert.ok(csvColumns.every((column) => column.meaning !== ''));
  });
});
