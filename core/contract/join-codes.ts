/** Join codes as a screen reads them while they are typed; the host reads them again. */
export { decodeJoinCode, JOIN_CODE_CHARACTERS, type JoinCodeRefusal } from '../joining/join-code.ts';
