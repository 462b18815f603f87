/** What all parts of the benchmark share: medians, tables, the machine's name. */
import { availableParallelism, cpus } from 'node:os';

export { threadCpuMs } from '../../main/compute/thread-cpu-ms.ts';

/** One row of a part, as it is printed and as JSON has it. */
export type BenchRow = Readonly<Record<string, string | number | boolean | null>>;

export interface BenchPart {
  readonly name: string;
  /** What is compared with what, in a sentence. */
  readonly about: string;
  readonly rows: readonly BenchRow[];
  /** What the rows come to, where that is a figure of its own. */
  readonly summary?: BenchRow;
}

/** What whoever runs the benchmark can put right: its message says how. */
export class BenchError extends Error {}

export function machine(): { readonly processor: string; readonly cores: number; readonly node: string } {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    node: process.version,
  };
}

/** The middle value; the mean of the two middle ones. Throws RangeError without any value. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('cannot take the median of nothing');
  const sorted = [...values].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Student's t, two-sided 95 %, by degrees of freedom 1 .. 29 (Student 1908; the usual tables). */
const studentT95 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045,
];
export const mostSeeds = studentT95.length + 1;

/** Mean of 2 .. 30 values, and the interval that holds the true mean in 95 of 100 such samples. Throws RangeError. */
export function meanInterval(values: readonly number[]): {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
} {
  const t = studentT95[values.length - 2];
  if (t === undefined) throw new RangeError(`cannot give an interval for ${values.length} values`);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const half = t * Math.sqrt(squares / (values.length - 1) / values.length);
  return { mean, low: mean - half, high: mean + half };
}

/** Rows as text, columns aligned, numbers to the right. */
export function formatTable(rows: readonly BenchRow[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (value: BenchRow[string] | undefined): string => {
    if (value === undefined || value === null) return '-';
    if (typeof value !== 'number') return String(value);
    if (Number.isInteger(value)) return value.toLocaleString('en');
    const magnitude = Math.abs(value);
    return value.toFixed(magnitude < 1 ? 4 : magnitude < 10 ? 3 : 1);
  };
  const widths = columns.map((column) =>
    Math.max(column.length, ...rows.map((row) => cell(row[column]).length)),
  );
  const line = (cells: readonly string[]): string =>
    cells.map((text, index) => text.padStart(widths[index]!)).join('  ');
  return [line(columns), ...rows.map((row) => line(columns.map((column) => cell(row[column]))))].join('\n');
}
