/** Over multicast on the loopback interface, at a port of its own. Skipped where there is none. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { NearbySession } from '../../../core/contract/host.ts';
import { makeInvitation } from '../../../core/joining/join-link.ts';
import { Nearby } from '../../../main/host/nearby.ts';
import { announce, type DiscoveryOptions } from '../../../main/network/discovery.ts';
import { hasMulticast, loopback } from '../network/multicast.ts';
import { Inbox } from '../network/peers.ts';

const options: DiscoveryOptions = { ...loopback, port: loopback.port + 2 };
const hash = Uint8Array.from({ length: 32 }, (_, index) => index);
const { link } = makeInvitation([{ host: '192.168.1.7', port: 7000 }], hash);
const skip = (await hasMulticast()) ? false : 'no multicast on the loopback interface here';

describe('Nearby', { skip }, () => {
  const told = new Inbox<readonly NearbySession[]>();
  const nearby = new Nearby((sessions) => {
    told.put(sessions);
  }, options);
  after(() => nearby.close());

  it('finds what is announced while somebody asks, and forgets it when nobody does', async () => {
    const announced = announce({ title: 'Room 5', link, port: 7000 }, options);
    const [one, other] = [{}, {}];
    assert.deepEqual(nearby.ask(one, true), []);
    const [found] = await told.take();
    assert.equal(found?.title, 'Room 5');
    assert.match(found.link, /^masquerade:/);
    assert.ok(found.addresses.includes('192.168.1.7:7000') || found.addresses.includes('127.0.0.1:7000'));
    // whoever comes later sees at once what is known
    assert.deepEqual(nearby.ask(other, true), [found]);
    assert.deepEqual(nearby.ask(one, false), [found]);
    await announced.stop();
    assert.deepEqual(await told.take(), []);
    assert.deepEqual(nearby.ask(other, false), []);

    const again = announce({ title: 'Room 6', link, port: 7000 }, options);
    assert.deepEqual(nearby.ask(one, true), []);
    assert.equal((await told.take())[0]?.title, 'Room 6');
    await again.stop();
  });
});
