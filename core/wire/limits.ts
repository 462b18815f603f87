/** The largest size of every message type, so that a peer cannot make anyone hold or hash more than the protocol needs. */
import { headerBytes } from './header.ts';
import { largestBallotSide, mostBallotPictures } from '../contract/ballots.ts';
import { type MessageType, longestPlanCharacters, longestReportCharacters } from './messages.ts';

/** Bytes, everything included. */
export type MessageLimits = Readonly<Record<MessageType, number>>;

export interface SizeFacts {
  /** n. */
  readonly clients: number;
  /** Of one key agreement's public key. */
  readonly publicKeyBytes: number;
  /** Largest signature in the roster. */
  readonly signatureBytes: number;
  /** Ciphertext of one pair of shares. */
  readonly ciphertextBytes: number;
  /** Packed masked vector. */
  readonly vectorBytes: number;
  /** The model's weights. */
  readonly weightsBytes: number;
}

/** More than the keys and lengths of any body's CBOR take. */
const framing = 128;
const listItemFraming = 8;
const digestBytes = 32;
/** 60 characters, at most 3 bytes each in UTF-8 (a pair of surrogates takes 4). */
const longestName = 180;
/** A name of 60 characters, an RSA public key of 4096 bits, a commitment; in the lobby's message only. */
const longestIdentity = 1024;

export function messageLimits(facts: SizeFacts): MessageLimits {
  const { clients } = facts;
  const envelope = headerBytes + framing + facts.signatureBytes;
  const bitmap = Math.ceil(clients / 8);
  const advert = envelope + 2 * facts.publicKeyBytes + digestBytes;
  const maskedInput = envelope + 3 * digestBytes;
  const statement = envelope + digestBytes;
  const listOf = (itemBytes: number): number => envelope + clients * (itemBytes + listItemFraming);
  return {
    announcement: envelope + 3 * digestBytes + facts.weightsBytes,
    'key-advert': advert,
    'key-adverts': listOf(advert),
    'encrypted-shares': envelope + digestBytes + clients * facts.ciphertextBytes,
    'relayed-shares': envelope + bitmap + clients * (digestBytes + facts.ciphertextBytes),
    'masked-input': maskedInput + facts.vectorBytes,
    'statement-request': listOf(maskedInput) + bitmap,
    statement,
    'signed-statements': listOf(statement),
    reveal: envelope + bitmap + clients * digestBytes,
    result: envelope + digestBytes + facts.weightsBytes,
    abort: envelope,
    withdrawal: envelope,
    sighting: envelope + listItemFraming + advert,
    'closed-lobby': listOf(longestIdentity),
    'lobby-acknowledgement': statement,
    'lobby-acknowledgements': listOf(statement),
    'nonce-opening': statement,
    'opened-nonces': listOf(2 * digestBytes),
    hello: envelope + digestBytes,
    entry: envelope + longestName + 4 * (digestBytes + listItemFraming),
    confirmation: envelope + digestBytes,
    'repeat-answer': envelope + digestBytes,
    departure: envelope,
    welcome: envelope + digestBytes + 3 * longestPlanCharacters,
    'lobby-list': listOf(longestName + digestBytes),
    'epoch-call': envelope,
    notice: envelope + framing,
    'repeat-request': envelope + digestBytes,
    'round-report': envelope + 3 * longestReportCharacters,
    'final-model': envelope + digestBytes + facts.weightsBytes,
    ballot: envelope + mostBallotPictures * (largestBallotSide ** 2 + listItemFraming),
    vote: envelope,
  };
}

/** Of the messages that carry no vector, no model and no list with an entry for every client, whoever sends them. */
export const joiningLimits: MessageLimits = messageLimits({
  clients: 500,
  publicKeyBytes: 0,
  signatureBytes: 512,
  ciphertextBytes: 0,
  vectorBytes: 0,
  weightsBytes: 0,
});
