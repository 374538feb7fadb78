/** Server-sent events (WHATWG HTML, 9.2.6) of a response: `EventSource` can't send `Authorization`. */

/** The server sends something at least every quarter of a minute; after three of those the connection is dead. */
const SILENCE_MS = 45_000;

/**
 * @param {Response} response
 * @param {() => void} [onSound] called when anything comes, also what only says that the connection is alive
 * @returns {AsyncGenerator<{ id: string, data: string }>} ends where the server ends it, and throws where it breaks off
 */
export async function* eventsOf(response, onSound = () => {}) {
  let unread = '';
  for await (const text of textOf(response)) {
    onSound();
    const blocks = (unread + text).split(/\r?\n\r?\n/);
    unread = blocks.pop() ?? '';
    yield* blocks.map(eventOf).filter((event) => event.data);
  }
}

/** @param {string} block */
function eventOf(block) {
  const lines = block.split(/\r?\n/);
  /** @param {string} field */
  const values = (field) =>
    lines.filter((line) => line.startsWith(`${field}:`)).map((line) => line.slice(field.length + 1).trimStart());
  return { id: values('id').join(), data: values('data').join('\n') };
}

/** @param {Response} response */
async function* textOf(response) {
  if (!response.body) return;
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await inTime(reader.read());
      if (done) return;
      yield decoder.decode(value, { stream: true });
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/**
 * @template Value
 * @param {Promise<Value>} promise
 * @returns {Promise<Value>}
 */
function inTime(promise) {
  /** @type {ReturnType<typeof setTimeout>} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('The connection is dead.')), SILENCE_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
