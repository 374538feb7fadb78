/**
 * The outboxes of several tabs: each sends its own, shows those of the others, and takes over what a tab that is gone
 * has left.
 *
 * @import { Operation } from '../types.d.ts'
 */
import { all, keepOperation } from '../core/device.js';
import { changeData, state } from '../core/store.js';
import { hearTabs, TAB, tabsThere } from '../server/tabs.js';
import { number, sendOutbox } from './outbox.js';

/** To be called once somebody is known: what a tab that is gone has left is taken over by this one. */
export async function adoptOutbox() {
  const there = await tabsThere();
  const left = /** @type {Operation[]} */ (await all('outbox')).filter(({ tab }) => !there.has(tab));
  for (const operation of left) Object.assign(operation, { tab: TAB, isSent: false });
  await Promise.all(left.map(keepOperation));
  changeData((state) => state.outbox.unshift(...left));
  await readForeign();
  sendOutbox();
}

hearTabs((message) => message.kind === 'outbox' && readForeign());
hearTabs((message) => {
  if (message.kind !== 'numbered' || !state.user) return;
  number(message.temporary, message.id);
  sendOutbox();
});

/** What other tabs have not sent yet is shown here too. */
async function readForeign() {
  if (!state.user) return;
  const foreign = (await all('outbox')).filter(({ tab }) => tab !== TAB);
  if (foreign.length || state.foreign.length) changeData((state) => (state.foreign = foreign));
}
