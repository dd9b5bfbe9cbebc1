// What meetings gain from a script: keys, and news of what others do. Everything
// that a key does here a link or a button does too.
'use strict';
(() => {
  const $ = (q, at = document) => at.querySelector(q);
  const root = $('#slide') || $('#meeting');
  if (!root) return;
  const typing = (e) => e.target.closest('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]');

  // ---- positions: 1 to 4 choose a region, a letter says what it says ----
  let chosen = null, pending = null;
  const choose = (n) => {
    const at = $(`.spoke[data-region-key="${n}"]`);
    if (!at || !$('form', at)) return false;
    chosen?.classList.remove('chosen');
    chosen = at;
    at.classList.add('chosen');
    at.scrollIntoView({ block: 'nearest' });
    return true;
  };
  const verdicts = { a: 'agree', w: 'agree-with-change', o: 'object', n: 'abstain' };
  const say = (verdict) => {
    if (!chosen && document.querySelectorAll('.spoke form').length === 1) choose($('.spoke:has(form)').dataset.regionKey);
    const button = chosen && $(`button[data-verdict="${verdict}"]`, chosen);
    if (!button) return false;
    const note = $('input[name=note]', chosen);
    if ((verdict === 'object' || verdict === 'agree-with-change') && !note.value.trim()) {
      pending = button;
      note.focus();
      return true;
    }
    button.click();
    return true;
  };
  root.addEventListener('keydown', (e) => {
    if (e.key === 'Escape' && typing(e)) { pending = null; e.target.blur(); }
  });
  // Enter in a note sends what was chosen before it; with nothing chosen the
  // server asks for it.
  root.addEventListener('submit', (e) => {
    if (pending?.form === e.target && e.submitter?.classList.contains('none-default')) {
      e.preventDefault();
      setTimeout(() => e.target.requestSubmit(pending)); // not while this submission is still being asked about
    }
  });

  const outcomes = { d: 'adopted', f: 'deferred', r: 'redrafted' };
  const decide = (outcome) => {
    const button = $(`button[data-outcome="${outcome}"]`);
    if (!button) return false;
    const reason = $('#reason');
    if (outcome !== 'adopted' && !reason.value.trim()) { reason.focus(); return true; }
    button.click();
    return true;
  };
  const follow = (key) => {
    const link = $(`[data-key="${key}"]`);
    if (!link) return false;
    link.click();
    return true;
  };

  document.addEventListener('keydown', (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing || typing(e)) return;
    if (e.key === ' ' && e.target.closest('button, summary, a')) return;
    let done = false;
    if (/^[1-8]$/.test(e.key)) done = choose(e.key);
    else if (e.key === ' ' || e.key === 'ArrowRight' || e.key === 'j') done = follow('ArrowRight');
    else if (e.key === 'ArrowLeft' || e.key === 'k') done = follow('ArrowLeft');
    else if (e.key === 't') { $('#reason')?.focus(); done = Boolean($('#reason')); }
    else if (e.key === '?') { const help = $('details.keys'); if (help) { help.open = !help.open; done = true; } }
    else if (e.key === 'Enter' && !e.target.closest('a, button, summary')) done = follow('Enter');
    else if (verdicts[e.key]) done = say(verdicts[e.key]);
    else if (outcomes[e.key]) done = decide(outcomes[e.key]);
    else if (e.key === 'e' || e.key === 'q') done = follow(e.key);
    if (done) e.preventDefault();
  });

  // ---- what others do shows here; what somebody is typing into is left alone ----
  const busy = (part) => {
    if (part.contains(document.activeElement) && document.activeElement.matches('input, textarea')) return true;
    return [...part.querySelectorAll('input:not([type=hidden]):not([type=checkbox]):not([type=radio]), textarea')].some((f) => f.value !== f.defaultValue);
  };
  const refresh = async () => {
    const res = await fetch(location.pathname, { headers: { Accept: 'text/html' } });
    if (!res.ok) return;
    if (new URL(res.url).pathname !== location.pathname) { location.href = res.url; return; }
    const doc = new DOMParser().parseFromString(await res.text(), 'text/html');
    for (const now of doc.querySelectorAll('#slide-head, #slide-texts, #slide-notes, #slide-unified, .spoke, #decide, #decided, #meeting-sum, #agenda')) {
      const old = document.getElementById(now.id);
      if (!old || old.isEqualNode(now)) continue;
      if (busy(old)) {
        // The text that a position is on, and the row that a decision is on, stay
        // those that were on the screen: the server says when they have changed.
        const said = $('.spoke-now', now), was = $('.spoke-now', old);
        if (said && was) was.replaceWith(document.importNode(said, true));
        continue;
      }
      const next = document.importNode(now, true);
      if (old === chosen) { next.classList.add('chosen'); chosen = next; }
      old.replaceWith(next);
      next.classList.add('fresh');
    }
    for (const id of ['decided', 'slide-notes']) {
      const now = doc.getElementById(id);
      if (now && !document.getElementById(id)) root.insertBefore(document.importNode(now, true), $('details.keys', root));
    }
  };
  if (root.dataset.live && window.EventSource) {
    let waiting = null;
    const soon = () => { clearTimeout(waiting); waiting = setTimeout(() => refresh().catch(() => {}), 150); };
    const source = new EventSource(root.dataset.live);
    source.addEventListener('change', soon);
    source.addEventListener('hello', (e) => { if (JSON.parse(e.data).lost) soon(); });
    addEventListener('pagehide', () => source.close());
  }
})();
