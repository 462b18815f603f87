import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { create } from 'qrcode';
import { qrPicture } from '../../../renderer/pictures/qr.ts';

describe('qrPicture()', () => {
  it('covers exactly the dark modules, inside a quiet zone of four', () => {
    const text = 'masquerade://join/0G00-0107-ABCD-EFGH-JKMN-PQRS-TVWX?k=abc';
    const { modules } = create(text, { errorCorrectionLevel: 'M' });
    const { side, path } = qrPicture(text);
    assert.equal(side, modules.size + 8);
    const covered = new Set<string>();
    for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
      for (let step = 0; step < Number(length); step += 1) covered.add(`${Number(x) + step} ${Number(y)}`);
    }
    let dark = 0;
    for (let row = 0; row < modules.size; row += 1)
      for (let column = 0; column < modules.size; column += 1) {
        const isDark = modules.get(row, column) !== 0;
        dark += isDark ? 1 : 0;
        assert.equal(covered.has(`${column + 4} ${row + 4}`), isDark, `${row} ${column}`);
      }
    assert.equal(covered.size, dark);
    assert.equal(path.replaceAll(/M\d+ \d+h\d+v1h-\d+z/g, ''), '');
  });
});
