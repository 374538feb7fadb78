export interface Template { readonly strings: TemplateStringsArray }
export type Rendered = Template | Node | string | number | symbol | null | undefined | readonly Rendered[];
export const nothing: symbol;
export function html(strings: TemplateStringsArray, ...values: unknown[]): Template;
export function svg(strings: TemplateStringsArray, ...values: unknown[]): Template;
export function render(what: Rendered, where: Element): void;
export function guard(dependencies: readonly unknown[], render: () => Rendered): Template;
export function live<Value>(value: Value): Value;
export function repeat<Item>(items: Iterable<Item>, key: (item: Item) => unknown, row: (item: Item, index: number) => Rendered): Template;
