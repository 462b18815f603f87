/** A thousand rounds with twenty small participants: the coordinator's memory must stay flat. */
import { existsSync, statSync } from 'node:fs';
import { playCrowd } from './crowd-room.ts';
import type { SoakOptions, SoakPart } from './part.ts';

const members = 20;
const warmUpRounds = 50;
/** Over all rounds after the warm-up. */
const mostGrowthMegabytes = 20;

export async function soakMemory({ rounds, onProgress }: SoakOptions): Promise<SoakPart> {
  const resident: number[] = [];
  const stored: number[] = [];
  const startedAt = performance.now();
  const { outcome, errors } = await playCrowd({
    members,
    rounds,
    processes: 1,
    everyNthVanishes: undefined,
    onRound: ({ round, megabytes, databasePath }) => {
      resident.push(megabytes);
      stored.push(sizeOf(databasePath) / 1e6);
      if (round % 100 === 0) onProgress(`memory, round ${round}: ${megabytes.toFixed(0)} MB resident`);
    },
  });
  const violations: string[] = [];
  if (outcome !== 'finished') violations.push(`the session ended ${outcome}: ${errors}`);
  const measured = resident.slice(warmUpRounds);
  const perRound = slope(measured);
  // the engine gives memory back at some time, which would hide what grows: the second half by itself, too
  const secondHalf = slope(measured.slice(measured.length / 2));
  const growth = Math.max(perRound, secondHalf) * Math.max(0, measured.length - 1);
  if (growth > mostGrowthMegabytes) violations.push(`resident memory grew by ${growth.toFixed(1)} MB`);
  const storedPerRound = slope(stored.slice(warmUpRounds));
  return {
    name: 'memory',
    figures: {
      members,
      rounds: resident.length,
      outcome,
      seconds: Math.round((performance.now() - startedAt) / 1000),
      megabytesAfterWarmUp: round(resident[warmUpRounds] ?? NaN, 1),
      megabytesAtTheEnd: round(resident.at(-1) ?? NaN, 1),
      kilobytesOfMemoryPerRound: round(1000 * perRound, 2),
      kilobytesPerRoundOfSecondHalf: round(1000 * secondHalf, 2),
      growthMegabytes: round(growth, 1),
      kilobytesOfDatabasePerRound: round(1000 * storedPerRound, 1),
    },
    violations,
  };
}

/** Of the line that fits best through values at 0, 1, 2, ... (least squares). */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let products = 0;
  let squares = 0;
  for (const [index, value] of values.entries()) {
    products += (index - middle) * (value - mean);
    squares += (index - middle) ** 2;
  }
  return squares === 0 ? 0 : products / squares;
}

/** The write-ahead log aside: it is emptied into the database again and again. */
function sizeOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));
