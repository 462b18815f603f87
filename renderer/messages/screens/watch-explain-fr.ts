/** French: what everything in the session view is, in one sentence, and what the letters of its formula are. Part of fr.ts. */
import type { Message } from '../translate.ts';
import type { explainEnglish } from './watch-explain-en.ts';

export const explainFrench: Readonly<Record<keyof typeof explainEnglish, Message>> = {
  'watch.what.waiting': 'A le modèle, et n’a pas encore commencé ce tour.',
  'watch.what.keys':
    'A créé deux paires de clés neuves et envoyé les moitiés publiques : une pour parler en privé, une pour convenir de masques.',
  'watch.where.keys': 'g : le groupe. c, s : secrets, jamais envoyés, oubliés après cet essai.',
  'watch.what.shares':
    'A découpé ce qui cache sa mise à jour en parts pour les autres : {threshold} d’entre eux la reconstituent, moins n’apprennent rien.',
  'watch.where.shares':
    'f : un polynôme au hasard pour chaque octet, t : combien de parts il faut, x : le point de qui détient la part.',
  'watch.what.training':
    'Entraîne sur des images qui restent où elles sont. Seul le changement du modèle va plus loin.',
  'watch.where.training':
    'w : le modèle avant et après, borné à R, pondéré par le nombre d’images n, arrondi en entiers à l’échelle S.',
  'watch.what.masking':
    'Cache la mise à jour sous un masque à soi et un masque par autre personne ; ces derniers s’annulent dans la somme.',
  'watch.where.masking':
    'x : la mise à jour, b : la graine à soi, s : le secret de deux. L’un de chaque paire ajoute, l’autre soustrait.',
  'watch.what.signing': 'Signe la mise à jour masquée avec une clé que cette personne est seule à avoir.',
  'watch.where.signing': 'd : la clé privée, m : tour, essai, phase, expéditeur et chaque octet du message.',
  'watch.what.sending':
    'La mise à jour masquée est en chemin. Seule, elle ne dit rien : toute valeur est aussi probable.',
  'watch.where.sending': 'd : combien de nombres, chacun de tant de bits.',
  'watch.what.verified': 'La signature est bonne, et la mise à jour est dans la somme.',
  'watch.where.verified': 'Y : la somme en cours. La mise à jour seule est ensuite jetée.',
  'watch.what.dropped':
    'N’est plus de ce tour. Ce que d’autres détiennent de la clé de masque permet de retirer les masques de la somme.',
  'watch.where.dropped': 'U : ceux qui sont dans la somme, s : ce dont u et v ont convenu.',
  'watch.what.recovered':
    'N’est plus là après avoir distribué ses parts : la clé de masque en a été reconstituée, et la somme est juste sans sa mise à jour.',
  'watch.where.recovered': 'λ : combien compte chaque part, d’après les seuls points x.',
  'watch.what.refused': 'Quelque chose ne convenait pas, et rien n’en a été ajouté.',
  'watch.where.refused': 'e : la clé publique, m : ce qui est arrivé, σ : la signature qui venait avec.',
  'watch.title.web': 'Masques par paires',
  'watch.what.web':
    'Chaque trait est un secret de deux personnes : l’une ajoute le masque qui en est fait, l’autre le soustrait, et dans la somme il disparaît.',
  'watch.where.web':
    's : le secret de chacun. Les deux arrivent au même secret à partir de la moitié publique de l’autre.',
  'watch.title.zone-clear': 'Lisible',
  'watch.what.zone-clear':
    'Ici une mise à jour est lisible, mais par son seul propriétaire, sur sa propre machine.',
  'watch.title.zone-masked': 'Masqué',
  'watch.what.zone-masked':
    'Ici tout est sous des masques : qui n’en voit qu’une, coordinateur compris, voit des nombres au hasard.',
  'watch.title.zone-unmasked': 'Sans masque',
  'watch.what.zone-unmasked':
    'Les masques sont désactivés : tout ce qui passe cette ligne est lisible par le coordinateur.',
  'watch.title.sum': 'La somme du coordinateur',
  'watch.what.sum':
    'Le coordinateur additionne ce qui arrive. C’est du bruit jusqu’à ce que les masques s’annulent ; c’est alors la somme, et elle seule.',
  'watch.where.sum':
    'U₃ : ceux qui ont envoyé, U₂ : ceux qui ont distribué des parts. Les graines b et les clés s viennent des parts.',
  'watch.title.advertise-keys': 'Clés',
  'watch.title.share-keys': 'Parts',
  'watch.title.masked-input': 'Masqué, signé, envoyé',
  'watch.title.statement': 'La liste est signée',
  'watch.what.statement':
    'Avant qu’une part soit révélée, tous signent une seule et même liste de la somme : aucune seconde somme ne peut ainsi être démasquée.',
  'watch.where.statement':
    'Deux listes de T signatures demanderaient une personne honnête qui aurait signé les deux ; n : combien ils sont.',
  'watch.title.unmask': 'Des parts sont révélées',
  'watch.what.unmask':
    'Pour qui est dans la somme, une part de sa graine ; pour qui est parti, une part de la clé de masque : jamais les deux.',
  'watch.title.signed': 'Signé',
  'watch.what.signed': 'Chaque message est signé : modifié, rejoué ou inventé, il est refusé.',
  'watch.title.unsigned': 'Non signé',
  'watch.what.unsigned': 'Les signatures sont désactivées : un message modifié ou inventé serait accepté.',
  'watch.title.masked': 'Masqué',
  'watch.what.masked':
    'Chaque mise à jour est masquée : le coordinateur peut lire la somme, et aucune mise à jour seule.',
  'watch.title.unmasked': 'Lisible',
  'watch.what.unmasked': 'Les masques sont désactivés : le coordinateur peut lire chaque mise à jour.',
  'watch.title.demonstration': 'Une démonstration',
  'watch.what.demonstration':
    'Ouverte comme démonstration : les protections peuvent être désactivées, et tous y ont consenti. N’y mettez aucune donnée qui compte.',
  'watch.title.threshold': 'Combien il en faut',
  'watch.what.threshold':
    'Tant doivent répondre à chaque phase. S’ils sont moins, le tour prend fin sans que rien ne soit lu.',
  'watch.where.threshold':
    'n : combien participent. Jusqu’à un tiers peuvent être de mèche, le coordinateur parmi eux.',
  'watch.title.update': 'La vraie mise à jour',
  'watch.what.update':
    'Le changement du modèle, en image de certains de ses nombres : zéro est le papier, plus l’encre est forte plus le changement est grand. Dessous, combien de fois chaque valeur apparaît.',
  'watch.title.arrives': 'Ce qui arrive',
  'watch.what.arrives':
    'Les mêmes nombres tels qu’ils parviennent au coordinateur. Sous les masques, chacun peut être n’importe lequel, et toutes les valeurs sont aussi fréquentes.',
  'watch.where.arrives': 'k : une valeur quelconque, bits : combien de bits a un nombre.',
  'watch.title.accuracy': 'Exactitude',
  'watch.what.accuracy':
    'La part des images de test que le modèle reconnaît ; personne ne s’est entraîné dessus.',
  'watch.title.loss': 'Perte',
  'watch.what.loss': 'À quel point les bonnes réponses surprennent le modèle ; 0 serait la certitude.',
  'watch.where.loss': 'p : la probabilité que le modèle donne à la vraie classe de l’image i.',
  'watch.title.f1': 'F1 pondéré',
  'watch.what.f1':
    'Précision et rappel de chaque classe en un nombre, pondéré par la fréquence de la classe.',
  'watch.where.f1': 'P : précision, R : rappel de la classe c, n : combien d’images de test en sont.',
  'watch.title.confusion': 'Confusions',
  'watch.what.confusion':
    'Chaque image de test compte dans la ligne de ce qu’elle est et la colonne de la réponse ; hors de la diagonale, c’est faux.',
  'watch.title.costs': 'Temps et trafic',
  'watch.what.costs': 'Ce que coûte la protection : temps de processeur et octets, par phase du protocole.',
  'watch.title.deadline': 'Le délai',
  'watch.what.deadline':
    'Le coordinateur attend ce temps à chaque phase. Qui est en retard compte comme parti, et son absence est compensée.',
  'watch.title.mask': 'Les masques',
  'watch.what.mask':
    'Tous les masques de {name}, additionnés. Personne d’autre ne les connaît, et sans eux ce qui arrive est du bruit.',
};
