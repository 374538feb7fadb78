/**
 * What the assistant asks before it changes much at once. The person has some minutes for a yes or a no, by button or
 * in words; the turn goes on under the id that it had.
 *
 * @import { Approval, ShownMessage } from '../types.d.ts'
 */
import { focusOn, isTextField } from '../core/focus.js';
import { state as all } from '../core/store.js';

/** @param {Pick<ShownMessage, 'state'>} message */
export const isWaiting = ({ state }) => state === 'awaiting_approval';

/** @param {Approval} approval */
export const hasExpired = ({ state, expires_at: end }) =>
  state === 'expired' || (state === 'pending' && Date.parse(end) <= Date.now());

/** Whether the assistant waits for the person. */
export const asks = () =>
  all.messages.some(({ state, approval }) => isWaiting({ state }) && approval && !hasExpired(approval));

/**
 * @param {ShownMessage} message
 * @param {string} id of its turn, which the server has just named: that of an older message where a plain yes or no
 *   lets its turn go on; anything else refuses what was asked
 */
export function begin(message, id) {
  const isOther = (/** @type {ShownMessage} */ each) => each !== message && each.conversation === message.conversation;
  const asked = all.messages.find((each) => isOther(each) && isWaiting(each));
  Object.assign(message, { id, parts: [] });
  if (asked?.id === id) takePlace(message, asked);
  else if (asked?.approval) Object.assign(asked, { state: 'done', approval: { ...asked.approval, state: 'refused' } });
}

/**
 * The yes or no itself is a part of the decision, and no message: a reload shows the same.
 *
 * @param {ShownMessage} message
 * @param {ShownMessage} asked
 */
function takePlace(message, asked) {
  Object.assign(message, { parts: [...asked.parts], approval: asked.approval });
  all.messages = [...all.messages.slice(0, all.messages.indexOf(asked)), message];
}

/**
 * @param {ShownMessage} message
 * @param {Approval} approval told for the first time, or decided
 */
export function take(message, approval) {
  message.approval = approval;
  if (approval.state === 'pending') focusOn('.plan.waits', { preventScroll: true, isWanted: isIdle });
}

/** Whether the person waits for the answer, and does nothing else meanwhile. */
function isIdle() {
  const here = document.activeElement ?? document.body;
  if (here.id === 'composer') return !(/** @type {HTMLTextAreaElement} */ (here).value);
  return here === document.body || (Boolean(here.closest('.chat')) && !isTextField(here));
}
