import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { callerPath } from '../../../main/files/caller-path.ts';

describe('callerPath()', () => {
  const before = process.env['MASQUERADE_CWD'];
  afterEach(() => {
    if (before === undefined) delete process.env['MASQUERADE_CWD'];
    else process.env['MASQUERADE_CWD'] = before;
  });

  it("takes relative paths from the caller's folder, wherever npm started the script", () => {
    process.env['MASQUERADE_CWD'] = resolve('/somewhere/else');
    assert.equal(callerPath('runs/one'), resolve('/somewhere/else/runs/one'));
    assert.equal(callerPath('../one'), resolve('/somewhere/one'));
    assert.equal(callerPath(resolve('/data')), resolve('/data'));
  });

  it('takes them from the current folder where nobody says another', () => {
    delete process.env['MASQUERADE_CWD'];
    assert.equal(callerPath('runs'), resolve('runs'));
  });
});
