/** What each machine's screen shows of vectors: the coordinator's masked ones and sums, a participant's its own alone. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { VectorPicture } from '../../../core/contract/pictures.ts';
import { HostRoom, type Machine } from '../../support/host-room.ts';
import { inLobby, told } from '../../support/session-log.ts';
import { SessionRoom } from '../../support/session-room.ts';

/** Every value is as frequent as any other. */
const isFlat = ({ histogram }: VectorPicture): boolean => histogram.every((share) => share > 0.5);

describe('pictures of a session', () => {
  let room: SessionRoom;
  let host: HostRoom;
  before(async () => {
    room = await SessionRoom.open();
    host = new HostRoom(room);
  });
  after(async () => {
    await host.close();
    await room.close();
  });

  async function start(
    coordinator: Machine,
    name: string,
    agreeToDemonstration = false,
  ): Promise<readonly Machine[]> {
    const participants = await Promise.all(
      [0, 1, 2].map((index) => host.join(`${name}-${index}`, { agreeToDemonstration })),
    );
    await coordinator.log.until(inLobby(3));
    coordinator.do({ do: 'close-lobby' });
    for (const participant of participants) {
      await participant.log.until('question');
      participant.do({ do: 'answer-words', agreed: true });
    }
    await coordinator.log.until('roster');
    coordinator.do({ do: 'confirm-words', agreed: true });
    return participants;
  }

  it('the coordinator sees noise until the masks cancel; a participant sees its own, once they have left', async () => {
    const coordinator = await host.coordinate('coordinator', { rounds: 7 });
    coordinator.do({ do: 'pace', pace: 'step' });
    assert.equal(coordinator.service.pictures(1, null), null);
    const participants = await start(coordinator, 'member');
    for (const phase of ['advertise-keys', 'share-keys', 'masked-input']) {
      await coordinator.log.until(() => coordinator.activity.watched.held === phase);
      coordinator.do({ do: 'next' });
    }
    await coordinator.log.until(told('held', { phase: 'statement' }));
    await coordinator.log.until(told('sum', { added: 3 }));
    const sum = coordinator.service.sumPicture(null);
    assert.ok(sum !== null && isFlat(sum.picture));
    assert.deepEqual([sum.round, sum.added, sum.readable], [1, 3, false]);
    for (const { activity, service, log } of participants) {
      await log.until(told('own-pictures', { round: 1, stage: 'masked' }));
      const handedOver = log.events.findIndex(told('masked', { round: 1 }));
      assert.ok(handedOver >= 0 && handedOver < log.events.findIndex(told('own-pictures')));
      const number = activity.watched.roster!.own!;
      const own = service.pictures(number, 1);
      assert.ok(own?.update && own.mask && own.masked);
      assert.ok(isFlat(own.mask) && isFlat(own.masked) && !isFlat(own.update));
      assert.notDeepEqual(own.mask.pixels, own.masked.pixels);
      // RSA-2048
      assert.match(own.signature ?? '', /^[0-9a-f]{512}$/);
      // of the others, and of the sum, it has nothing
      assert.equal(service.pictures((number % 3) + 1, 1), null);
      assert.equal(service.sumPicture(1), null);
      const { update, mask, masked, layer, client } = coordinator.service.pictures(number, null)!;
      assert.deepEqual([update, mask, client], [null, null, number]);
      assert.deepEqual(masked, own.masked);
      assert.deepEqual(layer, own.layer);
    }

    coordinator.do({ do: 'pace', pace: 'full' });
    await coordinator.log.until('finished');
    const mean = coordinator.service.sumPicture(7);
    assert.ok(mean !== null && !isFlat(mean.picture));
    assert.deepEqual([mean.added, mean.readable], [3, true]);
    // the last five rounds, of which only pictures are kept
    const [first] = participants;
    const number = first!.activity.watched.roster!.own!;
    for (const [round, isKept] of [
      [1, false],
      [2, false],
      [3, true],
      [7, true],
    ] as const) {
      assert.equal(coordinator.service.pictures(number, round) !== null, isKept, String(round));
      assert.equal(first!.service.pictures(number, round) !== null, isKept, String(round));
    }
  });

  it('without masks, in a demonstration, the coordinator sees every update', async () => {
    for (const [name, quantisation] of [
      ['whole', true],
      ['float', false],
    ] as const) {
      const coordinator = await host.coordinate(
        `open-${name}`,
        { rounds: 1, masks: false, quantisation },
        { demonstration: true },
      );
      await start(coordinator, name, true);
      await coordinator.log.until('finished');
      for (const client of [1, 2, 3]) {
        const { update, masked } = coordinator.service.pictures(client, 1)!;
        assert.ok(update !== null && !isFlat(update), name);
        assert.deepEqual(update, masked);
      }
    }
  });
});
