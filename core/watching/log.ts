/**
 * The log of an activity. What everyone does in every round is one line that grows; what is unusual has its own, unless
 * the same befalls several at once. Names are kept with the line: numbers belong to others in another epoch.
 */
import type { ProtocolEvent } from '../contract/run-result.ts';
import type { LogEntry, Watched } from '../contract/watched.ts';

/** Older entries fall off: a log that grows for ever would slow down a long session. */
export const longestLog = 400;
/** With so many people at most, everyone's masked update has a line of its own. */
const mostWithOwnLine = 28;
/** What befalls several within so short a time befalls them together, ms. */
const togetherMs = 100;
const namesKept = 3;

const families: Readonly<Record<ProtocolEvent['kind'], LogEntry['family']>> = {
  advertised: 'keys',
  shared: 'shares',
  trained: 'training',
  masked: 'sending',
  signed: 'signing',
  verified: 'verified',
  revealed: 'shares',
  refused: 'refused',
  dropped: 'dropped',
  recovered: 'recovered',
  aggregated: 'sum',
  evaluated: 'evaluate',
  aborted: 'problem',
  retried: 'note',
  'share-missing': 'refused',
  'process-replaced': 'note',
};

/** A verified message looks like what it brought. */
const verifiedFamilies: Readonly<Record<string, LogEntry['family']>> = {
  'advertise-keys': 'keys',
  'share-keys': 'shares',
  statement: 'signing',
  unmask: 'shares',
};

const unusualEvents: readonly ProtocolEvent['kind'][] = [
  'refused',
  'dropped',
  'recovered',
  'aborted',
  'retried',
  'share-missing',
  'process-replaced',
];

/** What a client says of itself and the coordinator's verification of the same message says again. */
const saidAgain: readonly ProtocolEvent['kind'][] = ['advertised', 'shared', 'signed', 'revealed'];

/** A line for an event of the protocol, or one more client in the line that there is. */
export function logEvent(watched: Watched, event: ProtocolEvent, ms: number): Watched {
  const { kind, phase, client, detail, round, attempt } = event;
  if (saidAgain.includes(kind) && watched.own === null) return watched;
  return addEntry(watched, {
    ms,
    roundMs: ms - (watched.round?.startedMs ?? 0),
    round,
    attempt,
    family: kind === 'verified' ? (verifiedFamilies[phase] ?? 'verified') : families[kind],
    code: kind,
    client: client ?? null,
    clients: client === undefined ? [] : [client],
    names: client === undefined ? [] : namesOf(watched, client),
    detail: { ...detail, phase, ...afterRefusal(watched, event) },
    unusual: unusualEvents.includes(kind),
  });
}

/** Who is no longer waited for may have been refused before: that is no leaving. */
function afterRefusal(watched: Watched, { kind, client }: ProtocolEvent): { readonly after?: string } {
  const spoke = watched.round?.spokes.find(({ number }) => number === client);
  return (kind === 'dropped' || kind === 'recovered') && spoke?.phase === 'refused'
    ? { after: 'refused' }
    : {};
}

/** A line that is none of the protocol. */
export function note(
  watched: Watched,
  { atMs: ms }: { readonly atMs: number },
  code: string,
  family: LogEntry['family'],
  detail: LogEntry['detail'],
  client: number | null = null,
): Watched {
  return addEntry(watched, {
    ms,
    roundMs: ms - (watched.round?.startedMs ?? 0),
    round: watched.round?.round ?? 0,
    attempt: watched.round?.attempt ?? 0,
    family,
    code,
    client,
    clients: client === null ? [] : [client],
    names: client === null ? [] : namesOf(watched, client),
    detail,
    unusual: family !== 'evaluate',
  });
}

function namesOf(watched: Watched, client: number): readonly string[] {
  const name = watched.roster?.members.find((member) => member.number === client)?.name;
  return name === undefined ? [] : [name];
}

function addEntry(watched: Watched, entry: Omit<LogEntry, 'id'>): Watched {
  const { log } = watched;
  const index =
    entry.clients.length === 0 ? -1 : log.findLastIndex((known) => isSameLine(known, entry, watched));
  const known = log[index];
  if (known !== undefined) return { ...watched, log: log.with(index, joined(known, entry)) };
  const id = (log.at(-1)?.id ?? 0) + 1;
  const kept = log.length < longestLog ? log : log.slice(1 - longestLog);
  return { ...watched, log: [...kept, { ...entry, id }] };
}

function isSameLine(known: LogEntry, entry: Omit<LogEntry, 'id'>, watched: Watched): boolean {
  const { code, round, attempt, ms, detail } = entry;
  if (known.code !== code || known.round !== round || known.attempt !== attempt) return false;
  if (known.detail['phase'] !== detail['phase'] || known.clients.length === 0) return false;
  switch (code) {
    case 'verified':
      return detail['phase'] !== 'masked-input' || (watched.roster?.members.length ?? 0) > mostWithOwnLine;
    case 'trained':
    case 'masked':
      return true;
    case 'recovered':
      return known.detail['shares'] === detail['shares'] && known.detail['after'] === detail['after'];
    case 'dropped':
      return (
        known.detail['reason'] === detail['reason'] &&
        known.detail['after'] === detail['after'] &&
        ms - known.ms < togetherMs
      );
    default:
      return false;
  }
}

function joined(known: LogEntry, entry: Omit<LogEntry, 'id'>): LogEntry {
  const clients = [...known.clients, ...entry.clients];
  const names = [...known.names, ...entry.names];
  // in a line that grows the last is news; of what is unusual everyone is
  const kept = entry.unusual ? names.slice(0, namesKept) : names.slice(-1);
  const { ms, roundMs, client, detail } = entry;
  return { ...known, ms, roundMs, client, clients, names: kept, detail };
}
