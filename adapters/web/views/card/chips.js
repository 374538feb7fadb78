/** Nothing until the API serves fields for them. */
import { nothing } from '../../vendor/lit.js';

/** @param {import('../../types.d.ts').Task} _task */
export const chips = (_task) => nothing;
