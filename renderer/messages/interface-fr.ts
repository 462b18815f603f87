/** French: what is fetched before the first screen, everything but the attack lab. Part of fr.ts, which has the rules. */
import { commonFrench } from './common-fr.ts';
import { enginesFrench } from './engines-fr.ts';
import { privacyFrench } from './privacy-fr.ts';
import { screensFrench } from './screens/fr.ts';
import { sessionFrench } from './session-fr.ts';
import { sessionReportFrench } from './session-report-fr.ts';
import { terminalFrench } from './terminal-fr.ts';

export const interfaceFrench = {
  ...commonFrench,
  // the command line, of which the interface shows some notes, too
  ...terminalFrench,
  ...enginesFrench,
  ...privacyFrench,
  ...screensFrench,
  // sessions: the command line, the report
  ...sessionFrench,
  ...sessionReportFrench,
};
