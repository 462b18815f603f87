/** The window's colour before the page is painted: the interface's paper, so that nothing flashes. */

/** css: tokens.css. Throws where it names no paper: the style sheet is part of the application. */
export function paperColour(css: string, isDark: boolean): string {
  const [, light, dark] = /--paper:\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)/i.exec(css) ?? [];
  const colour = isDark ? dark : light;
  if (colour === undefined) throw new Error('cannot find the colour of the paper in tokens.css');
  return colour;
}
