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
}

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

/** Rows as text, columns aligned, numbers to the right. */
export function formatTable(rows: readonly BenchRow[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (value: BenchRow[string] | undefined): string => {
    if (value === undefined || value === null) return '-';
    if (typeof value !== 'number') return String(value);
    if (Number.isInteger(value)) return value.toLocaleString('en');
    return value.toFixed(Math.abs(value) < 10 ? 3 : 1);
  };
  const widths = columns.map((column) =>
    Math.max(column.length, ...rows.map((row) => cell(row[column]).length)),
  );
  const line = (cells: readonly string[]): string =>
    cells.map((text, index) => text.padStart(widths[index]!)).join('  ');
  return [line(columns), ...rows.map((row) => line(columns.map((column) => cell(row[column]))))].join('\n');
}
