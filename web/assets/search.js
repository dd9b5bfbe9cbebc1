// j and k go from hit to hit; Enter opens the one that has the focus, as a link does.
'use strict';
(() => {
  const hits = [...document.querySelectorAll('.hit')].map((h) => h.querySelector('.clause-no a'));
  if (!hits.length) return;
  document.body.classList.add('scripted');
  document.addEventListener('keydown', (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || (e.key !== 'j' && e.key !== 'k')) return;
    if (e.target.closest('input, textarea, select, [contenteditable]')) return;
    const at = hits.indexOf(document.activeElement?.closest('.hit')?.querySelector('.clause-no a'));
    const to = hits[e.key === 'j' ? at + 1 : Math.max(at - 1, 0)];
    if (!to) return;
    e.preventDefault();
    to.focus({ preventScroll: true });
    to.closest('.hit').scrollIntoView({ block: 'nearest' });
  });
})();
