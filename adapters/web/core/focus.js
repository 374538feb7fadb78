const MOST_FRAMES = 40;

/**
 * For when what had the focus goes: who uses a keyboard, or does not see the page, must not be sent back to the top.
 * Who has gone on to another field in the meantime stays there.
 *
 * @param {string} selector of something that is there when the page is drawn next
 * @param {FocusOptions & { isWanted?: () => boolean }} [options] whether it is still wanted by then
 */
export function focusOn(selector, { isWanted = () => true, ...options } = {}) {
  const before = document.activeElement;
  let frames = 0;
  const look = () => {
    const found = /** @type {HTMLElement | null} */ (document.querySelector(selector));
    frames += 1;
    const { activeElement } = document;
    if (!isWanted() || (activeElement !== before && isTextField(activeElement))) return;
    if (frames < 2 || (!found && frames < MOST_FRAMES)) return void requestAnimationFrame(look);
    if (found && found.tabIndex < 0) found.tabIndex = -1;
    found?.focus(options);
  };
  requestAnimationFrame(look);
}

/**
 * @param {EventTarget | null} target
 * @returns {boolean} whether keys that are pressed there are text
 */
export function isTextField(target) {
  const element = /** @type {HTMLElement | null} */ (target);
  return Boolean(element?.closest?.('input:not([type=checkbox]):not([type=radio]), textarea, [contenteditable]'));
}
