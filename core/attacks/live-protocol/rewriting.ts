/** What dishonest parties do to messages: read any, whoever signed it, and make others of it, signed with the keys that they have. */
import type { Epoch } from '../../secagg/epoch.ts';
import { type Keyring, type Opened, openMessage, sealMessage, type Signer } from '../../wire/envelope.ts';
import { readHeader } from '../../wire/header.ts';
import type { Body, MessageType } from '../../wire/messages.ts';

/** Larger than any message: whoever only reads does not care. */
const anySize = 2 ** 40;

/** Reads any message of the epoch without believing who signed it. */
export function readMessage<Type extends MessageType>(
  epoch: Epoch,
  type: Type,
  bytes: Uint8Array,
): Opened<Type> {
  const header = readHeader(bytes);
  if (!header.ok) throw new RangeError(`a message that is ${header.reason}`);
  const { round, attempt, session } = header.value;
  const believing: Keyring = {
    signatureBytes: (sender) => epoch.keyring.signatureBytes(sender),
    verify: () => true,
  };
  const expected = { type, session, round, attempt, maxBytes: anySize };
  const whole = openMessage(bytes, expected, believing);
  // a relayed masked input comes without its vector
  const opened = whole.ok ? whole : openMessage(bytes, { ...expected, detached: true }, believing);
  if (!opened.ok) throw new RangeError(`a ${type} that is ${opened.reason}`);
  return opened.value;
}

export interface Rewriting<Type extends MessageType> {
  readonly body?: (body: Body<Type>) => Body<Type>;
  readonly attachment?: (attachment: Uint8Array) => Uint8Array;
  readonly session?: Uint8Array;
  readonly round?: number;
  readonly attempt?: number;
}

/** The message with another body, attachment or place, signed by this signer. */
export function resealed<Type extends MessageType>(
  epoch: Epoch,
  type: Type,
  bytes: Uint8Array,
  signer: Signer,
  changes: Rewriting<Type>,
): Uint8Array {
  const { header, body, attachment } = readMessage(epoch, type, bytes);
  const position = {
    session: changes.session ?? header.session,
    round: changes.round ?? header.round,
    attempt: changes.attempt ?? header.attempt,
  };
  return sealMessage(
    type,
    position,
    changes.body?.(body) ?? body,
    signer,
    changes.attachment?.(attachment) ?? attachment,
  );
}

/**
 * The same by somebody who has no key at all and sits on the wire: the old signature stays on what is no longer what was
 * signed. Where nothing is signed there is nothing to break.
 */
export function altered<Type extends MessageType>(
  epoch: Epoch,
  type: Type,
  bytes: Uint8Array,
  changes: Rewriting<Type>,
): Uint8Array {
  const { header, signedPart, relayable } = readMessage(epoch, type, bytes);
  const signature = relayable.slice(signedPart.length);
  return resealed(epoch, type, bytes, { sender: header.sender, sign: () => signature }, changes);
}
