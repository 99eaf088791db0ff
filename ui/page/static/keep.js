// What is drawn anew keeps what the person did with it: what was opened stays open, words half typed stay typed,
// and the keyboard stays where it was. It knows the shape of the cards, not what they say.
const opened = new Map(), typed = new Map();
let last = null;
const widgetOf = (node) => node.closest('#talk > *, #result > *');
const nameOf = (details) => {
  const summary = details.querySelector('summary');
  if (!summary) return '';
  const name = summary.getAttribute('aria-label') || (summary.querySelector('.wb-axis-name') || summary).textContent;
  return [...details.classList].join(' ') + name.replace(/[\d.,%]+/g, '').trim();
};
const keys = () => {
  const shown = document.querySelector('#board [aria-pressed=true] b')?.textContent, seen = new Map(), found = new Map();
  for (const details of document.querySelectorAll('#talk details, #result details')) {
    const widget = widgetOf(details)?.id;
    const name = [location.search, widget, widget === 'chat' ? '' : shown, nameOf(details)].join('\n');
    seen.set(name, (seen.get(name) || 0) + 1);
    found.set(details, `${name}\n${seen.get(name)}`);
  }
  return found;
};
const keyOf = (details) => keys().get(details);
// Gradio changes what is there in place, and takes `open` away; what a person did last is what holds.
const reopen = () => {
  if (!opened.size) return;
  for (const [details, key] of keys()) {
    if (opened.has(key) && details.open !== opened.get(key)) details.open = opened.get(key);
    const box = typed.has(key) && details.querySelector('input[type=text], select');
    if (box && box.value !== typed.get(key)) box.value = typed.get(key);
  }
};
const forget = (edit) => { const key = keyOf(edit); opened.delete(key); typed.delete(key); };
document.addEventListener('click', (event) => {
  const summary = event.target.closest('summary'), details = summary?.parentElement;
  if (details?.matches('details') && widgetOf(details)) opened.set(keyOf(details), !details.open);
  const edit = event.target.closest('.wb-edit [data-action]')?.closest('.wb-edit');
  if (edit && widgetOf(edit)) forget(edit);
}, true);
document.addEventListener('input', (event) => {
  const edit = event.target.closest('.wb-edit');
  if (edit && widgetOf(edit)) typed.set(keyOf(edit), event.target.value);
});
document.addEventListener('keydown', (event) => {
  const edit = event.key === 'Escape' && event.target.closest('.wb-edit[open]');
  if (!edit || !widgetOf(edit)) return;
  forget(edit);
  edit.open = false;
  edit.querySelector('summary').focus();
});

// The keyboard: a control that is drawn anew is found by what it does; one that is gone gives way to a neighbour.
const marks = (node) => ['aria-label', 'data-action', 'data-fact', 'data-value', 'href'].map((name) => node.getAttribute(name)).join('\n');
const told = (node) => `${node.tagName}\n${marks(node)}\n${node.matches('[aria-label]') ? '' : node.textContent.trim()}`;
const controls = (widget) => [...widget.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')];
const write = () => {
  const box = document.querySelector('#message textarea');
  if (matchMedia('(pointer: fine)').matches) { box?.focus({preventScroll: true}); return; }
  const chat = document.querySelector('#chat');  // a box to write in would bring a phone's keyboard up
  chat.tabIndex = -1;
  chat.focus({preventScroll: true});
};
const refocus = () => {
  if (!last || document.activeElement !== document.body || (last.node.isConnected && last.node.checkVisibility())) return;
  const widget = document.getElementById(last.widget);
  if (!widget || widget.closest('#talk')) { write(); return; }
  const all = controls(widget), alike = all.filter((node) => node.dataset.action === last.action && node.tagName === last.tag);
  const found = all.find((node) => told(node) === last.told) || alike[Math.min(last.place, alike.length - 1)];
  const closed = found?.closest('details:not([open])');
  const target = (closed && found.tagName !== 'SUMMARY' ? closed.querySelector('summary') : found) || widget;
  if (target === widget) widget.tabIndex = -1;
  target.focus({preventScroll: true});
};
document.addEventListener('focusin', ({target}) => {
  const widget = widgetOf(target);
  last = null;
  if (!widget) return;
  const action = target.dataset.action;
  const alike = controls(widget).filter((node) => node.dataset.action === action && node.tagName === target.tagName);
  last = {node: target, widget: widget.id, told: told(target), action, tag: target.tagName, place: alike.indexOf(target)};
});
document.addEventListener('pointerdown', (event) => {
  if (!event.target.closest('a, button, input, select, textarea, summary, label')) last = null;
});
document.addEventListener('focusout', () => setTimeout(refocus));  // what is hidden loses the keyboard later than it is hidden
new MutationObserver(() => { reopen(); refocus(); }).observe(document.body, {subtree: true, childList: true, attributeFilter: ['open']});
