/**
 * A member of one epoch: the client machine in its seat, with its own images and privacy ledger. What it says and accepts
 * is in the session's history, what it must not forget on disk, and what happens on the person's screen.
 */
import { toHex } from '../../core/bytes/bytes.ts';
import { fingerprint } from '../../core/crypto/fingerprint.ts';
import { systemRandom } from '../../core/crypto/random.ts';
import { ownNoiseNorm } from '../../core/fedavg/round-privacy.ts';
import type { Sightings } from '../../core/secagg/client-session.ts';
import type { Epoch } from '../../core/secagg/epoch.ts';
import { defaultFloors } from '../../core/secagg/floors.ts';
import { privacyPlanOf } from '../../core/secagg/privacy-plan.ts';
import { identitySigner } from '../../core/secagg/roster.ts';
import { historyRow } from '../session/history.ts';
import { dealtParts, mostImages } from '../session/member-plan.ts';
import { shareOf } from '../session/own-data.ts';
import { type ChargedVector, MemberMachine } from './member-machine.ts';
import type { ParticipantContext } from './participant-context.ts';
import { PrivacyLedger } from './privacy-ledger.ts';
import { dataEvents, maskedEvent, roundEvent } from './telling.ts';

export interface Seat {
  readonly epoch: Epoch;
  /** The epoch's number in the session. */
  readonly number: number;
  readonly client: number;
  /** What was seen in the epoch before. */
  readonly sightings: Sightings | undefined;
}

export function openMember(context: ParticipantContext, seat: Seat): MemberMachine {
  const { options, meeting, prepared, shelf, host } = context;
  const { epoch, client, sightings } = seat;
  const { store, identity, agreeToDemonstration, observer } = options;
  const { id } = meeting;
  const { basis, architecture, pool, data } = prepared;
  const { emit, fail } = host;
  const members = epoch.roster.members.length;
  const most = mostImages(basis, members);
  const share = shareOf(data, dealtParts(basis, members)?.[client - 1], most);
  const { indices } = share;
  for (const event of dataEvents(share, most, prepared)) emit(event);
  observer?.ownData(indices);
  const ledger = openLedger(context, epoch);
  return new MemberMachine({
    environment: {
      epoch,
      client,
      signer: identitySigner(client, identity),
      random: systemRandom,
      architecture,
    },
    floors: {
      ...defaultFloors,
      demonstration: agreeToDemonstration && basis.plan.demonstration,
      tolerate: basis.plan.settings.tolerate,
    },
    stored: store.clientSession(id),
    sightings,
    indices,
    pool,
    host: {
      send: (bytes) => {
        keep(context, seat, bytes, client);
        const told = maskedEvent(bytes);
        if (told !== undefined) emit(told);
        host.sendBytes(bytes);
      },
      vectorSent: (sent) => {
        observer?.vectorSent(sent);
      },
      accepted: (bytes) => {
        keep(context, seat, bytes, 0);
        const told = roundEvent(bytes, epoch.parameters.rounds);
        if (told !== undefined) emit(told);
      },
      persist: (record) => {
        store.saveClientRecord(record);
      },
      charge: (charged) => charge(context, charged, ledger, epoch),
      keepVector: (round, vector) => {
        store.keepVector(id, round, vector);
      },
      recallVector: (round) => store.recallVector(id, round),
      discardVector: (round) => {
        store.discardVector(id, round);
      },
      report: (event) => {
        store.appendEvents([{ session: id, at: new Date().toISOString(), event }]);
        emit({ type: 'protocol', event });
      },
      training: (round, examplesDone, examplesTotal, examplesPerSecond) => {
        emit({ type: 'training', round, examplesDone, examplesTotal, examplesPerSecond });
      },
      modelCame: (round, hash, weights) => {
        shelf.modelCame(round - 1, hash, weights);
      },
      leftAttempt: (error) => {
        const { message, details } = error;
        const reason = 'reason' in details ? details.reason : error.code;
        emit({ type: 'note', text: message, code: 'left-attempt', detail: { reason } });
        // out of the whole session, unless it comes back with what it has signed: nobody is to wait meanwhile
        if (error.code === 'client-barred') fail(error);
      },
      failed: fail,
    },
  });
}

/** Undefined without differential privacy. Tells what the rounds that are left come to. */
function openLedger(
  { options, meeting, prepared, host }: ParticipantContext,
  epoch: Epoch,
): PrivacyLedger | undefined {
  const plan = privacyPlanOf(epoch.parameters);
  if (plan === undefined) return undefined;
  const { store, identity, privacyBudget: budget } = options;
  const ledger = new PrivacyLedger({
    store,
    identity: toHex(fingerprint(identity.publicKey.spki)),
    data: prepared.data,
    session: meeting.id,
    plan,
    budget,
  });
  const begun = store.clientSession(meeting.id).record?.round ?? 0;
  const left = plan.rounds - begun;
  if (left > 0) host.emit(ledger.planned(left));
  return ledger;
}

/** On disk when it returns true. */
function charge(
  { options, host }: ParticipantContext,
  charged: ChargedVector,
  ledger: PrivacyLedger | undefined,
  epoch: Epoch,
): boolean {
  const { round, attempt, digest, updateNorm, clippingNorm } = charged;
  const plan = privacyPlanOf(epoch.parameters);
  if (ledger === undefined || plan === undefined) throw new TypeError('there is no noise to charge for');
  const { privacyBudget: budget } = options;
  const { delta } = plan;
  const failed = ledger.charge(round, attempt, digest);
  if (failed !== undefined && budget !== undefined) {
    const { spent, after } = failed.refused.error.details;
    host.emit({ type: 'budget-reached', round, spent, epsilon: after, delta, budget });
  } else
    host.emit({
      type: 'privacy-charged',
      round,
      epsilon: ledger.spent,
      delta,
      budget: budget ?? null,
      updateNorm: updateNorm ?? null,
      clippingNorm,
      noiseNorm: ownNoiseNorm(plan, clippingNorm),
    });
  return failed === undefined;
}

/** A sealed message that was sent or accepted; sender: its number in the roster. */
function keep(
  { options, meeting }: ParticipantContext,
  { epoch, number }: Seat,
  bytes: Uint8Array,
  sender: number,
): void {
  const signatureBytes = epoch.keyring.signatureBytes(sender);
  if (signatureBytes === undefined) return;
  const row = historyRow(bytes, { session: meeting.id, epoch: number, signatureBytes });
  if (row !== undefined) options.store.appendMessages([row]);
}
