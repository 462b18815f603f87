import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NetworkInterfaceInfo } from 'node:os';
import { addressKey, ownAddresses, plainAddress } from '../../../main/network/addresses.ts';
import { createArrivals, defaultArrivalLimits } from '../../../main/network/arrivals.ts';

const info = (address: string, internal = false): NetworkInterfaceInfo =>
  ({ address, internal, family: address.includes(':') ? 'IPv6' : 'IPv4' }) as NetworkInterfaceInfo;

describe('arrivals', () => {
  it('enter() lets a lecture hall behind one address come at once', () => {
    const arrivals = createArrivals(defaultArrivalLimits, () => 0);
    for (let count = 0; count < 500; count += 1) assert.ok(arrivals.enter('10.0.0.1'));
  });

  it('enter() leaves places for others when one address takes all it can', () => {
    const arrivals = createArrivals(defaultArrivalLimits, () => 0);
    while (arrivals.enter('10.0.0.1') !== undefined);
    assert.ok(arrivals.enter('10.0.0.2'));
  });

  it('admit() and leave() free places once, however often they are called', () => {
    const limits = { ...defaultArrivalLimits, connections: 2, strangers: 1 };
    const arrivals = createArrivals(limits, () => 0);
    const first = arrivals.enter('a')!;
    assert.equal(arrivals.enter('b'), undefined);
    first.admit();
    first.admit();
    const second = arrivals.enter('b')!;
    assert.equal(arrivals.enter('c'), undefined);
    second.admit();
    assert.equal(arrivals.enter('c'), undefined, 'two connections are open');
    first.leave();
    first.leave();
    assert.ok(arrivals.enter('c'));
    assert.equal(arrivals.enter('d'), undefined);
  });

  it('enter() counts new connections of an address over time, those of others not', () => {
    let now = 0;
    const limits = { ...defaultArrivalLimits, burstPerAddress: 2, perSecondPerAddress: 10 };
    const arrivals = createArrivals(limits, () => now);
    const come = (address: string): boolean => {
      const place = arrivals.enter(address);
      place?.leave();
      return place !== undefined;
    };
    assert.deepEqual([come('a'), come('a'), come('a'), come('b')], [true, true, false, true]);
    now = 99;
    assert.equal(come('a'), false);
    now = 100;
    assert.deepEqual([come('a'), come('a')], [true, false]);
    now = 1_000_000;
    assert.deepEqual([come('a'), come('a'), come('a')], [true, true, false]);
  });

  it('enter() forgets addresses that are at rest', () => {
    let now = 0;
    const arrivals = createArrivals({ ...defaultArrivalLimits, perSecondPerAddress: 1_000 }, () => now);
    for (let count = 0; count < 100_000; count += 1) {
      now += 1;
      arrivals.enter(`10.${count >> 16}.${(count >> 8) & 255}.${count & 255}`)?.leave();
    }
    assert.ok(arrivals.enter('10.0.0.1'));
  });

  it('enter() takes an IPv6 network of 64 bits as one address', () => {
    for (const [address, key] of [
      ['10.0.0.1', '10.0.0.1'],
      ['fd00::1', 'fd00:0:0:0::/64'],
      ['fd00:0:0:0:1:2:3:4', 'fd00:0:0:0::/64'],
      ['2001:db8:1:2::', '2001:db8:1:2::/64'],
      ['2001:0db8:0001:0002:ffff::1', '2001:db8:1:2::/64'],
      ['::1', '0:0:0:0::/64'],
    ] as const) {
      assert.equal(addressKey(address), key);
    }
  });
});

describe('addresses', () => {
  it('ownAddresses() puts private IPv4 first, then IPv6, virtual interfaces last; nothing that holds on one link', () => {
    assert.deepEqual(
      ownAddresses({
        lo: [info('127.0.0.1', true), info('::1', true)],
        docker0: [info('172.17.0.1')],
        eth0: [info('fe80::1'), info('fd00::2'), info('203.0.113.5')],
        wlan0: [info('169.254.7.7'), info('192.168.1.7')],
      }),
      ['192.168.1.7', '203.0.113.5', '169.254.7.7', 'fd00::2', '172.17.0.1'],
    );
  });

  it('ownAddresses() falls back to the loopback', () => {
    assert.deepEqual(ownAddresses({ lo: [info('127.0.0.1', true), info('::1', true)] }), [
      '127.0.0.1',
      '::1',
    ]);
    assert.deepEqual(ownAddresses({}), []);
  });

  it('plainAddress() drops what the system adds', () => {
    assert.equal(plainAddress('::ffff:10.0.0.1'), '10.0.0.1');
    assert.equal(plainAddress('fe80::1%eth0'), 'fe80::1');
    assert.equal(plainAddress(undefined), '');
  });
});
