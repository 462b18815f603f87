/** French: the log of a session. Part of fr.ts. */
import type { Message } from '../translate.ts';
import type { watchLogEnglish } from './watch-log-en.ts';

export const watchLogFrench: Readonly<Record<keyof typeof watchLogEnglish, Message>> = {
  'watch.events': 'Journal',
  'watch.events.all': 'Tout',
  'watch.events.unusual': 'Inhabituel',
  'watch.events.filter': 'Quels événements',
  'watch.events.empty': 'Ce qui se passe est raconté ici, le plus récent d’abord.',
  'watch.events.quiet': 'Rien d’inhabituel : tous ont répondu, rien n’a été refusé.',
  'watch.events.round': 'Tour {round}',
  'watch.log.keys': {
    one: '{name} a envoyé deux clés publiques neuves, signées ; la signature est bonne.',
    other:
      '{count} ont envoyé deux clés publiques neuves chacun, signées ; toutes les signatures sont bonnes.',
  },
  'watch.log.keys.unsigned': {
    one: '{name} a envoyé deux clés publiques neuves.',
    other: '{count} ont envoyé deux clés publiques neuves chacun.',
  },
  'watch.log.shares': {
    one: '{name} a distribué ses parts : {threshold} sur {total} reconstituent un secret, moins n’apprennent rien.',
    other:
      '{count} ont distribué leurs parts : {threshold} sur {total} reconstituent un secret, moins n’apprennent rien.',
  },
  'watch.log.trained': {
    one: '{name} a terminé l’entraînement.',
    other: '{count} ont terminé l’entraînement, {name} en dernier pour l’instant.',
  },
  'watch.log.masked': {
    one: '{name} a masqué et signé sa mise à jour, et l’envoie.',
    other: '{count} ont masqué, signé et envoyé, {name} en dernier pour l’instant.',
  },
  'watch.log.masked.clear': {
    one: '{name} envoie sa mise à jour, lisible.',
    other: '{count} ont envoyé leur mise à jour, lisible, {name} en dernier pour l’instant.',
  },
  'watch.log.added': 'La signature de {name} est bonne. Ajouté à la somme.',
  'watch.log.added.unsigned': 'Reçu de {name}, sans signature, et ajouté à la somme.',
  'watch.log.added.many': {
    one: '{name} est vérifié et ajouté à la somme.',
    other: '{count} sont vérifiés et ajoutés à la somme, {name} en dernier pour l’instant.',
  },
  'watch.log.statement': {
    one: '{name} a signé la liste de la somme.',
    other: '{count} ont signé la même liste de la somme.',
  },
  'watch.log.unmask': {
    one: '{name} a révélé des parts ; personne ne révèle les deux sortes pour quelqu’un.',
    other: '{count} ont révélé des parts ; personne ne révèle les deux sortes pour quelqu’un.',
  },
  'watch.log.aggregated':
    'Les masques se sont annulés : la somme de {added} mises à jour est lisible, aucune ne l’est seule.',
  'watch.log.aggregated.clear': '{added} mises à jour sont additionnées.',
  'watch.log.evaluated': 'Le nouveau modèle reconnaît {accuracy} des images de test.',
  'watch.log.dropped.early': {
    one: '{names} n’a pas répondu, et n’est pas de ce tour.',
    other: '{names} n’ont pas répondu, et ne sont pas de ce tour.',
  },
  'watch.log.dropped.before': {
    one: '{names} n’est plus là, et n’a rien envoyé. Ses masques par paires peuvent être reconstitués à partir des parts de {threshold} autres.',
    other:
      '{names} ne sont plus là, et n’ont rien envoyé. Leurs masques par paires peuvent être reconstitués à partir des parts de {threshold} autres.',
  },
  'watch.log.dropped.before.clear': {
    one: '{names} n’est plus là, et n’a rien envoyé.',
    other: '{names} ne sont plus là, et n’ont rien envoyé.',
  },
  'watch.log.dropped.after': {
    one: '{names} n’est plus là. Ce qui a été envoyé reste dans la somme.',
    other: '{names} ne sont plus là. Ce qu’ils ont envoyé reste dans la somme.',
  },
  'watch.log.dropped.refused': {
    one: 'Rien de valable n’est venu de {names} : traité comme un départ.',
    other: 'Rien de valable n’est venu de {names} : traités comme des départs.',
  },
  'watch.log.because': '{sentence} Raison : {reason}.',
  'watch.log.recovered': {
    one: '{names} n’avait rien envoyé ; ses masques par paires ont été reconstitués : {shares} parts reçues, {needed} nécessaires.',
    other:
      '{names} n’avaient rien envoyé ; leurs masques par paires ont été reconstitués : {shares} parts reçues, {needed} nécessaires.',
  },
  'watch.log.recovered.refused': {
    one: '{names} a été refusé ; ses masques par paires ont été reconstitués : {shares} parts reçues, {needed} nécessaires.',
    other:
      '{names} ont été refusés ; leurs masques par paires ont été reconstitués : {shares} parts reçues, {needed} nécessaires.',
  },
  'watch.log.recovered.plain': {
    one: 'Les masques par paires de {names} ont été reconstitués à partir des parts des autres.',
    other: 'Les masques par paires de {names} ont été reconstitués à partir des parts des autres.',
  },
  'watch.log.refused.update': 'La mise à jour de {name} a été refusée : {reason}.',
  'watch.log.refused.message': 'Un message de {name} a été refusé : {reason}.',
  'watch.log.refused.stranger': 'Un message a été refusé : {reason}.',
  'watch.log.aborted': 'L’essai {attempt} a pris fin, et rien n’a été démasqué : {reason}. {next}',
  'watch.log.aborted.few':
    'L’essai {attempt} a pris fin, et rien n’a été démasqué : {got} ont répondu, il en fallait {needed}. {next}',
  'watch.log.retried': 'Essai {attempt} : clés neuves, mêmes mises à jour.',
  'watch.log.share-missing': '{name} n’a pas pu ouvrir une part de {dealer} : elle compte comme manquante.',
  'watch.log.process-replaced':
    'Un processus de calcul est mort et a été remplacé ; son travail est refait. {reason}',
  'watch.log.connection-lost': '{name} n’est plus connecté : {reason}.',
  'watch.log.connection-back': '{name} est de nouveau connecté.',
  'watch.log.paused': 'En pause.',
  'watch.log.resumed': 'La session reprend.',
  'watch.log.fault-drop': 'Vous faites partir {name}.',
  'watch.log.fault-slow': 'Vous ralentissez {name}.',
  'watch.log.fault-tamper': 'Vous changez un bit du prochain message de {name}, une fois signé.',
  'watch.log.fault-replay': 'Vous envoyez un message précédent de {name} à la place du prochain.',
  'watch.log.turned-away': '{who} n’a pas été admis : {reason}.',
  'watch.log.repeat-asked':
    'Le tour {round} ne peut pas être répété sans demander : la question est posée à tous.',
  'watch.log.own': '{name} : {what}.',
};
