/**
 * What a dishonest coordinator may try with clients that check, as real ones do, played on the live machines. Everyone has the
 * topology from the plan that it agreed to, and the number of weights from it; a model that comes is hashed together with that
 * architecture; and the hash is part of the context that keys, shares and statements are made for.
 */
import type { AttackRow } from '../../contract/attacks/attack-report.ts';
import { parametersDigest, type RoundParameters } from '../../secagg/parameters.ts';
import type { Model } from '../../secagg/coordinator-events.ts';
import { sealMessage } from '../../wire/envelope.ts';
import type { LiveParty } from '../live-protocol/people.ts';
import type { LiveRoom } from '../live-protocol/room.ts';
import { resealed } from '../live-protocol/rewriting.ts';
import type { DeceivedRoom } from './room.ts';

/** The one that inconsistency is after. */
export const victim = 1;

/** A trick by the name of its row; true where some client would train on what the coordinator wants it to. */
export interface Try {
  readonly name: string;
  play(party: LiveParty): void;
}

/** What each client is announced. */
interface Announced {
  readonly model?: Uint8Array;
  readonly weights?: Uint8Array;
  readonly parameters?: Uint8Array;
}

/** A layer that was never agreed to. other: its parameters, its model and weights. */
export function layerTries(
  other: { readonly parameters: RoundParameters; readonly model: Model },
  agreedWeights: number,
): readonly Try[] {
  const { model, parameters } = other;
  const asMany = new Uint8Array(4 * agreedWeights);
  asMany.set(model.weights.subarray(0, asMany.length));
  return [
    { name: 'layer-added', play: announcing(() => ({ model: model.hash, weights: model.weights })) },
    {
      // as many weights as were agreed on, under the hash of the other architecture
      name: 'layer-disguised',
      play: announcing(() => ({ model: model.hash, weights: asMany })),
    },
    {
      // under the parameters of another plan
      name: 'layer-planned',
      play: announcing(() => ({
        model: model.hash,
        weights: asMany,
        parameters: parametersDigest(parameters),
      })),
    },
  ];
}

/** One model for the victim, another for everybody else. */
export function inconsistentTries(victims: Model, others: Model): readonly Try[] {
  const own = (client: number): Model => (client === victim ? victims : others);
  return [
    {
      name: 'one-hash',
      play: announcing((client) => ({ model: victims.hash, weights: own(client).weights })),
    },
    {
      name: 'hash-each',
      play: (party) => {
        relaying(party, own, (_client, adverts) => [...adverts.values()]);
      },
    },
    {
      name: 'kept-apart',
      play: (party) => {
        relaying(party, own, (client, adverts) =>
          [...adverts].flatMap(([from, advert]) =>
            (from === victim) === (client === victim) ? [advert] : [],
          ),
        );
      },
    },
  ];
}

function announcing(what: (client: number) => Announced): (party: LiveParty) => void {
  return (party) => {
    const { room } = party;
    announceAs(party, what);
    room.stepCoordinator({ kind: 'begin', round: 1, model: emptyModel(room) });
    room.deliver();
  };
}

function announceAs({ room, signerOf }: LiveParty, what: (client: number) => Announced): void {
  room.tamper = {
    ...room.tamper,
    toClient: (client, bytes, type) => {
      if (type !== 'announcement') return [bytes];
      const { model, weights, parameters } = what(client);
      return [
        resealed(room.epoch, type, bytes, signerOf(0), {
          body: (body) => ({
            parameters: parameters ?? body.parameters,
            roster: body.roster,
            model: model ?? body.model,
            modelBytes: weights?.length ?? body.modelBytes,
          }),
          ...(weights === undefined ? {} : { attachment: () => weights }),
        }),
      ];
    },
  };
}

/** Each client is announced its own model, and is handed the adverts that the coordinator chooses for it. */
function relaying(
  party: LiveParty,
  own: (client: number) => Model,
  choose: (client: number, adverts: ReadonlyMap<number, Uint8Array>) => readonly Uint8Array[],
): void {
  const { room, signerOf } = party;
  const adverts = new Map<number, Uint8Array>();
  room.tamper = {
    toCoordinator: (client, bytes, type) => {
      if (type === 'key-advert') adverts.set(client, bytes);
      return type === 'key-advert' ? [] : [bytes];
    },
  };
  announceAs(party, (client) => ({ model: own(client).hash, weights: own(client).weights }));
  room.stepCoordinator({ kind: 'begin', round: 1, model: emptyModel(room) });
  room.deliver();
  const position = { session: room.epoch.roster.session, round: 1, attempt: 1 };
  if (adverts.size === 0) return;
  for (const client of room.epoch.everyone) {
    const body = { adverts: [...choose(client, adverts)] };
    const bytes = sealMessage('key-adverts', position, body, signerOf(0));
    room.stepClient(client, { kind: 'message', bytes });
  }
}

/** The coordinator's own machine only carries the announcements; what is in them is rewritten on the way. */
function emptyModel(room: LiveRoom): Model {
  return { hash: new Uint8Array(32), weights: new Uint8Array(4 * room.epoch.parameters.parameterCount) };
}

/** Who refused, and by which name; accepted where the victim has trained, or has shared its keys with the others. */
export function tried({ name, play }: Try, deceived: DeceivedRoom): AttackRow {
  const party = deceived.openParty();
  play(party);
  const { room } = party;
  const goesOn = ['train', 'share-keys'].includes(room.desk(victim).state.phase);
  const raised = room.objections.filter(({ by }) => by > 0);
  const refusers = new Set(raised.map(({ by }) => by)).size;
  const objection = raised.find(({ by }) => by === victim) ?? raised[0];
  // where every other client has left, the victim's update would stand alone: too few for a sum
  const few = room.epoch.everyone.length - refusers < room.epoch.parameters.threshold;
  const why =
    objection === undefined
      ? {}
      : { reason: `why-${objection.reason}`, code: objection.reason, phase: objection.phase };
  return { name, cells: { outcome: goesOn && !few ? 'accepted' : 'refused', refusers, ...why } };
}
