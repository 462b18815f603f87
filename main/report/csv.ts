/**
 * The curves and rounds of a result as one table, RFC 4180: comma, CRLF, a header line. One line per round of the
 * federated run and per epoch of the rows that it is compared with; what only the protocol has is empty there.
 */
import type { ComparisonRow, RoundResult, RunResult } from '../../core/contract/run-result.ts';
import type { SessionRoundResult } from '../../core/contract/session-result.ts';
import { engineOf, runOf } from '../../core/results/figures.ts';

type Cell = string | number | undefined;

interface CsvLine {
  readonly row: ComparisonRow['name'];
  /** Round, or epoch: 1, 2, ... */
  readonly position: number;
  readonly scores: { readonly accuracy: number; readonly f1Weighted: number; readonly loss: number };
  /** Distinct training images and seconds of the whole row; only where rows are compared. */
  readonly comparison: ComparisonRow | undefined;
  readonly round: RoundResult | SessionRoundResult | undefined;
  readonly engine: string | undefined;
}

/** Name and meaning of every column, in order. Shares lie in [0, 1], times are in milliseconds, sizes in bytes. */
export const csvColumns: readonly {
  readonly name: string;
  readonly meaning: string;
  readonly of: (line: CsvLine) => Cell;
}[] = [
  { name: 'row', meaning: 'centralised, single-client or federated', of: (line) => line.row },
  {
    name: 'round',
    meaning: 'round of the federated row, epoch of the others; from 1',
    of: (line) => line.position,
  },
  {
    name: 'accuracy',
    meaning: 'share of the test images that are read right',
    of: (line) => line.scores.accuracy,
  },
  {
    name: 'f1Weighted',
    meaning: 'F1 of each class, weighted by its size',
    of: (line) => line.scores.f1Weighted,
  },
  { name: 'loss', meaning: 'mean cross-entropy on the test images', of: (line) => line.scores.loss },
  {
    name: 'row.examples',
    meaning: 'distinct training images of the row (comparison)',
    of: (line) => line.comparison?.examples,
  },
  {
    name: 'row.seconds',
    meaning: 'time of the whole row (comparison)',
    of: (line) => line.comparison?.seconds,
  },
  { name: 'attempts', meaning: 'attempts that the round took', of: (line) => line.round?.attempts },
  {
    name: 'clients.advertised',
    meaning: 'clients that advertised keys (U1)',
    of: (line) => line.round?.clients.advertised,
  },
  {
    name: 'clients.shared',
    meaning: 'clients that shared their keys (U2)',
    of: (line) => line.round?.clients.shared,
  },
  {
    name: 'clients.masked',
    meaning: 'clients whose update is in the sum (U3)',
    of: (line) => line.round?.clients.masked,
  },
  {
    name: 'clients.unmasked',
    meaning: 'clients that revealed shares (U4)',
    of: (line) => line.round?.clients.unmasked,
  },
  {
    name: 'dropped',
    meaning: 'numbers of the clients that left, separated by spaces',
    of: (line) => line.round?.dropped.join(' '),
  },
  { name: 'refused', meaning: 'messages that were refused', of: (line) => line.round?.refused.length },
  {
    name: 'exactSum',
    meaning:
      'true when the unmasked sum equals that of the updates; empty without quantisation, and in a session',
    of: (line) => simulated(line)?.exactSum?.toString(),
  },
  {
    name: 'quantisationError.largest',
    meaning: 'largest error of a weight of the average',
    of: (line) => simulated(line)?.quantisationError?.largest,
  },
  {
    name: 'quantisationError.bound',
    meaning: 'its proven bound',
    of: (line) => simulated(line)?.quantisationError?.bound,
  },
  {
    name: 'clippedRate',
    meaning: 'share of the values that were clipped; empty under differential privacy',
    of: (line) => line.round?.clippedRate ?? undefined,
  },
  {
    name: 'privacy.epsilon',
    meaning:
      'what the rounds so far tell of a client that took part in all; empty without differential privacy',
    of: (line) => line.round?.privacy?.epsilon,
  },
  {
    name: 'privacy.delta',
    meaning: 'at this delta',
    of: (line) => line.round?.privacy?.delta,
  },
  {
    name: 'privacy.clippingNorm',
    meaning: 'L2 norm to which updates were scaled down',
    of: (line) => line.round?.privacy?.clippingNorm,
  },
  {
    name: 'privacy.noiseNorm',
    meaning: 'expected L2 norm of the noise in the mean update',
    of: (line) => line.round?.privacy?.noiseNorm,
  },
  {
    name: 'privacy.updateNorm',
    meaning: 'L2 norm of the mean update, with its noise',
    of: (line) => line.round?.privacy?.updateNorm,
  },
  {
    name: 'bytesUpPerClient.mean',
    meaning: 'bytes that a client sent, mean',
    of: (line) => line.round?.bytesUpPerClient.mean,
  },
  {
    name: 'bytesUpPerClient.max',
    meaning: 'bytes that a client sent, most',
    of: (line) => line.round?.bytesUpPerClient.max,
  },
  {
    name: 'bytesDownPerClient.mean',
    meaning: 'bytes that a client received, mean',
    of: (line) => line.round?.bytesDownPerClient.mean,
  },
  {
    name: 'bytesDownPerClient.max',
    meaning: 'bytes that a client received, most',
    of: (line) => line.round?.bytesDownPerClient.max,
  },
  { name: 'ms.train', meaning: 'training, time by the clock', of: (line) => simulated(line)?.ms.train },
  {
    name: 'ms.client',
    meaning: 'protocol work of a client, processor time, mean',
    of: (line) => simulated(line)?.ms.client,
  },
  {
    name: 'ms.coordinator',
    meaning: 'protocol work of the coordinator, processor time',
    of: (line) => line.round?.ms.coordinator,
  },
  { name: 'ms.evaluate', meaning: 'evaluation, time by the clock', of: (line) => line.round?.ms.evaluate },
  { name: 'ms.total', meaning: 'the whole round, time by the clock', of: (line) => line.round?.ms.total },
  {
    name: 'epoch',
    meaning: 'epoch of a session, whose roster the numbers are of',
    of: ({ round }) => (round !== undefined && 'epoch' in round ? round.epoch : undefined),
  },
  {
    name: 'engine',
    meaning:
      'what trained on this machine; others of a session may have used another, with which models agree only to rounding',
    of: (line) => line.engine,
  },
];

/** The round with what only a simulation can know. */
function simulated({ round }: CsvLine): RoundResult | undefined {
  return round !== undefined && 'exactSum' in round ? round : undefined;
}

export function resultCsv(result: RunResult): string {
  const header = csvColumns.map((column) => column.name);
  const lines = linesOf(result).map((line) => csvColumns.map((column) => column.of(line)));
  return [header, ...lines].map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
}

function linesOf(result: RunResult): readonly CsvLine[] {
  const engine = engineOf(runOf(result));
  const compared = result.kind === 'comparison' ? result.rows : [];
  const federated = compared.find((row) => row.name === 'federated');
  return [
    ...compared
      .filter((row) => row.name !== 'federated')
      .flatMap((row) =>
        row.curve.map((scores, index) => ({
          row: row.name,
          position: index + 1,
          scores,
          comparison: row,
          round: undefined,
          engine,
        })),
      ),
    ...runOf(result).rounds.map((round) => ({
      row: 'federated' as const,
      position: round.round,
      scores: round,
      comparison: federated,
      round,
      engine,
    })),
  ];
}

export function csvCell(value: Cell): string {
  const text = value === undefined ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
