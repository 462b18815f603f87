/** Capital letters, digits and signs of 3 x 5 pixels, for captions in pictures. */

export const letterHeight = 5;
const letterWidth = 3;

/** Rows from the top, three bits each, as octal digits: the leftmost pixel is the highest bit. */
const letters: Readonly<Record<string, string>> = {
  A: '25755',
  B: '65656',
  C: '34443',
  D: '65556',
  E: '74647',
  F: '74644',
  G: '34553',
  H: '55755',
  I: '72227',
  J: '11152',
  K: '55655',
  L: '44447',
  M: '57755',
  N: '65555',
  O: '25552',
  P: '65644',
  Q: '25573',
  R: '65655',
  S: '34216',
  T: '72222',
  U: '55557',
  V: '55552',
  W: '55775',
  X: '55255',
  Y: '55222',
  Z: '71247',
  0: '75557',
  1: '26227',
  2: '71747',
  3: '71717',
  4: '55711',
  5: '74717',
  6: '74757',
  7: '71122',
  8: '75757',
  9: '75717',
  '.': '00002',
  ',': '00024',
  ':': '02020',
  '-': '00700',
  '+': '02720',
  '%': '51245',
  '/': '11244',
  "'": '22000',
  '?': '61202',
  '(': '24442',
  ')': '21112',
};

export function textWidth(text: string): number {
  return text.length * (letterWidth + 1);
}

/** Calls dot for every pixel of ink, from column 0 and row 0 on. Accents are left out; unknown signs are gaps. */
export function drawText(text: string, dot: (column: number, row: number) => void): void {
  const plain = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').replaceAll('\u2212', '-').toUpperCase();
  for (const [position, letter] of Array.from(plain).entries()) {
    const rows = letters[letter];
    if (rows === undefined) continue;
    for (let row = 0; row < letterHeight; row += 1)
      for (let column = 0; column < letterWidth; column += 1)
        if ((Number(rows[row]) >> (letterWidth - 1 - column)) & 1)
          dot(position * (letterWidth + 1) + column, row);
  }
}
