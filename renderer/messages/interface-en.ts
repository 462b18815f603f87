/** English: what is fetched before the first screen, everything but the attack lab. Part of en.ts, which has the rules. */
import { commonEnglish } from './common-en.ts';
import { enginesEnglish } from './engines-en.ts';
import { privacyEnglish } from './privacy-en.ts';
import { screensEnglish } from './screens/en.ts';
import { sessionEnglish } from './session-en.ts';
import { sessionReportEnglish } from './session-report-en.ts';
import { terminalEnglish } from './terminal-en.ts';

export const interfaceEnglish = {
  ...commonEnglish,
  // the command line, of which the interface shows some notes, too
  ...terminalEnglish,
  ...enginesEnglish,
  ...privacyEnglish,
  ...screensEnglish,
  // sessions: the command line, the report
  ...sessionEnglish,
  ...sessionReportEnglish,
} as const;
