// The editor and the preview scroll together, whichever of them is moved: the
// clause at the top of one is the clause at the top of the other.

export function sync(view, preview) {
  const box = view.scrollDOM;
  let leader = null, until = 0;
  const lead = (who) => { leader = who; until = performance.now() + 250; };
  const free = (who) => leader === who || performance.now() > until;
  const sections = () => [...preview.querySelectorAll('[data-line]')];
  // span is the clause that holds a line, and the one after it.
  const place = (list, test) => {
    let lo = 0, hi = list.length;
    while (lo < hi) { const mid = (lo + hi) >> 1; if (test(list[mid])) lo = mid + 1; else hi = mid; }
    return lo - 1;
  };
  const lineTop = (n) => view.lineBlockAt(view.state.doc.line(Math.min(Math.max(n, 1), view.state.doc.lines)).from).top;
  const sectionTop = (s) => s.getBoundingClientRect().top - preview.getBoundingClientRect().top + preview.scrollTop;

  function fromEditor() {
    const list = sections();
    if (!list.length) return;
    const top = box.scrollTop, line = view.state.doc.lineAt(view.lineBlockAtHeight(top).from).number;
    const i = place(list, (s) => Number(s.dataset.line) <= line);
    if (i < 0) { preview.scrollTop = 0; return; }
    const a = lineTop(Number(list[i].dataset.line)), b = i + 1 < list.length ? lineTop(Number(list[i + 1].dataset.line)) : view.contentHeight;
    const pa = sectionTop(list[i]), pb = i + 1 < list.length ? sectionTop(list[i + 1]) : preview.scrollHeight;
    preview.scrollTop = pa + (pb - pa) * Math.min(1, Math.max(0, (top - a) / Math.max(1, b - a)));
  }

  function fromPreview() {
    const list = sections();
    if (!list.length) return;
    const top = preview.scrollTop, i = Math.max(0, place(list, (s) => sectionTop(s) <= top + 1));
    const pa = sectionTop(list[i]), pb = i + 1 < list.length ? sectionTop(list[i + 1]) : preview.scrollHeight;
    const a = lineTop(Number(list[i].dataset.line)), b = i + 1 < list.length ? lineTop(Number(list[i + 1].dataset.line)) : view.contentHeight;
    box.scrollTop = a + (b - a) * Math.min(1, Math.max(0, (top - pa) / Math.max(1, pb - pa)));
  }

  box.addEventListener('scroll', () => { if (free('editor')) { lead('editor'); fromEditor(); } }, { passive: true });
  preview.addEventListener('scroll', () => { if (free('preview')) { lead('preview'); fromPreview(); } }, { passive: true });
  for (const e of ['wheel', 'pointerdown', 'touchstart', 'keydown']) {
    box.addEventListener(e, () => { leader = 'editor'; until = performance.now() + 250; }, { passive: true });
    preview.addEventListener(e, () => { leader = 'preview'; until = performance.now() + 250; }, { passive: true });
  }
}
