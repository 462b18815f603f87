/** French: differential privacy on the screens. Part of fr.ts. */
import type { Message } from '../translate.ts';
import type { noiseEnglish } from './noise-en.ts';

export const noiseFrench: Readonly<Record<keyof typeof noiseEnglish, Message>> = {
  // setting up
  'setup.noise': 'Bruit',
  'setup.noise.why':
    'Chacun ajoute un peu de bruit aléatoire avant de masquer (confidentialité différentielle). Il reste dans la somme et dans le modèle, et borne ce que ceux-ci disent de chacun.',
  'setup.noise.cost':
    'Coûte de l’exactitude, surtout dans une petite salle et avec un gros modèle. Tous comptent autant.',
  'setup.multiplier': 'Multiplicateur de bruit z',
  'setup.multiplier.hint':
    'Bruit dans la somme, en normes d’écrêtage. Plus il y en a, plus epsilon est petit.',
  'setup.clipping': 'Norme d’écrêtage C',
  'setup.clipping.hint': 'Les mises à jour plus longues sont raccourcies à cette longueur.',
  'setup.adaptive': 'Norme d’écrêtage, d’un tour à l’autre',
  'setup.adaptive.off': 'Fixe',
  'setup.adaptive.on': 'Suit',
  'setup.adaptive.hint':
    'Si elle suit, elle va là où une part des mises à jour est plus courte ; cette part est bruitée, elle aussi.',
  'setup.group.noise': 'Le bruit en détail',
  'setup.delta.hint':
    'Probabilité laissée hors d’epsilon : bien en dessous d’un divisé par le nombre de personnes.',
  'setup.quantile': 'Part des mises à jour laissées entières',
  'setup.quantile.hint': 'La norme d’écrêtage suit jusqu’à ce qu’autant soient plus courtes.',
  'setup.budget.hint': 'Au-delà de cet epsilon, un client n’envoie plus rien.',
  'setup.weights.noised':
    'Avec du bruit, tous comptent autant : le bruit ne cache pas combien d’images quelqu’un a.',
  'setup.uncovered.noise':
    'Ce que laisse le bruit : le modèle peut encore livrer autant qu’epsilon le permet. Les attaques montrent combien.',
  'setup.problem.noise.masks':
    'Avec du bruit, ils doivent être actifs : le bruit ne protège que les sommes de beaucoup.',
  'setup.problem.noise.masks.numbers':
    'Avec du bruit, ils doivent être entiers : le bruit est conçu pour des nombres entiers.',
  'setup.way.masks': 'Activer les masques',
  'setup.noise.asking': 'Ce qu’il en sera se calcule ...',
  'setup.noise.wrong': 'Ce qu’il en sera se dira dès que les réglages iront ensemble.',
  'setup.noise.epsilon': {
    one: 'epsilon après {count} tour, pour delta {delta}',
    other: 'epsilon après {count} tours, pour delta {delta} ; un seul tour : {single}',
  },
  'setup.noise.honest':
    'Epsilon compte sur le bruit de {honest} personnes sur {clients} : les autres peuvent être parties, ou complices. Quand toutes répondent, il y en a {excess} fois plus.',
  'setup.noise.help.people': {
    one: 'Au moins {count} personne',
    other: 'Au moins {count} personnes',
  },
  'setup.noise.help.people.go': 'En prendre {count}',
  'setup.noise.help.people.none': 'Plus de monde : à elles seules, même 500 personnes ne suffisent pas',
  'setup.noise.help.less': 'Un multiplicateur de bruit de {noise}, qui laisse un epsilon de {epsilon}',
  'setup.noise.help.less.go': 'Le faire',
  'setup.noise.help.model': 'Un petit modèle (cnn-small, linear) : il supporte mieux le bruit',
  'noise.harm.much': 'Autant de bruit coûte de l’exactitude. Ce qui aiderait :',
  'noise.harm.ruin':
    'Autant de bruit ruine l’apprentissage : le modèle ne fera guère mieux que deviner. Ce qui aiderait :',
  'noise.harm.little':
    'Ce bruit coûte peu d’exactitude : là où on l’a mesuré, de deux à cinq points sur cent.',

  // what it means
  'noise.means':
    'Qui voit tous les modèles et devine, à chances égales, si les données de quelqu’un y étaient, a raison au plus {percent} du temps ; une pièce a raison 50 % du temps.',
  'noise.means.little':
    'Une petite promesse : qui voit tous les modèles et devine, à chances égales, si les données de quelqu’un y étaient, peut avoir raison plus de {percent} du temps ; une pièce a raison 50 % du temps.',
  'noise.bar': 'Le bruit face à la mise à jour',
  'noise.bar.most': 'Mise à jour, au plus',
  'noise.bar.noise': 'Bruit',
  'noise.bar.update': 'Mise à jour bruitée',
  'noise.bar.caption': 'Longueur (norme L2) dans la mise à jour moyenne, en normes d’écrêtage.',
  'noise.each':
    'La longueur exagère ce que fait le bruit : presque tout est à angle droit de ce qui s’apprend. Dans chaque nombre il fait {each}, sur tous les tours {burden} ; mesuré, jusqu’à 0,011 coûte de deux à cinq points sur cent, 0,02 environ sept, et dès 0,03 presque rien ne s’apprend.',

  // the bar, the figures
  'noise.chip': 'ε {epsilon}',
  'noise.chip.of': 'ε {epsilon} sur {planned}',
  'noise.chip.planned': 'ε {planned} à la fin',
  'noise.chip.on': 'Bruit ajouté',
  'noise.chip.said': 'Bruit : epsilon {epsilon} jusqu’ici, {planned} après tous les tours',
  'noise.chip.said.planned': 'Bruit : epsilon {planned} après tous les tours',
  'watch.noise': 'Bruit',
  'noise.round.empty':
    'Après le premier tour : la longueur du bruit face à la mise à jour, et epsilon jusqu’ici.',
  'noise.round': 'Epsilon après le tour {round}, pour delta {delta}',
  'noise.round.planned': '{planned} après tous les tours',
  'watch.title.noise': 'Bruit',
  'watch.what.noise':
    'Bruit réparti : chacun ajoute sa part avant de masquer ; on ne le confie à personne, et personne ne détient jamais de somme sans lui. Un bruit central serait ajouté par le coordinateur, qui aurait d’abord vu la somme.',
  'watch.where.noise':
    'C : la norme d’écrêtage, S : les pas de l’arrondi, Δ : ce qu’une personne peut changer à la somme, z : le multiplicateur, h : ceux sur le bruit desquels compte epsilon ; les autres peuvent être partis, ou complices.',
  'watch.title.noiseless': 'Sans bruit ajouté',
  'watch.what.noiseless':
    'Les masques cachent chaque mise à jour. La somme et le modèle fini sont tels quels, et peuvent livrer ce qu’ils ont appris.',

  // a participant
  'part.budget': 'Votre propre limite (epsilon)',
  'part.budget.none': 'aucune',
  'part.budget.hint':
    'Pour les sessions qui ajoutent du bruit. Epsilon compte ce que vos mises à jour ont dit de ces images au plus, toutes sessions comprises ; au-delà de votre limite, ce portable n’envoie plus rien. 1 est strict, 8 est large.',
  'part.budget.problem': 'Il faut un nombre au-dessus de 0, et au plus 1 000 000 ; laissez vide pour aucune.',
  'part.join.missing.budget': 'Votre limite doit être un nombre au-dessus de 0, ou vide.',
  'part.problem.not-noised': 'Cette session n’ajoute pas de bruit, et vous avez fixé une limite.',
  'part.problem.not-noised.hint':
    'Rien ne bornerait ce que ses sommes disent de vous. Rejoignez sans limite, ou demandez une session avec du bruit.',
  'part.problem.not-noised.go': 'Rejoindre sans limite',
  'part.spent': 'Ce que mes mises à jour ont pu dire',
  'part.spent.of': 'ε {epsilon} sur mes {budget}',
  'part.spent.free': 'ε {epsilon}, sans limite',
  'part.spent.meter': 'Epsilon {epsilon} sur {budget} dépensé',
  'part.spent.planned':
    'Pour delta {delta}, sur ces images, toutes sessions comprises. Après tous les tours : {planned}.',
  'part.spent.within': {
    one: 'De quoi faire encore {count} tour.',
    other: 'De quoi faire encore {count} tours.',
  },
  'part.spent.charged':
    'Compté au tour {round} : au plus {clipping} de ma mise à jour, avec {noise} de mon propre bruit (longueurs).',
  'part.reached': 'Ma limite est atteinte : plus rien ne quitte ce portable.',
  'part.reached.why':
    'Avec le tour {round}, epsilon serait de {epsilon}, et ma limite est de {budget} (pour delta {delta}). Les autres continuent sans moi ; {spent} est dépensé.',

  // results
  'curves.epsilon': 'Epsilon',
  'runs.noise.chip': 'Bruit : ε {epsilon} pour δ {delta}',
  'runs.noise.off': 'Bruit : aucun',
};
