/** Over multicast on the loopback interface, at a port of its own. Skipped where there is none. */
import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { makeInvitation, parseInvitation } from '../../../core/joining/join-link.ts';
import {
  announce,
  browse,
  type DiscoveryOptions,
  type FoundSession,
} from '../../../main/network/discovery.ts';
import { hasMulticast, loopback, multicastGroup } from './multicast.ts';
import { Inbox } from './peers.ts';

const { port } = loopback;
const options: DiscoveryOptions = loopback;
const hash = Uint8Array.from({ length: 32 }, (_, index) => index);
const { link } = makeInvitation([{ host: '192.168.1.7', port: 7000 }], hash);

const skip = (await hasMulticast()) ? false : 'no multicast on the loopback interface here';

function look(test: TestContext): { found: Inbox<FoundSession>; lost: Inbox<string> } {
  const found = new Inbox<FoundSession>();
  const lost = new Inbox<string>();
  const discovery = browse(
    {
      found(session) {
        found.put(session);
      },
      lost(session) {
        lost.put(session);
      },
    },
    options,
  );
  test.after(() => discovery.stop());
  return { found, lost };
}

describe('discovery', { skip }, () => {
  it('browse() finds what announce() announces: title, link and addresses; and loses it at its goodbye', async (test) => {
    const announced = announce({ title: 'Room\u202e 5', link, port: 7000 }, options);
    const { found, lost } = look(test);
    const session = await found.take();
    assert.equal(session.title, 'Room 5');
    assert.equal(session.session, Buffer.from(hash.subarray(0, 16)).toString('hex'));
    assert.deepEqual(session.addresses[0], { host: '127.0.0.1', port: 7000 }, 'where it was heard from');
    assert.ok(session.addresses.some(({ host }) => host === '192.168.1.7'));
    const invitation = parseInvitation(session.link);
    assert.deepEqual(invitation.transportKeyHash, hash);
    assert.deepEqual(invitation.endpoints, session.addresses);
    await announced.stop();
    assert.equal(await lost.take(), session.session);
  });

  it('browse() finds a session announced later', async (test) => {
    const { found } = look(test);
    const announced = announce({ title: 'Later', link, port: 7000 }, options);
    test.after(() => announced.stop());
    assert.equal((await found.take()).title, 'Later');
  });

  it('survives garbage, and packets that the library cannot digest', async (test) => {
    const announced = announce({ title: 'Steady', link, port: 7000 }, options);
    test.after(() => announced.stop());
    const hostile: Socket = createSocket({ type: 'udp4', reuseAddr: true });
    hostile.bind(0, '0.0.0.0');
    await once(hostile, 'listening');
    hostile.setMulticastInterface('127.0.0.1');
    test.after(() => {
      hostile.close();
    });
    const { found } = look(test);
    const name = Buffer.from('\x0b_masquerade\x04_tcp\x05local\x00', 'latin1');
    const record = (owner: Buffer, type: number, data: Buffer): Buffer => {
      const fixed = Buffer.alloc(10);
      fixed.writeUInt16BE(type, 0);
      fixed.writeUInt16BE(1, 2);
      fixed.writeUInt32BE(120, 4);
      fixed.writeUInt16BE(data.length, 8);
      return Buffer.concat([owner, fixed, data]);
    };
    const response = (...records: Buffer[]): Buffer => {
      const header = Buffer.alloc(12);
      header.writeUInt16BE(0x8400, 2);
      header.writeUInt16BE(records.length, 6);
      return Buffer.concat([header, ...records]);
    };
    const instance = Buffer.concat([Buffer.from('\x01x', 'latin1'), name]);
    const service = record(instance, 33, Buffer.concat([Buffer.of(0, 0, 0, 0, 0x1b, 0x58), instance]));
    for (const packet of [
      Buffer.alloc(0),
      Buffer.alloc(9_000, 0xff),
      // a service without text, twice; one with text of nothing; one at no port
      response(record(name, 12, instance), service),
      response(record(name, 12, instance), service),
      response(record(name, 12, instance), service, record(instance, 16, Buffer.of(0))),
      response(
        record(name, 12, instance),
        service,
        record(instance, 16, Buffer.from('\x03v=1\x03c=x\x03k=y')),
      ),
      response(record(name, 12, Buffer.from('\x00', 'latin1'))),
      response(record(name, 12, Buffer.from('\xc0\x0c', 'latin1'))),
      // a question of each type
      ...Array.from({ length: 256 }, (_, type) => {
        const header = Buffer.alloc(12);
        header.writeUInt16BE(1, 4);
        return Buffer.concat([header, name, Buffer.of(0, type, 0, 1)]);
      }),
    ]) {
      hostile.send(packet, port, multicastGroup);
    }
    assert.equal((await found.take()).title, 'Steady');
    assert.equal(found.waiting, 0);
  });

  it('works quietly without a network: a note, no exception', async (test) => {
    for (const interfaces of [['192.0.2.77'], ['not an address'], []]) {
      const notes: string[] = [];
      const quiet = { ...options, interfaces, note: (text: string) => notes.push(text) };
      const announced = announce({ title: 'Nobody', link, port: 7000 }, quiet);
      const browsing = browse({ found() {}, lost() {} }, quiet);
      const sentinel = look(test);
      const heard = announce({ title: 'Sentinel', link, port: 7000 }, options);
      await sentinel.found.take();
      await Promise.all([heard.stop(), announced.stop(), browsing.stop()]);
      assert.ok(notes.length > 0, interfaces.join());
      assert.match(notes[0]!, /the join code and the link work/);
    }
  });
});
