// Forms with long texts: what is typed is kept in this browser until the server
// has it, leaving asks first, and a finding leads to its line.
'use strict';

const keepForm = (form) => {
  form.dataset.kept = 'yes';
  const key = 'draft:' + form.dataset.keep;
  const fields = [...form.querySelectorAll('textarea, input:not([type=hidden]):not([type=radio]), input[data-keep], select')].filter((f) => f.name);
  const state = form.querySelector('[data-kept]');
  const held = () => Object.fromEntries(fields.map((f) => [f.name, f.value]));
  const loaded = JSON.stringify(held());
  let sending = false;

  const keep = () => {
    try {
      if (JSON.stringify(held()) === loaded) return;
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), fields: held() }));
      if (state) { state.textContent = state.dataset.kept; state.hidden = false; }
    } catch { /* full or forbidden: the form itself still holds the text */ }
  };
  let timer;
  form.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(keep, 400); });

  form.addEventListener('submit', () => {
    sending = true;
    keep();
    try { sessionStorage.setItem('sent', [key, ...(form.dataset.also ? ['draft:' + form.dataset.also] : [])].join('\n')); } catch { /* then it is offered again, which does no harm */ }
  });
  addEventListener('beforeunload', (e) => {
    if (form.isConnected && !sending && JSON.stringify(held()) !== loaded) { keep(); e.preventDefault(); }
  });

  // What was typed and never reached the server is offered again.
  let old = null;
  try { old = JSON.parse(localStorage.getItem(key)); } catch { /* nothing of use */ }
  const words = (held) => fields.filter((f) => f.type !== 'hidden').map((f) => held[f.name] ?? '').join('\n');
  if (old && words(old.fields) !== words(held())) offer(form, fields, key, old);
};
const keepAll = () => document.querySelectorAll('form[data-keep]:not([data-kept])').forEach(keepForm);
keepAll();
document.addEventListener('live:swapped', keepAll); // a part of the page was written anew

function offer(form, fields, key, old) {
  const t = document.getElementById('draft-words').dataset;
  const p = document.createElement('p');
  p.className = 'remark offer';
  p.append(`${t.found}（${new Date(old.at).toLocaleString()}） `);
  const button = (text, fn) => {
    const b = document.createElement('button');
    b.type = 'button';
    b.className = 'small';
    b.textContent = text;
    b.addEventListener('click', () => { fn(); p.remove(); });
    p.append(b, ' ');
  };
  button(t.restore, () => {
    for (const f of fields) if (f.name in old.fields) f.value = old.fields[f.name];
    form.dispatchEvent(new Event('input'));
  });
  button(t.discard, () => localStorage.removeItem(key));
  form.before(p);
}

// A finding's place selects its line.
const source = document.getElementById('source');
for (const at of source ? document.querySelectorAll('.findings [data-line]') : []) {
  const b = document.createElement('button');
  b.type = 'button';
  b.className = 'link at';
  b.textContent = at.textContent;
  b.addEventListener('click', () => goTo(Number(at.dataset.line)));
  at.replaceWith(b);
}

function goTo(line) {
  const rows = source.value.split('\n');
  const start = rows.slice(0, line - 1).reduce((n, r) => n + r.length + 1, 0);
  const mirror = document.createElement('div');
  const style = getComputedStyle(source);
  for (const p of ['font', 'lineHeight', 'letterSpacing', 'tabSize', 'paddingLeft', 'paddingRight', 'overflowWrap']) mirror.style[p] = style[p];
  Object.assign(mirror.style, { width: source.clientWidth + 'px', whiteSpace: 'pre-wrap', position: 'absolute', visibility: 'hidden' });
  mirror.textContent = source.value.slice(0, start) + '.';
  document.body.append(mirror);
  const top = mirror.offsetHeight;
  mirror.remove();
  source.focus();
  source.setSelectionRange(start, start + (rows[line - 1] || '').length);
  source.scrollTop = Math.max(0, top - source.clientHeight / 3);
  source.scrollIntoView({ block: 'nearest' });
}
