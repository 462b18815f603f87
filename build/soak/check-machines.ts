/**
 * What must hold of the databases of all machines of a session, however they died: no mask key or attempt used again, no
 * second vector, no second set of survivors, one reveal per attempt, no half-written row, no wrong aggregate.
 *
 * Shares are stored nowhere, so that nobody can count which of them left a machine. That no two shares of one dealer's
 * secrets were revealed follows from what is counted: keys and seeds are of one attempt (never one key in two adverts),
 * a client answers an attempt's statements with one reveal (events of both sides), and one reveal holds one share for
 * each dealer (checked by the machines' own tests).
 */
import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { toHex } from '../../core/bytes/bytes.ts';
import { checkTranscript } from '../../core/audit/check-transcript.ts';
import { fingerprint } from '../../core/crypto/fingerprint.ts';
import { sha256 } from '../../core/crypto/hash.ts';
import { decodeCanonical } from '../../core/wire/canonical-cbor.ts';
import { headerBytes, readHeader } from '../../core/wire/header.ts';
import { type Body, messageTypes, type MessageType } from '../../core/wire/messages.ts';
import { auditLines } from '../../main/audit/write-audit.ts';
import { databasePath } from '../../main/storage/database.ts';
import { openStore } from '../../main/storage/open-store.ts';
import type { SessionRow, SignedMessageRow, Store } from '../../main/storage/store.ts';
import type { Machine, PlayedSession } from './kill-session.ts';

/** Facts of all machines, gathered one machine after the other. */
class Facts {
  readonly violations: string[] = [];
  /** (member, round, attempt) to digests of its masked inputs. */
  readonly #inputs = new Map<string, Set<string>>();
  /** Public key to the advert that it was in. */
  readonly #keys = new Map<string, string>();
  /** (epoch, round, attempt) to U3 as asked for. */
  readonly #asked = new Map<string, string>();
  /** (member, round) to the survivors that it signed. */
  readonly #signed = new Map<string, Set<string>>();

  violated(what: string): void {
    this.violations.push(what);
  }

  message(machine: string, row: SignedMessageRow, member: string): void {
    const place = `round ${row.round}, attempt ${row.attempt}`;
    const digest = toHex(sha256(row.bytes));
    switch (row.type) {
      case 'masked-input':
        if (addTo(this.#inputs, `${member} ${row.round} ${row.attempt}`, digest) > 1)
          this.violated(`${machine}: two masked inputs of ${member} in ${place}`);
        return;
      case 'key-advert': {
        const body = bodyOf('key-advert', row.bytes);
        if (body === undefined) return this.violated(`${machine}: an unreadable advert in ${place}`);
        for (const key of [toHex(body.channelKey), toHex(body.maskKey)]) {
          const before = this.#keys.get(key) ?? digest;
          if (before !== digest) this.violated(`${machine}: a public key of ${member} again in ${place}`);
          this.#keys.set(key, before);
        }
        return;
      }
      case 'statement-request': {
        const body = bodyOf('statement-request', row.bytes);
        if (body === undefined) return this.violated(`${machine}: an unreadable request in ${place}`);
        const survivors = toHex(body.u3);
        const attempt = `${row.epoch} ${row.round} ${row.attempt}`;
        if ((this.#asked.get(attempt) ?? survivors) !== survivors)
          this.violated(`${machine}: two sets of survivors asked for in ${place}`);
        this.#asked.set(attempt, survivors);
        return;
      }
      case 'statement': {
        const asked = this.#asked.get(`${row.epoch} ${row.round} ${row.attempt}`);
        if (asked === undefined) return this.violated(`${machine}: a statement nobody asked for in ${place}`);
        if (addTo(this.#signed, `${member} ${row.round}`, asked) > 1)
          this.violated(`${machine}: ${member} signed two sets of survivors in round ${row.round}`);
      }
    }
  }
}

/** Everything that is wrong with a played session. */
export async function checkMachines(played: PlayedSession, version: string): Promise<string[]> {
  const facts = new Facts();
  const hashes = new Set<string>();
  let coordinated: string | undefined;
  for (const machine of played.machines) {
    if (!existsSync(databasePath(machine.dataFolder))) continue;
    checkDatabase(machine, facts);
    const { dataFolder: folder, name } = machine;
    const { stateFolder } = played;
    try {
      const store = await openStore({ folder, stateFolder, secret: { kind: 'wrapping-key' } });
      try {
        for (const row of store.sessions()) checkStore(machine, store, row, facts);
        if (name === 'coordinator') coordinated = checkCoordinator(store, version, facts);
      } finally {
        store.close();
      }
    } catch (error) {
      facts.violated(`${name} does not open again: ${String(error)}`);
    }
    if (machine.final !== null) hashes.add(machine.final);
  }
  if (hashes.size > 1) facts.violated(`machines ended with ${hashes.size} different models`);
  if (coordinated !== undefined && hashes.size === 1 && !hashes.has(coordinated))
    facts.violated('the audited model is not the one that the machines have');
  return facts.violations;
}

function checkDatabase({ dataFolder, name }: Machine, facts: Facts): void {
  const database = new Database(databasePath(dataFolder), { readonly: true });
  try {
    const integrity = database.pragma('integrity_check', { simple: true });
    if (integrity !== 'ok') facts.violated(`${name}: integrity_check says ${String(integrity)}`);
    const foreign = database.pragma('foreign_key_check') as readonly unknown[];
    if (foreign.length > 0) facts.violated(`${name}: ${foreign.length} rows without what they belong to`);
  } finally {
    database.close();
  }
}

function checkStore(machine: Machine, store: Store, row: SessionRow, facts: Facts): void {
  const { session } = row;
  const { name } = machine;
  const own = row.role === 'participant' ? row.identity : undefined;
  const members = new Map<string, string>();
  for (const { epoch, members: list } of store.epochs(session))
    for (const [index, { publicKey }] of list.entries())
      members.set(`${epoch} ${index + 1}`, toHex(fingerprint(publicKey)));
  let newest = [0, 0] as readonly [number, number];
  let advert = '';
  for (const message of store.messages(session)) {
    const member = members.get(`${message.epoch} ${message.sender}`) ?? `sender ${message.sender}`;
    facts.message(name, message, member);
    if (message.type !== 'key-advert' || member !== own) continue;
    const { round, attempt, bytes } = message;
    const again = toHex(bytes);
    const isNewer = round > newest[0] || (round === newest[0] && attempt > newest[1]);
    // sent again after a reconnection, byte for byte
    if (!isNewer && again !== advert)
      facts.violated(`${name}: attempt ${attempt} of round ${round} after ${newest.join('.')}`);
    newest = [round, attempt];
    advert = again;
  }
  checkEvents(name, store, session, facts);
  const { record } = store.clientSession(session);
  const rounds = (record?.signed ?? []).map(({ round }) => round);
  if (new Set(rounds).size !== rounds.length)
    facts.violated(`${name}: its record holds two sets of survivors of one round`);
  if (
    record !== undefined &&
    (record.round < newest[0] || (record.round === newest[0] && record.attempt < newest[1]))
  )
    facts.violated(`${name}: its record is behind what it has sent`);
  // reading verifies every checksum
  for (const { model } of store.completedRounds(session)) store.model(model.hash);
}

/** One reveal per client and attempt, as the machine saw it itself. */
function checkEvents(name: string, store: Store, session: string, facts: Facts): void {
  const reveals = new Set<string>();
  for (const { event } of store.events(session)) {
    const isReveal = event.kind === 'revealed' || (event.kind === 'verified' && event.phase === 'unmask');
    if (!isReveal) continue;
    const place = `client ${event.client ?? 0} in round ${event.round}, attempt ${event.attempt}`;
    if (reveals.has(place)) facts.violated(`${name}: two reveals of ${place}`);
    reveals.add(place);
  }
}

/** Audits what the coordinator kept; the hash of the last model that follows from it. */
function checkCoordinator(store: Store, version: string, facts: Facts): string | undefined {
  const row = store.sessions().find(({ role }) => role === 'coordinator');
  // one that was killed for good has no end to audit
  if (row === undefined || row.state === 'lobby' || row.state === 'running') return undefined;
  const report = checkTranscript(auditLines(store, row, version));
  for (const finding of report.findings) if (!finding.ok) facts.violated(`audit: ${JSON.stringify(finding)}`);
  return report.rounds.length === 0 ? undefined : (report.finalModelSha256 ?? undefined);
}

function bodyOf<Type extends MessageType>(type: Type, bytes: Uint8Array): Body<Type> | undefined {
  const header = readHeader(bytes);
  if (!header.ok) return undefined;
  const body = decodeCanonical(bytes.subarray(headerBytes, headerBytes + header.value.bodyBytes));
  const parsed = messageTypes[type].body.safeParse(body);
  return parsed.success ? (parsed.data as unknown as Body<Type>) : undefined;
}

/** How many different values there are now. */
function addTo(map: Map<string, Set<string>>, key: string, value: string): number {
  const values = map.get(key) ?? new Set();
  values.add(value);
  map.set(key, values);
  return values.size;
}
