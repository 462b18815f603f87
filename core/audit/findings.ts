/** What a check of a transcript comes to: one finding for each check that holds, one for each fault found. */

/** The checks, in the order in which they are told. */
export const auditChecks = [
  /** Every line is where it must be, and none is missing at the end. */
  'form',
  /** The session's number is of its TLS key. */
  'session',
  /** The plan fits the epochs' parameters. */
  'plan',
  /** Lobby and announcements name the epoch's roster; identities are sound and distinct. */
  'roster',
  /** Lobby and announcements name the epoch's parameters, which are not below the floors of every client. */
  'parameters',
  /** Every member has acknowledged the roster. */
  'acknowledgements',
  /** Every nonce opens the commitment that was acknowledged: the words follow. */
  'nonces',
  /** Every signature is of the right identity. */
  'signatures',
  /** Every message is of its form and size, and of this session. */
  'messages',
  /** Attempts strictly increase; messages come in the protocol's order, each once. */
  'order',
  'rounds',
  /** Every advert was made for what was announced. */
  'contexts',
  /** No key was ever used twice. */
  'keys',
  /** Every masked input names the adverts and the U2 of its attempt. */
  'masked-inputs',
  /** U3 within U2 within U1, all large enough. */
  'sets',
  /** At least T members of U3 have signed the statement of every sum. */
  'statements',
  /** One U3 and one sum in a round; no second sum over a model. */
  'one-sum',
  /** Models follow from seed and sums, and are those that were signed. */
  'models',
  /** Sums are there, and are what clients could have summed to. */
  'aggregates',
  /** Published figures are those of the sums. */
  'results',
  'protections',
] as const;

export type AuditCheck = (typeof auditChecks)[number];

/** Every fault, and the check that it fails. */
export const auditFaults = {
  'line-out-of-place': 'form',
  'lines-missing': 'form',
  'epoch-out-of-order': 'form',
  'epoch-unusable': 'form',
  'session-not-of-key': 'session',
  'transport-key-changed': 'session',
  'plan-seed-differs': 'plan',
  'plan-model-refused': 'plan',
  'plan-model-size-differs': 'plan',
  'roster-unsound': 'roster',
  'identity-refused': 'roster',
  'coordinator-changed': 'roster',
  'lobby-roster-differs': 'roster',
  'lobby-roster-grew': 'roster',
  'announced-roster-differs': 'roster',
  'parameters-below-floors': 'parameters',
  'parameters-changed': 'parameters',
  'announced-parameters-differ': 'parameters',
  'lobby-missing': 'acknowledgements',
  'lobby-draw-out-of-order': 'acknowledgements',
  'acknowledgement-missing': 'acknowledgements',
  'acknowledgement-differs': 'acknowledgements',
  'nonces-missing': 'nonces',
  'nonces-differ': 'nonces',
  'nonce-opened-early': 'nonces',
  'opening-missing': 'nonces',
  'opening-differs': 'nonces',
  'signature-wrong': 'signatures',
  'message-refused': 'messages',
  'attempt-not-newer': 'order',
  'round-in-two-epochs': 'order',
  'message-out-of-order': 'order',
  'message-twice': 'order',
  'round-beyond-plan': 'rounds',
  'rounds-missing': 'rounds',
  'context-differs': 'contexts',
  'key-unsound': 'keys',
  'key-reused': 'keys',
  'input-without-shares': 'masked-inputs',
  'input-adverts-differ': 'masked-inputs',
  'input-sharers-differ': 'masked-inputs',
  'input-length-differs': 'masked-inputs',
  'sharers-missing': 'sets',
  'set-malformed': 'sets',
  'set-not-within': 'sets',
  'survivors-left-out': 'sets',
  'set-below-threshold': 'sets',
  'neighbourhood-starved': 'sets',
  'relayed-inputs-differ': 'sets',
  'statement-differs': 'statements',
  'signer-not-survivor': 'statements',
  'too-few-statements': 'statements',
  'survivors-differ': 'one-sum',
  'two-sums': 'one-sum',
  'model-summed-twice': 'one-sum',
  'initial-model-differs': 'models',
  'announced-model-differs': 'models',
  'clipping-norm-differs': 'models',
  'result-model-differs': 'models',
  'model-unsigned': 'models',
  'aggregate-missing': 'aggregates',
  'aggregate-unasked': 'aggregates',
  'aggregate-malformed': 'aggregates',
  'aggregate-implausible': 'aggregates',
  'result-missing': 'results',
  'result-unasked': 'results',
  'result-differs': 'results',
  'demonstration-differs': 'protections',
  'comparison-differs': 'protections',
} as const satisfies Readonly<Record<string, AuditCheck>>;

export type AuditFault = keyof typeof auditFaults;

/** Plain fields for the sentence: which epoch, round, attempt, client (its number), line of the file. */
export type FindingDetail = Readonly<Record<string, string | number>>;

export type Finding =
  /** `detail.count`: how many things were checked. */
  | { readonly check: AuditCheck; readonly ok: true; readonly detail: { readonly count: number } }
  | {
      readonly check: AuditCheck;
      readonly ok: false;
      /** more: as many more faults of this check as `detail.count` says. */
      readonly fault: AuditFault | 'more';
      readonly detail: FindingDetail;
    };

/** What no check from outside can tell; said with every result. */
export const uncheckable = [
  /** Masked vectors are not in the file, and must not be. */
  'masked-sum',
  /** What the clients trained on, and how honestly. */
  'training',
  /** The accuracy on test images, which takes the data set. */
  'accuracy',
  /** Whether people compared the words, and whether members are people. */
  'people',
  /** Titles, names of the session's end, and times: nobody signs them. */
  'unsigned',
  /** Attempts that were left out of the file as a whole. */
  'left-out',
] as const;
export type Uncheckable = (typeof uncheckable)[number];

/** Told of one check before the rest is only counted: a file with a million faults is as wrong as one with twenty. */
const mostToldFaults = 20;

/** Collects findings. */
export class Findings {
  readonly #counts = new Map<AuditCheck, number>();
  readonly #faults = new Map<AuditCheck, { told: Finding[]; more: number }>();

  /** That many more things were put to a check. */
  examined(check: AuditCheck, count = 1): void {
    this.#counts.set(check, (this.#counts.get(check) ?? 0) + count);
  }

  fault(fault: AuditFault, detail: FindingDetail = {}): void {
    const check = auditFaults[fault];
    const faults = this.#faults.get(check) ?? { told: [], more: 0 };
    this.#faults.set(check, faults);
    if (faults.told.length < mostToldFaults) faults.told.push({ check, ok: false, fault, detail });
    else faults.more += 1;
  }

  /** Puts one thing to a check: a fault when it does not hold. */
  expect(holds: boolean, fault: AuditFault, detail: FindingDetail = {}): boolean {
    this.examined(auditFaults[fault]);
    if (!holds) this.fault(fault, detail);
    return holds;
  }

  all(): readonly Finding[] {
    return auditChecks.flatMap((check): Finding[] => {
      const faults = this.#faults.get(check);
      if (faults === undefined) return [{ check, ok: true, detail: { count: this.#counts.get(check) ?? 0 } }];
      if (faults.more === 0) return faults.told;
      return [...faults.told, { check, ok: false, fault: 'more', detail: { count: faults.more } }];
    });
  }
}
