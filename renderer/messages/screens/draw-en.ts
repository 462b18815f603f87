/** English: own drawings. Part of en.ts, which has the rules. */
export const drawEnglish = {
  // the screen
  'draw.title': 'Your drawings',
  'draw.count': { one: '{count} digit, on this machine only', other: '{count} digits, on this machine only' },
  'draw.question': 'Draw a digit, then say which it is.',
  'draw.labels': 'Which digit is it?',
  'draw.keep': 'Keep it as a {digit}',
  'draw.first': 'The digits come alive once something is drawn.',
  'draw.which': 'Press one, or its key, and the drawing is kept.',
  'draw.kept': 'Kept as a {digit}.',

  // the gallery
  'draw.gallery': 'What you have drawn',
  'draw.gallery.hint': 'Press drawings to choose them.',
  'draw.gallery.empty': 'Nothing yet. Five of each digit are a good start.',
  'draw.gallery.uneven': 'Some digits have next to none: a model learns what it sees.',
  'draw.row': { one: '{digit}: {count} drawing', other: '{digit}: {count} drawings' },
  'draw.one': 'A {digit}, {when}',
  'draw.none': 'Choose none',
  'draw.remove': { one: 'Remove {count}', other: 'Remove {count}' },
  'draw.removed': { one: '{count} drawing removed.', other: '{count} drawings removed.' },
  'draw.use':
    'They are used when you join a session and choose your drawings: added to the images that are dealt to you, or alone where everyone brings their own. They never leave this machine; what leaves is the masked update that they took part in.',
  'draw.join': 'Join a session',

  // the pad
  'draw.pad': 'A pad to draw a digit on',
  'draw.pad.invitation': 'Draw a digit',
  'draw.pad.seen': 'As the model sees it: 28 by 28, centred',
  'draw.pad.undo': 'Undo',
  'draw.pad.clear': 'Clear',
  'draw.pad.keys': 'Without a mouse: arrow keys move the pen, Space sets it down or lifts it.',
  'draw.pad.said.down': 'The pen is down.',
  'draw.pad.said.up': 'The pen is up.',
  'draw.pad.said.undone': 'Undone.',
  'draw.pad.said.cleared': 'The pad is empty.',
} as const;
