/**
 * Part of a crowd: many participants in one process, each with its own identity, connection and state machine, without
 * disk and compute process. Some vanish in every round: their socket dies between their shares and their vector.
 */
import { generateIdentity } from '../../core/crypto/rsa.ts';
import { parseInvitation } from '../../core/joining/join-link.ts';
import { openDialer } from '../../main/network/dialer.ts';
import type { Connection } from '../../main/network/transport.ts';
import { ParticipantSession } from '../../main/participant/participant-session.ts';
import { createMemoryStore } from './memory-store.ts';
import { standInPreparations } from './stand-in-training.ts';

/** Sent once, to start. */
export interface CrowdTask {
  readonly link: string;
  readonly dataset: string;
  /** Numbers of the members here: first (inclusive) to end (exclusive). */
  readonly first: number;
  readonly end: number;
  /** Member i vanishes in round r when i + r is a multiple of this; undefined: nobody does. */
  readonly everyNthVanishes: number | undefined;
  /** By number; M and the number where there is none. */
  readonly names?: readonly string[];
}

/** Sent back: how the members ended. */
export interface CrowdNews {
  readonly outcomes: Readonly<Record<string, number>>;
  /** How often somebody vanished. */
  readonly vanished: number;
}

let vanished = 0;

/**
 * Work of all members here, one piece at a time: between any two, sockets are read and heartbeats answered, as they would
 * be if everyone had a machine of its own.
 */
const waiting: (() => void)[] = [];

function inTurn(work: () => void): void {
  waiting.push(work);
  if (waiting.length === 1) setImmediate(workOn);
}

function workOn(): void {
  waiting[0]!();
  waiting.shift();
  if (waiting.length > 0) setImmediate(workOn);
}

/** Members of this process that are joining at one time: a process for hundreds must still answer in time. */
const joiningAtOnce = 8;

async function member(
  number: number,
  task: CrowdTask,
  prepareWith: ReturnType<typeof standInPreparations>,
  joined: () => void,
): Promise<string> {
  const identity = await generateIdentity(2048);
  let connection: Connection | undefined;
  let round = 0;
  const vanishes = (): boolean => {
    const { everyNthVanishes } = task;
    if (everyNthVanishes === undefined || (number + round) % everyNthVanishes !== 0) return false;
    vanished += 1;
    connection?.close('lost');
    return true;
  };
  const session = new ParticipantSession({
    store: createMemoryStore(),
    identity,
    invitation: parseInvitation(task.link),
    link: task.link,
    name: task.names?.[number] ?? `M${number}`,
    data: { source: task.dataset, drawings: undefined },
    agreeToDemonstration: false,
    engine: undefined,
    processes: 0,
    patienceMs: 120_000,
    person: {
      compareWords: () => Promise.resolve({ agreed: true, compared: false }),
      allowRepeat: () => Promise.resolve(false),
    },
    onEvent: (event) => {
      if (event.type === 'roster-list') joined();
      if (event.type === 'protocol') round = event.event.round;
    },
    dial: (options) =>
      openDialer({
        ...options,
        handlers: {
          ...options.handlers,
          connected: (made, peer) => {
            connection = made;
            options.handlers.connected(made, peer);
          },
          message: (from, bytes) => {
            inTurn(() => {
              options.handlers.message(from, bytes);
            });
          },
        },
      }),
    prepare: prepareWith(vanishes),
  });
  try {
    return (await session.run()).outcome;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

process.once('message', (task: CrowdTask) => {
  void play(task);
});
process.on('disconnect', () => process.exit());

async function play(task: CrowdTask): Promise<void> {
  const outcomes: Record<string, number> = {};
  const prepareWith = standInPreparations();
  const ended: Promise<void>[] = [];
  const joining = new Set<Promise<void>>();
  for (let number = task.first; number < task.end; number += 1) {
    if (joining.size >= joiningAtOnce) await Promise.race(joining);
    const joined = new Promise<void>((resolve) => {
      const outcome = member(number, task, prepareWith, resolve);
      ended.push(
        outcome.then((how) => {
          outcomes[how] = (outcomes[how] ?? 0) + 1;
          resolve();
        }),
      );
    }).then(() => {
      joining.delete(joined);
    });
    joining.add(joined);
  }
  await Promise.all(ended);
  const news: CrowdNews = { outcomes, vanished };
  process.send?.(news, () => {
    process.disconnect();
  });
}
