// Figures: by a button, dropped, or pasted. The server keeps them and says under
// which address.
import { el, page, say } from './page.js';
import { apart } from './snippets.js';
import { convert, figure } from './paste.js';

const kinds = /^image\/(png|jpeg|svg\+xml)$/;
let tell = () => {};
export const onTrouble = (fn) => { tell = fn; };

// upload keeps one file and gives the address that the text names.
export async function upload(file) {
  const form = new FormData();
  form.append('file', file, file.name || 'figure.' + (file.type.split('/')[1] || 'png').replace('svg+xml', 'svg'));
  const res = await fetch(page.url + '/figures', { method: 'POST', body: form, headers: { Accept: 'application/json' } });
  let said = {};
  try { said = await res.json(); } catch { /* a page */ }
  if (!res.ok || !said.path) throw new Error(said.reason || said.problem || String(res.status));
  return said.path;
}

const fresh = (text) => { for (let n = 1; ; n++) if (!text.includes(`{#fig-${n}}`)) return `fig-${n}`; };

// place uploads files and writes them at a place of the text. While they are on
// their way a line stands for each.
export async function place(view, files, pos) {
  for (const file of files) {
    if (!kinds.test(file.type)) { tell(say('editor.figure.kind', file.name)); continue; }
    try {
      const address = await upload(file);
      const at = Math.min(pos ?? view.state.selection.main.head, view.state.doc.length), line = view.state.doc.lineAt(at);
      const [before, after] = apart(view.state, line.to, line.to), insert = before + figure(address, file.name.replace(/\.\w+$/, ''), fresh(view.state.doc.toString()));
      pos = line.to + insert.length;
      view.dispatch({ changes: { from: line.to, insert: insert + after }, selection: { anchor: pos }, userEvent: 'input.paste', scrollIntoView: true });
    } catch (e) { tell(say('editor.figure.failed', file.name, e.message)); }
  }
}

export function choose(view) {
  document.getElementById('dr-figure-file')?.remove();
  const input = el('input', { id: 'dr-figure-file', type: 'file', hidden: true, accept: 'image/png,image/jpeg,image/svg+xml', multiple: true, onchange: () => { place(view, [...input.files]); input.remove(); view.focus(); } });
  document.body.append(input); // some browsers forget one that stands nowhere
  input.click();
}

// fromData makes a file of a picture that came inside the pasted page.
async function fromData(src) {
  if (!/^data:image\/(png|jpeg|svg\+xml)[;,]/.test(src)) return null;
  const [head, body] = src.split(/,(.*)/s), kind = /^data:([^;,]+)/.exec(head)[1];
  const bytes = /;base64/i.test(head) ? Uint8Array.from(atob(body), (c) => c.charCodeAt(0)) : new TextEncoder().encode(decodeURIComponent(body));
  return new File([bytes], 'figure', { type: kind });
}

// paste puts a clipboard into the text; false leaves it to the editor.
export function paste(view, data) {
  const files = [...data.files].filter((f) => kinds.test(f.type)), markup = data.getData('text/html'), plain = data.getData('text/plain');
  if (files.length && (!plain || !markup || !convert(markup).text.replace(/\0\d+\0/g, '').trim())) { place(view, files); return true; }
  if (!markup || view.pastePlain) return false;
  const { text, pictures } = convert(markup);
  if (!text.trim() || /^(\s*<meta[^>]*>)?\s*<(span|pre|code)[^>]*data-/.test(markup)) return false;
  put(view, text, pictures, files);
  return true;
}

async function put(view, text, pictures, files) {
  const { from, to } = view.state.selection.main, [before, after] = text.includes('\n') ? apart(view.state, from, to) : ['', ''];
  // Pictures are named by their places until they have an address.
  const marks = pictures.map((p, i) => `![图：${p.title || p.alt || ''}](uploading-${Date.now().toString(36)}-${i})`);
  const shown = text.replace(/\0(\d+)\0/g, (_, i) => marks[i]);
  view.dispatch(view.state.replaceSelection(before + shown + after), { userEvent: 'input.paste', scrollIntoView: true });
  for (let i = 0; i < pictures.length; i++) {
    let now = '';
    try {
      const file = await fromData(pictures[i].src) || (pictures.length === files.length ? files[i] : null);
      if (file) now = figure(await upload(file), pictures[i].title || pictures[i].alt, fresh(view.state.doc.toString()));
      else tell(say('editor.figure.left'));
    } catch (e) { tell(say('editor.figure.failed', pictures[i].alt || '', e.message)); }
    const from = view.state.doc.toString().indexOf(marks[i]);
    if (from >= 0) view.dispatch({ changes: { from, to: from + marks[i].length, insert: now || say('editor.figure.missing', pictures[i].title || pictures[i].alt || '') } });
  }
}
