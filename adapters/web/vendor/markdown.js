export { marked } from './marked-18.2.1/marked.esm.js';
export { default as DOMPurify } from './dompurify-3.4.18/purify.es.js';
