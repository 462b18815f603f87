/** English: own drawings. Part of en.ts, which has the rules. */
export const drawEnglish = {
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
