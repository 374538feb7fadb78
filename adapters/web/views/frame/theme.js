/** Light, dark, or as the system: the style sheets read it from the document. */
import { state } from '../../core/store.js';

export function dress() {
  const { dataset } = document.documentElement;
  if (state.prefs.theme === 'system') delete dataset.theme;
  else dataset.theme = state.prefs.theme;
  dataset.link = state.link;
  dataset.waiting = String(state.outbox.length);
}
