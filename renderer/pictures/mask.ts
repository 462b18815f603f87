/**
 * A carnival mask from a fingerprint: the same on every machine. One byte of the fingerprint chooses one trait, so that
 * two fingerprints differ in shape, colour and pattern at once: about 25 bits that an eye can tell apart. It helps to
 * recognise somebody; it is never the check itself (that is the words).
 *
 * The drawing depends on ten bytes and nothing else, so that no text of a peer's can get into it.
 */

const ink = '#1a1d21';
/** Costume colours: muted, so that they never compete with the phases' colours; spread in lightness, so that they stay apart for every kind of colour vision. */
const dyes = [
  '#f4ecdf',
  '#e3b64f',
  '#d98a7e',
  '#a93a4a',
  '#7fb5a3',
  '#3d7f78',
  '#9cc3dc',
  '#3f6c9c',
  '#84548a',
  '#7b8790',
];
const lightness = [0.93, 0.73, 0.62, 0.33, 0.66, 0.45, 0.75, 0.4, 0.42, 0.52];

interface Shape {
  readonly name: string;
  /** Line of the eyes in a 64 x 64 box, symmetric about x = 32. */
  readonly eyeY: number;
  /** From the axis to an eye. */
  readonly gap: number;
  /** Where a jewel sits. */
  readonly brow: number;
  /** Where a cheek mark sits. */
  readonly low: number;
  readonly full: boolean;
  /** Has its own headdress. */
  readonly crown?: boolean;
  readonly outline: string;
}

const shapes: readonly Shape[] = [
  {
    name: 'domino',
    eyeY: 34,
    gap: 11,
    brow: 25,
    low: 42,
    full: false,
    outline:
      'M32 27C38 22 47 21 58 20C61 27 59 40 51 44.500C44 48 37.500 44 34.500 39.500C33.500 38 30.500 38 29.500 39.500C26.500 44 20 48 13 44.500C5 40 3 27 6 20C17 21 26 22 32 27Z',
  },
  {
    name: 'bauta',
    eyeY: 28,
    gap: 9,
    brow: 18,
    low: 37,
    full: true,
    outline:
      'M32 10C44 10 51 15 51 26C51 32 48.500 35 46 37L53 57C42 61.500 22 61.500 11 57L18 37C15.500 35 13 32 13 26C13 15 20 10 32 10Z',
  },
  {
    name: 'volto',
    eyeY: 29,
    gap: 8.5,
    brow: 17,
    low: 40,
    full: true,
    outline:
      'M32 9C44.500 9 51 17.500 51 29.500C51 45 42 60 32 60C22 60 13 45 13 29.500C13 17.500 19.500 9 32 9Z',
  },
  {
    name: 'medico',
    eyeY: 24,
    gap: 10,
    brow: 13.5,
    low: 34,
    full: true,
    outline:
      'M32 8C46 8 54 15 54 25C54 32 50 36 45 38.500C43 47 39 57 32 62.500C25 57 21 47 19 38.500C14 36 10 32 10 25C10 15 18 8 32 8Z',
  },
  {
    name: 'gatto',
    eyeY: 33,
    gap: 10,
    brow: 23,
    low: 42,
    full: false,
    crown: true,
    outline:
      'M32 20C36 20 40 20.500 43 21.500L56 6C60 16 60.500 30 57 39C53 47 45 51 38.500 47.500L32 52L25.500 47.500C19 51 11 47 7 39C3.500 30 4 16 8 6L21 21.500C24 20.500 28 20 32 20Z',
  },
  {
    name: 'sole',
    eyeY: 30,
    gap: 7.5,
    brow: 21,
    low: 39,
    full: true,
    crown: true,
    outline:
      'M32 2L36.500 11.500L45.500 6.500L46 16.500L56.500 16.500L51.500 25.500L61 31L51.500 36.500L56.500 45.500L46 46L45.500 56.500L36.500 51L32 61L27.500 51L18.500 56.500L18 46L7.500 45.500L12.500 36.500L3 31L12.500 25.500L7.500 16.500L18 16.500L18.500 6.500L27.500 11.500Z',
  },
  {
    name: 'farfalla',
    eyeY: 36,
    gap: 10.5,
    brow: 28,
    low: 45,
    full: false,
    crown: true,
    outline:
      'M32 29C36 21 47 7 61 9C59.500 16 62 22 57 27C61 36 57 47 48 51C41 53.500 36 48.500 34 43.500C33.200 41.800 30.800 41.800 30 43.500C28 48.500 23 53.500 16 51C7 47 3 36 7 27C2 22 4.500 16 3 9C17 7 28 21 32 29Z',
  },
  {
    name: 'jolly',
    eyeY: 35,
    gap: 8,
    brow: 26,
    low: 44,
    full: true,
    crown: true,
    outline:
      'M24.500 19C25.500 13 28 8 32 4C36 8 38.500 13 39.500 19C44 13 51 10 59.500 14C54.500 18 52 23 50.500 31C49.500 47 41.500 61 32 61C22.500 61 14.500 47 13.500 31C12 23 9.500 18 4.500 14C13 10 20 13 24.500 19Z',
  },
];

const round = (value: number): number => Math.round(value * 100) / 100;

/** What is printed on the silhouette: the second dye, clipped to it. */
const patterns: readonly ((fill: string, shape: Shape) => string)[] = [
  () => '',
  function lozenges(fill, { eyeY }) {
    let path = '';
    for (let y = (eyeY % 20) - 20; y < 84; y += 20)
      for (let x = 0; x <= 64; x += 10.667) path += `M${round(x)} ${y - 10}l5.333 10l-5.333 10l-5.333 -10z`;
    return `<path d="${path}" fill="${fill}"/>`;
  },
  (fill) => `<path d="M32 0h32v64h-32z" fill="${fill}"/>`,
  function bends(fill) {
    let path = '';
    for (let x = -64; x < 64; x += 14) path += `M${x} 64l64 -64h7l-64 64z`;
    return `<path d="${path}" fill="${fill}"/>`;
  },
  (fill, { eyeY }) => `<path d="M0 0h32v${eyeY}h-32zM32 ${eyeY}h32v64h-32z" fill="${fill}"/>`,
  function rays(fill, { eyeY }) {
    let path = '';
    for (let turn = 0; turn < 12; turn += 1) {
      const from = (turn / 12) * 2 * Math.PI - Math.PI / 2 - 0.13;
      const ends = [from, from + 0.262].map(
        (angle) => `L${round(32 + 60 * Math.cos(angle))} ${round(eyeY + 60 * Math.sin(angle))}`,
      );
      path += `M32 ${eyeY}${ends.join('')}Z`;
    }
    return `<path d="${path}" fill="${fill}"/>`;
  },
  (fill, { eyeY }) => `<path d="M0 ${eyeY + 5}h64v64h-64z" fill="${fill}"/>`,
  (fill, { eyeY }) => `<path d="M32 ${eyeY - 40}L48 ${eyeY}L32 ${eyeY + 40}L16 ${eyeY}Z" fill="${fill}"/>`,
];

/** Eyes are holes: the same ink in every theme. Drawn for the right side (x > 0), mirrored. */
const eyes = [
  'M-5.500 0C-2.500 -4.500 3 -4.500 6 -1.500C3 3.500 -2 3.800 -5.500 0Z',
  'M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z',
  'M-5 2C-3 -2.500 2 -5 7 -5C6.500 0 2 4.500 -5 2Z',
  'M-5.500 0L0 -4.200L5.500 0L0 4.200Z',
  'M-5.500 1.800C-4 -4.500 4 -4.500 5.500 1.800C3 -0.800 -3 -0.800 -5.500 1.800Z',
  'M-5 -2.500C-1 -1 3 -1.500 6 -4C6 1.500 2.500 4.200 -1 3.500C-3.500 3 -5 0.500 -5 -2.500Z',
];

function star(x: number, y: number, radius: number): string {
  const points = Array.from({ length: 10 }, (_, index) => {
    const angle = (index / 10) * 2 * Math.PI - Math.PI / 2;
    const reach = index % 2 === 1 ? radius * 0.42 : radius;
    return `${round(x + reach * Math.cos(angle))} ${round(y + reach * Math.sin(angle))}`;
  });
  return `M${points.join('L')}Z`;
}
const lozenge = (x: number, y: number, w: number, h: number): string =>
  `M${x} ${y - h}L${x + w} ${y}L${x} ${y + h}L${x - w} ${y}Z`;
const disc = (x: number, y: number, r: number): string =>
  `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
const heart = (x: number, y: number, r: number): string =>
  `M${x} ${y + r}C${x - 2 * r} ${y - r * 0.3} ${x - r} ${y - 1.4 * r} ${x} ${y - r * 0.4}C${x + r} ${y - 1.4 * r} ${x + 2 * r} ${y - r * 0.3} ${x} ${y + r}Z`;
const tear = (x: number, y: number, r: number): string =>
  `M${x} ${y - 1.9 * r}C${x + 1.5 * r} ${y + 0.2 * r} ${x + r} ${y + 1.3 * r} ${x} ${y + 1.3 * r}C${x - r} ${y + 1.3 * r} ${x - 1.5 * r} ${y + 0.2 * r} ${x} ${y - 1.9 * r}Z`;

function plume(side: 1 | -1, lean: number): string {
  const x = 32 + side * lean;
  const at = (dx: number, y: number): string => `${x + side * dx} ${y}`;
  return `M${x} 24C${at(1, 14)} ${at(6, 5)} ${at(17, 1)}C${at(19, 8)} ${at(15, 12)} ${at(17, 17)}C${at(11, 16)} ${at(9, 22)} ${at(5, 26)}Z`;
}

/** Of the plain silhouettes: behind the mask. */
const headdresses = [
  '',
  plume(-1, 6),
  plume(1, 6),
  plume(-1, 5) + plume(1, 5),
  'M20 24L17 6L26 14L32 2L38 14L47 6L44 24Z',
  'M32 26C20 22 15 13 17 5C25 6 30 10 32 15C34 10 39 6 47 5C49 13 44 22 32 26ZM32 24C28 16 28 8 32 1C36 8 36 16 32 24Z',
];

const mouths: Readonly<Record<string, string>> = {
  volto: 'M27 49C29 47.2 31 47.2 32 48C33 47.2 35 47.2 37 49C35 52 29 52 27 49Z',
  jolly: 'M26 50C29 53.5 35 53.5 38 50C36.5 56 27.5 56 26 50Z',
  sole: 'M27.5 41C30 43.5 34 43.5 36.5 41C35 45.5 29 45.5 27.5 41Z',
};
const noses: Readonly<Record<string, string>> = {
  volto: 'M32 33V42',
  bauta: 'M32 29L27.5 43.5H36.5Z',
  medico: 'M27 30C28 40 30 50 32 58C34 50 36 40 37 30',
  gatto: 'M29.5 43.5H34.5L32 46.5Z',
};

interface Traits {
  readonly shape: Shape;
  readonly base: string;
  readonly second: string;
  readonly accent: string;
  readonly pattern: number;
  readonly eyes: string;
  readonly headdress: string;
  readonly mark: number;
  readonly jewel: number;
  readonly rim: number;
}

const pick = <Item>(items: readonly Item[], byte: number): Item => items[byte % items.length]!;

/** fingerprint: hexadecimal, 10 bytes or more; anything else in it is left out. */
function traitsOf(fingerprint: string): Traits {
  const hex = fingerprint
    .toLowerCase()
    .replace(/[^0-9a-f]/g, '')
    .padEnd(20, '0');
  const bytes = Array.from({ length: 10 }, (_, index) =>
    Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16),
  );
  const numbers = dyes.map((_, index) => index);
  const base = bytes[1]! % dyes.length;
  // the second dye differs from the first in lightness
  const second = pick(
    numbers.filter((dye) => Math.abs(lightness[dye]! - lightness[base]!) > 0.16),
    bytes[2]!,
  );
  const accent = pick(
    numbers.filter((dye) => dye !== base && dye !== second),
    bytes[6]!,
  );
  return {
    shape: pick(shapes, bytes[0]!),
    base: dyes[base]!,
    second: dyes[second]!,
    accent: dyes[accent]!,
    pattern: bytes[3]! % patterns.length,
    eyes: pick(eyes, bytes[4]!),
    headdress: pick(headdresses, bytes[5]!),
    mark: bytes[7]! % 7,
    jewel: bytes[8]! % 5,
    rim: bytes[9]! % 3,
  };
}

let drawn = 0;
const known = new Map<string, string>();
const mostKnown = 1_000;

/** The inside of a 64 x 64 <svg>. */
export function maskMarkup(fingerprint: string): string {
  const traits = known.get(fingerprint) ?? draw(traitsOf(fingerprint));
  if (known.size >= mostKnown) known.clear();
  known.set(fingerprint, traits);
  // ids are the page's: every mask needs its own
  drawn += 1;
  return traits.replaceAll('CLIP', `mask-${drawn}`);
}

function draw({
  shape,
  base,
  second,
  accent,
  pattern,
  eyes: eye,
  headdress,
  mark,
  jewel,
  rim,
}: Traits): string {
  const line = `stroke="${ink}" stroke-width="1.7" stroke-linejoin="round"`;
  const small = `stroke="${ink}" stroke-width="0.9"`;
  const rimDye = rim === 1 ? dyes[0]! : accent;
  const side = (sign: 1 | -1): string =>
    `<g transform="translate(${32 + sign * shape.gap} ${shape.eyeY}) scale(${sign} 1)">${
      rim === 0
        ? ''
        : `<path d="${eye}" fill="${rimDye}" stroke="${rimDye}" stroke-width="5" stroke-linejoin="round"/>`
    }<path d="${eye}" fill="${ink}"/></g>`;
  let head = '';
  let fit = '';
  if (shape.crown !== true && headdress !== '') {
    head = `<path d="${headdress}" transform="translate(0 ${shape.full ? -5 : 3})" fill="${accent}" ${line}/>`;
    if (shape.full) fit = ' transform="translate(4.5 8.5) scale(.86)"';
  } else if (shape.name === 'jolly') {
    head = `<path d="${disc(32, 4.5, 3.2)}${disc(59, 14.5, 3.2)}${disc(5, 14.5, 3.2)}" fill="${accent}" ${line}/>`;
  }
  const cheek = shape.full ? 9 : 13;
  const marks = [
    '',
    tear(32 - cheek, shape.low, 2.3),
    disc(32 + cheek, shape.low, 1.9),
    heart(32 + cheek, shape.low, 2.5),
    star(32 - cheek, shape.low, 3.6),
    disc(32 - cheek, shape.low, 2.4) + disc(32 + cheek, shape.low, 2.4),
    lozenge(32 - cheek, shape.low, 2, 3.6) + lozenge(32 + cheek, shape.low, 2, 3.6),
  ];
  const brow = shape.brow + (shape.full ? 1 : 2.5);
  const jewels = [
    '',
    lozenge(32, brow, 2.6, 4.4),
    disc(32, brow, 2.8),
    star(32, brow, 4.4),
    tear(32, brow, 2.5),
  ];
  const ornament = (path: string): string =>
    path === '' ? '' : `<path d="${path}" fill="${accent}" ${small}/>`;
  const nose = noses[shape.name] ?? '';
  const mouth = mouths[shape.name] ?? '';
  return [
    `<clipPath id="CLIP"><path d="${shape.outline}"/></clipPath><g${fit}>`,
    head,
    `<path d="${shape.outline}" fill="${base}"/>`,
    `<g clip-path="url(#CLIP)">${patterns[pattern]!(second, shape)}</g>`,
    ornament(marks[mark]!),
    ornament(jewels[jewel]!),
    nose === ''
      ? ''
      : `<path d="${nose}" fill="${nose.endsWith('Z') ? ink : 'none'}" fill-opacity=".55" stroke="${ink}" stroke-opacity=".7" stroke-width="1.3" stroke-linecap="round" stroke-linejoin="round"/>`,
    mouth === '' ? '' : `<path d="${mouth}" fill="${ink}"/>`,
    side(-1),
    side(1),
    `<path d="${shape.outline}" fill="none" ${line}/></g>`,
  ].join('');
}
