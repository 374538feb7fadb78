/**
 * Bringing tasks in from other programs: what would come in is shown first.
 *
 * @import { ImportOut } from '../api-types.d.ts'
 */
import { tell, tellFailure } from '../core/notices.js';
import { counted } from '../core/text.js';
import { change } from '../core/store.js';
import { call, newKey } from '../server/api.js';
import { undoable } from '../tasks/undo.js';

/** @type {Record<string, string>} */
const TYPES = { json: 'application/json', csv: 'text/csv', ics: 'text/calendar', zip: 'application/zip' };

/**
 * @param {File} file
 * @returns {Promise<ImportOut | null>} null: it can't be read, which is told
 */
export const previewImport = (file) => sent(file, { dry_run: 'true' });

/** @param {File} file */
export async function importTasks(file) {
  const done = await sent(file, {});
  if (!done) return;
  const what = counted(done.imported, 'task');
  const run = done.revision && undoable(`Imported ${what}`, Promise.resolve(done));
  tell(`${what} ${done.imported === 1 ? 'is' : 'are'} imported.`, run && { label: 'Undo', run });
}

/**
 * @param {File} file
 * @param {Record<string, string>} options
 */
async function sent(file, options) {
  const query = new URLSearchParams({ on_error: 'skip', filename: file.name, ...options });
  const ending = file.name.split('.').at(-1)?.toLowerCase() ?? '';
  const headers = { 'Content-Type': TYPES[ending] ?? 'application/octet-stream' };
  change((state) => state.busy.add('import'));
  try {
    return await call('POST', `/api/users/me/import?${query}`, { body: file, headers, key: newKey() });
  } catch (error) {
    tellFailure('Nothing was imported.', error);
    return null;
  } finally {
    change((state) => state.busy.delete('import'));
  }
}
