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
import { standInPreparation } from './stand-in-training.ts';

/** Sent once, to start. */
export interface CrowdTask {
  readonly link: string;
  readonly dataset: string;
  /** Numbers of the members here: first (inclusive) to end (exclusive). */
  readonly first: number;
  readonly end: number;
  /** Member i vanishes in round r when i + r is a multiple of this; undefined: nobody does. */
  readonly everyNthVanishes: number | undefined;
}

/** Sent back: how the members ended. */
export interface CrowdNews {
  readonly outcomes: Readonly<Record<string, number>>;
  /** How often somebody vanished. */
  readonly vanished: number;
}

let vanished = 0;

async function member(number: number, task: CrowdTask): Promise<string> {
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
    name: `M${number}`,
    data: task.dataset,
    agreeToDemonstration: false,
    engine: undefined,
    processes: 0,
    patienceMs: 120_000,
    person: {
      compareWords: () => Promise.resolve({ agreed: true, compared: false }),
      allowRepeat: () => Promise.resolve(false),
    },
    onEvent: (event) => {
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
        },
      }),
    prepare: standInPreparation(undefined, vanishes),
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
  const numbers = Array.from({ length: task.end - task.first }, (_, index) => task.first + index);
  const outcomes: Record<string, number> = {};
  for (const outcome of await Promise.all(numbers.map((number) => member(number, task))))
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const news: CrowdNews = { outcomes, vanished };
  process.send?.(news, () => {
    process.disconnect();
  });
}
