/** What the bar of chosen tasks offers beside completing and deleting. */
import { nothing } from '../../vendor/lit.js';

/** @param {import('../../types.d.ts').Task[]} _tasks */
export const bulkActions = (_tasks) => nothing;
