/**
 * Events as a simulation tells them at a pace to follow by eye, from a seed: who leaves, who is refused. For tests of what
 * is made of events; nothing is computed, and no number stands for a result.
 */
import { runSettingsSchema, type RunSettings } from '../../core/contract/run-settings.ts';
import type { ProtocolEvent } from '../../core/contract/run-result.ts';
import type { Opened, WatchEvent, WatchEventBody } from '../../core/contract/watch-event.ts';

export interface Script {
  readonly clients?: number;
  readonly rounds?: number;
  /** Client numbers that leave before sending, and whose update is refused; in every round. */
  readonly leaving?: readonly number[];
  readonly refused?: readonly number[];
  readonly settings?: Partial<RunSettings>;
  readonly names?: readonly string[];
  readonly seed?: number;
  /** Factor on all times. */
  readonly tempo?: number;
}

export const scriptNames = [
  'Inès',
  'Marek',
  'Yusuf',
  'Chloé',
  'Tomás',
  'Aïcha',
  'Léo',
  'Noor',
  'Hugo',
  'Mei',
  'Salomé',
  'Ravi',
  'Jules',
  'Anouk',
  'Karim',
  'Elsa',
  'Diego',
  'Manon',
  'Oskar',
  'Priya',
] as const;

export function thresholdOf(clients: number): number {
  return Math.floor((2 * clients) / 3) + 1;
}

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export function openedBy(script: Script, kind: Opened['kind'] = 'simulation'): Opened {
  const { clients = 20, rounds = 3, settings = {} } = script;
  return {
    type: 'opened',
    kind,
    title: 'Five-minute demo',
    startedAt: '2026-11-24T10:12:00.000Z',
    settings: { ...runSettingsSchema.parse({ clients, rounds, model: 'cnn-light' }), ...settings },
    demonstration: false,
    pace: 'slow',
  };
}

/** All events after 'opened', in order. */
export function scriptedEvents(script: Script): readonly WatchEvent[] {
  const { clients = 20, rounds = 3, leaving = [], refused = [], seed = 7, tempo = 1 } = script;
  const next = generator(seed);
  const events: WatchEvent[] = [];
  let ms = 0;
  const tell = (after: number, body: WatchEventBody): void => {
    ms += after * tempo;
    events.push({ ...body, atMs: ms });
  };
  const threshold = thresholdOf(clients);
  const everyone = Array.from({ length: clients }, (_, index) => index + 1);
  const members = everyone.map((number) => ({
    number,
    name:
      script.names?.[number - 1] ?? (clients <= 20 ? (scriptNames[number - 1] ?? '') : `Client ${number}`),
    fingerprint: Array.from({ length: 16 }, () =>
      Math.floor(next() * 65_536)
        .toString(16)
        .toUpperCase()
        .padStart(4, '0'),
    ).join(' '),
  }));
  const present = everyone.filter((client) => !leaving.includes(client) && !refused.includes(client));

  tell(50, { type: 'preparing', step: 'data', done: 0, total: 1 });
  tell(50, {
    type: 'prepared',
    dataset: {
      name: 'mnist',
      train: 60_000,
      test: 10_000,
      classNames: Array.from('0123456789'),
      height: 28,
      width: 28,
      channels: 1,
    },
    model: { name: 'cnn-light', parameters: 34_826 },
    engine: { name: 'compiled', variant: 'wasm simd', processes: 2 },
    threshold,
    participants: clients,
  });
  for (const done of [clients, clients + 1])
    tell(50, { type: 'preparing', step: 'identities', done, total: clients + 1 });
  tell(50, {
    type: 'roster',
    epoch: 1,
    words: ['velvet', 'lantern', 'otter', 'harbour'],
    digest: '00'.repeat(32),
    participants: clients,
    members,
    own: null,
  });

  for (let round = 1; round <= rounds; round += 1) {
    const protocol = (
      after: number,
      kind: ProtocolEvent['kind'],
      phase: string,
      client?: number,
      detail: ProtocolEvent['detail'] = {},
    ): void => {
      const event: ProtocolEvent = {
        round,
        attempt: 1,
        phase,
        kind,
        detail,
        ...(client === undefined ? {} : { client }),
      };
      tell(after, { type: 'protocol', event });
    };
    const gap = 2_400 / clients;
    tell(300, { type: 'round-started', round, rounds, attempt: 1 });
    const awaits = (phase: string, awaited: number): void => {
      tell(0, { type: 'simulated-phase', round, attempt: 1, phase, awaited });
    };
    awaits('advertise-keys', clients);
    for (const client of everyone) protocol(0, 'advertised', 'advertise-keys', client);
    for (const client of everyone) protocol(gap, 'verified', 'advertise-keys', client);
    awaits('share-keys', clients);
    for (const client of everyone) protocol(0, 'shared', 'share-keys', client, { adverts: clients });
    for (const client of everyone) protocol(gap, 'verified', 'share-keys', client);
    awaits('masked-input', clients);
    const shares = everyone.map(() => 0);
    const order = everyone.filter((client) => !leaving.includes(client)).sort(() => next() - 0.5);
    let added = 0;
    for (const [index, client] of order.entries()) {
      for (const other of order.slice(index))
        shares[other - 1] = Math.min(0.98, shares[other - 1]! + 0.9 / clients + next() * 0.02);
      tell(4 * gap, { type: 'clients-training', shares: [...shares] });
      tell(0, {
        type: 'training-total',
        what: 'round',
        examplesDone: (index + 1) * 3_000,
        examplesTotal: order.length * 3_000,
        examplesPerSecond: 5_400,
      });
      protocol(gap, 'trained', 'masked-input', client);
      protocol(gap, 'masked', 'masked-input', client);
      if (refused.includes(client)) {
        tell(0, { type: 'fault', client, fault: 'tamper', round });
        protocol(gap, 'refused', 'masked-input', client, { reason: 'bad-signature' });
        continue;
      }
      protocol(gap, 'verified', 'masked-input', client);
      added += 1;
      tell(0, { type: 'sum', added });
    }
    for (const [index, client] of [...leaving, ...refused].entries())
      protocol(index === 0 ? 500 : 0, 'dropped', 'masked-input', client);
    awaits('statement', present.length);
    for (const client of present) protocol(0, 'signed', 'statement', client, { survivors: present.length });
    for (const client of present) protocol(gap / 2, 'verified', 'statement', client);
    awaits('unmask', present.length);
    for (const client of present) protocol(gap / 2, 'verified', 'unmask', client);
    for (const client of [...leaving, ...refused])
      protocol(0, 'recovered', 'unmask', client, { shares: present.length, needed: threshold });
    protocol(200, 'aggregated', 'aggregate', undefined, { survivors: present.length });
    const accuracy = 1 - 0.11 / round;
    const confusion = Array.from({ length: 100 }, (_, cell) =>
      cell % 11 === 0 ? 1_000 - Math.round(60 / round) : Math.round((7 * ((cell * 7) % 3)) / round),
    );
    tell(3_000, {
      type: 'simulated-round',
      round,
      attempts: 1,
      accuracy,
      f1Weighted: accuracy - 0.001,
      loss: 0.4 / round,
      clients: { advertised: clients, shared: clients, masked: present.length, unmasked: present.length },
      dropped: [...leaving],
      refused: refused.map((client) => ({ client, phase: 'masked-input', reason: 'bad-signature' })),
      exactSum: true,
      quantisationError: { largest: 3e-7, bound: 6e-6 },
      clippedRate: 0,
      bytesUpPerClient: { mean: 99_786, max: 99_802 },
      bytesDownPerClient: { mean: 148_304, max: 148_320 },
      ms: { train: 5_412, client: 39.5, coordinator: 78.1, evaluate: 612, total: 6_480 },
      phases: (
        ['advertise-keys', 'share-keys', 'masked-input', 'statement', 'unmask', 'aggregate'] as const
      ).map((phase, index) => ({
        phase,
        clientMs: 2 + index,
        coordinatorMs: 4 + 3 * index,
        bytesUp: phase === 'masked-input' ? 82_000 : 3_000,
        bytesDown: phase === 'aggregate' ? 140_000 : 2_000,
      })),
      confusion,
      reported: { loss: 0.5 / round, accuracy, examples: 60_000, selected: present.length },
    });
    tell(1_500, {
      type: 'training-total',
      what: 'round',
      examplesDone: 0,
      examplesTotal: order.length * 3_000,
      examplesPerSecond: 5_400,
    });
  }
  tell(100, { type: 'stored', result: 'run-12' });
  tell(100, {
    type: 'finished',
    outcome: 'finished',
    final: { round: rounds, modelSha256: 'ab'.repeat(32), accuracy: 0.96, f1Weighted: 0.96 },
    identitiesCompared: true,
  });
  return events;
}
