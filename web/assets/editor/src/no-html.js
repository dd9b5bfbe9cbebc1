// In the place of @codemirror/lang-html: our texts hold no HTML, so that the
// bundle needs no parser of it.
export const html = () => ({ language: { parser: null }, support: [] });
export const htmlCompletionSource = () => null;
