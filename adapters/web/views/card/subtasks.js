/** Nothing until the API serves subtasks. */
import { nothing } from '../../vendor/lit.js';

/** @param {import('../../types.d.ts').Task} _task */
export const subtasks = (_task) => nothing;
