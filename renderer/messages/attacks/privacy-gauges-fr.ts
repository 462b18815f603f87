/** French: texts of the attack privacy-gauges. Part of attacks/fr.ts. */
import type { Message } from '../translate.ts';
import type { privacyGaugesEnglish } from './privacy-gauges-en.ts';

export const privacyGaugesFrench: Readonly<Record<keyof typeof privacyGaugesEnglish, Message>> = {
  'attack.privacy-gauges.title': 'Deux cadrans',
  'attack.privacy-gauges.question': 'L’attaque a échoué. Êtes-vous protégé ?',
  'attack.privacy-gauges.method':
    'Écrêtage et bruit : ce que l’attaque lit encore, et ce qui est prouvé contre toute attaque',
  'attack.privacy-gauges.target': {
    one: '{count} personne, une image et un gradient ; un modèle entraîné par {clients} personnes sous le même bruit, tours : {rounds}',
    other:
      '{count} personnes, une image et un gradient chacune ; un modèle entraîné par {clients} personnes sous le même bruit, tours : {rounds}',
  },

  'attack.privacy-gauges.leaks.none': 'Non. Sans bruit, les images reviennent.',
  'attack.privacy-gauges.leaks': 'Non. L’attaque n’a même pas échoué : si peu de bruit ne cache rien.',
  'attack.privacy-gauges.partly': 'Non. Les traits se voient encore sous le bruit.',
  'attack.privacy-gauges.stopped': 'Non. Cette attaque a échoué ; rien ne vaut contre la suivante.',
  'attack.privacy-gauges.stopped.bound':
    'Dans une certaine mesure. Cette attaque a échoué, et epsilon limite toute autre.',
  'attack.privacy-gauges.stopped.masked':
    'Cette mise à jour ne dit rien : masquée, elle est du bruit pour qui n’a qu’elle.',

  'attack.privacy-gauges.evidence':
    'Ressemblance médiane : {psnr}, sans attaque au mieux {value} ({name}). Étiquettes lues juste : {labels}, au hasard {chance}.',
  'attack.privacy-gauges.evidence.rank':
    'La vraie image arrive encore {rank} sur 100 en moyenne, au hasard {chance}.',
  'attack.privacy-gauges.evidence.epsilon': 'Epsilon vaut {epsilon} pour tous les tours, avec delta {delta}.',
  'attack.privacy-gauges.evidence.none':
    'Il n’y a pas d’epsilon : rien ne borne ce qu’une attaque peut apprendre.',
  'attack.privacy-gauges.evidence.accuracy':
    'Un modèle entraîné sous ce bruit reconnaît {accuracy} des images de test, sans bruit {untouched}, au hasard {guess}.',
  'attack.privacy-gauges.short.none': '{came} sur {count}, sans bruit',
  'attack.privacy-gauges.short': '{psnr}, epsilon {epsilon}',

  'attack.privacy-gauges.setting.rounds': 'Tours',
  'attack.privacy-gauges.setting.clients': 'Personnes qui entraînent',
  'attack.privacy-gauges.setting.victims': 'Personnes attaquées',
  'attack.privacy-gauges.setting.hidden': 'Unités cachées',
  'attack.privacy-gauges.setting.series': 'D’autres bruits aussi',
  'attack.privacy-gauges.stage.training': 'Un modèle s’entraîne sous le bruit',
  'attack.privacy-gauges.series.psnr': 'Ressemblance médiane',
  'attack.privacy-gauges.series.psnr.x': 'bruit, en normes d’écrêtage',
  'attack.privacy-gauges.series.psnr.y': 'dB',
  'attack.privacy-gauges.series.labelAccuracy': 'Étiquettes lues juste',
  'attack.privacy-gauges.series.labelAccuracy.x': 'bruit, en normes d’écrêtage',
  'attack.privacy-gauges.series.labelAccuracy.y': 'part',
  'attack.privacy-gauges.series.testAccuracy': 'Ce qu’un modèle apprend encore',
  'attack.privacy-gauges.series.testAccuracy.x': 'bruit, en normes d’écrêtage',
  'attack.privacy-gauges.series.testAccuracy.y': 'exactitude',
  'attack.privacy-gauges.column.name': 'Bruit',
  'attack.privacy-gauges.cell.none': 'aucune borne',
  'attack.privacy-gauges.image.randomNoise': 'Attaque sur du bruit',

  'attack.privacy-gauges.notes':
    'Deux aiguilles, deux questions. La première concerne cette attaque : un peu de bruit l’arrête. La seconde concerne toute attaque : epsilon, et elle ne bouge guère. Montrez l’étiquette, qui se lit encore quand l’image a disparu depuis longtemps. Puis regardez la dernière colonne : un bruit qui borne toute attaque peut aussi ruiner l’apprentissage ; plus de monde et un modèle plus petit aident.',
};
