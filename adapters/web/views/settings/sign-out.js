/** Signing out wipes what is kept on the device, also what was not sent yet: then it asks. */
import { counted } from '../../core/text.js';
import { state } from '../../core/store.js';
import { signOut } from '../../server/session.js';
import { confirmed } from '../pieces/dialog.js';

/** @param {'signout' | 'signout-everywhere' | Event} [way] */
export async function signOutSafely(way) {
  const waiting = state.outbox.length;
  const text = `You would lose ${counted(waiting, 'change')} that this device has not sent yet.`;
  if (waiting && !(await confirmed('Sign out now?', { label: 'Sign out', text, isDangerous: true }))) return;
  await signOut(way === 'signout-everywhere' ? way : 'signout');
}
