/** French: every screen of the interface but the attack lab's, one file each. Part of fr.ts. */
import { shellFrench } from './shell-fr.ts';
import { homeFrench } from './home-fr.ts';
import { setupFrench } from './setup-fr.ts';
import { lobbyFrench } from './lobby-fr.ts';
import { watchFrench } from './watch-fr.ts';
import { partFrench } from './part-fr.ts';
import { noiseFrench } from './noise-fr.ts';
import { drawFrench } from './draw-fr.ts';
import { runsFrench } from './runs-fr.ts';
import { settingsFrench } from './settings-fr.ts';
import { labElsewhereFrench } from './lab-elsewhere-fr.ts';

export const screensFrench = {
  ...shellFrench,
  ...homeFrench,
  ...setupFrench,
  ...lobbyFrench,
  ...watchFrench,
  ...partFrench,
  ...noiseFrench,
  ...drawFrench,
  ...runsFrench,
  ...settingsFrench,
  ...labElsewhereFrench,
};
