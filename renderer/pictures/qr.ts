/** A QR code (ISO/IEC 18004) as one path, so that it stays sharp at any size. */
import { create } from 'qrcode';

/** Light modules on every side, without which readers may not find the code. */
const quietModules = 4;

export interface QrPicture {
  /** Of the square box, quiet zone and all, in modules. */
  readonly side: number;
  /** Dark modules. */
  readonly path: string;
}

/** Medium error correction: a projector's edge, a finger on the screen. */
export function qrPicture(text: string): QrPicture {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const runs: string[] = [];
  for (let row = 0; row < modules.size; row += 1) {
    for (let column = 0; column < modules.size;) {
      const start = column;
      while (column < modules.size && modules.get(row, column) !== 0) column += 1;
      const length = column - start;
      if (length === 0) column += 1;
      else runs.push(`M${start + quietModules} ${row + quietModules}h${length}v1h-${length}z`);
    }
  }
  return { side: modules.size + 2 * quietModules, path: runs.join('') };
}
