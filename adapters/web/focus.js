/**
 * For when what had the focus goes: who uses a keyboard, or does not see the page, must not be sent back to the top.
 *
 * @param {string} selector of something that is there when the page is drawn next
 */
export function focusOn(selector) {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const found = /** @type {HTMLElement | null} */ (document.querySelector(selector));
      if (found && found.tabIndex < 0) found.tabIndex = -1;
      found?.focus();
    }),
  );
}
