/** Pictures of attacks as PNG files: grey or colours, one byte a channel. */
import { PNG } from 'pngjs';
import type { AttackImage } from '../../core/contract/attacks/attack-report.ts';

export type Picture = Pick<AttackImage, 'pixels' | 'height' | 'width' | 'channels'>;

export function pngOf({ pixels, height, width, channels }: Picture): Uint8Array {
  const png = new PNG({ width, height, inputColorType: channels === 3 ? 2 : 0, inputHasAlpha: false });
  png.data = Buffer.from(pixels);
  const options = {
    colorType: channels === 3 ? 2 : 0,
    inputColorType: channels === 3 ? 2 : 0,
    inputHasAlpha: false,
  } as const;
  return new Uint8Array(PNG.sync.write(png, options));
}
