/** A room under a conductor: paces, holding, pausing, and faults that end in the refusal that the protocol names. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { ProtocolEvent } from '../../../core/contract/run-result.ts';
import { type RunSettings, runSettingsSchema } from '../../../core/contract/run-settings.ts';
import type { Fault, Pace } from '../../../core/contract/watch-event.ts';
import { systemRandom } from '../../../core/crypto/random.ts';
import { createClient } from '../../../core/secagg/client.ts';
import { nothingStored } from '../../../core/secagg/client-session.ts';
import { createCoordinator } from '../../../core/secagg/coordinator.ts';
import { defaultFloors } from '../../../core/secagg/floors.ts';
import { Conductor } from '../../../main/simulation/conductor.ts';
import { createCostMeter } from '../../../main/simulation/costs.ts';
import { runFederated } from '../../../main/simulation/federated.ts';
import { openWorkbench } from '../../../main/simulation/open-workbench.ts';
import { type AttemptOutcome, createRoom, type Room } from '../../../main/simulation/room.ts';
import {
  architecture,
  exactSum,
  testEpoch,
  testModel,
  testSigner,
  testVector,
} from '../../support/secagg-room.ts';

const clients = 5;
const everyone = [1, 2, 3, 4, 5];
const phases = ['advertise-keys', 'share-keys', 'masked-input', 'statement', 'unmask'];

class Stage {
  readonly stopping = new AbortController();
  readonly epoch;
  readonly conductor: Conductor;
  readonly room: Room;
  readonly events: ProtocolEvent[] = [];
  readonly held: (string | null)[] = [];
  readonly faults: [client: number, fault: Fault, round: number][] = [];
  /** Told of every event, at once. */
  onEvent: (event: ProtocolEvent) => void = () => undefined;
  /** Told when a phase is held. */
  onHeld: (phase: string) => void = () => undefined;
  #round = 0;

  constructor(pace: Pace, settings: Partial<RunSettings> = {}, phaseMs = 2_000) {
    this.epoch = testEpoch({ clients, settings: { signatures: true, ...settings } });
    const { epoch } = this;
    this.conductor = new Conductor({
      clients,
      rounds: 3,
      masks: epoch.parameters.masks,
      pace,
      phaseMs,
      signal: this.stopping.signal,
      events: {
        held: (phase) => {
          this.held.push(phase);
          if (phase !== null) this.onHeld(phase);
        },
        fault: (...fault) => this.faults.push(fault),
      },
    });
    this.room = createRoom({
      coordinator: { state: createCoordinator(), environment: { epoch, signer: testSigner(epoch, 0) } },
      clients: epoch.everyone.map((client) => {
        const environment = {
          epoch,
          client,
          signer: testSigner(epoch, client),
          random: systemRandom,
          architecture,
        };
        const floors = { ...defaultFloors, demonstration: true };
        return { state: createClient(environment, floors, nothingStored).state, environment };
      }),
      train: (client) => Promise.resolve(testVector(epoch, client)),
      observer: {
        event: (event) => {
          this.events.push(event);
          this.onEvent(event);
        },
        refused: () => undefined,
      },
      conductor: this.conductor,
    });
  }

  /** One round; its model is published when there is a sum. */
  async round(): Promise<AttemptOutcome> {
    this.#round += 1;
    const costs = createCostMeter(clients);
    const start = { kind: 'begin', round: this.#round, model: testModel(this.epoch, this.#round) } as const;
    const outcome = await this.room.attempt(start, new Map(), costs);
    if (outcome.kind === 'aggregate') this.room.publish(testModel(this.epoch, this.#round + 1), costs);
    return outcome;
  }

  told(kind: ProtocolEvent['kind']): string[] {
    return this.events
      .filter((event) => event.kind === kind)
      .map(({ client, round, phase, detail }) =>
        [round, phase, client, detail['reason']].filter((part) => part !== undefined).join(' '),
      );
  }

  /** The sum is that of exactly these clients. */
  assertSum(outcome: AttemptOutcome, summed: readonly number[]): void {
    assert.ok(outcome.kind === 'aggregate');
    assert.deepEqual(outcome.aggregate.u3, summed);
    assert.deepEqual([...outcome.aggregate.sum], exactSum(this.epoch, summed));
  }
}

describe('Conductor', () => {
  it('delivers at full pace what is delivered without a conductor, and lets others run in between', async () => {
    const stage = new Stage('full');
    let turns = 0;
    const turn = setInterval(() => (turns += 1), 1);
    stage.assertSum(await stage.round(), everyone);
    clearInterval(turn);
    assert.ok(turns > 3, `${turns} turns`);
    assert.deepEqual(stage.held, []);
    const kinds = stage.events.filter(({ client }) => client === 2).map(({ kind }) => kind);
    const each = ['advertised', 'verified', 'shared', 'verified', 'trained', 'masked', 'verified'];
    assert.deepEqual(kinds, [...each, 'signed', 'verified', 'revealed', 'verified']);
  });

  it('holds the messages that begin each phase until a person lets them go, those of the first too', async () => {
    const stage = new Stage('step', {}, 100);
    const before: number[] = [];
    stage.onHeld = () => {
      const count = stage.events.length;
      before.push(count);
      setTimeout(() => {
        // nothing has moved meanwhile
        assert.equal(stage.events.length, count);
        stage.conductor.letGo();
      }, 30);
    };
    stage.assertSum(await stage.round(), everyone);
    assert.deepEqual(
      stage.held,
      phases.flatMap((phase) => [phase, null]),
    );
    assert.equal(before[0], 0);
  });

  it('lets go what is held when the pace changes, and spaces messages in a pace to follow', async () => {
    const stage = new Stage('step');
    const held = Promise.withResolvers<undefined>();
    stage.onHeld = () => {
      held.resolve(undefined);
    };
    const round = stage.round();
    await held.promise;
    const at: number[] = [];
    stage.onEvent = ({ kind }) => {
      if (kind === 'verified') at.push(performance.now());
      if (at.length === 3) stage.conductor.setPace('full');
    };
    stage.conductor.setPace('slow');
    stage.assertSum(await round, everyone);
    assert.deepEqual(stage.held, ['advertise-keys', null]);
    // 2 s for five messages
    assert.ok(at[1]! - at[0]! >= 390 && at[2]! - at[1]! >= 390, String(at));
    // the other 22, full speed
    assert.ok(at.length === 25 && at[24]! - at[2]! < 2_000, String(at));
  });

  it('holds everything while it is paused, and ends at once when it is stopped', async () => {
    const stage = new Stage('full');
    stage.onEvent = ({ kind }) => {
      if (kind === 'masked') stage.conductor.setPaused(true);
    };
    const round = stage.round();
    await wait(150);
    const count = stage.events.length;
    assert.ok(count > 20 && stage.told('aggregated').length === 0);
    await wait(50);
    assert.equal(stage.events.length, count);
    stage.onEvent = () => undefined;
    stage.conductor.setPaused(false);
    stage.assertSum(await round, everyone);

    stage.conductor.setPaused(true);
    const next = stage.round();
    stage.stopping.abort(new Error('stopped'));
    await assert.rejects(next, /stopped/);
  });

  it('gives the same model as a run without it', async () => {
    const settings = runSettingsSchema.parse({
      clients: 4,
      rounds: 1,
      model: 'cnn-light',
      examplesPerClient: 20,
      processes: 1,
    });
    const models = [];
    for (const watched of [false, true]) {
      const bench = await openWorkbench(settings, () => undefined, { background: watched });
      const { signal } = new AbortController();
      const events = { held: () => undefined, fault: () => undefined };
      const rules = { clients: 4, rounds: 1, masks: true, pace: 'full', signal, events } as const;
      const options = { version: 'test', signal, onProgress: () => undefined };
      const { final, rounds } = await runFederated(
        bench,
        watched ? { ...options, conductor: new Conductor(rules) } : options,
      );
      await bench.pool.close();
      assert.equal(rounds[0]!.exactSum, true);
      models.push(final.modelSha256);
    }
    assert.equal(models[1], models[0]);
  });
});

describe('inject()', () => {
  /** Injects when the coordinator has verified this client's message of a phase. */
  function injectAfter(stage: Stage, phase: string, client: number, fault: Fault): void {
    stage.onEvent = (event) => {
      if (event.kind !== 'verified' || event.phase !== phase || event.client !== client) return;
      stage.onEvent = () => undefined;
      stage.conductor.inject(client, fault);
    };
  }

  for (const [index, phase] of phases.entries())
    it(`tamper: one changed bit of a message of ${phase} is refused as a bad signature, and the sum stays exact`, async () => {
      const stage = new Stage('full');
      if (index === 0) stage.conductor.inject(2, 'tamper');
      else injectAfter(stage, phases[index - 1]!, 2, 'tamper');
      const outcome = await stage.round();
      assert.deepEqual(stage.faults, [[2, 'tamper', 1]]);
      assert.deepEqual(stage.told('refused'), [`1 ${phase} 2 bad-signature`]);
      assert.deepEqual(stage.told('dropped'), [`1 ${phase} 2`]);
      stage.assertSum(outcome, index < 3 ? [1, 3, 4, 5] : everyone);
      // its masks are in the others' vectors once it has dealt its shares
      assert.deepEqual(stage.told('recovered'), phase === 'masked-input' ? ['1 unmask 2'] : []);
      // and it is back in the next round
      stage.assertSum(await stage.round(), everyone);
    });

  it('drop: the client vanishes before its next message', async () => {
    const stage = new Stage('full');
    injectAfter(stage, 'share-keys', 4, 'drop');
    stage.assertSum(await stage.round(), [1, 2, 3, 5]);
    assert.deepEqual(stage.told('refused'), []);
    assert.deepEqual(stage.told('dropped'), ['1 masked-input 4']);
    assert.deepEqual(stage.told('recovered'), ['1 unmask 4']);
  });

  it('replay: an earlier message of its own is refused, by phase in the first round, by round in the next', async () => {
    const stage = new Stage('full');
    // it has sent nothing yet that could be played back in place of its first message
    stage.conductor.inject(1, 'replay');
    stage.assertSum(await stage.round(), [2, 3, 4, 5]);
    assert.deepEqual(stage.told('refused'), ['1 share-keys 1 wrong-phase']);
    injectAfter(stage, 'share-keys', 3, 'replay');
    stage.assertSum(await stage.round(), [1, 2, 4, 5]);
    assert.deepEqual(stage.told('refused').slice(1), ['2 masked-input 3 stale-round']);
  });

  it('slow: its messages are late, the others wait, and nobody is missing', async () => {
    const stage = new Stage('full');
    injectAfter(stage, 'statement', 5, 'slow');
    const began = performance.now();
    stage.assertSum(await stage.round(), everyone);
    const ms = performance.now() - began;
    assert.ok(ms > 2_900 && ms < 9_000, `${ms} ms`);
    const revealed = stage.events.filter(({ kind, phase }) => kind === 'verified' && phase === 'unmask');
    assert.equal(revealed.at(-1)?.client, 5);
    const again = performance.now();
    await stage.round();
    assert.ok(performance.now() - again < 2_900, 'slow in the next round too');
  });

  it('strikes in the next round where the client will send nothing more in this one, and never after the last', async () => {
    const stage = new Stage('full');
    injectAfter(stage, 'unmask', 2, 'drop');
    stage.assertSum(await stage.round(), everyone);
    assert.deepEqual(stage.faults, [[2, 'drop', 2]]);
    stage.assertSum(await stage.round(), [1, 3, 4, 5]);
    await stage.round();
    stage.conductor.inject(2, 'drop');
    assert.equal(stage.faults.length, 1);
  });

  it('says the round for a client that has been refused or has vanished in this one', async () => {
    const stage = new Stage('full');
    stage.conductor.inject(1, 'drop');
    stage.onEvent = ({ kind }) => {
      if (kind !== 'trained') return;
      stage.onEvent = () => undefined;
      stage.conductor.inject(1, 'tamper');
    };
    await stage.round();
    assert.deepEqual(stage.faults, [
      [1, 'drop', 1],
      [1, 'tamper', 2],
    ]);
  });

  it('changes a bit that the digest of the vector shows where nothing is signed or masked', async () => {
    const stage = new Stage('full', { masks: false, signatures: false });
    stage.conductor.inject(2, 'tamper');
    stage.assertSum(await stage.round(), [1, 3, 4, 5]);
    assert.deepEqual(stage.told('refused'), ['1 masked-input 2 bad-attachment']);
  });
});
