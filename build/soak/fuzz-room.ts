/**
 * A session in one process, over real sockets: a coordinator, honest participants, and a traitor whose identity is in the
 * roster and whose connection is given up after the words. Whoever drives it sees every message, may hold what one
 * participant sends, and gets at the handlers that messages come to.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSettingsSchema } from '../../core/contract/run-settings.ts';
import type { SessionEvent } from '../../core/contract/session-event.ts';
import { generateIdentity, type Identity } from '../../core/crypto/rsa.ts';
import { fromHex } from '../../core/bytes/bytes.ts';
import { parseInvitation } from '../../core/joining/join-link.ts';
import { type OpenedCoordinator, openCoordinator } from '../../main/coordinator/open-coordinator.ts';
import type { SessionOutcome } from '../../main/coordinator/coordinator-session.ts';
import { openDialer } from '../../main/network/dialer.ts';
import type { Connection, Dialer, DialerHandlers } from '../../main/network/transport.ts';
import { ParticipantSession } from '../../main/participant/participant-session.ts';
import { openStore } from '../../main/storage/open-store.ts';
import { smallTopology } from './crowd-room.ts';
import { createMemoryStore, type MemoryStore } from './memory-store.ts';
import { writeSmallData } from './small-data.ts';
import { standInPreparations } from './stand-in-training.ts';

export interface FuzzRoomOptions {
  readonly honest: number;
  readonly rounds: number;
  /** Every real message, before it is handled. */
  readonly onMessage: (direction: 'up' | 'down', bytes: Uint8Array) => void;
  /** What the first honest participant sends waits for this. */
  readonly hold: () => Promise<void>;
  readonly onCoordinatorEvent: (event: SessionEvent) => void;
  /** Of the first honest participant. */
  readonly onParticipantEvent: (event: SessionEvent) => void;
}

export interface FuzzRoom {
  readonly opened: OpenedCoordinator;
  readonly session: Uint8Array;
  readonly link: string;
  readonly traitor: Identity;
  /** Where the first honest participant's messages come in. */
  readonly target: {
    readonly store: MemoryStore;
    readonly handlers: DialerHandlers | undefined;
    readonly connection: Connection | undefined;
    /** Messages that it has sent. */
    readonly sent: number;
  };
  readonly ended: Promise<{ readonly coordinator: SessionOutcome; readonly participants: readonly string[] }>;
  close(): void;
}

const side = 8;

export async function openFuzzRoom(options: FuzzRoomOptions): Promise<FuzzRoom> {
  const { honest, rounds, onMessage, hold } = options;
  const folder = mkdtempSync(join(tmpdir(), 'masquerade-fuzz-'));
  const dataset = join(folder, 'data');
  const model = join(folder, 'model.json');
  writeSmallData(dataset, { side, train: 200, test: 80 });
  writeFileSync(model, JSON.stringify(smallTopology(side)));
  const secret = { kind: 'wrapping-key' } as const;
  const store = await openStore({
    folder: join(folder, 'store'),
    stateFolder: join(folder, 'state'),
    secret,
  });
  let traitorDialer: Dialer | undefined;
  let listening: (link: string) => void = () => undefined;
  const link = new Promise<string>((resolve) => {
    listening = resolve;
  });
  const opened = await openCoordinator({
    store,
    settings: runSettingsSchema.parse({ dataset, model, rounds, processes: 1 }),
    title: 'Fuzz',
    data: 'dealt',
    demonstration: false,
    startWhenFull: honest + 1,
    // long enough for all that comes in one phase; who is not there is not waited for
    deadlineMs: 3_600_000,
    patienceMs: 60_000,
    host: '127.0.0.1',
    port: undefined,
    announce: false,
    onEvent: (event) => {
      if (event.type === 'listening') listening(event.link);
      // the words have been confirmed by everyone: from now on somebody else speaks for the traitor
      if (event.type === 'round-started') void traitorDialer?.close();
      options.onCoordinatorEvent(event);
    },
  });
  const coordinator = opened.run();
  const invitationText = await link;
  const targetStore = createMemoryStore();
  const target = {
    store: targetStore,
    handlers: undefined as DialerHandlers | undefined,
    connection: undefined as Connection | undefined,
    sent: 0,
  };
  /** The connection as the session sees it: every message that it sends is held first. */
  const held = (connection: Connection): Connection => {
    let before = Promise.resolve();
    return {
      ...describe(connection),
      send: (bytes) => {
        target.sent += 1;
        onMessage('up', bytes);
        before = before.then(hold).then(() => {
          connection.send(bytes);
        });
      },
    };
  };
  const enter = (
    name: string,
    identity: Identity,
    role: 'target' | 'honest' | 'traitor',
  ): ParticipantSession =>
    new ParticipantSession({
      store: role === 'target' ? targetStore : createMemoryStore(),
      identity,
      invitation: parseInvitation(invitationText),
      link: invitationText,
      name,
      data: { source: dataset, drawings: undefined },
      agreeToDemonstration: false,
      engine: undefined,
      processes: 0,
      patienceMs: 600_000,
      person: {
        compareWords: () => Promise.resolve({ agreed: true, compared: false }),
        allowRepeat: () => Promise.resolve(false),
      },
      onEvent: role === 'target' ? options.onParticipantEvent : () => undefined,
      prepare: standInPreparations()(),
      dial: (dialing) => {
        const { handlers } = dialing;
        let seen: Connection | undefined;
        const dialer = openDialer({
          ...dialing,
          handlers: {
            ...handlers,
            connected: (connection, peer) => {
              seen = role === 'target' ? held(connection) : connection;
              if (role === 'target') target.connection = seen;
              handlers.connected(seen, peer);
            },
            message: (connection, bytes) => {
              onMessage('down', bytes);
              handlers.message(seen ?? connection, bytes);
            },
          },
        });
        if (role === 'target') target.handlers = handlers;
        if (role === 'traitor') traitorDialer = dialer;
        return dialer;
      },
    });
  const identities = await Promise.all(Array.from({ length: honest + 1 }, () => generateIdentity(2048)));
  const [traitor, ...others] = identities;
  // its session never ends, as nobody tells it that its connection is gone
  void enter('Traitor', traitor!, 'traitor').run();
  const participants = others.map((identity, index) =>
    enter(`P${index + 1}`, identity, index === 0 ? 'target' : 'honest')
      .run()
      .then(
        ({ outcome, final }) => `${outcome} ${final?.modelSha256 ?? '-'}`,
        (error: unknown) => String(error),
      ),
  );
  return {
    opened,
    session: fromHex(opened.id),
    link: invitationText,
    traitor: traitor!,
    target,
    ended: Promise.all([coordinator, Promise.all(participants)]).then(([outcome, how]) => ({
      coordinator: outcome,
      participants: how,
    })),
    close() {
      store.close();
      rmSync(folder, { recursive: true, maxRetries: 3 });
    },
  };
}

/** Its fields as they are now, its methods bound: for an object that stands in for it. */
function describe(connection: Connection): Connection {
  return {
    id: connection.id,
    remoteAddress: connection.remoteAddress,
    exporter: connection.exporter,
    claimedIdentity: connection.claimedIdentity,
    traffic: connection.traffic,
    send: (bytes) => {
      connection.send(bytes);
    },
    admit: () => {
      connection.admit();
    },
    isAlive: (withinMs) => connection.isAlive(withinMs),
    close: (reason) => {
      connection.close(reason);
    },
  };
}
