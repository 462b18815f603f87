/**
 * What a process takes of the machine's memory. Not from getrusage(): its maximum survives exec, so that a child begins
 * with its parent's.
 */
import { readFileSync } from 'node:fs';

/** Resident memory of a process, now and at most, in megabytes. NaN where there is no /proc, as nothing else tells it of other processes. */
export function memoryOf(pid: number): { readonly megabytes: number; readonly peakMegabytes: number } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const read = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
    return { megabytes: read('VmRSS'), peakMegabytes: read('VmHWM') };
  } catch {
    return { megabytes: NaN, peakMegabytes: NaN };
  }
}
