// What all panels share: they ask for their contents when they are opened, ask back before something is deleted,
// and when they are drawn anew they stay open and keep the keyboard where it was.
let isOpen = false, wanted = '';
const KINDS = ['model', 'setting', 'session'];
const placeOf = (target) => {
  const item = target.closest('[data-model], [data-setting], [data-session]');
  const kind = item && KINDS.find((name) => item.dataset[name] !== undefined);
  return kind ? `[data-${kind}="${CSS.escape(item.dataset[kind])}"]` : '[data-panel]';
};
const filter = () => {
  const box = element.querySelector('[data-filter]');
  if (!box) return;
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = [...element.querySelectorAll('[data-words]')];
  rows.forEach((row) => { row.hidden = !words.every((word) => row.dataset.words.includes(word)); });
  const found = rows.filter((row) => !row.hidden).length;
  element.querySelector('[data-found]').textContent = words.length ? `${found} of ${rows.length} found` : '';
};
element.addEventListener('focusin', (event) => { wanted = placeOf(event.target); });
element.addEventListener('focusout', () => { wanted = ''; });
// Only a person opens or closes a panel; Gradio drops the attribute whenever it draws the widget anew.
element.addEventListener('click', (event) => {
  const summary = event.target.closest('summary');
  if (!summary || !summary.parentElement.matches('[data-panel]')) return;
  isOpen = !summary.parentElement.open;
  if (isOpen) trigger('click', {action: 'opened', fact: '', value: ''});
});
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-confirm]');
  if (button && !confirm(button.dataset.confirm)) event.stopImmediatePropagation();
}, true);
element.addEventListener('input', (event) => { if (event.target.matches('[data-filter]')) filter(); });
new MutationObserver(() => {
  const panel = element.querySelector('[data-panel]');
  if (!panel) return;
  if (panel.open !== isOpen) panel.open = isOpen;
  if (panel.dataset.theme) {
    localStorage.setItem('weighbridge-theme', panel.dataset.theme);
    const system = matchMedia('(prefers-color-scheme: dark)').matches;
    document.body.classList.toggle('dark', panel.dataset.theme === 'dark' || (panel.dataset.theme === 'system' && system));
  }
  if (!wanted || element.contains(document.activeElement)) return;
  const again = element.querySelector(`${wanted} :is(button, input, select, a)`) || element.querySelector('summary');
  if (again) again.focus({preventScroll: true});
}).observe(element, {childList: true, subtree: true, attributeFilter: ['open', 'data-theme']});
