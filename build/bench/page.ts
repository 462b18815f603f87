/**
 * `node build/bench/page.ts FILE ...`: puts what `npm run --silent bench -- PART --json > FILE` printed into
 * docs/performance.md, each part between its own marks, with machine, date and command.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { format, resolveConfig } from 'prettier';

const page = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const row = z.record(z.string(), value);
type Row = z.infer<typeof row>;
const part = z.object({ name: z.string(), rows: z.array(row).min(1), summary: row.optional() });
const run = z.object({
  processor: z.string(),
  cores: z.int(),
  node: z.string(),
  at: z.iso.datetime(),
  command: z.string(),
  loadBefore: z.number().optional(),
  loadAfter: z.number().optional(),
});
const output = z.union([run.extend({ parts: z.array(part) }), run.extend(part.shape)]);

interface Column {
  readonly heading: string;
  readonly cell: (row: Row) => string;
}

/** Of many rows, those that a table is about; all rows of other parts. */
const shownRows: Readonly<Record<string, (row: Row) => boolean>> = {
  'training-models': isCompiled,
  'training-batches': isCompiled,
  'training-layers': isCompiled,
};

function isCompiled({ engine }: Row): boolean {
  return engine === 'compiled';
}

function written(value: Row[string] | undefined, decimals: number): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'number') return String(value);
  return value.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

const column = (heading: string, field = heading, decimals = 0): Column => ({
  heading,
  cell: (row) => written(row[field], decimals),
});
const percent = (heading: string, field: string): Column => ({
  heading,
  cell: (row) => `${written(Number(row[field]) * 100, 0)} %`,
});
const kilobytes = (heading: string, field: string): Column => ({
  heading,
  cell: (row) => written(Number(row[field]) / 1000, 0),
});

/** A figure, then JSON's. */
const besideJson = (heading: string, field: string, decimals: number): readonly Column[] => [
  column(heading, field, decimals),
  column('JSON', `json${field.charAt(0).toUpperCase()}${field.slice(1)}`, decimals),
];

const training = [
  column('engine'),
  column('processes'),
  column('images/s', 'samplesPerSecond'),
  column('by processor time', 'samplesPerProcessorSecond'),
  column('slowest'),
  column('fastest'),
  column('ratio to wasm', 'ratioToBaseline', 2),
  column('to PyTorch', 'ratioToPytorch', 2),
];
/** What is done, on what, before how fast. */
const trainingOf = [column('model'), column('', 'work'), column('batch'), ...training.slice(1)];

/** What the page shows of each part; all of it is in the JSON. */
const columns: Readonly<Record<string, readonly Column[]>> = {
  secagg: [
    column('clients'),
    percent('dropping out', 'drop'),
    {
      heading: 'graph',
      cell: (row) => (row['graph'] === 'sparse' ? `${row['neighbours']}/${row['threshold']}` : 'complete'),
    },
    column('coordinator, ms', 'coordinatorMs'),
    column('goal, ms', 'goalMs'),
    column('plain sum, ms', 'baselineMs', 1),
    column('a client, ms', 'clientMs'),
    kilobytes('sends, kB', 'bytesUpPerClient'),
    {
      heading: 'of the float32 model',
      cell: (row) => written(Number(row['bytesUpPerClient']) / (4 * Number(row['parameters'])), 2),
    },
    kilobytes('receives, kB', 'bytesDownPerClient'),
    column('peak, MB', 'coordinatorPeakMegabytes'),
    column('outcome'),
  ],
  training: [column('', 'work'), ...training, column('to model.fit', 'ratioToFit', 2)],
  'training-models': trainingOf,
  'training-batches': trainingOf,
  'training-layers': trainingOf,
  profile: [
    column('phase'),
    column('', 'pass'),
    column('µs an image', 'microseconds', 1),
    percent('share', 'share'),
  ],
  memory: [
    column('engine'),
    column('model'),
    column('steps'),
    column('resident, MB', 'megabytes'),
    column('peak, MB', 'peakMegabytes'),
    column('goal, MB', 'goalMegabytes'),
    column('idle Node, MB', 'baselineMegabytes'),
  ],
  federated: [
    column('engine'),
    column('processes'),
    column('seconds', 'seconds', 1),
    column('training, processor s', 'trainingProcessorSeconds', 1),
    column('protocol, processor s', 'protocolProcessorSeconds', 1),
    column('evaluation, s', 'evaluationSeconds', 1),
    column('accuracy', 'accuracy', 4),
    column('PyTorch, images/s', 'pytorchImagesPerSecond'),
    column('Flower, seconds', 'baselineSeconds', 0),
    column('ratio', 'ratio', 3),
    column('goal', 'goalRatio', 2),
  ],
  wire: [
    column('message'),
    ...besideJson('bytes', 'bytes', 0),
    column('ratio', 'ratioBytes', 2),
    ...besideJson('seal, ms', 'sealMs', 3),
    ...besideJson('open, ms', 'openMs', 3),
    ...besideJson('codec, seal', 'codecSealMs', 3),
    ...besideJson('codec, open', 'codecOpenMs', 3),
  ],
  network: [
    column('participants'),
    column('rounds'),
    column('model'),
    column('images each', 'examplesPerClient'),
    column('seconds', 'seconds', 1),
    column('simulation, seconds', 'simulationSeconds', 1),
    column('ratio', 'ratio', 2),
    column('goal', 'goalRatio', 2),
    column('same model', 'sameModel'),
    column('accuracy', 'accuracy', 4),
    column('dropped'),
    kilobytes('sends, kB', 'bytesUpPerClient'),
    kilobytes('receives, kB', 'bytesDownPerClient'),
    column('coordinator, ms', 'coordinatorMs'),
    column('peak, MB', 'coordinatorPeakMegabytes'),
  ],
  privacy: [
    column('model'),
    column('clients'),
    column('rounds'),
    column('z', 'z', 2),
    { heading: 'C', cell: (row) => written(row['clip'], 1) + (row['adaptive'] === true ? ', adaptive' : '') },
    column('epsilon', 'epsilon', 2),
    column('noise, lengths', 'noiseNorm', 2),
    column('in each number, over the root of the rounds', 'noiseBurden', 4),
    column('accuracy', 'accuracy', 3),
    column('95 % from', 'low', 3),
    column('to', 'high', 3),
    column('without noise', 'withoutNoise', 3),
  ],
  interface: [
    column('', 'measure'),
    column('value', 'value', 1),
    column('', 'unit'),
    column('baseline', 'baseline', 1),
    column('goal'),
  ],
  quantisation: [
    column('seed'),
    column('quantised', 'quantised', 4),
    column('floats', 'float', 4),
    column('difference', 'difference', 4),
  ],
};

function markdownTable(shown: readonly Column[], rows: readonly Row[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(shown.map(({ heading }) => heading)),
    line(shown.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...rows.map((row) => line(shown.map(({ cell }) => cell(row)))),
  ].join('\n');
}

function summaryLine(summary: Row): string {
  const points = (field: string): string => written(summary[field], 3);
  return `Mean difference over ${written(summary['seeds'], 0)} seeds: ${points('meanPoints')} percentage points, 95 % interval ${points('lowPoints')} to ${points('highPoints')}.`;
}

function loadOf({ loadBefore, loadAfter }: z.infer<typeof run>): string {
  return loadBefore === undefined ? '' : `load ${loadBefore} before and ${loadAfter ?? loadBefore} after, `;
}

let text = readFileSync(page, 'utf8');
for (const file of process.argv.slice(2)) {
  const read = output.parse(JSON.parse(readFileSync(file, 'utf8')));
  for (const { name, rows, summary } of 'parts' in read ? read.parts : [read]) {
    const [start, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
    const [from, to] = [text.indexOf(start), text.indexOf(end)];
    const shown = columns[name];
    if (shown === undefined || from < 0 || to < from) throw new Error(`the page has no place for ${name}`);
    const measured = `Measured on ${read.at.slice(0, 10)} at ${read.at.slice(11, 16)} UTC: ${read.processor}, ${read.cores} cores, ${loadOf(read)}Node ${read.node}, \`${read.command}\`.`;
    const table = markdownTable(shown, rows.filter(shownRows[name] ?? (() => true)));
    const section = [start, measured, table, ...(summary ? [summaryLine(summary)] : [])];
    text = `${text.slice(0, from)}${section.join('\n\n')}\n\n${text.slice(to)}`;
  }
}
const options = await resolveConfig(page);
writeFileSync(page, await format(text, { ...options, filepath: page }));
