// The unified clause's editor: a sentence is taken to where the cursor stands.
// Without script its button sends the form and puts it at the end.
'use strict';
(() => {
  const text = () => document.getElementById('u-text');
  let at = null; // where the cursor stood last
  document.addEventListener('focusout', (e) => {
    if (e.target.id === 'u-text') at = [e.target.selectionStart, e.target.selectionEnd];
  });
  const takes = () => [...document.querySelectorAll('button.take')];

  document.addEventListener('click', (e) => {
    const b = e.target.closest('button.take');
    const field = text();
    if (!b || !field) return;
    e.preventDefault();
    const [from, to] = at ?? [field.value.length, field.value.length];
    let said = b.dataset.text;
    if (/^(- |\|)/.test(said) && from > 0 && field.value[from - 1] !== '\n') said = '\n' + said;
    field.setRangeText(said, from, to, 'end');
    at = [field.selectionStart, field.selectionEnd];
    const taken = Object.assign(document.createElement('input'), { type: 'hidden', name: 'taken', value: b.value });
    field.form.append(taken);
    b.closest('li').classList.add('held');
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });

  document.addEventListener('keydown', (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest('input, textarea, select')) return;
    const list = takes(), i = list.indexOf(document.activeElement);
    const go = (n) => { e.preventDefault(); list[(n + list.length) % list.length].focus(); };
    if (e.key === 't' && list.length) {
      list[0].closest('details').open = true;
      go(0);
    } else if (i >= 0 && e.key === 'ArrowDown') go(i + 1);
    else if (i >= 0 && e.key === 'ArrowUp') go(i - 1);
  });
})();
