// The pieces of a standard, each by a button, by a key, and by typing "/" at the
// beginning of a line.
import { clearSnippet, nextSnippetField, prevSnippetField, snippet } from '@codemirror/autocomplete';
import { undo, redo } from '@codemirror/commands';
import { openSearchPanel } from '@codemirror/search';
import { el, say } from './page.js';

// name gives a new identity that the text does not use yet.
function name(state, stem) {
  const text = state.doc.toString();
  for (let n = 1; ; n++) if (!text.includes(`{#${stem}-${n}`)) return `${stem}-${n}`;
}

// apart gives the line ends that set a block off from what stands before and
// after it by one blank line each.
export function apart(state, from, to) {
  const lines = (text) => (/^\n*/.exec(text)[0].length), near = 200;
  const before = state.sliceDoc(Math.max(0, from - near), from).replace(/[ \t]+$/gm, ''), after = state.sliceDoc(to, to + near).replace(/^[ \t]+$/gm, '');
  const missing = (text) => (text.trim() ? '\n'.repeat(Math.max(0, 2 - lines(text))) : '');
  return [missing([...before].reverse().join('')), missing(after) || (after ? '' : '\n')];
}

// What each piece is; @ stands for a new identity, ${} for what is to be typed.
const pieces = [
  { id: 'chapter', key: 'Mod-Alt-1', text: '## ${标题} {#@}\n\n${}' , stem: 'c' },
  { id: 'clause', key: 'Mod-Alt-2', text: '### ${标题} {#@}\n\n${}', stem: 'c' },
  { id: 'plain', key: 'Mod-Alt-3', text: '#### {#@}\n\n${}', stem: 'c' },
  { id: 'term', key: 'Mod-Alt-t', text: '### ${术语} ${English equivalent} {#@}\n\n${定义}', stem: 't' },
  { id: 'note', key: 'Mod-Alt-n', text: '注：${}' },
  { id: 'example', key: 'Mod-Alt-e', text: '示例：${}' },
  { id: 'list', key: 'Mod-Alt-l', text: 'a) ${第一项}；\nb) ${第二项}。' },
  { id: 'dashes', text: '—— ${第一项}；\n—— ${第二项}。' },
  { id: 'table', key: 'Mod-Alt-b', text: '表：${题目} {#@}\n\n| ${项目} | ${要求} |\n| --- | --- |\n| ${} |  |', stem: 'tab' },
  { id: 'formula', key: 'Mod-Alt-f', text: '$$\n${E = mc^2}\n$$ {#@}${}', stem: 'eq' },
  { id: 'annex', key: 'Mod-Alt-a', text: '## 附录（${规范性}）${题目} {#@}\n\n### ${标题} {#@-1}\n\n${}', stem: 'annex' },
  { id: 'source', text: '［来源：${GB/T 00000—0000}，${条号}］' },
];

function insert(view, piece, from, to) {
  const text = piece.text.replaceAll('@', piece.stem ? name(view.state, piece.stem) : '@'), [before, after] = apart(view.state, from, to);
  snippet(before + text + after)(view, { label: piece.id }, from, to);
  view.focus();
  return true;
}

export const insertPiece = (id) => (view) => {
  const { from, to } = view.state.selection.main, line = view.state.doc.lineAt(from);
  const at = view.state.sliceDoc(line.from, from).trim() ? line.to : from;
  return insert(view, pieces.find((p) => p.id === id), at, at === from ? to : at);
};

// deeper moves the heading of the cursor's line a level down or up.
const deeper = (by) => (view) => {
  const line = view.state.doc.lineAt(view.state.selection.main.head), head = /^(#{2,7})(?=\s|$)/.exec(line.text);
  if (!head) return false;
  const marks = Math.min(7, Math.max(2, head[1].length + by));
  view.dispatch({ changes: { from: line.from, to: line.from + head[1].length, insert: '#'.repeat(marks) }, userEvent: 'input' });
  return true;
};

// move takes the clause of the cursor, with all below it, past its neighbour of
// the same level; references name identities, so they follow it.
const move = (by) => (view) => {
  const { doc } = view.state, heads = [];
  for (let n = 1; n <= doc.lines; n++) {
    const line = doc.line(n), head = /^(#{2,7})(?=\s|$)/.exec(line.text);
    if (head) heads.push({ from: line.from, level: head[1].length });
  }
  const at = view.state.selection.main.head, i = heads.findLastIndex((h) => h.from <= at);
  if (i < 0) return false;
  const past = (k) => { let j = k + 1; while (j < heads.length && heads[j].level > heads[k].level) j++; return j; };
  const start = (k) => (k < heads.length ? heads[k].from : doc.length);
  let a = i, b = past(i); // the upper one of the two, and the lower
  if (by < 0) { b = i; a = heads.findLastIndex((h, k) => k < i && h.level <= heads[i].level); }
  if (a < 0 || b >= heads.length || heads[a].level !== heads[b].level) return true; // the last of its parent
  const upper = doc.sliceString(start(a), start(b)), lower = doc.sliceString(start(b), start(past(b)));
  const whole = [lower, upper].map((s) => s.trimEnd()).join('\n\n') + (past(b) < heads.length ? '\n\n' : '\n');
  const to = by < 0 ? start(a) : start(a) + lower.trimEnd().length + 2;
  view.dispatch({
    changes: { from: start(a), to: start(past(b)), insert: whole }, userEvent: 'move.clause', scrollIntoView: true,
    selection: { anchor: Math.min(to + at - heads[i].from, to + (by < 0 ? lower : upper).trimEnd().length) },
  });
  view.focus();
  return true;
};

export const keys = [
  { key: 'Tab', run: nextSnippetField, shift: prevSnippetField }, { key: 'Escape', run: clearSnippet },
  ...pieces.filter((p) => p.key).map((p) => ({ key: p.key, run: insertPiece(p.id), preventDefault: true })),
  { key: 'Mod-]', run: deeper(1), preventDefault: true }, { key: 'Mod-[', run: deeper(-1), preventDefault: true },
  { key: 'Mod-Alt-ArrowUp', run: move(-1), preventDefault: true }, { key: 'Mod-Alt-ArrowDown', run: move(1), preventDefault: true },
];

// slash completes "/" at the beginning of a line.
export function slash(context) {
  const line = context.state.doc.lineAt(context.pos), typed = /^\s*\/([^\s/]*)$/.exec(context.state.sliceDoc(line.from, context.pos));
  if (!typed) return null;
  const from = context.pos - typed[1].length - 1;
  return {
    from, filter: true,
    options: pieces.map((p) => ({ label: '/' + say('editor.piece.' + p.id), detail: p.id, apply: (view, _c, f, t) => insert(view, p, f, t) })),
  };
}

// bar builds the bar of commands.
export function bar(view, more) {
  const out = document.getElementById('dr-bar');
  const mac = /Mac/.test(navigator.platform);
  const button = (id, run, key) => el('button', {
    type: 'button', class: 'dr-cmd', data: { cmd: id }, title: say('editor.piece.' + id) + (key ? ` (${key.replace('Mod', mac ? '⌘' : 'Ctrl').replaceAll('-', '+')})` : ''),
    onclick: () => { run(view); },
  }, say('editor.piece.' + id));
  const group = (...list) => el('span', { class: 'dr-group', role: 'group' }, ...list);
  out.append(
    group(button('undo', undo, 'Mod-z'), button('redo', redo, 'Mod-y'), button('find', openSearchPanel, 'Mod-f')),
    group(...['chapter', 'clause', 'plain'].map((id) => { const p = pieces.find((q) => q.id === id); return button(id, insertPiece(id), p.key); }), button('up', deeper(-1), 'Mod-['), button('down', deeper(1), 'Mod-]'), button('before', move(-1), 'Mod-Alt-ArrowUp'), button('after', move(1), 'Mod-Alt-ArrowDown')),
    group(...pieces.slice(3).map((p) => button(p.id, insertPiece(p.id), p.key))),
    group(button('reference', more.reference, 'Mod-k'), button('figure', more.figure)),
  );
  // One stop for the tab key; arrows move inside.
  const all = () => [...out.querySelectorAll('button')];
  all().forEach((b, i) => { b.tabIndex = i ? -1 : 0; });
  out.addEventListener('keydown', (e) => {
    const list = all(), at = list.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: list.length - 1 }[e.key];
    if (to === undefined || at < 0) return;
    e.preventDefault();
    const next = list[(to + list.length) % list.length];
    list.forEach((b) => { b.tabIndex = -1; });
    next.tabIndex = 0;
    next.focus();
  });
}
