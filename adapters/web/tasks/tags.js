/** The tags that tasks have, in the order of the alphabet, with how many wait. */
import { derived } from '../core/store.js';
import { folded } from '../core/text.js';
import { allTasks } from './shown.js';

export const allTags = derived(() => {
  /** @type {Map<string, { name: string, pending: number }>} */
  const tags = new Map();
  for (const { tags: names, completed, deleted_at: gone } of allTasks())
    for (const name of gone ? [] : names) {
      const tag = tags.get(folded(name)) ?? { name, pending: 0 };
      tags.set(folded(name), { ...tag, pending: tag.pending + Number(!completed) });
    }
  return [...tags.values()].sort((one, other) => one.name.localeCompare(other.name));
});
