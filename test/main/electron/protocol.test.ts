import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  answerRequest,
  fileOf,
  INTERFACE_POLICY,
  isInterfaceAddress,
  type Served,
} from '../../../main/electron/protocol.ts';

const inside = (path: string): string | undefined => fileOf(`app://masquerade${path}`, '/srv/interface');

describe('fileOf()', () => {
  it('finds files below the folder, and the first page at its top', () => {
    assert.equal(inside('/'), '/srv/interface/index.html');
    assert.equal(inside('/assets/main-1a2b.js?v=1#/results'), '/srv/interface/assets/main-1a2b.js');
    assert.equal(inside('/a%20b.svg'), '/srv/interface/a b.svg');
  });

  it('never leaves the folder, however the way out is written', () => {
    for (const path of [
      '/%2e%2e%2fsecret.html',
      '/..%2f..%2fetc%2fpasswd',
      '/assets/%2e%2e%2f%2e%2e%2fsecret.js',
      '/..%5c..%5csecret.js',
      '/C:%5cwindows%5cwin.html',
      '/c%3A/windows/win.html',
      '/index.html%00.js',
      '/index.html%3A%3A$DATA',
      '/%',
      '/%ff',
    ])
      assert.equal(inside(path), undefined, path);
    // what the reader of addresses has taken out already stays inside
    assert.equal(inside('/../../etc/passwd'), '/srv/interface/etc/passwd');
    assert.equal(inside('//etc/passwd'), '/srv/interface/etc/passwd');
  });

  it('knows no other origin', () => {
    for (const address of [
      'app://other/index.html',
      'app://masquerade:80/index.html',
      'app://masquerade.evil.example/index.html',
      'app://me:it@masquerade/index.html',
      'app:masquerade/index.html',
      'apps://masquerade/index.html',
      'https://masquerade/index.html',
      'file:///srv/interface/index.html',
      'nothing',
    ]) {
      assert.equal(fileOf(address, '/srv/interface'), undefined, address);
      assert.equal(isInterfaceAddress(address), false, address);
    }
  });
});

describe('answerRequest()', () => {
  let folder = '';
  let served: Served;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'masquerade-protocol-'));
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<!doctype html>');
    await writeFile(join(folder, 'assets/main.js'), 'start()');
    await mkdir(join(folder, 'assets/worker'));
    await writeFile(join(folder, 'assets/worker/worker-1a2b.js'), 'work()');
    await writeFile(join(folder, 'secret.txt'), 'secret');
    await writeFile(join(folder, 'tokens.css'), ':root {}');
    served = {
      folder,
      made: (path) => (path === '/shell/unlock' ? { html: '<p>', policy: "default-src 'none'" } : undefined),
      styles: (path) => (path === '/shell/tokens.css' ? join(folder, 'tokens.css') : undefined),
    };
  });
  after(() => rm(folder, { recursive: true }));

  const get = (path: string, method = 'GET') =>
    answerRequest({ method, url: `app://masquerade${path}` }, served);

  it('answers with a file, its kind and the content security policy', async () => {
    const page = await get('/');
    assert.equal(page.status, 200);
    assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
    assert.equal(page.headers.get('content-security-policy'), INTERFACE_POLICY);
    assert.equal(page.headers.get('x-content-type-options'), 'nosniff');
    const script = await get('/assets/main.js');
    assert.equal(script.headers.get('content-type'), 'text/javascript; charset=utf-8');
    assert.equal(await script.text(), 'start()');
  });

  it('lets the worker alone compile WebAssembly', async () => {
    const policy = async (path: string): Promise<string> =>
      (await get(path)).headers.get('content-security-policy') ?? '';
    assert.match(
      await policy('/assets/worker/worker-1a2b.js'),
      /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self';/,
    );
    for (const path of ['/', '/assets/main.js', '/assets/worker/..%2F..%2Findex.html'])
      assert.equal(await policy(path), INTERFACE_POLICY, path);
  });

  it('answers with pages made by main under their own policy, and their styles', async () => {
    const page = await get('/shell/unlock');
    assert.equal(page.headers.get('content-security-policy'), "default-src 'none'");
    assert.equal(await (await get('/shell/tokens.css')).text(), ':root {}');
  });

  it('answers nothing else: no other kind, folder, method or origin', async () => {
    assert.equal((await get('/secret.txt')).status, 404);
    assert.equal((await get('/assets')).status, 404);
    assert.equal((await get('/missing.js')).status, 404);
    assert.equal((await get('/', 'POST')).status, 405);
    const other = await answerRequest({ method: 'GET', url: 'app://other/index.html' }, served);
    assert.equal(other.status, 400);
  });
});

describe('INTERFACE_POLICY', () => {
  it('lets in nothing from elsewhere, no script that stands in a page, no frame and no form', () => {
    const rules = new Map(
      INTERFACE_POLICY.split('; ').map((rule) => [rule.split(' ')[0], rule.split(' ').slice(1)]),
    );
    assert.deepEqual(rules.get('default-src'), ["'none'"]);
    assert.deepEqual(rules.get('script-src'), ["'self'"]);
    for (const name of ['base-uri', 'form-action', 'frame-ancestors'])
      assert.deepEqual(rules.get(name), ["'none'"], name);
    const sources = [...rules.values()].flat();
    assert.ok(sources.every((source) => /^('self'|'none'|'unsafe-inline'|data:|blob:)$/.test(source)));
    for (const [name, allowed] of rules)
      if (allowed.includes("'unsafe-inline'")) assert.equal(name, 'style-src');
  });
});
