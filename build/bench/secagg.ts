/**
 * What secure aggregation costs: one round of the real machines, every protection on, without training. The clients run
 * in this process, the coordinator in another. All clients send the same quantised vector, so that the sum is known and
 * every row checks it; those who drop do so after sharing keys, before their vector. The baseline is the plain sum of
 * the same vectors. The model itself is not sent: bytes are what the protocol adds.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { runSettingsSchema, type RunSettings } from '../../core/contract/run-settings.ts';
import { systemRandom } from '../../core/crypto/random.ts';
import { exportPrivateKey, generateIdentity, type Identity } from '../../core/crypto/rsa.ts';
import { randomStream } from '../../core/random/stream.ts';
import { clientStep, createClient } from '../../core/secagg/client.ts';
import type { ClientEnvironment, ClientEvent } from '../../core/secagg/client-events.ts';
import { nothingStored } from '../../core/secagg/client-session.ts';
import type { ClientState } from '../../core/secagg/client-state.ts';
import { createEpoch, type Epoch } from '../../core/secagg/epoch.ts';
import { defaultFloors } from '../../core/secagg/floors.ts';
import { parametersDigest } from '../../core/secagg/parameters.ts';
import { planParameters } from '../../core/secagg/plan-parameters.ts';
import { centredLift, quantise } from '../../core/secagg/quantise.ts';
import { identitySigner, type Roster } from '../../core/secagg/roster.ts';
import type { FromCoordinator, ToCoordinator } from './secagg-channel.ts';
import { threadCpuMs, type BenchPart, type BenchRow } from './table.ts';

interface Case {
  readonly clients: number;
  readonly drop: number;
  readonly tolerate: RunSettings['tolerate'];
  /** Coordinator, ms. */
  readonly goal: number | null;
}

const cases: readonly Case[] = [
  { clients: 20, drop: 0, tolerate: '10/10', goal: 100 },
  { clients: 20, drop: 0.1, tolerate: '10/10', goal: 150 },
  { clients: 20, drop: 0.3, tolerate: '10/10', goal: 250 },
  { clients: 100, drop: 0, tolerate: '10/10', goal: 300 },
  { clients: 100, drop: 0.1, tolerate: '10/10', goal: 1_500 },
  { clients: 100, drop: 0.3, tolerate: '10/10', goal: 3_000 },
  { clients: 200, drop: 0, tolerate: '10/10', goal: 600 },
  { clients: 200, drop: 0.1, tolerate: '10/10', goal: 5_000 },
  { clients: 200, drop: 0.3, tolerate: '10/10', goal: 12_000 },
  { clients: 500, drop: 0, tolerate: '10/10', goal: 2_000 },
  { clients: 500, drop: 0.1, tolerate: '10/10', goal: 7_000 },
  { clients: 500, drop: 0.2, tolerate: '10/20', goal: 15_000 },
  { clients: 500, drop: 0.3, tolerate: '10/20', goal: null },
];

export interface SecaggOptions {
  /** Only rows with these numbers of clients; all by default. */
  readonly clients: readonly number[] | undefined;
  readonly drop: readonly number[] | undefined;
  /** d */
  readonly parameters: number;
  readonly keyAgreement: RunSettings['keyAgreement'];
  readonly onProgress: (text: string) => void;
}

export async function benchSecagg(options: SecaggOptions): Promise<BenchPart> {
  const chosen = cases.filter(
    ({ clients, drop }) =>
      (options.clients?.includes(clients) ?? true) && (options.drop?.includes(drop) ?? true),
  );
  const parties = Math.max(0, ...chosen.map(({ clients }) => clients)) + 1;
  options.onProgress(`making ${parties} RSA identities`);
  const identities = await Promise.all(Array.from({ length: parties }, () => generateIdentity(2048)));
  const rows: BenchRow[] = [];
  for (const row of chosen) {
    options.onProgress(`secagg: ${row.clients} clients, ${row.drop * 100} % dropping out`);
    rows.push(await new Bench(row, options, identities).run());
  }
  return {
    name: 'secagg',
    about:
      'One round without training. baselineMs: the plain sum of the same vectors. Times are processor time.',
    rows,
  };
}

interface Seat {
  state: ClientState;
  readonly environment: ClientEnvironment;
  readonly drops: boolean;
  gone: boolean;
  cpuMs: number;
  bytesUp: number;
  bytesDown: number;
}

class Bench {
  readonly #case: Case;
  readonly #epoch: Epoch;
  readonly #nonces: readonly Uint8Array[];
  readonly #coordinatorIdentity: Identity;
  readonly #seats: readonly Seat[];
  readonly #vector: Uint32Array;
  readonly #toCoordinator: { readonly from: number; readonly bytes: Uint8Array }[] = [];

  constructor(row: Case, options: SecaggOptions, identities: readonly Identity[]) {
    this.#case = row;
    const { clients, drop, tolerate } = row;
    const settings = runSettingsSchema.parse({ clients, tolerate, keyAgreement: options.keyAgreement });
    const parameters = planParameters(settings, { parameterCount: options.parameters, largestCount: 3_000 });
    const [coordinator, ...members] = identities;
    this.#coordinatorIdentity = coordinator!;
    const roster: Roster = {
      session: systemRandom.bytes(16),
      coordinator: coordinator!.publicKey.spki,
      transportKey: new Uint8Array(0),
      members: members
        .slice(0, clients)
        .map(({ publicKey }, index) => ({ name: `Client ${index + 1}`, publicKey: publicKey.spki })),
      parametersDigest: parametersDigest(parameters),
      demonstration: false,
    };
    this.#nonces = Array.from({ length: clients + 1 }, () => systemRandom.bytes(32));
    this.#epoch = createEpoch(roster, parameters, this.#nonces);
    const stream = randomStream(1, 'bench');
    const update = Float32Array.from({ length: options.parameters }, () => (stream.nextFloat() - 0.5) * 0.01);
    this.#vector = quantise({ update, weight: 3_000, loss: 0.5, accuracy: 0.9 }, parameters, stream).vector;
    const dropped = Math.floor(drop * clients);
    this.#seats = members.slice(0, clients).map((identity, index) => {
      const environment: ClientEnvironment = {
        epoch: this.#epoch,
        client: index + 1,
        signer: identitySigner(index + 1, identity),
        random: systemRandom,
        architecture: new Uint8Array(0),
      };
      const { state } = createClient(environment, { ...defaultFloors, tolerate }, nothingStored);
      // spread round the roster, so that no part of it is hit alone
      const drops = Math.floor(((index + 1) * dropped) / clients) > Math.floor((index * dropped) / clients);
      return { state, environment, drops, gone: false, cpuMs: 0, bytesUp: 0, bytesDown: 0 };
    });
  }

  async run(): Promise<BenchRow> {
    const child = fork(new URL('./secagg-coordinator.ts', import.meta.url), {
      serialization: 'advanced',
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    try {
      return await this.#round(child);
    } finally {
      child.kill();
    }
  }

  async #round(child: ChildProcess): Promise<BenchRow> {
    const { roster, parameters } = this.#epoch;
    let answer = await ask(child, {
      kind: 'open',
      roster,
      parameters,
      nonces: this.#nonces,
      privateKey: exportPrivateKey(this.#coordinatorIdentity),
      modelHash: systemRandom.bytes(32),
    });
    let awaited = answer.awaited;
    for (;;) {
      if (answer.refused.length > 0) throw new Error(`a message was refused: ${answer.refused.join(', ')}`);
      if (answer.sum || answer.aborted !== undefined) break;
      awaited = answer.awaited ?? awaited;
      this.#deliver(answer);
      const next = this.#toCoordinator.shift();
      if (next) answer = await ask(child, { kind: 'message', ...next });
      else if (awaited) answer = await ask(child, { kind: 'timeout', phase: awaited });
      else throw new Error('nobody has anything left to do');
    }
    if (answer.sum) this.#checkSum(answer.sum);
    const { costs } = await ask(child, { kind: 'report' });
    return this.#row(answer, costs!);
  }

  #deliver({ sends }: FromCoordinator): void {
    for (const { to, bytes } of sends)
      for (const client of to) {
        const seat = this.#seats[client - 1]!;
        if (seat.gone) continue;
        seat.bytesDown += bytes.length;
        this.#step(client, seat, { kind: 'message', bytes });
      }
  }

  #step(client: number, seat: Seat, event: ClientEvent): void {
    const before = threadCpuMs();
    const { state, effects } = clientStep(seat.state, event, seat.environment);
    seat.cpuMs += threadCpuMs() - before;
    seat.state = state;
    for (const effect of effects) {
      if (effect.kind === 'train') {
        if (seat.drops) seat.gone = true;
        else this.#step(client, seat, { kind: 'vector', round: effect.round, vector: this.#vector });
      } else if (effect.kind === 'send') {
        seat.bytesUp += effect.bytes.length;
        this.#toCoordinator.push({ from: client, bytes: effect.bytes });
      } else if (effect.kind === 'refused' || (effect.kind === 'abort' && this.#case.goal !== null))
        throw new Error(
          `client ${client} refused: ${effect.kind === 'abort' ? effect.error.message : effect.reason}`,
        );
    }
  }

  /** Everyone sent the same vector: the sum is so many times it. A benchmark of a wrong sum is worth nothing. */
  #checkSum({ survivors, values }: NonNullable<FromCoordinator['sum']>): void {
    const one = centredLift(this.#vector, this.#epoch.parameters.bits);
    if (!values.every((value, index) => value === survivors * one[index]!))
      throw new Error('the unmasked sum is not the sum of the vectors');
  }

  #row(answer: FromCoordinator, costs: NonNullable<FromCoordinator['costs']>): BenchRow {
    const { clients, drop, goal, tolerate } = this.#case;
    const { graph, neighbours, neighbourThreshold, threshold, parameterCount } = this.#epoch.parameters;
    const stayed = this.#seats.filter(({ gone }) => !gone);
    const mean = (field: 'cpuMs' | 'bytesUp' | 'bytesDown'): number =>
      stayed.reduce((sum, seat) => sum + seat[field], 0) / stayed.length;
    const baselineMs = this.#plainSum(stayed.length);
    return {
      clients,
      drop,
      graph,
      neighbours,
      threshold: graph === 'sparse' ? neighbourThreshold : threshold,
      tolerate: graph === 'sparse' ? tolerate : null,
      coordinatorMs: costs.cpuMs,
      goalMs: goal,
      baselineMs,
      ratio: costs.cpuMs / baselineMs,
      clientMs: mean('cpuMs'),
      bytesUpPerClient: Math.round(mean('bytesUp')),
      bytesDownPerClient: Math.round(mean('bytesDown')),
      coordinatorPeakMegabytes: costs.peakMegabytes,
      parameters: parameterCount,
      outcome: answer.aborted ?? 'exact sum',
    };
  }

  #plainSum(vectors: number): number {
    const sum = new Uint32Array(this.#vector.length);
    const before = threadCpuMs();
    for (let vector = 0; vector < vectors; vector += 1)
      for (let index = 0; index < sum.length; index += 1) sum[index]! += this.#vector[index]!;
    return threadCpuMs() - before;
  }
}

async function ask(child: ChildProcess, message: ToCoordinator): Promise<FromCoordinator> {
  const answered = once(child, 'message') as Promise<[FromCoordinator]>;
  child.send(message);
  const [answer] = await answered;
  return answer;
}
