/** What comes behind the list: edits, the live feed, the assistant, keys, and what a press opens. */
import { watchKeys } from './core/keys.js';
import './core/refused-fields.js';
import { subscribe } from './core/store.js';
import { watchTheBrowser } from './server/live.js';
import { watchReminders } from './tasks/ringing.js';
import { html } from './vendor/lit.js';
import { dialog, placeDialog } from './views/pieces/dialog.js';
import { placePopover, popover } from './views/pieces/popover.js';

export { asks } from './chat/approvals.js';
export { loadConversation, openConversation, say } from './chat/chat.js';
export { fetchMarkdown } from './core/markdown.js';
export { endLive, goLive } from './server/live.js';
export { complete, remove, restore } from './tasks/edits.js';
export { answerFor } from './tasks/answers.js';
export { adoptOutbox } from './tasks/outbox-tabs.js';
export { loadRinging } from './tasks/ringing.js';
export { card } from './views/card/card.js';
export { closeCard, openCard } from './views/card/open.js';
export { openTaskMenu } from './views/card/open-menu.js';
export { chat, examples } from './views/chat/chat.js';
export { openFilter } from './views/filter/open.js';
export { away } from './views/frame/away.js';
export { pasted } from './views/list/add-lines.js';
export { addText } from './views/list/add-text.js';
export { arrangeButton } from './views/list/arrange-menu.js';
export { grab } from './views/list/drag.js';
export { mirror, readLine, unmark } from './views/list/marks.js';
export { choosesOffer, offerFor, offerNothing, offers } from './views/list/offers.js';
export { openAdd } from './views/list/open-add.js';
export { listTools, tagTools, viewTools } from './views/list/place-tools.js';
export { extendTo, selectionBar, toggle } from './views/list/selection.js';
export { sweep } from './views/list/swipe.js';
export { openKeys } from './views/palette/keys-help.js';
export { openPalette } from './views/palette/palette.js';
export { notice } from './views/pieces/notices.js';
export { openMenu } from './views/pieces/popover.js';
export { arrivedAtSettings, settings } from './views/settings/settings.js';
export { signOutSafely } from './views/settings/sign-out.js';

export const overlays = () => html`${dialog()} ${popover()}`;

subscribe(() => {
  placeDialog();
  placePopover();
});
watchTheBrowser();
watchReminders();
watchKeys();
