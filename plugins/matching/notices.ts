/** What the licences of the data in the bundled index ask to be said. */
export const notices: readonly string[] = [
  "Anime titles: bangumi-data by the Bangumi Data contributors, CC BY 4.0 (creativecommons.org/licenses/by/4.0), with romaji and short titles added.",
  "Romaji made with IPADIC, copyright 2000-2003 Nara Institute of Science and Technology, without any warranty.",
];
