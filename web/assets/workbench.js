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
  const rows = () => (grid ? [...grid.tBodies] : []); // rows come and go while others work
  let hereID = document.getElementById(location.hash.slice(1))?.closest('table.grid > tbody')?.id;
  const here = () => (hereID ? document.getElementById(hereID) : null);
  const stand = (row) => {
    if (row === here() && row.classList.contains('here')) return;
    here()?.classList.remove('here');
    hereID = row.id;
    row.classList.add('here');
    document.dispatchEvent(new CustomEvent('live:here', { detail: row.id }));
  };
  const go = (row) => {
    if (!row) return;
    stand(row);
    $('a.topic', row).focus({ preventScroll: true });
    row.scrollIntoView({ block: 'start' });
  };
  if (here()) stand(here());
  grid?.addEventListener('focusin', (e) => { const row = e.target.closest('tbody'); if (row) stand(row); });
  const place = () => rows().indexOf(here());
  const open = (rest) => { if (here()) location.href = $('a.topic', here()).href + rest; };
  const gridKeys = {
    j: () => go(rows()[place() + 1]),
    k: () => go(rows()[Math.max(place() - 1, 0)]),
    n: () => go(rows().find((r, i) => i > place() && !r.classList.contains('s-settled'))),
    o: () => here()?.classList.toggle('open'),
    e: () => open('#unified'),
    p: () => open('#positions'),
    c: () => open('#comments'),
    m: () => open('#correct'),
    r: () => open('#relations'),
    u: () => undo(),
    b: () => {
      const heads = [...grid.tHead.rows[0].cells].slice(1, -1);
      const next = heads[(heads.findIndex((h) => $('span.base', h)) + 1) % heads.length];
      location.href = $('a.base', next).href + (hereID ? '#' + hereID : '');
    },
    '/': () => $('form.wb-ask input[type=search]').focus(),
  };
  for (let n = 1; n <= 9; n++) { // the nth text as the start of the unified clause
    gridKeys[n] = () => {
      const cell = here()?.querySelectorAll('td[data-column]')[n - 1];
      if (cell && !cell.classList.contains('none')) open(`?from=${cell.dataset.column}#unified`);
    };
  }
  const undo = () => {
    const button = $('form.undo-bar button, form#undo-last button') ?? $('a[href$="/undo"]');
    button?.click();
    return !!button;
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
    if (!grid && e.key === 'u' && undo()) { e.preventDefault(); return; }
    if (!grid && (/^[1-9]$/.test(e.key) ? start(+e.key) : /^[a-z]$/.test(e.key) && follow(e.key))) e.preventDefault();
  });

  // A choice in the bar above the grid is applied at once.
  $('form.wb-ask')?.addEventListener('change', (e) => { if (e.target.matches('select, [type=checkbox]')) e.currentTarget.requestSubmit(); });
})();
