/** Where the window stood when it was closed, kept in a file; and where it can stand now, on the screens that are there. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeWholeFile } from '../files/files.ts';

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const pixels = z.int().min(-100_000).max(100_000);
const stateSchema = z.strictObject({
  bounds: z.strictObject({ x: pixels, y: pixels, width: pixels, height: pixels }),
  maximised: z.boolean(),
  fullScreen: z.boolean(),
});
export type WindowState = z.infer<typeof stateSchema>;

/** Smaller, the interface does not fit. */
export const SMALLEST = { width: 880, height: 600 } as const;
const usual = { width: 1280, height: 840 };
/** So much of the title bar must lie on a screen that a person can take hold of it. */
const grip = { width: 160, height: 24 };

/**
 * The saved state, where a screen still shows enough of it, else the middle of the first screen. `screens`: their work
 * areas, the primary one first; never empty.
 */
export function saneState(saved: unknown, screens: readonly Area[]): WindowState {
  const first = screens[0]!;
  const read = stateSchema.safeParse(saved);
  if (!read.success) return { bounds: centred(usual, first), maximised: false, fullScreen: false };
  const { bounds, ...rest } = read.data;
  const screen = screens.find((area) => canBeHeld(bounds, area));
  if (screen === undefined) return { bounds: centred(bounds, first), ...rest };
  const { width, height } = fitting(bounds, screen);
  return { bounds: { x: bounds.x, y: bounds.y, width, height }, ...rest };
}

/** The top edge, with the title bar, lies on the screen; sideways it may reach out. */
function canBeHeld({ x, y, width }: Area, screen: Area): boolean {
  const visible = Math.min(x + width, screen.x + screen.width) - Math.max(x, screen.x);
  return visible >= grip.width && y >= screen.y && y + grip.height <= screen.y + screen.height;
}

function fitting({ width, height }: { width: number; height: number }, screen: Area): typeof usual {
  return {
    width: Math.min(Math.max(width, SMALLEST.width), screen.width),
    height: Math.min(Math.max(height, SMALLEST.height), screen.height),
  };
}

function centred(size: { width: number; height: number }, screen: Area): Area {
  const { width, height } = fitting(size, screen);
  return {
    x: screen.x + Math.round((screen.width - width) / 2),
    y: screen.y + Math.round((screen.height - height) / 2),
    width,
    height,
  };
}

/** What the file holds, whatever that is; undefined where there is none to read. */
export async function readSavedState(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** A place that cannot be remembered is no reason to stop. */
export async function saveState(path: string, state: WindowState): Promise<void> {
  await writeWholeFile(path, JSON.stringify(state)).catch(() => undefined);
}
