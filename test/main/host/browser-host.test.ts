/** The browser host from outside: what it serves and to whom. A page is a socket; pages that are none are raw requests. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import type { Push } from '../../../core/contract/host.ts';
import { fromWireText, toWireText } from '../../../core/contract/wire-json.ts';
import { isToken, newToken } from '../../../main/host/access.ts';
import { type BrowserHost, openBrowserHost } from '../../../main/host/browser-host.ts';
import type { Host } from '../../../main/host/host.ts';

/** Answers every call with what it was asked; what pages did to it is kept. */
class EchoHost implements Host {
  readonly sends: ((push: Push) => void)[] = [];
  readonly calls: { readonly name: unknown; readonly args: unknown }[] = [];
  closed = 0;
  connect(send: (push: Push) => void): ReturnType<Host['connect']> {
    this.sends.push(send);
    return {
      call: (name, args) => {
        this.calls.push({ name, args });
        return Promise.resolve({ ok: true, value: null });
      },
      close: () => {
        this.closed += 1;
      },
    };
  }
  comeBack(): Promise<void> {
    return Promise.resolve();
  }
  log(): void {
    // nobody reads it
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

const root = mkdtempSync(join(tmpdir(), 'masquerade-browser-'));
const folder = join(root, 'interface');
const secret = 'not to be served';

describe('openBrowserHost()', () => {
  const host = new EchoHost();
  let browser: BrowserHost;
  let token: string;
  let own: string;

  before(async () => {
    mkdirSync(join(folder, 'assets'), { recursive: true });
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Masquerade</title>');
    writeFileSync(join(folder, 'assets', 'index-abc123.js'), 'export {};');
    mkdirSync(join(folder, 'assets', 'worker'));
    writeFileSync(join(folder, 'assets', 'worker', 'worker-abc123.js'), 'export {};');
    writeFileSync(join(folder, 'icon.svg'), '<svg/>');
    writeFileSync(join(folder, '.hidden.js'), secret);
    writeFileSync(join(folder, 'notes.txt'), secret);
    writeFileSync(join(root, 'secret.js'), secret);
    symlinkSync(join(root, 'secret.js'), join(folder, 'assets', 'link.js'));
    browser = await openBrowserHost({ host, folder, port: 0 });
    token = browser.link.split('#token=')[1]!;
    own = `127.0.0.1:${browser.port}`;
  });
  after(async () => {
    await browser.close();
    rmSync(root, { recursive: true });
  });

  /** A request as it is written, byte for byte; what comes back, whole. */
  function raw(text: string, port = browser.port): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(text, 'latin1'));
      let answer = '';
      socket.setEncoding('latin1').on('data', (data: string) => {
        answer += data;
        // the server does not end what it has let in
        if (answer.startsWith('HTTP/1.1 101') && answer.endsWith('\r\n\r\n')) socket.destroy();
      });
      socket.on('error', reject).on('close', () => {
        resolve(answer);
      });
    });
  }
  const request = (line: string, headers: Readonly<Record<string, string>> = {}): Promise<string> => {
    const all = Object.entries({ Host: own, Connection: 'close', ...headers });
    return raw(`${line} HTTP/1.1\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
  };
  const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
  const headerOf = (answer: string, name: string): string | undefined =>
    new RegExp(`^${name}: (.*)\r$`, 'im').exec(answer)?.[1];

  const upgrade = (headers: Readonly<Record<string, string>>, line = 'GET /host'): Promise<string> =>
    request(line, {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      ...headers,
    });
  const admitted = () => ({
    Origin: `http://${own}`,
    'Sec-WebSocket-Protocol': `masquerade, token.${token}`,
  });

  function page(): Promise<WebSocket> {
    const socket = new WebSocket(`ws://${own}/host`, ['masquerade', `token.${token}`], {
      origin: `http://${own}`,
    });
    return new Promise((resolve, reject) => {
      socket.once('open', () => {
        resolve(socket);
      });
      socket.once('error', reject);
    });
  }
  const closeOf = (socket: WebSocket): Promise<number> =>
    new Promise((resolve) => socket.once('close', resolve));
  const messageOf = (socket: WebSocket): Promise<unknown> =>
    new Promise((resolve) =>
      socket.once('message', (data: Buffer) => {
        resolve(fromWireText(data.toString()));
      }),
    );

  it('serves the page under a strict policy, never kept, with nothing of the token', async () => {
    const answer = await request('GET /');
    assert.equal(statusOf(answer), 200);
    assert.match(answer, /<title>Masquerade<\/title>/);
    assert.equal(headerOf(answer, 'cache-control'), 'no-store');
    assert.equal(headerOf(answer, 'x-content-type-options'), 'nosniff');
    assert.equal(headerOf(answer, 'referrer-policy'), 'no-referrer');
    assert.equal(headerOf(answer, 'cross-origin-opener-policy'), 'same-origin');
    assert.equal(headerOf(answer, 'cross-origin-resource-policy'), 'same-origin');
    assert.equal(headerOf(answer, 'access-control-allow-origin'), undefined);
    assert.equal(
      headerOf(answer, 'content-security-policy'),
      `default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self' ws://127.0.0.1:${browser.port} ws://localhost:${browser.port}; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    assert.equal(answer.includes(token), false);
    assert.equal((await request('GET /?x=1')).includes('<title>'), true);
  });

  it('lets the worker alone compile WebAssembly, under a policy that shows nothing and loads nothing from elsewhere', async () => {
    const policy = (answer: string): string => headerOf(answer, 'content-security-policy') ?? '';
    assert.equal(
      policy(await request('GET /assets/worker/worker-abc123.js')),
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    for (const path of ['/', '/assets/index-abc123.js', '/assets/worker', '/?/assets/worker/'])
      assert.doesNotMatch(policy(await request(`GET ${path}`)), /unsafe-eval/, path);
  });

  it('lets what has its content in its name be kept, and gives HEAD no body', async () => {
    const script = await request('GET /assets/index-abc123.js');
    assert.equal(headerOf(script, 'cache-control'), 'public, max-age=31536000, immutable');
    assert.match(headerOf(script, 'content-type') ?? '', /^text\/javascript/);
    assert.match(script, /export \{\};$/);
    const icon = await request('GET /icon.svg');
    assert.equal(headerOf(icon, 'cache-control'), 'no-store');
    const head = await request('HEAD /');
    assert.deepEqual([statusOf(head), headerOf(head, 'content-length')], [200, '40']);
    assert.match(head, /\r\n\r\n$/);
  });

  it('refuses every other verb', async () => {
    for (const verb of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE']) {
      const answer = await request(`${verb} /`);
      assert.deepEqual([statusOf(answer), headerOf(answer, 'allow')], [405, 'GET, HEAD'], verb);
    }
    assert.notEqual(statusOf(await request('CONNECT example.org:443')), 200);
  });

  it('refuses a Host that is not this very address: a domain that was pointed here names itself', async () => {
    const { port } = browser;
    for (const Host of [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1',
      `127.0.0.1:${port + 1}`,
      `127.0.0.1.evil.example:${port}`,
      `[::1]:${port}`,
      `0.0.0.0:${port}`,
      '',
    ]) {
      assert.equal(statusOf(await request('GET /', { Host })), 421, Host);
      assert.equal(statusOf(await upgrade({ ...admitted(), Host })), 421, Host);
    }
    assert.equal(statusOf(await raw('GET / HTTP/1.0\r\n\r\n')), 421);
    assert.equal(statusOf(await request('GET /', { Host: `LOCALHOST:${port}` })), 200);
  });

  it('refuses every Origin but its own', async () => {
    const { port } = browser;
    for (const Origin of [
      'https://evil.example',
      'null',
      `https://127.0.0.1:${port}`,
      `http://127.0.0.1:${port + 1}`,
      'http://127.0.0.1',
      `http://127.0.0.1:${port}.evil.example`,
      `http://127.0.0.1:${port}/`,
      'file://',
      '',
    ]) {
      assert.equal(statusOf(await request('GET /', { Origin })), 403, Origin);
      assert.equal(statusOf(await upgrade({ ...admitted(), Origin })), 403, Origin);
    }
    for (const name of ['127.0.0.1', 'localhost'])
      assert.equal(statusOf(await request('GET /', { Origin: `http://${name}:${port}` })), 200);
  });

  it('serves nothing outside of its folder, nothing hidden, nothing of another kind', async () => {
    for (const path of [
      '/../secret.js',
      '/assets/../../secret.js',
      '/%2e%2e/secret.js',
      '/assets/..%2f..%2fsecret.js',
      '/assets/%2e%2e/%2e%2e/secret.js',
      '/..%5csecret.js',
      '/..\\secret.js',
      '//secret.js',
      `/${join(root, 'secret.js')}`,
      '/assets/link.js',
      '/.hidden.js',
      '/notes.txt',
      '/assets/',
      '/assets',
      '/index.html%00.js',
      '/index.html/',
      '/./index.html',
      '/host',
      '*',
      `http://${own}/../secret.js`,
      '',
    ]) {
      const answer = await request(`GET ${path}`);
      assert.ok([400, 404].includes(statusOf(answer)), `${path}: ${statusOf(answer)}`);
      assert.equal(answer.includes(secret), false, path);
    }
  });

  it('opens the socket only for the token of this start', async () => {
    const others: readonly (string | undefined)[] = [
      undefined,
      'masquerade',
      `token.${token}`,
      'masquerade, token.',
      `masquerade, token.${token.slice(0, -1)}`,
      `masquerade, token.${token}A`,
      `masquerade, token.${newToken()}`,
      `masquerade, ${token}`,
      `masquerade, TOKEN.${token}`,
      // the first one counts
      `masquerade, token.x, token.${token}`,
    ];
    for (const offered of others) {
      const headers = { Origin: `http://${own}`, ...(offered && { 'Sec-WebSocket-Protocol': offered }) };
      assert.equal(statusOf(await upgrade(headers)), 401, offered);
    }
    const { Origin: _origin, ...withoutOrigin } = admitted();
    assert.equal(statusOf(await upgrade(withoutOrigin)), 403, 'no page');
    assert.equal(statusOf(await upgrade(admitted(), 'GET /')), 404);
    assert.equal(statusOf(await upgrade(admitted(), `GET /host?token=${token}`)), 404);
    assert.equal(statusOf(await upgrade(admitted(), 'POST /host')), 404);
    const answer = await upgrade(admitted());
    assert.equal(statusOf(answer), 101);
    assert.equal(headerOf(answer, 'sec-websocket-protocol'), 'masquerade');
    assert.equal(answer.includes(token), false);
  });

  it('isToken() tells any other text apart, whatever its length', () => {
    assert.equal(Buffer.from(token, 'base64url').length, 32);
    assert.ok(isToken(token, token));
    const others = ['', 'x', token.slice(1), token.toLowerCase(), `${token}${token}`, newToken()];
    for (const other of others) assert.equal(isToken(other, token), false, other);
  });

  it('carries calls and pushes, bytes included, and tells the host when a page goes', async () => {
    await turn(() => host.closed === host.sends.length);
    const { closed } = host;
    const socket = await page();
    await browser.connected;
    const answered = messageOf(socket);
    socket.send(toWireText({ id: 7, name: 'addDrawing', args: { pixels: Uint8Array.of(1, 2, 3) } }));
    assert.deepEqual(await answered, { id: 7, result: { ok: true, value: null } });
    assert.deepEqual(host.calls.at(-1), { name: 'addDrawing', args: { pixels: Uint8Array.of(1, 2, 3) } });
    const pushed = messageOf(socket);
    host.sends.at(-1)!({ push: 'go', to: '/results' });
    assert.deepEqual(await pushed, { push: 'go', to: '/results' });
    assert.equal(host.closed, closed);
    const gone = closeOf(socket);
    socket.close();
    await gone;
    await turn(() => host.closed === closed + 1);
    // nobody is there to be told
    host.sends.at(-1)!({ push: 'results' });
  });

  it('closes a page that sends what no page of ours sends, and goes on with the others', async () => {
    const other = await page();
    const before = host.calls.length;
    for (const [text, code] of [
      ['', 1008],
      ['{', 1008],
      ['null', 1008],
      ['[]', 1008],
      ['{"name":"about","args":{}}', 1008],
      ['{"id":"1","name":"about"}', 1008],
      ['{"id":1e99,"name":"about"}', 1008],
      [Buffer.from('{"id":1,"name":"about","args":{}}'), 1008],
      [JSON.stringify({ id: 1, name: 'report', args: { message: 'x'.repeat(5 << 20) } }), 1009],
    ] as const) {
      const socket = await page();
      const closed = closeOf(socket);
      socket.send(text);
      socket.send(toWireText({ id: 2, name: 'about', args: {} }));
      assert.equal(await closed, code, String(text).slice(0, 40));
    }
    assert.equal(host.calls.length, before);
    const answered = messageOf(other);
    other.send(toWireText({ id: 1, name: 'about', args: {} }));
    assert.deepEqual(await answered, { id: 1, result: { ok: true, value: null } });
    other.close();
  });

  it('has room for so many pages, and for others once some have gone', async () => {
    await turn(() => host.closed === host.sends.length);
    const { closed } = host;
    const pages = await Promise.all(Array.from({ length: 32 }, page));
    await assert.rejects(page(), /503/);
    pages[0]!.close();
    await turn(() => host.closed > closed);
    const [next] = await Promise.all([page(), ...pages.slice(1).map(closeNow)]);
    await closeNow(next);
  });

  it('listens on 127.0.0.1 alone', async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .map(({ address }) => address)
      .filter((address) => address !== '127.0.0.1' && !address.startsWith('fe80'));
    for (const address of others) {
      const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
        const socket = connect(browser.port, address, () => {
          socket.destroy();
          resolve(undefined);
        });
        socket.on('error', resolve);
      });
      assert.equal(error?.code, 'ECONNREFUSED', address);
    }
  });

  it('says so where the port is taken, and where the interface is not built', async () => {
    await assert.rejects(openBrowserHost({ host, folder, port: browser.port }), {
      code: 'invalid-setting',
      message: /taken by another program/,
    });
    for (const missing of [join(root, 'nowhere'), root])
      await assert.rejects(openBrowserHost({ host, folder: missing, port: 0 }), { code: 'file-not-found' });
  });

  it('close() ends every page and frees the port; the next start has another token', async () => {
    const second = await openBrowserHost({ host, folder, port: 0 });
    assert.notEqual(second.link.split('=')[1], token);
    const socket = new WebSocket(
      `ws://127.0.0.1:${second.port}/host`,
      ['masquerade', `token.${second.link.split('=')[1]}`],
      { origin: `http://127.0.0.1:${second.port}` },
    );
    const gone = closeOf(socket);
    await new Promise((resolve) => socket.once('open', resolve));
    await second.close();
    await gone;
    const third = await openBrowserHost({ host, folder, port: second.port });
    await third.close();
  });
});

async function closeNow(socket: WebSocket): Promise<void> {
  const gone = new Promise((resolve) => socket.once('close', resolve));
  socket.close();
  await gone;
}

async function turn(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries += 1) {
    assert.ok(tries < 2_000);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
