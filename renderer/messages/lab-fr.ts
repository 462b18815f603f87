/** French: what is fetched when the attack lab is opened. Part of fr.ts, which has the rules. */
import { attacksFrench } from './attacks/fr.ts';
import { labPageFrench } from './lab-page-fr.ts';
import { labFrench } from './screens/lab-fr.ts';

export const wholeLabFrench = {
  ...labFrench,
  ...attacksFrench,
  ...labPageFrench,
};
