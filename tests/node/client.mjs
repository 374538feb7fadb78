// What React's `useChat` does with our API, without React: `AbstractChat` is its core. Prints what it saw as JSON.
// node client.mjs <chat url> <token>

import {
  AbstractChat,
  convertToModelMessages,
  DefaultChatTransport,
  lastAssistantMessageIsCompleteWithApprovalResponses,
  readUIMessageStream,
  safeValidateUIMessages,
} from "ai";

const [api, token] = process.argv.slice(2);
const headers = { Authorization: `Bearer ${token}` };
const transport = new DefaultChatTransport({ api, headers });

class Memory {
  status = "ready";
  error = undefined;
  constructor(messages) {
    this.messages = messages;
  }
  pushMessage = (message) => this.messages.push(message);
  popMessage = () => this.messages.pop();
  replaceMessage = (index, message) => (this.messages[index] = message);
  snapshot = (value) => structuredClone(value);
}

class Chat extends AbstractChat {
  constructor(id, messages = [], options = {}) {
    super({ id, transport, state: new Memory(messages), ...options });
  }
}

const said = (text) => ({ id: "u1", role: "user", parts: [{ type: "text", text }] });
const ended = (chat) => ({ status: chat.status, error: chat.error?.message, messages: chat.messages });

/** Resolves when the assistant has begun to speak. */
async function speaking(chat) {
  const text = () => chat.lastMessage?.parts.some((part) => part.type === "text" && part.text);
  for (let tries = 0; tries < 500 && !(chat.lastMessage?.role === "assistant" && text()); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function tools() {
  const chat = new Chat("tools-1");
  await chat.sendMessage({ text: "buy milk" });
  await chat.sendMessage({ text: "and what now?" });
  return ended(chat);
}

async function watched() {
  const first = new Chat("count-1");
  const sending = first.sendMessage({ text: "count" });
  await speaking(first);
  const second = new Chat("count-1", [said("count")]);
  await Promise.all([sending, second.resumeStream()]);
  const idle = await transport.reconnectToStream({ chatId: "count-1" });
  return { first: ended(first), second: ended(second), idle };
}

async function stopped() {
  const chat = new Chat("stop-1");
  const sending = chat.sendMessage({ text: "count" });
  await speaking(chat);
  const answer = await fetch(`${api}/stop-1/stop`, { method: "POST", headers });
  await sending;
  return { answer: await answer.json(), ...ended(chat) };
}

async function read() {
  const chunks = await transport.sendMessages({
    chatId: "read-1",
    messages: [said("buy milk")],
    trigger: "submit-message",
  });
  let last, states = 0;
  for await (const message of readUIMessageStream({ stream: chunks })) {
    last = message;
    states++;
  }
  return { last, states };
}

async function failing() {
  const chat = new Chat("fail-1");
  await chat.sendMessage({ text: "fail" });
  const refused = new Chat("not/an/id");
  await refused.sendMessage({ text: "hi" });
  return { failed: ended(chat), refused: ended(refused) };
}

const stored = async (id) => {
  const url = new URL(`conversations/${id}/messages?format=ui`, api);
  return (await (await fetch(url, { headers })).json()).messages;
};

async function edited() {
  const chat = new Chat("edit-1");
  await chat.sendMessage({ text: "buy milk" });
  await chat.sendMessage({ text: "and what now?" });
  const first = { shown: structuredClone(chat.messages), kept: await stored("edit-1") };
  const valid = await safeValidateUIMessages({ messages: first.kept });
  const model = await convertToModelMessages(first.kept);
  await chat.sendMessage({ text: "something else", messageId: chat.messages[2].id });
  const second = { ...ended(chat), kept: await stored("edit-1") };
  const reloaded = new Chat("edit-1", second.kept);
  await reloaded.sendMessage({ text: "quite another", messageId: second.kept[0].id });
  const third = { ...ended(reloaded), kept: await stored("edit-1") };
  const file = { type: "file", mediaType: "text/plain", url: "data:text/plain;base64,aGk=" };
  const filed = new Chat("file-1");
  await filed.sendMessage({ text: "read this", files: [file] });
  return { first, second, third, valid: valid.success, roles: model.map((each) => each.role), filed: ended(filed) };
}

/** As assistant-ui does: the messages up to the one that is meant, and no id. */
async function regenerated() {
  const chat = new Chat("again-1");
  await chat.sendMessage({ text: "hello" });
  await chat.sendMessage({ text: "and what now?" });
  const whole = chat.messages;
  chat.messages = whole.slice(0, 3);
  await chat.regenerate();
  const last = { ...ended(chat), kept: await stored("again-1") };
  chat.messages = whole.slice(0, 1);
  await chat.regenerate();
  return { last, earlier: ended(chat), kept: await stored("again-1") };
}

/** Answers each tool call that is asked about, as a page with a button for each would. */
async function approving(id, approved) {
  const chat = new Chat(id, [], { sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithApprovalResponses });
  await chat.sendMessage({ text: "plan a party" });
  await chat.sendMessage({ text: "delete it all" });
  const asked = structuredClone(chat.lastMessage);
  for (const { approval } of asked.parts.filter((part) => part.state === "approval-requested")) {
    await chat.addToolApprovalResponse({ id: approval.id, approved });
  }
  const done = () => chat.status === "ready" && chat.lastMessage.parts.at(-1).text === "All done.";
  for (let tries = 0; tries < 500 && !done(); tries++) await new Promise((resolve) => setTimeout(resolve, 10));
  const kept = await stored(id);
  return { asked, ...ended(chat), kept, valid: (await safeValidateUIMessages({ messages: kept })).success };
}

const seen = { tools: await tools(), watched: await watched(), stopped: await stopped(), read: await read() };
const later = { edited: await edited(), regenerated: await regenerated() };
const approvals = { yes: await approving("yes-1", true), no: await approving("no-1", false) };
console.log(JSON.stringify({ ...seen, ...later, approvals, failing: await failing() }));
