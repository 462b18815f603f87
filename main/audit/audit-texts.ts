/** What an audit's findings say, in both languages. {placeholders} are filled from a finding's detail. */
import type { AuditNote } from '../../core/audit/check-transcript.ts';
import type { AuditCheck, AuditFault, Uncheckable } from '../../core/audit/findings.ts';
import type { Language } from '../../renderer/messages/formats.ts';

export interface AuditTexts {
  readonly checks: Readonly<Record<AuditCheck, string>>;
  readonly faults: Readonly<Record<AuditFault | 'more', string>>;
  readonly notes: Readonly<Record<AuditNote['note'], string>>;
  readonly uncheckable: Readonly<Record<Uncheckable, string>>;
  readonly page: {
    readonly session: string;
    readonly engine: string;
    readonly epoch: string;
    readonly round: string;
    readonly model: string;
    readonly count: string;
    readonly nothing: string;
    readonly wrong: string;
    readonly open: string;
    readonly allFine: string;
    readonly faulty: string;
  };
}

const en: AuditTexts = {
  checks: {
    form: 'The lines are in order, and all there',
    session: 'The session is named after its TLS key',
    plan: 'The plan fits the parameters',
    roster: 'Everyone was told the same roster',
    parameters: 'Everyone was told the same parameters, and they are safe',
    acknowledgements: 'Every member has acknowledged the roster',
    nonces: 'Every nonce opens its commitment',
    signatures: 'Every signature is right',
    messages: 'Every message has its form',
    order: 'Messages come in order, each once',
    rounds: 'Rounds are those of the plan',
    contexts: 'Every key was advertised for what was announced',
    keys: 'No key was used twice',
    'masked-inputs': 'Every masked vector was made for the same clients',
    sets: 'Enough clients took part in every phase',
    statements: 'Enough survivors have signed who is in each sum',
    'one-sum': 'One sum in a round, none twice over a model',
    models: 'The models follow from seed and sums',
    aggregates: 'The sums are ones that honest clients can have',
    results: 'The published figures are those of the sums',
    protections: 'Demonstrations are marked as such',
  },
  faults: {
    'line-out-of-place': 'Line {line} ({kind}) is out of place.',
    'lines-missing': 'Lines are missing: the end does not come where it says.',
    'epoch-out-of-order': 'Epoch {epoch} is out of order.',
    'epoch-unusable':
      'Line {line}: epoch {epoch} is unknown or unsound, so that nothing of it can be checked.',
    'session-not-of-key': 'Epoch {epoch}: the session is not named after its TLS key.',
    'transport-key-changed': 'Epoch {epoch} has another TLS key than the one before.',
    'plan-seed-differs': 'The seed of the plan is {found}, that of the parameters {expected}.',
    'plan-model-refused': 'The model of the plan cannot be used: {reason}',
    'plan-model-size-differs': 'The model of the plan has {found} parameters, and must have {expected}.',
    'roster-unsound': 'Epoch {epoch}: the roster has {reason}.',
    'identity-refused': 'Epoch {epoch}: an identity is not a sound RSA key.',
    'coordinator-changed': 'Epoch {epoch} has another coordinator than the one before.',
    'lobby-roster-differs': 'Epoch {epoch}: the lobby closed with another roster.',
    'lobby-roster-grew': 'Epoch {epoch}: a later draw has members that the one before had not.',
    'announced-roster-differs': 'Round {round}, attempt {attempt}: another roster was announced.',
    'parameters-below-floors': 'Epoch {epoch}: no client should accept the parameters ({rule}: {field}).',
    'parameters-changed': 'Epoch {epoch}: {field} has changed since the epoch before.',
    'announced-parameters-differ': 'Round {round}, attempt {attempt}: other parameters were announced.',
    'lobby-missing': 'Epoch {epoch}: the closing of the lobby is missing.',
    'lobby-draw-out-of-order': 'Epoch {epoch}, line {line}: a draw is out of order.',
    'acknowledgement-missing': 'Epoch {epoch}: member {client} has not acknowledged the roster.',
    'acknowledgement-differs': 'Epoch {epoch}: member {client} has acknowledged something else.',
    'nonces-missing': 'Epoch {epoch}: the opened nonces are missing.',
    'nonces-differ': 'Epoch {epoch}: the nonces are not those that were opened.',
    'nonce-opened-early': 'Epoch {epoch}: member {client} opened its nonce before all had acknowledged.',
    'opening-missing': 'Epoch {epoch}: member {client} has not opened its nonce.',
    'opening-differs': 'Epoch {epoch}: the nonce of party {client} does not open its commitment.',
    'signature-wrong': 'Line {line}: the signature of a {type} by {sender} is wrong.',
    'message-refused': 'Line {line}: a {type} by {sender} is refused ({reason}).',
    'attempt-not-newer': 'Round {round}, attempt {attempt} comes after a later one, or is there twice.',
    'round-in-two-epochs': 'Round {round} goes over two epochs.',
    'message-out-of-order':
      'Line {line}: a {type} by {sender} (round {round}, attempt {attempt}) is out of order.',
    'message-twice': 'Round {round}, attempt {attempt}: client {sender} has sent two of {type}.',
    'round-beyond-plan': 'Round {round} is beyond the {rounds} that were confirmed.',
    'rounds-missing': 'The session is said to have finished, and {got} of its {needed} rounds have ended.',
    'context-differs': 'Round {round}, attempt {attempt}: client {client} was told something else.',
    'key-unsound': 'Round {round}, attempt {attempt}: a key of client {client} is unsound.',
    'key-reused': 'Round {round}, attempt {attempt}: a key of client {client} was used before.',
    'input-without-shares':
      'Round {round}, attempt {attempt}: client {client} sent a vector, and is not in U2.',
    'input-adverts-differ': 'Round {round}, attempt {attempt}: client {client} masked for other adverts.',
    'input-sharers-differ': 'Round {round}, attempt {attempt}: client {client} masked for another U2.',
    'input-length-differs':
      'Round {round}, attempt {attempt}: the vector of client {client} has another length.',
    'sharers-missing': 'Round {round}, attempt {attempt}: U2 is missing.',
    'set-malformed': 'Round {round}, attempt {attempt}: {set} cannot be read.',
    'set-not-within': 'Round {round}, attempt {attempt}: {set} holds clients that did not come so far.',
    'survivors-left-out': 'Round {round}, attempt {attempt}: U3 leaves out clients whose vectors had come.',
    'set-below-threshold': 'Round {round}, attempt {attempt}: {set} has {got} clients, and needs {needed}.',
    'neighbourhood-starved': 'Round {round}, attempt {attempt}: a client of {set} has too few neighbours.',
    'relayed-inputs-differ':
      'Round {round}, attempt {attempt}: the masked inputs were not relayed as signed.',
    'statement-differs': 'Round {round}, attempt {attempt}: client {client} has signed another statement.',
    'signer-not-survivor': 'Round {round}, attempt {attempt}: client {client} signed, and is not in U3.',
    'too-few-statements':
      'Round {round}, attempt {attempt}: {got} statements are behind the sum, and {needed} are needed.',
    'survivors-differ': 'Round {round}, attempt {attempt}: statements were asked for a second U3.',
    'two-sums': 'Round {round} has two sums.',
    'model-summed-twice': 'Rounds {earlier} and {round} are sums over the same model.',
    'initial-model-differs':
      'Round {round}, attempt {attempt}: the model is not the one that seed and topology give.',
    'announced-model-differs':
      'Round {round}, attempt {attempt}: the model announced does not follow from the sums.',
    'clipping-norm-differs':
      'Round {round}, attempt {attempt}: the clipping norm {found} was announced, and {expected} follows from the sums.',
    'result-model-differs': 'Round {round}: the model that was signed does not follow from the sum.',
    'model-unsigned': 'Round {round}: nobody signed the model that follows from the sum.',
    'aggregate-missing': 'Round {round}: the sum is missing.',
    'aggregate-unasked': 'Round {round}, attempt {attempt}: a sum belongs to no attempt that could have one.',
    'aggregate-malformed':
      'Round {round}: the sum is not as long, or not of the kind, that the parameters say.',
    'aggregate-implausible': 'Round {round}: no honest clients can have this sum ({part}).',
    'result-missing': 'Round {round}: the published figures are missing.',
    'result-unasked': 'Round {round}: figures were published without a sum.',
    'result-differs': 'Round {round}: {field} was published as {found}, and the sum says {expected}.',
    'demonstration-differs':
      'Epoch {epoch}: header, plan and parameters differ in whether this is a demonstration.',
    'comparison-differs': 'Epoch {epoch}: the words were not compared, and the session says that they were.',
    more: 'And {count} more of the kind.',
  },
  notes: {
    demonstration: 'A demonstration: protections may have been off.',
    'models-by-rule':
      'The models follow from single updates, which are not in the file: only the first one was computed again.',
    'identities-not-compared': 'Somebody accepted the words without comparing them.',
    'attempts-aborted': 'Attempts that ended in an abort: {count}.',
    'attempts-cut-short': 'Attempts that were cut short: {count}.',
    'model-asked-again':
      'Round {round} is over the same model as round {earlier}, which was given up: every participant must have confirmed that.',
    'no-rounds': 'No round has ended.',
  },
  uncheckable: {
    'masked-sum':
      'that the masked vectors sum to the aggregates: vectors are not in the file, and must not be',
    training: 'what the clients trained on, and how honestly',
    accuracy: 'the accuracy on test images, which takes the data set',
    people: 'whether people compared the words, and whose keys these are',
    unsigned: 'title, engine, names of the end and times, which nobody signs',
    'left-out': 'attempts that were left out of the file as a whole',
  },
  page: {
    session: 'Session {session}, {title}: {startedAt} to {endedAt}, {outcome}',
    engine:
      'Engine of the coordinator: {engine}; each machine its own, and where they differ, models agree only to rounding',
    epoch: 'Epoch {epoch}: {members} members, words {words}',
    round: 'Round {round}: epoch {epoch}, attempt {attempt}, {survivors} in the sum, {statements} statements',
    model: 'Model after the last round: SHA-256 {model}',
    count: 'checked: {count}',
    nothing: 'nothing to check',
    wrong: 'WRONG',
    open: 'Cannot be checked from outside:',
    allFine: 'Everything that can be checked is in order.',
    faulty: 'Does not check: {count} of {checks}.',
  },
};

const fr: AuditTexts = {
  checks: {
    form: 'Les lignes sont en ordre, et toutes là',
    session: 'La session porte le nom de sa clé TLS',
    plan: 'Le plan correspond aux paramètres',
    roster: 'Tous ont reçu la même liste',
    parameters: 'Tous ont reçu les mêmes paramètres, et ils sont sûrs',
    acknowledgements: 'Chaque membre a accusé réception de la liste',
    nonces: 'Chaque nonce ouvre son engagement',
    signatures: 'Chaque signature est juste',
    messages: 'Chaque message a sa forme',
    order: 'Les messages viennent dans l’ordre, chacun une fois',
    rounds: 'Les tours sont ceux du plan',
    contexts: 'Chaque clé a été publiée pour ce qui était annoncé',
    keys: 'Aucune clé n’a servi deux fois',
    'masked-inputs': 'Chaque vecteur masqué a été fait pour les mêmes clients',
    sets: 'Assez de clients ont pris part à chaque phase',
    statements: 'Assez de survivants ont signé qui est dans chaque somme',
    'one-sum': 'Une somme par tour, jamais deux sur un modèle',
    models: 'Les modèles découlent de la graine et des sommes',
    aggregates: 'Les sommes sont possibles pour des clients honnêtes',
    results: 'Les chiffres publiés sont ceux des sommes',
    protections: 'Les démonstrations sont marquées comme telles',
  },
  faults: {
    'line-out-of-place': 'Ligne {line} ({kind}) : elle n’est pas à sa place.',
    'lines-missing': 'Des lignes manquent : la fin ne vient pas où elle le dit.',
    'epoch-out-of-order': 'L’époque {epoch} n’est pas à sa place.',
    'epoch-unusable':
      'Ligne {line} : l’époque {epoch} est inconnue ou fautive ; rien d’elle ne peut être vérifié.',
    'session-not-of-key': 'Époque {epoch} : la session ne porte pas le nom de sa clé TLS.',
    'transport-key-changed': 'L’époque {epoch} a une autre clé TLS que la précédente.',
    'plan-seed-differs': 'La graine du plan est {found}, celle des paramètres {expected}.',
    'plan-model-refused': 'Le modèle du plan est inutilisable : {reason}',
    'plan-model-size-differs': 'Le modèle du plan a {found} paramètres, et doit en avoir {expected}.',
    'roster-unsound': 'Époque {epoch} : la liste est fautive ({reason}).',
    'identity-refused': 'Époque {epoch} : une identité n’est pas une clé RSA valable.',
    'coordinator-changed': 'L’époque {epoch} a un autre coordinateur que la précédente.',
    'lobby-roster-differs': 'Époque {epoch} : l’accueil a fermé avec une autre liste.',
    'lobby-roster-grew': 'Époque {epoch} : un tirage a des membres que le précédent n’avait pas.',
    'announced-roster-differs': 'Tour {round}, essai {attempt} : une autre liste a été annoncée.',
    'parameters-below-floors':
      'Époque {epoch} : aucun client ne devrait accepter ces paramètres ({rule} : {field}).',
    'parameters-changed': 'Époque {epoch} : {field} a changé depuis l’époque précédente.',
    'announced-parameters-differ': 'Tour {round}, essai {attempt} : d’autres paramètres ont été annoncés.',
    'lobby-missing': 'Époque {epoch} : la fermeture de l’accueil manque.',
    'lobby-draw-out-of-order': 'Époque {epoch}, ligne {line} : un tirage n’est pas à sa place.',
    'acknowledgement-missing': 'Époque {epoch} : le membre {client} n’a pas accusé réception de la liste.',
    'acknowledgement-differs': 'Époque {epoch} : le membre {client} a accusé réception d’autre chose.',
    'nonces-missing': 'Époque {epoch} : les nonces ouverts manquent.',
    'nonces-differ': 'Époque {epoch} : les nonces ne sont pas ceux qui ont été ouverts.',
    'nonce-opened-early':
      'Époque {epoch} : le membre {client} a ouvert son nonce avant que tous aient accusé réception.',
    'opening-missing': 'Époque {epoch} : le membre {client} n’a pas ouvert son nonce.',
    'opening-differs': 'Époque {epoch} : le nonce du participant {client} n’ouvre pas son engagement.',
    'signature-wrong': 'Ligne {line} : la signature d’un {type} par {sender} est fausse.',
    'message-refused': 'Ligne {line} : un {type} par {sender} est refusé ({reason}).',
    'attempt-not-newer': 'Tour {round}, essai {attempt} : il vient après un plus récent, ou deux fois.',
    'round-in-two-epochs': 'Le tour {round} s’étend sur deux époques.',
    'message-out-of-order':
      'Ligne {line} : un {type} par {sender} (tour {round}, essai {attempt}) n’est pas à sa place.',
    'message-twice': 'Tour {round}, essai {attempt} : le client {sender} a envoyé deux {type}.',
    'round-beyond-plan': 'Le tour {round} dépasse les {rounds} qui ont été confirmés.',
    'rounds-missing': 'La session est dite terminée, et {got} de ses {needed} tours sont allés à leur terme.',
    'context-differs': 'Tour {round}, essai {attempt} : le client {client} a reçu autre chose.',
    'key-unsound': 'Tour {round}, essai {attempt} : une clé du client {client} n’est pas valable.',
    'key-reused': 'Tour {round}, essai {attempt} : une clé du client {client} avait déjà servi.',
    'input-without-shares':
      'Tour {round}, essai {attempt} : le client {client} a envoyé un vecteur sans être dans U2.',
    'input-adverts-differ':
      'Tour {round}, essai {attempt} : le client {client} a masqué pour d’autres annonces de clés.',
    'input-sharers-differ': 'Tour {round}, essai {attempt} : le client {client} a masqué pour un autre U2.',
    'input-length-differs':
      'Tour {round}, essai {attempt} : le vecteur du client {client} a une autre longueur.',
    'sharers-missing': 'Tour {round}, essai {attempt} : U2 manque.',
    'set-malformed': 'Tour {round}, essai {attempt} : {set} est illisible.',
    'set-not-within':
      'Tour {round}, essai {attempt} : {set} contient des clients qui n’étaient pas arrivés jusque-là.',
    'survivors-left-out':
      'Tour {round}, essai {attempt} : U3 laisse de côté des clients dont le vecteur était arrivé.',
    'set-below-threshold': 'Tour {round}, essai {attempt} : {set} a {got} clients, et il en faut {needed}.',
    'neighbourhood-starved': 'Tour {round}, essai {attempt} : un client de {set} a trop peu de voisins.',
    'relayed-inputs-differ':
      'Tour {round}, essai {attempt} : les vecteurs masqués n’ont pas été relayés tels que signés.',
    'statement-differs': 'Tour {round}, essai {attempt} : le client {client} a signé une autre déclaration.',
    'signer-not-survivor': 'Tour {round}, essai {attempt} : le client {client} a signé sans être dans U3.',
    'too-few-statements':
      'Tour {round}, essai {attempt} : {got} déclarations appuient la somme, et il en faut {needed}.',
    'survivors-differ':
      'Tour {round}, essai {attempt} : des déclarations ont été demandées pour un second U3.',
    'two-sums': 'Le tour {round} a deux sommes.',
    'model-summed-twice': 'Les tours {earlier} et {round} sont des sommes sur le même modèle.',
    'initial-model-differs':
      'Tour {round}, essai {attempt} : le modèle n’est pas celui que donnent la graine et l’architecture.',
    'announced-model-differs': 'Tour {round}, essai {attempt} : le modèle annoncé ne découle pas des sommes.',
    'clipping-norm-differs':
      'Tour {round}, essai {attempt} : la norme d’écrêtage {found} a été annoncée, et {expected} découle des sommes.',
    'result-model-differs': 'Tour {round} : le modèle signé ne découle pas de la somme.',
    'model-unsigned': 'Tour {round} : personne n’a signé le modèle qui découle de la somme.',
    'aggregate-missing': 'Tour {round} : la somme manque.',
    'aggregate-unasked':
      'Tour {round}, essai {attempt} : une somme n’appartient à aucun essai qui puisse en avoir.',
    'aggregate-malformed':
      'Tour {round} : la somme n’a pas la longueur ou le type que disent les paramètres.',
    'aggregate-implausible': 'Tour {round} : des clients honnêtes ne peuvent avoir cette somme ({part}).',
    'result-missing': 'Tour {round} : les chiffres publiés manquent.',
    'result-unasked': 'Tour {round} : des chiffres ont été publiés sans somme.',
    'result-differs': 'Tour {round} : {field} a été publié comme {found}, et la somme dit {expected}.',
    'demonstration-differs':
      'Époque {epoch} : en-tête, plan et paramètres ne disent pas de même si c’est une démonstration.',
    'comparison-differs':
      'Époque {epoch} : les mots n’ont pas été comparés, et la session dit qu’ils l’ont été.',
    more: 'Et {count} autres du même genre.',
  },
  notes: {
    demonstration: 'Une démonstration : des protections ont pu être désactivées.',
    'models-by-rule':
      'Les modèles découlent de mises à jour individuelles, absentes du fichier : seul le premier a été recalculé.',
    'identities-not-compared': 'Quelqu’un a accepté les mots sans les comparer.',
    'attempts-aborted': 'Essais qui ont fini par un abandon : {count}.',
    'attempts-cut-short': 'Essais interrompus : {count}.',
    'model-asked-again':
      'Le tour {round} porte sur le même modèle que le tour {earlier}, abandonné : chaque participant a dû le confirmer.',
    'no-rounds': 'Aucun tour n’est allé à son terme.',
  },
  uncheckable: {
    'masked-sum':
      'que la somme des vecteurs masqués est l’agrégat : les vecteurs ne sont pas dans le fichier, et ne doivent pas y être',
    training: 'sur quoi les clients ont entraîné, et avec quelle honnêteté',
    accuracy: 'l’exactitude sur les images de test, qui demande le jeu de données',
    people: 'si des personnes ont comparé les mots, et à qui sont ces clés',
    unsigned: 'le titre, le moteur, le nom de la fin et les heures, que personne ne signe',
    'left-out': 'les essais laissés entièrement hors du fichier',
  },
  page: {
    session: 'Session {session}, {title} : de {startedAt} à {endedAt}, {outcome}',
    engine:
      'Moteur du coordinateur : {engine} ; chaque machine a le sien, et s’ils diffèrent, les modèles ne concordent qu’à l’arrondi près',
    epoch: 'Époque {epoch} : {members} membres, mots {words}',
    round:
      'Tour {round} : époque {epoch}, essai {attempt}, {survivors} dans la somme, {statements} déclarations',
    model: 'Modèle après le dernier tour : SHA-256 {model}',
    count: 'vérifiés : {count}',
    nothing: 'rien à vérifier',
    wrong: 'FAUX',
    open: 'Ne peut être vérifié de l’extérieur :',
    allFine: 'Tout ce qui peut être vérifié est en ordre.',
    faulty: 'Ne se vérifie pas : {count} sur {checks}.',
  },
};

const texts: Readonly<Record<Language, AuditTexts>> = { en, fr };

export function auditTexts(language: Language): AuditTexts {
  return texts[language];
}

/** The template with its placeholders filled. */
export function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}
