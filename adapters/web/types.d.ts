/** What the API answers with (see /openapi.json), and what the page makes of it. */

export interface User {
  id: string;
  email: string | null;
  name: string | null;
  created_at: string;
  /** Whether a link that was mailed there has come back. */
  email_confirmed: boolean;
  timezone: string;
  week_start: 'monday' | 'sunday' | 'saturday';
  locale: string;
}
export interface Session {
  token: string;
  user: User;
}

export interface TaskState {
  id: number;
  title: string;
  description: string | null;
  completed: boolean;
  created_at: string;
  updated_at: string;
  deleted_at: string | null;
}
export interface Task extends TaskState {
  revision: number;
}
export interface TaskPage {
  tasks: Task[];
  total: number;
  next_cursor: string | null;
}
export interface TaskChanges {
  title?: string;
  description?: string | null;
  completed?: boolean;
}

export interface Actor {
  kind: 'user' | 'token' | 'turn' | 'system';
  name: string | null;
  conversation_id: string | null;
  message_id: string | null;
}
export interface TaskEvent {
  revision: number;
  task_id: number;
  kind: string;
  before: TaskState | null;
  after: TaskState | null;
  actor: Actor;
}

export interface Conversation {
  id: string;
  title: string | null;
  updated_at: string;
}
export interface ToolResult {
  success: boolean;
  message: string;
  data: unknown;
}
export interface ToolCall {
  tool_name: string;
  parameters: unknown;
  result: ToolResult;
}
export type TurnState = 'running' | 'done' | 'failed' | 'stopped' | 'interrupted';
export interface Message {
  id: string;
  role: 'user' | 'assistant';
  text: string;
  tool_calls: ToolCall[];
  state: TurnState;
  feedback: { value: 'up' | 'down' } | null;
}
export interface MessagePage {
  messages: Message[];
  previous_cursor: number | null;
}

export interface ApiToken {
  id: string;
  name: string;
  scopes: string[];
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
}
export interface NewApiToken extends ApiToken {
  token: string;
}

export interface ErrorDetail {
  code: string;
  message: string;
  request_id?: string;
  fields?: { field: string; message: string }[];
  task?: Task;
  turn_id?: string;
}

export interface RequestOptions {
  /** Sent as JSON, but for a `Blob`, which is sent as it is. */
  body?: unknown;
  headers?: Record<string, string>;
  /** An `Idempotency-Key`: what is sent again with it is done once. */
  key?: string;
  /** The caller tries again itself. */
  once?: boolean;
  signal?: AbortSignal;
}

/** A chunk of the AI SDK's UI message stream. */
export interface Chunk {
  type: string;
  messageId?: string;
  delta?: string;
  toolCallId?: string;
  toolName?: string;
  input?: unknown;
  output?: ToolResult;
  errorText?: string;
}

/** What is shown of an answer, in order: text, and calls of tools. */
export type Part =
  | { kind: 'text'; text: string }
  | { kind: 'call'; id: string; tool: string; result: { success: boolean; message: string } | null };
export interface ShownMessage {
  /** That of the turn; empty: the server has not named it yet. */
  id: string;
  conversation: string;
  role: 'user' | 'assistant';
  parts: Part[];
  state: TurnState;
  feedback: 'up' | 'down' | null;
  /** What went wrong, for the user. */
  error: Failure | null;
  /** Whether what it did was undone here. */
  undone: boolean;
  /** What the user said and the server has not taken yet: it can be sent again. */
  again: (() => void) | null;
}
export interface Failure {
  message: string;
  requestId?: string;
}

export interface Notice {
  id: string;
  kind: 'done' | 'error';
  text: string;
  requestId?: string;
  action?: { label: string; run: () => void };
}

export type Filter = 'pending' | 'completed' | 'all' | 'trashed';
export interface List {
  total: number;
  /** All tasks from this number upwards are here; 0: all there are. */
  floor: number;
  /** Where the next page begins; null: there is none. */
  cursor: string | null;
  state: 'loading' | 'here' | 'failed';
}

export interface State {
  /** undefined: not known yet; null: nobody is signed in. */
  user: User | null | undefined;
  /** What stands behind `#/`. */
  route: string;
  /** What a form that was sent lacks. */
  wrong: Failure | null;
  link: 'connecting' | 'live' | 'away';
  /** When the list was last known to be right, in milliseconds since 1970. */
  seenAt: number;
  notices: Notice[];
  busy: Set<string>;
  pane: 'tasks' | 'chat';

  filter: Filter;
  /** How many tasks are shown at most; scrolling raises it. */
  most: number;
  lists: Partial<Record<Filter, List>>;
  tasks: Map<number, Task>;
  /** What the user has changed and the server not answered yet. */
  edits: Map<number, TaskChanges>;
  adding: { key: string; title: string }[];
  /** As it was when its form was opened; of the revision that the user knows of. */
  editing: Task | null;
  /** The newest change that is in `tasks`. */
  revision: number;

  conversations: Conversation[];
  conversation: string;
  messages: ShownMessage[];
  /** Where earlier messages begin; null: these are all. */
  earlier: number | null;

  tokens: ApiToken[] | null;
  newToken: NewApiToken | null;
}
