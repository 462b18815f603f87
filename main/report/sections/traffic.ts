/** What the costs of a simulation and of a session show alike: the signs of the phases, and the traffic of a round. */
import type { RoundResult } from '../../../core/contract/run-result.ts';
import type { Texts } from '../../../renderer/messages/translate.ts';
import type { phaseMeans } from '../../../core/results/figures.ts';
import type { Glyph } from '../glyphs.ts';

export const phaseGlyphs: Readonly<Record<ReturnType<typeof phaseMeans>[number]['phase'], Glyph>> = {
  'advertise-keys': 'keys',
  'share-keys': 'shares',
  'masked-input': 'masked',
  statement: 'signed',
  unmask: 'recovered',
  aggregate: 'sum',
};

/** Bytes a client sends and receives: mean and most. */
export function trafficColumns({ t }: Texts): { readonly heading: string; readonly number: true }[] {
  return [t('costs.up'), t('costs.up.max'), t('costs.down'), t('costs.down.max')].map((heading) => ({
    heading,
    number: true,
  }));
}

/** The cells under trafficColumns(). */
export function trafficCells(
  { bytesUpPerClient, bytesDownPerClient }: Pick<RoundResult, 'bytesUpPerClient' | 'bytesDownPerClient'>,
  { formats }: Texts,
): string[] {
  return [bytesUpPerClient, bytesDownPerClient].flatMap(({ mean, max }) => [
    formats.bytes(mean),
    formats.bytes(max),
  ]);
}
