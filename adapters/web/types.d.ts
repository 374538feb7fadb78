/** What the page makes of what the API answers with: `api-types.d.ts` has that, from `make types`. */

import type {
  ActorOut,
  ApiTokenOut,
  ConnectionOut,
  ConversationMessageOut,
  ConversationOut,
  ErrorDetail as ApiError,
  NewApiTokenOut,
  ReminderEventOut,
  ReminderSettingsOut,
  RungOut,
  SubscriptionOut,
  TaskReminderOut,
  ListEventOut,
  SessionOut,
  TaskEventOut,
  ViewEventOut,
  TaskOut,
  ToolResultOut,
  TurnState,
  UserOut,
} from './api-types.d.ts';
import type { Rendered } from './vendor/lit.js';

export type { TurnState };
export type MessageState = TurnState | 'awaiting_approval';
export type Actor = ActorOut;
export type ApiToken = ApiTokenOut;
export type Connection = ConnectionOut;
export type Conversation = ConversationOut;
export type Message = Omit<ConversationMessageOut, 'state'> & { state: MessageState; approval?: Approval | null };
export type NewApiToken = NewApiTokenOut;
export type Session = SessionOut;
export type Rung = RungOut;
export type TaskReminder = TaskReminderOut;
export type Event = TaskEventOut | ListEventOut | ViewEventOut | ReminderEventOut;
export type ToolResult = ToolResultOut;
export type User = UserOut;
export type Entity = 'task' | 'list' | 'view';
/** The page makes some itself, where the server was not reached. */
export type ErrorDetail = Partial<ApiError> & Pick<ApiError, 'code' | 'message'>;

/** Subtasks are counted here, as events do not tell their number. */
export type Task = Omit<TaskOut, 'subtasks'>;
export type TaskChanges = Partial<Task>;
export interface TaskList {
  id: number;
  name: string;
  color: string;
  position: string;
  archived: boolean;
  pending: number;
  deleted_at: string | null;
  revision: number;
}
export interface View {
  id: number;
  name: string;
  filter: string;
  sort: string | null;
  /** Which lists of the filter are gone, for people. */
  problem?: string | null;
  position: string;
  deleted_at?: string | null;
  revision: number;
}

/** Where this browser rings: by push, only while the page is open, not at all, or not even if one wants it. */
export type RingsHere = 'pushed' | 'open' | 'off' | 'blocked' | 'impossible';
export interface ReminderPage {
  settings: ReminderSettingsOut;
  browsers: SubscriptionOut[];
  /** The id of this one among them. */
  own: string;
  here: RingsHere;
}
export interface Confirmation {
  email: string;
  /** A server in development shows it. */
  link: string;
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

export interface OperationDraft {
  method: string;
  path: string;
  body?: unknown;
  entity?: Entity;
  /** What is shown until the server has answered. */
  shows: { id: number; changes: object }[];
  /** The task, list or view that it is about. */
  target?: number;
  /** The number that stands for what it makes. */
  creates?: number;
  /** The revision that the person saw. */
  ifMatch?: number;
  /** What the changed fields were. */
  base?: object;
  /** Whether a later edit of the same task may be added to it. */
  isEdit?: boolean;
  /** Its route takes no idempotency key. */
  once?: boolean;
  /** What to say where the server refuses. */
  refused: string;
}
/** An edit on its way to the server. */
export interface Operation extends OperationDraft {
  /** They are sent in this order. */
  seq: number;
  key: string;
  entity: Entity;
  tab: string;
  at: string;
  isSent?: boolean;
  /** Somebody else has changed the same: the person decides. */
  held?: boolean;
}

export type TabMessage =
  | { kind: 'event'; event: Event }
  | { kind: 'link'; link: 'connecting' | 'live' | 'away' }
  | { kind: 'ask'; from: string }
  | { kind: 'outbox' }
  | { kind: 'numbered'; temporary: number; id: number }
  | { kind: 'silenced'; id: number }
  | { kind: 'signed-out' };

/** What the assistant would do if the person agrees. */
export interface Approval {
  id: string;
  /** `changed`: the tasks were no longer as shown, so nothing was done. */
  state: 'pending' | 'approved' | 'refused' | 'expired' | 'changed';
  question: string;
  expires_at: string;
  /** The first hundred. */
  changes: PlannedChange[];
  total_changes: number;
}
export interface PlannedChange {
  entity: string;
  id: number | null;
  title: string;
  /** A kind of event, such as `deleted`. */
  action: string;
  /** The fields that differ. */
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
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
  /** Of `data-approval`, which tells it again when it is decided. */
  data?: Approval;
}

/** What is shown of an answer, in order: text, and calls of tools. */
export type Part =
  | { kind: 'text'; text: string }
  | { kind: 'call'; id: string; tool: string; result: { success: boolean; message: string; data?: unknown } | null };
export interface ShownMessage {
  /** That of the turn; empty: the server has not named it yet. */
  id: string;
  conversation: string;
  role: 'user' | 'assistant';
  parts: Part[];
  state: MessageState;
  /** What was asked last. */
  approval: Approval | null;
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
  action?: { label: string; run: () => unknown };
}
export interface MenuItem {
  /** A heading, and nothing to choose. */
  head?: string;
  label?: string;
  icon?: string;
  dot?: string;
  key?: string;
  isChosen?: boolean;
  isDangerous?: boolean;
  /** A line between groups. */
  line?: boolean;
  run?: () => unknown;
}

export interface Place {
  /** The first part of the path, such as `list`. */
  name: string;
  /** The rest of it, such as `3`. */
  id: string;
  params: URLSearchParams;
}
export interface Group {
  key: string;
  title: string;
  tasks: Task[];
  /** A class. */
  tone?: string;
  /** Stands where the count would. */
  note?: string;
  /** That tasks are added to here. */
  day?: string;
  /** Of days without a task, the first. */
  firstFree?: string;
  /** Shows the days that this heading stands for. */
  unfold?: () => void;
}
export interface PlaceView {
  title: () => string;
  icon: string;
  groups: () => Group[];
  /** What a task that is added here has; without it, none is added here. */
  fresh?: () => TaskChanges;
  /** Whether its order is the person's. */
  isByHand?: boolean;
  /** Whether a row that is dragged goes to another day. */
  isByDay?: boolean;
  /** What its own order is called, where it can be grouped and sorted otherwise. */
  ordered?: string;
  empty: string;
  subtitle?: () => unknown;
  /** Beside the title. */
  tools?: () => Rendered;
  /** Between the field for new tasks and the list. */
  above?: () => Rendered;
}

export interface Arrangement {
  /** What it is grouped by; empty: nothing. */
  group: string;
  /** What it is sorted by; empty: as the place does of itself. */
  sort: string;
}

export interface Prefs {
  theme: 'system' | 'light' | 'dark';
  sidebar: boolean;
  assistant: boolean;
  conversation: string;
  /** Answers whose changes were undone. */
  undone: string[];
  /** Groups that are folded. */
  folded: string[];
  /** By place. */
  arranged: Record<string, Arrangement>;
  /** Whether reminders are shown by the system, too. */
  notifies: boolean;
}

export interface State {
  /** undefined: not known yet; null: nobody is signed in. */
  user: User | null | undefined;
  place: Place;
  /** What a form that was sent lacks. */
  wrong: Failure | null;
  link: 'connecting' | 'live' | 'away';
  /** When the list was last known to be right, in milliseconds since 1970. */
  seenAt: number;
  notice: Notice | null;
  busy: Set<string>;
  dialog: { label: string; content: () => Rendered; kind: string; onClose?: () => void } | null;
  popover: { anchor: Element; content: () => Rendered; label: string } | null;
  prefs: Prefs;
  /** Text that is not sent yet, by field. */
  drafts: Record<string, string>;

  /** Counts the changes of what `derived` values are made of. */
  version: number;
  tasks: Map<number, Task>;
  lists: Map<number, TaskList>;
  views: Map<number, View>;
  /** The newest change that is here. */
  revision: number;
  /** Whether all that the server has is here. */
  isWhole: boolean;
  trash: 'unread' | 'loading' | 'here';
  outbox: Operation[];
  /** What other tabs have not sent yet. */
  foreign: Operation[];
  /** Temporary numbers by those of the server. */
  aliases: Map<number, number>;
  /** Tasks that were completed just now, until when they stay in their place. */
  leaving: Map<number, number>;
  /** Tasks that were just made, and when they came: one may be what a tab here sent before and has no number for yet. */
  arriving: Map<number, string>;
  undoable: { label: string; run: () => Promise<void> }[];
  /** The task that is open as a card. */
  open: number | null;
  /** The task that keys are about. */
  cursor: number | null;
  selected: Set<number>;
  /** What the server found for a view or a filter. */
  answers: Record<string, Answer>;
  /** Today's date in the account's zone. */
  today: string;
  activity: Record<number, Event[]>;
  /** Reminders that rang and that nobody has answered. */
  ringing: Rung[];
  /** When the reminders of a task ring, by its number. */
  rings: Record<number, TaskReminder[]>;
  /** Null until they are loaded. */
  reminderSettings: ReminderPage | null;
  /** What was mailed to confirm an address. */
  confirmation: Confirmation | null;

  conversations: Conversation[];
  conversation: string;
  messages: ShownMessage[];
  /** Where earlier messages begin; null: these are all. */
  earlier: number | null;
  chatPage: 'messages' | 'conversations';

  tokens: ApiToken[] | null;
  /** Null until they are loaded. */
  connections: Connection[] | null;
  newToken: NewApiToken | null;
}
export interface Answer {
  ids: number[];
  total: number;
  isExact: boolean;
  error: { message: string; position?: number; expected?: string; example?: string } | null;
}
