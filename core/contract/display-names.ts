/** How a name will be shown to others, for who is typing it. */
export { LONGEST_NAME, sanitiseName } from '../joining/display-name.ts';
