import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isFederationError } from '../../../core/errors/federation-error.ts';
import {
  formatEndpoint,
  makeInvitation,
  parseEndpoint,
  parseInvitation,
  type JoinEndpoint,
} from '../../../core/joining/join-link.ts';

/** Any UTF-16 units, lone surrogates among them. */
const anyText = (maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.nat(0xffff), { maxLength }).map((units) => String.fromCharCode(...units));

const hash = Uint8Array.from({ length: 32 }, (_, index) => 255 - 7 * index);
const endpoints: readonly JoinEndpoint[] = [
  { host: '192.168.1.7', port: 7000 },
  { host: 'fd00::7', port: 7000 },
  { host: 'laptop.local', port: 7001 },
];
const { code, link } = makeInvitation(endpoints, hash);
const refusal = (text: string): string => {
  try {
    parseInvitation(text);
  } catch (error) {
    assert.ok(isFederationError(error) && error.code === 'invalid-setting', String(error));
    return error.message;
  }
  return assert.fail(`accepted: ${text}`);
};

describe('join links', () => {
  it('makeInvitation() writes code, key and the other addresses', () => {
    assert.equal(
      link,
      `masquerade://join/${code}?k=${Buffer.from(hash).toString('base64url')}&a=[fd00::7]:7000&a=laptop.local:7001`,
    );
  });

  it('parseInvitation() reads a link: all addresses, all of the hash, the session', () => {
    assert.deepEqual(parseInvitation(link), {
      endpoints,
      transportKeyHash: hash,
      session: hash.slice(0, 16),
    });
  });

  it('parseInvitation() reads a code: one address, ten bytes', () => {
    assert.deepEqual(parseInvitation(` ${code.toLowerCase()}\n`), {
      endpoints: [endpoints[0]],
      transportKeyHash: hash.slice(0, 10),
      session: hash.slice(0, 10),
    });
  });

  it('parseInvitation() finds a link in the text around it', () => {
    for (const text of [
      `Join us: ${link}`,
      `<${link}>`,
      `"${link}", she said`,
      `${link}.`,
      `see (${link}) now`,
      `\n\t${link}\nUntil then!`,
      link.replace('masquerade://join', 'MASQUERADE://JOIN'),
      link.replaceAll('-', (_, at: number) => (at < link.indexOf('?') ? '%20' : '-')),
    ]) {
      assert.deepEqual(parseInvitation(text).endpoints, endpoints, text);
    }
  });

  it('parseInvitation() reads back any addresses', () => {
    const hosts = fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain()).filter((host) => host !== '0.0.0.0');
    const lists = fc.uniqueArray(fc.record({ host: hosts, port: fc.integer({ min: 1, max: 65_535 }) }), {
      minLength: 1,
      maxLength: 8,
      selector: formatEndpoint,
    });
    fc.assert(
      fc.property(lists, fc.uint8Array({ minLength: 32, maxLength: 32 }), (list, key) => {
        const invitation = parseInvitation(makeInvitation(list, key).link);
        const normal = (each: readonly JoinEndpoint[]): string[] =>
          each.map((endpoint) => formatEndpoint(endpoint).toLowerCase()).sort();
        assert.deepEqual(normal(invitation.endpoints), normal(list));
        assert.deepEqual(invitation.transportKeyHash, key);
      }),
    );
  });

  it('a session without IPv4 address has a link, and a code that says so', () => {
    const only = makeInvitation([{ host: 'fd00::7', port: 7000 }], hash);
    assert.deepEqual(parseInvitation(only.link).endpoints, [{ host: 'fd00::7', port: 7000 }]);
    assert.match(refusal(only.code), /names no address/);
  });

  it('parseInvitation() refuses a link whose code and key differ', () => {
    const other = makeInvitation(endpoints, new Uint8Array(32)).code;
    assert.match(refusal(link.replace(code, other)), /one key, and name two/);
  });

  it('parseInvitation() says what is wrong with a link', () => {
    const key = Buffer.from(hash).toString('base64url');
    const start = `masquerade://join/${code}`;
    for (const [text, expected] of [
      [start, /part k, and has none/],
      [`${start}?k=${key.slice(0, -1)}`, /cut short or altered/],
      [`${start}?k=${key}&k=${key}`, /parts k and a only/],
      [`${start}?k=${key}&x=1`, /parts k and a only/],
      [`${start}?k=${key}&a=host`, /an address and a port/],
      [`${start}?k=${key}&a=1.2.3:80`, /an address and a port/],
      [`${start}?k=${key}&a=fd00::1:80`, /an address and a port/],
      [`${start}?k=${key}&a=h:0`, /an address and a port/],
      [`${start}?k=${key}${'&a=h:1'.repeat(9)}`, /at most 9 addresses, and names 10/],
      [`masquerade://join/${code.slice(2)}?k=${key}`, /28 characters, and has 26/],
      [`masquerade://other/${code}?k=${key}`, /must start with/],
      ['https://example.org/join', /must start with/],
      ['hello', /character/],
      ['', /28 characters, and has 0/],
    ] as const) {
      assert.match(refusal(text), expected, text);
    }
  });

  it('parseInvitation() throws nothing but its refusal', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyText(60),
          fc
            .tuple(fc.string(), fc.nat(link.length))
            .map(([text, at]) => link.slice(0, at) + text + link.slice(at)),
        ),
        (text) => {
          try {
            parseInvitation(text);
          } catch (error) {
            assert.ok(isFederationError(error), String(error));
          }
        },
      ),
    );
  });

  it('parseEndpoint() refuses hosts that systems read differently', () => {
    for (const text of [
      '010.0.0.1:80',
      '1:80',
      '1.2.3.4.5:80',
      '[]:80',
      '[g::]:80',
      ':80',
      'a b:80',
      'h:99999',
    ]) {
      assert.equal(parseEndpoint(text), undefined, text);
    }
  });
});
