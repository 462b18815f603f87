/** One message of every type, from fixed inputs: for frozen bytes, tampering and fuzzing. */
import { uint32Bytes } from '../../core/bytes/bytes.ts';
import { sha256 } from '../../core/crypto/hash.ts';
import { type Signer, sealMessage } from '../../core/wire/envelope.ts';
import { type Body, type MessageType, messageTypes } from '../../core/wire/messages.ts';
import { testSession } from './secagg-room.ts';

export const messageTypeNames = Object.keys(messageTypes) as MessageType[];

/** `length` fixed bytes that look like nothing. */
export function filler(label: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 32) {
    bytes.set(sha256(uint32Bytes(label), uint32Bytes(at)).subarray(0, Math.min(32, length - at)), at);
  }
  return bytes;
}

const vector = filler(20, 40);
const weights = filler(21, 24);

type Sample = { readonly [Type in MessageType]: { body: Body<Type>; attachment?: Uint8Array } };

export const samples: Sample = {
  announcement: {
    body: {
      parameters: filler(1, 32),
      roster: filler(2, 32),
      model: filler(3, 32),
      modelBytes: weights.length,
    },
    attachment: weights,
  },
  'key-advert': { body: { channelKey: filler(4, 32), maskKey: filler(5, 32), context: filler(6, 32) } },
  'key-adverts': { body: { adverts: [filler(7, 100), filler(8, 100)] } },
  'encrypted-shares': { body: { commitment: filler(9, 32), ciphertexts: filler(10, 176) } },
  'relayed-shares': { body: { u2: Uint8Array.of(7), digests: filler(11, 96) }, attachment: filler(12, 88) },
  'masked-input': {
    body: { vector: sha256(vector), vectorBytes: vector.length, u1: filler(13, 32), u2: filler(14, 32) },
    attachment: vector,
  },
  'statement-request': { body: { u3: Uint8Array.of(7), maskedInputs: [filler(15, 50)] } },
  statement: { body: { digest: filler(16, 32) } },
  'signed-statements': { body: { statements: [filler(17, 60), filler(18, 60)] } },
  reveal: { body: { dealers: Uint8Array.of(7), shares: filler(19, 96) } },
  result: { body: { model: filler(22, 32), modelBytes: 0 } },
  abort: { body: { reason: 'below-threshold' } },
  withdrawal: { body: { reason: 'survivors-differ' } },
  sighting: { body: { advert: filler(23, 100) } },
  'closed-lobby': {
    body: {
      coordinator: filler(24, 60),
      transportKey: filler(25, 40),
      names: ['Ada', 'Grace'],
      publicKeys: [filler(26, 60), filler(27, 60)],
      parameters: filler(28, 32),
      demonstration: false,
      commitments: [filler(29, 32), filler(30, 32), filler(31, 32)],
    },
  },
  'lobby-acknowledgement': { body: { lobby: filler(32, 32) } },
  'lobby-acknowledgements': { body: { acknowledgements: [filler(33, 60), filler(34, 60)] } },
  'nonce-opening': { body: { nonce: filler(35, 32) } },
  'opened-nonces': { body: { nonces: [filler(36, 32), filler(37, 32)] } },
  hello: { body: { exporter: filler(38, 32), fresh: true } },
  entry: {
    body: { name: 'Ada', epoch: 2, commitments: [40, 41, 42, 43].map((label) => filler(label, 32)) },
  },
  confirmation: { body: { roster: filler(44, 32), agreed: true, compared: false } },
  'repeat-answer': { body: { model: filler(45, 32), allowed: true } },
  departure: { body: { reason: 'leaving' } },
  welcome: { body: { exporter: filler(46, 32), plan: '{"plan":1}', epoch: 1, standing: 'guest' } },
  'lobby-list': {
    body: { epoch: 1, names: ['Ada', 'Grace'], fingerprints: filler(47, 64), locked: false },
  },
  'epoch-call': { body: { epoch: 2 } },
  notice: { body: { kind: 'removed', member: 2, reason: 'too-slow' } },
  'repeat-request': { body: { model: filler(48, 32), round: 3 } },
  'round-report': { body: { round: 3, result: '{"accuracy":0.5}' } },
  'final-model': {
    body: { round: 3, model: filler(49, 32), modelBytes: weights.length },
    attachment: weights,
  },
  ballot: { body: { ballot: 1, height: 2, width: 3, pictures: [filler(50, 6), filler(51, 6)] } },
  vote: { body: { ballot: 1, choice: 2 } },
};

export const samplePosition = { session: testSession, round: 3, attempt: 2 };

export function senderOf(type: MessageType): number {
  return messageTypes[type].from === 'coordinator' ? 0 : 1;
}

export function sealSample(type: MessageType, signer: Signer): Uint8Array<ArrayBuffer> {
  const { body, attachment } = samples[type];
  return sealMessage(type, samplePosition, body as Body<MessageType>, signer, attachment);
}
