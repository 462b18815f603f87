/** Every trick by its name: who plays it, and whether any rule stands against it. */
import type { ForgeryTrick } from '../../contract/attacks/forgery.ts';
import {
  askForBothShares,
  claimDropouts,
  lowerThreshold,
  planWeakly,
  readOpenly,
  sumAgain,
} from './coordinator.ts';
import { swapKeys } from './key-swap.ts';
import { inflateCount, secondVector } from './participant.ts';
import type { Played, Stage } from './stage.ts';
import {
  forge,
  impersonate,
  replayInRound,
  replayOldRound,
  replayOtherSession,
  stranger,
  tamperWithModel,
  tamperWithVector,
} from './wire.ts';

type Trickster = 'wire' | 'participant' | 'coordinator';

interface Trick {
  readonly name: ForgeryTrick;
  readonly by: Trickster;
  play(stage: Stage): Played;
}

/** After one person's update: not needed where every update lies open. */
const underMasks =
  (play: (stage: Stage) => Played) =>
  (stage: Stage): Played =>
    stage.masks ? play(stage) : readOpenly(stage);

export const tricks: readonly Trick[] = [
  { name: 'tamper', by: 'wire', play: tamperWithVector },
  { name: 'tamper-model', by: 'wire', play: tamperWithModel },
  { name: 'replay', by: 'wire', play: replayInRound },
  { name: 'replay-round', by: 'wire', play: replayOldRound },
  { name: 'replay-session', by: 'wire', play: replayOtherSession },
  { name: 'stranger', by: 'wire', play: stranger },
  { name: 'forge', by: 'participant', play: forge },
  { name: 'impersonate', by: 'participant', play: impersonate },
  { name: 'second-vector', by: 'participant', play: secondVector },
  { name: 'inflate', by: 'participant', play: inflateCount },
  { name: 'key-swap', by: 'coordinator', play: underMasks(swapKeys) },
  { name: 'both-shares', by: 'coordinator', play: underMasks(askForBothShares) },
  { name: 'second-sum', by: 'coordinator', play: underMasks(sumAgain) },
  { name: 'claim-dropouts', by: 'coordinator', play: underMasks(claimDropouts) },
  { name: 'lower-threshold', by: 'coordinator', play: underMasks(lowerThreshold) },
  { name: 'weak-plan', by: 'coordinator', play: underMasks(planWeakly) },
];
