/** What a participant's screen is told of its place in a session. */
import { chosenLoss } from '../../core/contract/run-settings.ts';
import type { SessionEventBody } from '../../core/contract/session-event.ts';
import { fingerprint, formatFingerprint } from '../../core/crypto/fingerprint.ts';
import type { PublicIdentity } from '../../core/crypto/rsa.ts';
import { peekType } from '../../core/wire/envelope.ts';
import { readHeader } from '../../core/wire/header.ts';
import type { MessageType } from '../../core/wire/messages.ts';
import type { Share } from '../session/own-data.ts';
import { statisticsNote } from '../session/statistics-note.ts';
import type { Prepared } from './preparation.ts';

/**
 * Once rounds have been played, a new epoch must differ from the one before by so many joins and leaves: whoever could
 * change the roster by one at will could compare sums with and without that one.
 */
export const fewestChanges = 3;

/** That this machine has read the plan and is ready: which session this is, and what it trains with. */
export function joinedEvents(
  name: string,
  coordinator: PublicIdentity,
  { basis, engineNote }: Pick<Prepared, 'basis' | 'engineNote'>,
): readonly SessionEventBody[] {
  const { title, demonstration, settings } = basis.plan;
  const loss = chosenLoss(settings);
  const note = statisticsNote(basis.movingStatistics);
  return [
    {
      type: 'joined',
      title,
      name,
      demonstration,
      aggregation: settings.aggregation,
      ...(loss === undefined ? {} : { loss }),
      coordinatorFingerprint: formatFingerprint(fingerprint(coordinator.spki)),
      rounds: settings.rounds,
      language: settings.language,
    },
    { type: 'note', ...engineNote },
    ...(note === undefined ? [] : [note]),
  ];
}

/** Which images take part, and which had to stay out. most: of one member. */
export function dataEvents(
  { indices, drawings, othersLeftOut, drawingsLeftOut }: Share,
  most: number,
  { data, basis }: Pick<Prepared, 'data' | 'basis'>,
): readonly SessionEventBody[] {
  const { train, classNames, name } = data.dataset;
  const perClass = classNames.map(() => 0);
  for (const index of indices) perClass[train.labels[index]!]! += 1;
  const { mode } = basis.plan.data;
  const events: SessionEventBody[] = [
    {
      type: 'data',
      dataset: name,
      examples: indices.length,
      mode,
      perClass,
      ...(drawings > 0 ? { drawings } : {}),
    },
  ];
  if (othersLeftOut > 0) {
    events.push({
      type: 'note',
      text: `${othersLeftOut} images make room for ${drawings} drawings, as nobody may train on more than ${most}.`,
      code: 'images-left-out',
      detail: { count: othersLeftOut, drawings, most },
    });
  }
  if (drawingsLeftOut > 0) {
    events.push({
      type: 'note',
      text: `${drawingsLeftOut} of the older drawings are left out, as nobody may train on more than ${most}.`,
      code: 'drawings-left-out',
      detail: { count: drawingsLeftOut, most },
    });
  }
  return events;
}

/** Of an announcement; undefined for other messages. */
export function roundEvent(bytes: Uint8Array, rounds: number): SessionEventBody | undefined {
  const place = placeOf('announcement', bytes);
  return place && { type: 'round-started', ...place, rounds };
}

/** Of a masked vector; undefined for other messages. */
export function maskedEvent(bytes: Uint8Array): SessionEventBody | undefined {
  const place = placeOf('masked-input', bytes);
  return place && { type: 'masked', ...place, bytes: bytes.length };
}

function placeOf(
  wanted: MessageType,
  bytes: Uint8Array,
): { readonly round: number; readonly attempt: number } | undefined {
  const type = peekType(bytes);
  const header = readHeader(bytes);
  if (!type.ok || !header.ok || type.value !== wanted) return undefined;
  const { round, attempt } = header.value;
  return { round, attempt };
}

/** reason: that of core/secagg/lobby.ts, or one of those here. */
export function lobbyError(reason: string): SessionEventBody {
  const messages: Readonly<Record<string, readonly [string, string]>> = {
    'words-differ': [
      'You said that the words or the number of participants differ: this machine takes no part.',
      'Tell the leader. Somebody may be in between.',
    ],
    'too-few-changes': [
      `Cannot be in this epoch: the list has fewer than ${fewestChanges} changes, so that sums could be compared.`,
      'Tell the leader: joins and leaves are taken up together, from three on.',
    ],
  };
  const [message, hint] = messages[reason] ?? [
    `Cannot be in this epoch: ${reason}.`,
    'The list that the coordinator showed does not hold together. Ask the leader to close the lobby again.',
  ];
  return { type: 'error', code: reason, message, hint };
}
