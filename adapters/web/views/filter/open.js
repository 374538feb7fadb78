/** To a new filter, which is written at once. */
import { focusOn } from '../../core/focus.js';
import { visit } from '../../core/router.js';

export function openFilter() {
  visit('/search');
  focusOn('.filter input');
}
