/** French: differential privacy in sessions and simulations, on every screen and in reports. Part of fr.ts, which has the rules. */
export const privacyFrench = {
  'setting.noiseMultiplier': 'Multiplicateur de bruit',
  'setting.clippingNorm': 'Norme d’écrêtage',
  'setting.delta': 'Delta',
  'setting.adaptiveClipping': 'Écrêtage adaptatif',
  'setting.clippingQuantile': 'Quantile d’écrêtage',
  'setting.privacyBudget': 'Budget de confidentialité d’un client',

  // the command line
  'terminal.privacy': 'Bruit',
  'terminal.privacy.value':
    'epsilon {epsilon} pour delta {delta} après tous les tours ; le bruit d’une mise à jour moyenne fait {noise} normes d’écrêtage, elle-même au plus une',
  'terminal.privacy.much': 'Autant de bruit coûte de l’exactitude. Ce qui aide : {helps}.',
  'terminal.privacy.ruin': 'Autant de bruit ruine l’apprentissage. Ce qui aide : {helps}.',
  'terminal.privacy.much.alone': 'Autant de bruit coûte de l’exactitude.',
  'terminal.privacy.ruin.alone': 'Autant de bruit ruine l’apprentissage.',
  'terminal.privacy.either': '{one}, ou {other}',
  'terminal.privacy.people': { one: '{count} participant ou plus', other: '{count} participants ou plus' },
  'terminal.privacy.less': 'un multiplicateur de bruit de {noise}, qui laisse un epsilon de {epsilon}',
  'terminal.privacy.model': 'un petit modèle (cnn-small, linear), qui supporte mieux le bruit',
  'terminal.training.untold': '{time} ; sur combien d’images, personne ne le dit',
  'terminal.step.noise': 'bruit',
  'terminal.noise.text':
    'epsilon {epsilon} pour delta {delta} jusqu’ici ; {noise} de bruit dans une mise à jour de {update} ({excess} fois ce que compte epsilon)',
  'terminal.ended.privacy-budget': 'trop peu de clients avaient encore du budget de confidentialité',
  'session.outcome.privacy-budget': 'trop peu avaient encore du budget de confidentialité',
  'session.step.noise': 'bruit',
  'session.label.privacy': 'Confid.',
  'session.noise':
    'epsilon {epsilon} pour delta {delta} jusqu’ici, pour qui a toujours participé ; {noise} de bruit dans une mise à jour de {update}',
  'session.privacy.spent':
    'epsilon {epsilon} pour delta {delta} dépensé sur ces données, toutes sessions comprises ; aucune limite de votre part',
  'session.privacy.budget':
    'epsilon {epsilon} sur votre budget de {budget} dépensé sur ces données, toutes sessions comprises (pour delta {delta})',
  'session.privacy.within': {
    one: 'votre budget de {budget} suffit pour encore {count} tour',
    other: 'votre budget de {budget} suffit pour encore {count} tours',
  },
  'session.privacy.own':
    'votre mise à jour mesurait {norm}, {clipping} au plus sont envoyés, avec {noise} de votre propre bruit',
  'session.privacy.reached':
    'Impossible d’envoyer, car epsilon serait de {epsilon} et votre budget est de {budget} (pour delta {delta}). Les autres continuent sans vous.',

  'code.budget-reached': 'le budget de confidentialité est atteint',

  'watch.log.budget-reached':
    'Tour {round} : rien n’a été envoyé, car epsilon serait de {epsilon} et votre budget est de {budget}.',

  // reports
  'rounds.epsilon': 'Epsilon jusqu’ici',
  'rounds.noise': 'Bruit',
  'rounds.update': 'Mise à jour bruitée',
  'rounds.not-told': 'non dit',
  'rounds.privacy.caption':
    'Epsilon pour delta {delta} : ce que les tours jusqu’ici disent, au plus, d’un client qui a participé à tous. Chaque client ajoute sa part du bruit avant de masquer (bruit réparti) : personne ne détient de somme sans lui, pas même le coordinateur. Epsilon compte sur le bruit de {honest} présents, les autres étant supposés complices. Bruit et mise à jour sont des normes L2 de la mise à jour moyenne.',
  'banner.noise.much': 'Le bruit coûte ici de l’exactitude.',
  'banner.noise.ruin': 'Il y avait trop de bruit pour apprendre.',
  'banner.noise.text': {
    one: 'La confidentialité différentielle a mis {noise} normes d’écrêtage de bruit dans une mise à jour moyenne longue d’une au plus : {each} dans chaque nombre. Plus de participants aideraient, moins de bruit, ou un petit modèle, qui le supporte mieux.',
    other:
      'La confidentialité différentielle a mis {noise} normes d’écrêtage de bruit dans chacune des {count} mises à jour moyennes, longues d’une au plus : {each} dans chaque nombre. Plus de participants aideraient, moins de bruit, ou un petit modèle, qui le supporte mieux.',
  },
} as const;
