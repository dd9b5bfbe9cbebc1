// What the eye should find in a text: headings with the number that they will
// have, identities, references with what they refer to, modal words, quantities.
import { Decoration, EditorView, ViewPlugin, WidgetType } from '@codemirror/view';
import { StateEffect, StateField } from '@codemirror/state';

// Numbers of clauses, tables, figures and formulas by ID, as the server derived
// them last; lines bear the numbers of headings.
export const setNumbers = StateEffect.define();
export const numbers = StateField.define({
  create: () => ({ of: {}, at: [] }),
  update(held, tr) {
    for (const e of tr.effects) if (e.is(setNumbers)) return e.value;
    if (!tr.docChanged) return held;
    return { of: held.of, at: held.at.map((h) => ({ ...h, from: tr.changes.mapPos(h.from, 1) })) };
  },
});

class Number extends WidgetType {
  constructor(text, kind) { super(); Object.assign(this, { text, kind }); }
  eq(other) { return other.text === this.text && other.kind === this.kind; }
  toDOM() {
    const s = document.createElement('span');
    s.className = 'cm-no cm-no-' + this.kind;
    s.textContent = this.text;
    s.setAttribute('aria-hidden', 'true');
    return s;
  }
}

// Words in which 应, 宜, 可, 能 demand nothing stand first, so that they are taken
// whole (GB/T 1.1—2020, annex C has the modal verbs).
const guards = '供应|响应|适应|反应|相应|对应|应用|应急|应对|应答|应付|应力|应变|应收|应届|感应|效应|呼应|回应|因应|接应|应运而生|理应|适宜|便宜|事宜|不合时宜|权宜|宜居|许可|认可|必不可少|不可分割|缺一不可|可靠|可行|可用性|可见|可追溯|可持续|可视|可读|可信|可选|可燃|可回收|可降解|可循环|可再生|可编程|可穿戴|可控|可疑|智能|功能|性能|能力|能源|能量|能耗|节能|职能|技能|效能|热能|电能|动能|势能|产能|机能|可能性|只能';
const units = '℃|°C|%|‰|mm²|cm²|m²|km²|mm|cm|dm|km|nm|μm|m³/h|m³|m/s|km/h|m|kg|mg|μg|g|t|ms|min|s|h|d|kPa|MPa|Pa|kN|N|kW·h|kWh|kW|MW|W|kV|mV|V|mA|A|Hz|kHz|MHz|GHz|dB|lx|lm|cd|mol|L|mL|K|J|kJ|元|万元|个工作日|工作日|个月|日|天|小时|分钟|秒|年|周|次|个|件|台|名|人|米|千米|厘米|毫米|平方米|立方米|千克|克|吨|倍|级';
const words = new RegExp(`(?<guard>${guards})|(?<must>不应|应当|必须|不得|禁止|严禁|应)|(?<should>不宜|宜)|(?<may>不必|可以|可能|不能|可|能)|(?<quantity>[±≤≥<>]?\\s?\\d[\\d\\u2009 ]*(?:\\.\\d+)?\\s?(?:[～~－-]\\s?\\d+(?:\\.\\d+)?\\s?)?(?:${units})(?![a-zA-Z]))|(?<ref>\\[\\]\\(#(?<to>[^)\\s]*)\\))|(?<id>\\{#[^}]*\\})|(?<number>\\b(?:GB|GBZ|YZ|JT|JR|SB|WB|YY|HJ|DB\\d{2}|ISO|IEC|T/[A-Z]+)(?:/[TZ])?\\s?\\d[\\d.]*(?:[—-]\\d{4})?)`, 'g');

const marks = Object.fromEntries(['must', 'should', 'may', 'quantity', 'id', 'number', 'ref', 'gone'].map((k) => [k, Decoration.mark({ class: 'cm-w-' + k })]));
const heads = [1, 2, 3, 4, 5, 6, 7].map((n) => Decoration.line({ class: 'cm-head cm-head-' + n }));
const front = Decoration.line({ class: 'cm-front' });
const label = Decoration.mark({ class: 'cm-label' });
const labels = /^\s*(注\d*：|示例\d*：|[a-z]\)|\d+\)|——|·|［来源：|表：|\$\$)/;

// frontEnd is the last line of the front matter; 0 where there is none.
function frontEnd(doc) {
  if (doc.line(1).text !== '---') return 0;
  for (let n = 2; n <= Math.min(doc.lines, 200); n++) if (doc.line(n).text === '---') return n;
  return 0;
}

function decorate(view) {
  const out = [], { doc } = view.state, nums = view.state.field(numbers), end = frontEnd(doc);
  const at = new Map(nums.at.map((h) => [doc.lineAt(Math.min(h.from, doc.length)).number, h]));
  let last = 0;
  for (const range of view.visibleRanges) {
    for (let pos = range.from; pos <= range.to;) {
      const line = doc.lineAt(pos);
      pos = line.to + 1;
      if (line.number === last) continue;
      last = line.number;
      if (line.number <= end) { out.push(front.range(line.from)); continue; }
      if (line.length > 20000) continue;
      const head = /^(#{1,7})(?:\s|$)/.exec(line.text);
      if (head) {
        out.push(heads[head[1].length - 1].range(line.from));
        const h = at.get(line.number);
        if (h?.number) out.push(Decoration.widget({ widget: new Number(h.number, 'head'), side: -1 }).range(line.from));
      }
      const lead = labels.exec(line.text);
      if (lead) out.push(label.range(line.from, line.from + lead[0].length));
      for (const m of line.text.matchAll(words)) {
        const g = m.groups, from = line.from + m.index, to = from + m[0].length;
        const kind = ['must', 'should', 'may', 'quantity', 'id', 'number', 'ref'].find((k) => g[k] !== undefined);
        if (!kind || (head && (kind === 'must' || kind === 'should' || kind === 'may'))) continue;
        if (kind !== 'ref') { out.push(marks[kind].range(from, to)); continue; }
        const shows = nums.of[g.to];
        out.push(marks[shows || !Object.keys(nums.of).length ? 'ref' : 'gone'].range(from, to));
        if (shows) out.push(Decoration.widget({ widget: new Number(shows, 'ref'), side: 1 }).range(to));
      }
    }
  }
  return Decoration.set(out, true);
}

export const highlight = [numbers, ViewPlugin.fromClass(class {
  constructor(view) { this.decorations = decorate(view); }
  update(u) {
    if (u.docChanged || u.viewportChanged || u.transactions.some((t) => t.effects.some((e) => e.is(setNumbers)))) this.decorations = decorate(u.view);
  }
}, { decorations: (p) => p.decorations })];

// theme takes its colours from the page, so that light and dark are the page's.
export const theme = EditorView.theme({
  '&': { height: '100%', fontSize: '.9375rem', color: 'var(--ink)', backgroundColor: 'var(--paper)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.75' },
  '.cm-content': { padding: '.75rem 0 40vh', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 .9rem 0 .6rem' },
  '.cm-gutters': { backgroundColor: 'var(--tint)', color: 'var(--ink-3)', border: '0', borderRight: '1px solid var(--line)' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--accent) 5%, transparent)' },
  '.cm-activeLineGutter': { backgroundColor: 'var(--tint-2)', color: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)', borderLeftWidth: '2px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { background: 'color-mix(in srgb, var(--accent) 22%, transparent)' },
  '.cm-panels': { backgroundColor: 'var(--tint)', color: 'var(--ink)' },
  '.cm-tooltip': { backgroundColor: 'var(--paper)', border: '1px solid var(--line-2)', color: 'var(--ink)', borderRadius: '3px' },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--sans)', maxHeight: '16em' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--accent-ink)' },
  '.cm-completionDetail': { color: 'inherit', opacity: '.75', fontStyle: 'normal', marginLeft: '.8em' },
  '.cm-collapsedLines': { background: 'var(--tint)', color: 'var(--ink-2)', fontFamily: 'var(--sans)' },
  '.cm-collapsedLines:before': { content: '"…"' }, '.cm-collapsedLines:after': { content: '"…"' },
  '.cm-searchMatch': { backgroundColor: 'var(--hit)' },
  '.cm-changedLine, .cm-insertedLine': { backgroundColor: 'color-mix(in srgb, var(--ok) 10%, transparent)' },
  '.cm-changedText, .cm-insertedText': { background: 'var(--ins)' },
  '.cm-deletedChunk': { backgroundColor: 'var(--del)' },
  '.cm-head': { fontWeight: '700', fontFamily: 'var(--sans)' },
  '.cm-head-1, .cm-head-2': { fontSize: '1.1em' },
  '.cm-front': { color: 'var(--ink-2)', backgroundColor: 'var(--tint)' },
  '.cm-no': { color: 'var(--accent)', userSelect: 'none', fontFamily: 'var(--sans)', fontVariantNumeric: 'tabular-nums' },
  '.cm-no-head': { marginRight: '.6em', fontWeight: '700' },
  '.cm-no-ref': { fontSize: '.85em', padding: '0 .3em', marginLeft: '.15em', backgroundColor: 'var(--accent-tint)', borderRadius: '2px' },
  '.cm-w-must': { fontWeight: '700', borderBottom: '2px solid var(--ink-2)' },
  '.cm-w-should': { fontWeight: '700', borderBottom: '1px solid var(--ink-2)' },
  '.cm-w-may': { borderBottom: '1px dashed var(--ink-2)' },
  '.cm-w-quantity': { color: 'var(--r32)', fontWeight: '600' },
  '.cm-w-id': { color: 'var(--ink-3)', fontSize: '.85em', fontWeight: '400', fontFamily: 'var(--mono)' },
  '.cm-w-number': { color: 'var(--r31)' },
  '.cm-w-ref': { color: 'var(--accent)' },
  '.cm-w-gone': { color: 'var(--bad)', textDecoration: 'underline wavy' },
  '.cm-label': { color: 'var(--ink-2)', fontWeight: '600' },
});
