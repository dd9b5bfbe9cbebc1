// What the workbench gains from a script: keys. Everything that a key does here
// a link or a button does too.
'use strict';
(() => {
  const $ = (q, at = document) => at.querySelector(q);
  const help = $('details.keys');
  const showHelp = () => {
    help.open = !help.open;
    if (help.open) { help.scrollIntoView({ block: 'nearest' }); help.querySelector('summary').focus(); }
  };

  // ---- the grid: one row is "here" ----
  const grid = $('table.grid');
  const rows = grid ? [...grid.tBodies] : [];
  let here = rows.findIndex((r) => '#' + r.id === location.hash);
  const go = (i) => {
    if (i < 0 || i >= rows.length) return;
    rows[here]?.classList.remove('here');
    here = i;
    rows[i].classList.add('here');
    $('a.topic', rows[i]).focus({ preventScroll: true });
    rows[i].scrollIntoView({ block: 'start' });
  };
  if (here >= 0) rows[here].classList.add('here');
  grid?.addEventListener('focusin', (e) => {
    const i = rows.indexOf(e.target.closest('tbody'));
    if (i >= 0 && i !== here) { rows[here]?.classList.remove('here'); here = i; rows[i].classList.add('here'); }
  });
  const gridKeys = {
    j: () => go(here + 1),
    k: () => go(Math.max(here - 1, 0)),
    n: () => go(rows.findIndex((r, i) => i > here && !r.classList.contains('s-settled'))),
    o: () => rows[here]?.classList.toggle('open'),
    r: () => { if (rows[here]) location.href = $('a.topic', rows[here]).href + '#relations'; },
    u: () => { if (rows[here]) location.href = $('a.topic', rows[here]).href + '#unified'; },
    b: () => {
      const heads = [...grid.tHead.rows[0].cells].slice(1, -1);
      const next = heads[(heads.findIndex((h) => $('span.base', h)) + 1) % heads.length];
      location.href = $('a.base', next).href + (rows[here] ? '#' + rows[here].id : '');
    },
  };
  // A click into a cell, not on a link and not to select words, unfolds its row.
  grid?.addEventListener('click', (e) => {
    if (e.target.closest('a, button, summary') || String(getSelection())) return;
    e.target.closest('td')?.closest('tbody').classList.toggle('open');
  });

  // ---- a row: keys follow the links and fields that bear them ----
  const into = {
    '#relations': '#relations select', '#unified': '#u-text', '#positions': '.speak input[name=verdict]', '#comments': '#c-body', '#correct': '#correct button',
  };
  const follow = (key) => {
    const link = $(`[data-key="${key}"]`);
    if (!link) return false;
    const at = link.getAttribute('href') || '';
    if (!at.startsWith('#')) { link.click(); return true; }
    location.hash = at;
    if (at === '#comments') { const d = $('details.new-comment'); if (d) d.open = true; }
    $(into[at])?.focus();
    return true;
  };
  const start = (n) => {
    const link = document.querySelectorAll('a[data-start]')[n - 1];
    if (link) link.click();
    return !!link;
  };

  document.addEventListener('keydown', (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.target.closest('input, textarea, select, [contenteditable]')) {
      if (e.key === 'Escape') e.target.blur();
      return;
    }
    if (e.key === '?' && help) { e.preventDefault(); showHelp(); return; }
    if (grid && gridKeys[e.key]) { e.preventDefault(); gridKeys[e.key](); return; }
    if (!grid && (/^[1-9]$/.test(e.key) ? start(+e.key) : /^[a-z]$/.test(e.key) && follow(e.key))) e.preventDefault();
  });

  // A choice in the bar above the grid is applied at once.
  $('form.wb-ask')?.addEventListener('change', (e) => { if (e.target.matches('select, [type=checkbox]')) e.currentTarget.requestSubmit(); });
})();
