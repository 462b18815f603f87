/**
 * What a client checks before it signs a statement, and before it reveals (Bonawitz et al. 2017, figure 4, rounds 3 and
 * 4).
 *
 * Departs from it: the statement covers U1's adverts and U2 besides U3, and in the sparse graph a client also compares
 * what every survivor saw, as its own neighbours are too few to vouch for the others.
 */
import { equalBytes } from '../bytes/bytes.ts';
import type { ClientAbortReason } from '../errors/protocol-reasons.ts';
import { type ClientSet, decodeClientSet, encodeClientSet, isSubset } from '../wire/client-set.ts';
import { type Opened, type Position, openMessage } from '../wire/envelope.ts';
import { type Result, accepted, refused } from '../wire/refusal.ts';
import { hasEnoughNeighbours } from './client-keys.ts';
import type { HeldShares } from './client-state.ts';
import { clientSetDigest } from './context.ts';
import type { Epoch } from './epoch.ts';
import { shareBytes } from './key-schedule.ts';

type Checked<Value> = Result<Value, ClientAbortReason>;

/** U3, checked against what this client saw; in the sparse graph also that every survivor saw the same. */
export function readSurvivors(
  message: Opened<'statement-request'>,
  position: Position,
  client: number,
  held: HeldShares,
  epoch: Epoch,
): Checked<ClientSet> {
  const u3 = decodeClientSet(message.body.u3, epoch.everyone.length);
  if (u3 === undefined) return refused('malformed-relay');
  if (!isSubset(u3, held.u2)) return refused('set-not-within');
  if (!u3.includes(client)) return refused('not-included');
  if (u3.length < epoch.parameters.threshold) return refused('below-threshold');
  const { maskedInputs } = message.body;
  if (epoch.parameters.graph === 'complete') {
    return maskedInputs.length === 0 ? accepted(u3) : refused('malformed-relay');
  }
  const present = new Set(u3);
  if (!u3.every((survivor) => hasEnoughNeighbours(survivor, present, epoch))) {
    return refused('neighbourhood-starved');
  }
  return sawTheSame(maskedInputs, u3, position, held, epoch);
}

/** The signed parts of exactly U3's masked inputs, each made for the adverts and the U2 that this client saw. */
function sawTheSame(
  maskedInputs: readonly Uint8Array[],
  u3: ClientSet,
  position: Position,
  held: HeldShares,
  epoch: Epoch,
): Checked<ClientSet> {
  if (maskedInputs.length !== u3.length) return refused('malformed-relay');
  const u2Digest = clientSetDigest(held.u2, epoch.everyone.length);
  for (const [index, bytes] of maskedInputs.entries()) {
    const opened = openMessage(
      bytes,
      {
        type: 'masked-input',
        ...position,
        sender: u3[index]!,
        maxBytes: epoch.limits['masked-input'],
        detached: true,
      },
      epoch.keyring,
    );
    if (!opened.ok) return refused('relay-refused');
    const { body } = opened.value;
    if (!equalBytes(body.u1, held.adverts.digest) || !equalBytes(body.u2, u2Digest)) {
      return refused('inputs-differ');
    }
  }
  return accepted(u3);
}

/** True once T distinct members of U3 have validly signed this client's own, byte-identical statement. */
export function readStatements(
  message: Opened<'signed-statements'>,
  position: Position,
  u3: ClientSet,
  statement: Uint8Array,
  epoch: Epoch,
): Checked<ClientSet> {
  const survivors = new Set(u3);
  const signers: number[] = [];
  for (const bytes of message.body.statements) {
    const opened = openMessage(
      bytes,
      {
        type: 'statement',
        ...position,
        maxBytes: epoch.limits.statement,
      },
      epoch.keyring,
    );
    if (!opened.ok) return refused('relay-refused');
    const { header, body } = opened.value;
    if (header.sender <= (signers.at(-1) ?? 0) || !survivors.has(header.sender))
      return refused('relay-refused');
    if (!equalBytes(body.digest, statement)) return refused('statements-differ');
    signers.push(header.sender);
  }
  return signers.length >= epoch.parameters.threshold ? accepted(signers) : refused('below-threshold');
}

/** The shares to reveal: of the self mask of who is in U3, of the mask key of who is not. One per dealer, never both. */
export function chooseShares(
  held: HeldShares,
  u3: ClientSet,
  n: number,
): { dealers: Uint8Array; shares: Uint8Array } {
  const survivors = new Set(u3);
  const dealers = held.u2.filter((dealer) => held.shares.has(dealer));
  const shares = new Uint8Array(shareBytes * dealers.length);
  dealers.forEach((dealer, index) => {
    const pair = held.shares.get(dealer)!;
    shares.set(survivors.has(dealer) ? pair.selfMask : pair.maskKey, shareBytes * index);
  });
  return { dealers: encodeClientSet(dealers, n), shares };
}
