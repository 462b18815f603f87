/** Opens the messages of a transcript; what does not open is a fault of signature or form. */
import { type Keyring, type Opened, openMessage } from '../wire/envelope.ts';
import type { MessageLimits } from '../wire/limits.ts';
import type { Refusal } from '../wire/refusal.ts';
import type { Findings } from './findings.ts';
import type { LineOf, TranscriptType } from './transcript.ts';

export class MessageReader {
  /** Number of the line that is being read. */
  line = 0;
  readonly #session: Uint8Array;
  readonly #findings: Findings;

  constructor(session: Uint8Array, findings: Findings) {
    this.#session = session;
    this.#findings = findings;
  }

  /** The message of a line, which must be what the line says it is; undefined, with a fault, when it is not. */
  open<Type extends TranscriptType>(
    line: LineOf<'message'>,
    type: Type,
    keyring: Keyring | undefined,
    limits: MessageLimits,
  ): Opened<Type> | undefined {
    const { round, attempt, sender } = line;
    const expected = { type, session: this.#session, round, attempt, sender, maxBytes: limits[type] };
    const opened = keyring && openMessage(line.bytes, { ...expected, detached: true }, keyring);
    if (opened?.ok !== true) {
      this.refused(type, sender, opened?.reason ?? 'unknown-sender');
      return undefined;
    }
    this.#findings.examined('signatures');
    this.#findings.examined('messages');
    return opened.value;
  }

  refused(type: TranscriptType, sender: number, reason: Refusal): void {
    const where = { line: this.line, type, sender };
    if (reason === 'bad-signature') this.#findings.fault('signature-wrong', where);
    else this.#findings.fault('message-refused', { ...where, reason });
  }

  misplaced({ type, sender, round, attempt }: LineOf<'message'>): void {
    this.#findings.fault('message-out-of-order', { line: this.line, type, sender, round, attempt });
  }
}
