import './dompurify-3.4.18/purify.min.js';
export { marked } from './marked-18.2.1/marked.esm.js';
export const { DOMPurify } = globalThis;
