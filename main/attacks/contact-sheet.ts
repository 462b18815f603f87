/**
 * All pictures of attacks on one sheet: a column for each private image, and in it the private image, what was rebuilt
 * of it, and what needs no attack. Small pictures are enlarged by whole pixels; captions are letters of 3 x 5 pixels, so
 * that no typeface is needed.
 */
import type { AttackImage, AttackReport } from '../../core/contract/attacks/attack-report.ts';
import { attackCatalogue } from '../../core/contract/attacks/catalogue.ts';
import type { Texts } from '../../renderer/messages/translate.ts';
import { metricValue } from '../../renderer/wording/attacks/figures.ts';
import { drawText, letterHeight, textWidth } from './letters.ts';
import { attackTitle, pictureRows, pictureRowText, splitRows } from './picture-rows.ts';
import { type Picture, pngOf } from './png.ts';
import { protectionText } from './protection-words.ts';

/** About what a picture's side is on the sheet, pixels. */
const wantedSide = 84;
/** More columns begin another band of rows. */
const mostColumns = 12;
const gap = 8;
const paper = 255;
const ink = 40;
/** Of captions and of titles. */
const letterScale = 2;
const titleScale = 3;
const captionHeight = letterHeight * letterScale + gap;
const lineHeight = letterHeight * letterScale + gap / 2;

export function contactSheet(reports: readonly AttackReport[], texts: Texts): Uint8Array {
  const bands = reports.flatMap((report) => [titleOf(report, texts), ...bandsOf(report, texts)]);
  const width = Math.max(wantedSide, ...bands.map((band) => band.width)) + 2 * gap;
  const height = bands.reduce((sum, band) => sum + band.height, 0) + 2 * gap;
  const sheet = new Sheet(width, height);
  let top = gap;
  for (const band of bands) {
    band.draw(sheet, top);
    top += band.height;
  }
  return pngOf(sheet);
}

interface Band {
  readonly width: number;
  readonly height: number;
  draw(sheet: Sheet, top: number): void;
}

function titleOf({ attack, protection }: AttackReport, texts: Texts): Band {
  const under = texts.t('lab.report.under', { protection: protectionText(protection, texts) });
  const title = `${attackTitle(attack, texts)} (${under})`;
  return {
    width: textWidth(title) * titleScale,
    height: letterHeight * titleScale + 2 * gap,
    draw(sheet, top) {
      sheet.text(title, gap, top, titleScale);
    },
  };
}

function bandsOf(report: AttackReport, texts: Texts): readonly Band[] {
  const { attack, images } = report;
  const { rows, alone } = splitRows(pictureRows(images));
  const indices = [...new Set(rows.flatMap((row) => [...row.images.keys()]))].sort(
    (one, other) => one - other,
  );
  const { metric } = attackCatalogue[attack].axis;
  const cellOf = (image: AttackImage | undefined, below: string): Cell | undefined => {
    if (image === undefined) return undefined;
    const value = image.value === null ? [] : [metricValue(metric, image.value, texts)];
    return { picture: enlarged(image), below: [...(below === '' ? [] : [below]), ...value] };
  };
  const bands: Band[] = [];
  for (let start = 0; start < indices.length; start += mostColumns) {
    const columns = indices.slice(start, start + mostColumns);
    for (const row of rows) {
      const cells = columns.map((index) => cellOf(row.images.get(index), ''));
      if (cells.some((cell) => cell !== undefined))
        bands.push(bandOf(pictureRowText(attack, row, texts), cells));
    }
  }
  for (let start = 0; start < alone.length; start += mostColumns) {
    const some = alone.slice(start, start + mostColumns);
    const cells = some.map((row) => cellOf(row.image, pictureRowText(attack, row, texts)));
    bands.push(bandOf(start === 0 ? texts.t('lab.page.without') : '', cells));
  }
  return [...bands, { width: 0, height: 2 * gap, draw: () => undefined }];
}

interface Cell {
  readonly picture: Picture;
  /** Lines under it. */
  readonly below: readonly string[];
}

function bandOf(caption: string, cells: readonly (Cell | undefined)[]): Band {
  const side = Math.max(
    ...cells.map((cell) => Math.max(cell?.picture.width ?? 0, cell?.picture.height ?? 0)),
  );
  const lines = Math.max(...cells.map((cell) => cell?.below.length ?? 0));
  const widest = Math.max(
    side,
    ...cells.flatMap((cell) => cell?.below.map((line) => textWidth(line) * letterScale) ?? []),
  );
  const columnWidth = widest + gap;
  return {
    width: Math.max(columnWidth * cells.length, textWidth(caption) * letterScale),
    height: captionHeight + side + lines * lineHeight + 2 * gap,
    draw(sheet, top) {
      sheet.text(caption, gap, top);
      for (const [column, cell] of cells.entries()) {
        if (cell === undefined) continue;
        const left = gap + column * columnWidth;
        sheet.picture(cell.picture, left, top + captionHeight);
        for (const [line, text] of cell.below.entries())
          sheet.text(text, left, top + captionHeight + side + gap / 2 + line * lineHeight);
      }
    },
  };
}

/** Each pixel as a square of so many that the picture has about the wanted side; in colours, always. */
function enlarged({ pixels, height, width, channels }: Picture): Picture {
  const factor = Math.max(1, Math.floor(wantedSide / Math.max(height, width)));
  const [tall, wide] = [height * factor, width * factor];
  const large = new Uint8Array(tall * wide * 3);
  for (let row = 0; row < tall; row += 1)
    for (let column = 0; column < wide; column += 1) {
      const from = (Math.floor(row / factor) * width + Math.floor(column / factor)) * channels;
      for (let channel = 0; channel < 3; channel += 1)
        large[(row * wide + column) * 3 + channel] = pixels[from + (channels === 3 ? channel : 0)]!;
    }
  return { pixels: large, height: tall, width: wide, channels: 3 };
}

class Sheet implements Picture {
  readonly width: number;
  readonly height: number;
  readonly channels = 3;
  readonly pixels: Uint8Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.pixels = new Uint8Array(width * height * this.channels).fill(paper);
  }

  picture({ pixels, height, width, channels }: Picture, left: number, top: number): void {
    for (let row = 0; row < height; row += 1)
      this.pixels.set(
        pixels.subarray(row * width * channels, (row + 1) * width * channels),
        ((top + row) * this.width + left) * this.channels,
      );
  }

  text(text: string, left: number, top: number, scale = letterScale): void {
    drawText(text, (column, row) => {
      const [x, y] = [left + column * scale, top + row * scale];
      if (x + scale > this.width || y + scale > this.height) return;
      for (let down = 0; down < scale; down += 1) {
        const at = ((y + down) * this.width + x) * this.channels;
        this.pixels.fill(ink, at, at + scale * this.channels);
      }
    });
  }
}
