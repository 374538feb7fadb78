/** Whether the sidebar is shown: beside the list, as the person likes it, or above it on a narrower window. */
import { prefer } from '../../core/drafts.js';
import { focusOn } from '../../core/focus.js';
import { onArrival } from '../../core/router.js';
import { change, state } from '../../core/store.js';

const NARROW = matchMedia('(max-width: 1099px)');
let isAbove = false;

NARROW.addEventListener('change', () => change(() => (isAbove = false)));
onArrival(() => change(() => (isAbove = false)));

export const isSidebarShown = () => (NARROW.matches ? isAbove : state.prefs.sidebar);
export const isSidebarAbove = () => NARROW.matches && isAbove;

/** @param {boolean} isShown */
export function showSidebar(isShown) {
  if (!NARROW.matches) return prefer({ sidebar: isShown });
  change(() => (isAbove = isShown));
  focusOn(isShown ? '.side .me' : '.corner.left');
}
