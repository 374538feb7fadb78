export const marked: {
  parse(text: string, options: { async: false; gfm: boolean; breaks: boolean }): string;
  use(extension: {
    renderer: { html(token: { text: string }): string; checkbox(token: { checked: boolean }): string };
  }): void;
};
export const DOMPurify: {
  sanitize(
    html: string,
    options: { RETURN_DOM_FRAGMENT: true; ALLOWED_TAGS: string[]; ALLOWED_ATTR: string[] },
  ): DocumentFragment;
  addHook(name: 'afterSanitizeAttributes', hook: (element: Element) => void): void;
};
