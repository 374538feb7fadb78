/** What this server serves of what the page can show. A part that it does not serve is not shown. */
export const SERVED = { words: true, lists: true, preview: true };
