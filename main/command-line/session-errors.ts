/** What ends `coordinate` or `join` early, in the session's language. English is what the errors say by themselves. */
import { type ErrorCode, type ErrorDetails, FederationError } from '../../core/errors/federation-error.ts';
import type { Language } from '../../renderer/messages/formats.ts';
import { textsOf } from '../../renderer/messages/translate.ts';
import { codeText, outcomeText } from '../../renderer/wording/watching/parts.ts';

const terminal = textsOf('fr', 'terminal');

const addressReasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'un autre programme y écoute',
  EADDRNOTAVAIL: 'cette machine n’a pas cette adresse',
  EACCES: 'cet utilisateur ne peut y écouter',
};

const french: { readonly [Code in ErrorCode]?: (details: ErrorDetails[Code]) => string } = {
  'session-over': ({ outcome }) =>
    `Cette session est terminée sur cette machine : ${outcomeText(outcome, terminal)}.`,
  'session-unknown': ({ session }) =>
    session === ''
      ? 'Aucune session de cette machine n’a été interrompue : il n’y a rien à reprendre.'
      : `Cette machine ne connaît pas de session ${session}.`,
  'not-let-in': ({ reason }) =>
    reason === 'another-coordinator'
      ? 'Impossible de participer : qui répond à cette adresse n’a pas la clé que le code ou le lien désigne. Vérifiez le code ; s’il est juste, quelqu’un se tient entre vous.'
      : `Impossible de participer : ${codeText(reason, terminal)}.`,
  'plan-refused': () =>
    'Impossible de participer : le plan de cette session est inutilisable pour cette version de Masquerade.',
  'demonstration-refused': () =>
    'Impossible de participer : cette session est une démonstration, où des protections peuvent être coupées. Si c’est ce que vous voulez, ajoutez --agree-to-demonstration.',
  'not-noised': ({ budget }) =>
    `Impossible de participer : vous avez fixé un budget de confidentialité de ${budget}, et cette session n’ajoute pas de bruit ; rien ne borne ce que disent ses sommes. Participez sans budget, ou demandez la confidentialité différentielle à l’animateur.`,
  'client-barred': ({ reason }) =>
    reason === 'state-lost'
      ? 'Impossible de continuer à participer : ce que cette machine a signé dans cette session n’est plus sur le disque (perdu, ou rétabli d’une copie).'
      : 'Impossible de participer : les réglages de cette session protègent moins que ce que cette machine accepte.',
  'address-unusable': ({ address, reason }) =>
    `Impossible d’écouter à ${address} : ${addressReasons[reason] ?? reason}.`,
  'data-does-not-fit': ({ needed, found }) =>
    `Impossible de participer avec ces données : il faut « ${needed} », et c’est « ${found} ».`,
  'folder-in-use': ({ path }) => `Un autre Masquerade utilise déjà ${path}. Fermez-le, ou donnez --data-dir.`,
  'disk-full': ({ path }) => `Le disque de ${path} est plein. Libérez de la place, puis réessayez.`,
  'passphrase-needed': ({ path }) =>
    `Les clés de ${path} sont protégées par une phrase de passe : donnez --passphrase-file.`,
  'passphrase-wrong': ({ path }) => `La phrase de passe de ${path} est fausse.`,
};

/** The same error with its message in the language, where there is one; else the error as it is. */
export function inLanguage<Code extends ErrorCode>(
  error: FederationError<Code>,
  language: Language,
): FederationError<Code> {
  const { code, details, blame, action } = error;
  const message = language === 'fr' ? french[code]?.(details) : undefined;
  if (message === undefined) return error;
  return new FederationError(code, message, { details, blame, action, cause: error });
}
