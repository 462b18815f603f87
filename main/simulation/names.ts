/**
 * First names for simulated clients: a person follows Inès more easily than client 7. Short, from many places. The roster
 * itself calls them "Client N", so that names change nothing that is computed.
 */
const firstNames = (
  'Inès Marek Yusuf Chloé Tomás Aïcha Léo Noor Hugo Mei Salomé Ravi Jules Anouk Karim Elsa Diego Manon Oskar Priya ' +
  'Amina Bruno Camila Dmitri Eva Farid Greta Hana Ivan Jana Kofi Lucía Malik Nadia Omar Paola Quentin Rosa Samir Tariq ' +
  'Uma Viktor Wanda Ximena Yara Zoé Alba Bilal Clara Dara Emil Fatou Gael Helga Ilyas Joana Kenji Lena Mateo Nina ' +
  'Odile Pablo Rania Stefan Tessa Umar Vera Wim Xavier Yuki Zara Ada Boris Celia Dong Esra Felix Gita Henrik Imani ' +
  'Jonas Kaya Liv Moussa Nour Olga Pierre Rafael Sofia Thao Ulla Vasco Wei Yann Zainab Aldo Beatriz Cem Dora Enzo ' +
  'Fleur Gustav Hiba Igor'
).split(' ');

/** number: 1 .. n. Beyond the list they are called as in the roster. */
export function firstNameOf(number: number): string {
  return firstNames[number - 1] ?? `Client ${number}`;
}
