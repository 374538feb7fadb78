/** What is there for somebody who is signed in: fetched once they are known. */
import { watchTheDay } from './core/dates.js';
import { watchKeys } from './core/keys.js';
import { onArrival } from './core/router.js';
import { subscribe } from './core/store.js';
import { watchTheBrowser } from './server/live.js';
import { watchReminders } from './tasks/ringing.js';
import { arrived } from './views/frame/arrival.js';
import { placeList } from './views/list/virtual.js';
import { placeDialog } from './views/pieces/dialog.js';
import { placePopover } from './views/pieces/popover.js';

export { loadConversation } from './chat/chat.js';
export { fetchMarkdown } from './core/markdown.js';
export { endLive, goLive } from './server/live.js';
export { adoptOutbox } from './tasks/outbox-tabs.js';
export { loadKept } from './tasks/replica.js';
export { loadRinging } from './tasks/ringing.js';
export { frame } from './views/frame/frame.js';

subscribe(() => {
  placeList();
  placeDialog();
  placePopover();
});
onArrival(arrived);
watchTheBrowser();
watchTheDay();
watchKeys();
watchReminders();
