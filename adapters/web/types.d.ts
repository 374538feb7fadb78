/** What the page makes of what the API answers with: `api-types.d.ts` has that, from `make types`. */

import type {
  ActorOut,
  ApiTokenOut,
  ConnectionOut,
  ConversationMessageOut,
  ConversationOut,
  ErrorDetail as ApiError,
  EventPageOut,
  MessagePageOut,
  NewApiTokenOut,
  SessionOut,
  TaskChanges,
  TaskOut,
  TaskPageOut,
  TaskStateOut,
  ToolResultOut,
  TurnState,
  UserOut,
} from './api-types.d.ts';

export type { TaskChanges, TurnState };
export type Actor = ActorOut;
export type ApiToken = ApiTokenOut;
export type Connection = ConnectionOut;
export type Conversation = ConversationOut;
export type Message = ConversationMessageOut;
export type MessagePage = MessagePageOut;
export type NewApiToken = NewApiTokenOut;
export type Session = SessionOut;
export type Task = TaskOut;
export type TaskEvent = EventPageOut['events'][number];
export type TaskPage = TaskPageOut;
export type TaskState = TaskStateOut;
export type ToolResult = ToolResultOut;
export type User = UserOut;
/** The page makes some itself, where the server was not reached. */
export type ErrorDetail = Partial<ApiError> & Pick<ApiError, 'code' | 'message'>;

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
  /** Null until they are loaded. */
  connections: Connection[] | null;
  newToken: NewApiToken | null;
}
