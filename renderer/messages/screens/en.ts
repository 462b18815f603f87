/** English: every screen of the interface but the attack lab's, one file each. Part of en.ts. */
import { shellEnglish } from './shell-en.ts';
import { homeEnglish } from './home-en.ts';
import { setupEnglish } from './setup-en.ts';
import { lobbyEnglish } from './lobby-en.ts';
import { watchEnglish } from './watch-en.ts';
import { partEnglish } from './part-en.ts';
import { noiseEnglish } from './noise-en.ts';
import { drawEnglish } from './draw-en.ts';
import { runsEnglish } from './runs-en.ts';
import { settingsEnglish } from './settings-en.ts';
import { labElsewhereEnglish } from './lab-elsewhere-en.ts';

export const screensEnglish = {
  ...shellEnglish,
  ...homeEnglish,
  ...setupEnglish,
  ...lobbyEnglish,
  ...watchEnglish,
  ...partEnglish,
  ...noiseEnglish,
  ...drawEnglish,
  ...runsEnglish,
  ...settingsEnglish,
  ...labElsewhereEnglish,
};
