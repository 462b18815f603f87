/** Why an attempt ends early: the named aborts of both machines. */

/** Why a client leaves an attempt. All but the last five say which rule the coordinator or a peer broke. */
export const clientAbortReasons = [
  /** Announced parameters are not those that were confirmed. */
  'parameters-differ',
  /** The announced roster is not the one that was confirmed. */
  'roster-differs',
  /** The round was begun under another roster: a round never goes on in another epoch. */
  'epoch-differs',
  /** A round number above the number of rounds that was confirmed. */
  'rounds-exceeded',
  /** The model comes with more or fewer bytes than its parameters take. */
  'model-malformed',
  /** The model's bytes do not have the announced hash, or a retry brings another model. */
  'model-differs',
  /** A sum over this model has been signed in another round, and the participant has not allowed a second. */
  'model-already-summed',
  /** A message from the coordinator holds something that is not of its form. */
  'malformed-relay',
  /** A relayed advert or statement is not validly signed by a distinct member, or is out of order. */
  'relay-refused',
  /** A member's advert belongs to another context: somebody was told another model, parameters or roster. */
  'context-differs',
  /** One public key twice in U1, or as both kinds. */
  'duplicate-key',
  /** A public key that is non-canonical, of low order, or of another length. */
  'key-refused',
  /** This client is missing from a set that it belongs to, or its own message was altered. */
  'not-included',
  /** U2 is not within U1, or U3 not within U2. */
  'set-not-within',
  /** Fewer than T clients, or fewer than T valid signatures. */
  'below-threshold',
  /** Fewer than t neighbours of this client, or of any survivor. */
  'neighbourhood-starved',
  /** Ciphertexts that are not those whose digests the coordinator signed. */
  'ciphertexts-differ',
  /** A survivor's masked input was made for other adverts or another U2. */
  'inputs-differ',
  /** A relayed statement is signed, but is not this client's own. */
  'statements-differ',
  /** Another set of survivors has been signed in this round. */
  'survivors-differ',
  /** The vector of this round is lost, or not the one that was kept. */
  'vector-lost',
  /** The trained vector has another length or holds values outside the modulus. */
  'vector-refused',
  /** What the vector would tell goes past the participant's privacy budget. */
  'budget-reached',
  /** A newer attempt was announced, or the coordinator ended this one. */
  'ended-by-coordinator',
  /** A person stopped it. */
  'cancelled',
] as const;
export type ClientAbortReason = (typeof clientAbortReasons)[number];

/** Reasons that lie with the client itself: what happens on its machine is nobody else's business. */
export const ownDoings = ['vector-lost', 'vector-refused', 'budget-reached', 'cancelled'] as const;

/** The neutral code that stands for all of them on the wire. */
export const ownDoing = 'own-doing';

/** What a client tells the coordinator when it leaves an attempt. */
export type WithdrawalReason = Exclude<ClientAbortReason, (typeof ownDoings)[number]> | typeof ownDoing;
export const withdrawalReasons: readonly [WithdrawalReason, ...WithdrawalReason[]] = [
  ownDoing,
  ...clientAbortReasons.filter((reason) => !isOwnDoing(reason)),
];

export function isOwnDoing(reason: ClientAbortReason): reason is (typeof ownDoings)[number] {
  return (ownDoings as readonly ClientAbortReason[]).includes(reason);
}

/** The code on the wire for a reason. */
export function withdrawalReason(reason: ClientAbortReason): WithdrawalReason {
  return isOwnDoing(reason) ? ownDoing : reason;
}

/** Why a client takes no part in a session at all. */
export type ClientBarReason =
  /** The parameters are below the client's floors. */
  | 'floors-not-met'
  /** The session's state was lost or restored from a copy, so that what was signed is not known. */
  | 'state-lost';

/** Why the coordinator ends an attempt. */
export const coordinatorAbortReasons = [
  /** Fewer than T clients answered in this phase. */
  'below-threshold',
  /** In the sparse graph: some client has fewer than t neighbours left. */
  'neighbourhood-starved',
  /** Other survivors than those that have been signed in this round. */
  'survivors-differ',
  /** Fewer than t shares of some client's secret have come. */
  'shares-missing',
  /** No secret that fits its commitment or public key can be rebuilt from the shares. */
  'unmasking-failed',
  /** A sum that no honest clients can have: somebody poisoned a count, a metric or the update itself. */
  'aggregate-implausible',
  /** A person stopped it. */
  'cancelled',
] as const;
export type CoordinatorAbortReason = (typeof coordinatorAbortReasons)[number];

/** What may be tried after an aborted attempt ("one sum per round"). */
export type RetryRule =
  /** No statement was asked for: a new attempt with fresh keys and the same vectors. */
  | 'allowed'
  /** Statements were asked for, and may have been signed: a new attempt may only sum the same survivors. */
  | 'same-survivors'
  /** The round is burnt: no attempt; another round on the same model needs everyone's confirmation. */
  | 'burnt';
