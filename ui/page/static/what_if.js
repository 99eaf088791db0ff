// The sliders ask a route of our own, and only the last place of a slider that still moves: an answer takes a blink.
const written = (value) => {
  const size = Math.abs(value);
  if (size >= 1e6) return `${+(value / 1e6).toPrecision(3)} million`;
  return size >= 1000 ? Math.round(value).toLocaleString('en-US') : String(+value.toPrecision(3));
};
const valueOf = (input) => {
  const {least, most, value, place, logarithmic} = input.dataset;
  if (input.value === place) return +value;
  const share = input.value / input.max;
  const found = logarithmic === 'true' ? least * (most / least) ** share : +least + (most - least) * share;
  return +found.toPrecision(3);
};
const tell = (input) => {
  const {unit, percent} = input.dataset, value = valueOf(input);
  const words = percent ? `${+(value * 100).toPrecision(3)}%` : `${written(value)}${unit && ` ${unit}`}`;
  input.closest('label').querySelector('output').textContent = words;
  input.setAttribute('aria-valuetext', words);
};
const draw = () => element.querySelectorAll('.wb-slider input:not([aria-valuetext])').forEach(tell);
let asking = false, again = false;
const ask = async () => {
  if (asking) { again = true; return; }
  const card = element.querySelector('.wb-whatif');
  if (!card) return;
  asking = true;
  const moved = [...card.querySelectorAll('input[type=range]')].filter((input) => input.value !== input.dataset.place);
  const answer = card.querySelector('[data-answer]');
  card.querySelector('[data-back]').hidden = moved.length === 0;
  const query = moved.map((input) => `&${input.dataset.fact}=${valueOf(input)}`).join('');
  const began = performance.now();
  try {
    const reply = await fetch(card.dataset.ask + query, {headers: {'x-weighbridge': 'whatif'}});
    const text = await reply.text();
    if (reply.ok) answer.innerHTML = text; else answer.textContent = text;
  } catch (error) {
    answer.textContent = 'No answer came. Is Weighbridge still running? Move the slider again.';
  }
  answer.dataset.milliseconds = Math.round(performance.now() - began);
  answer.dataset.asked = query;
  asking = false;
  if (again) { again = false; ask(); }
};
element.addEventListener('input', (event) => {
  if (event.target.type !== 'range') return;
  tell(event.target);
  ask();
});
element.addEventListener('click', (event) => {
  if (!event.target.closest('[data-back]')) return;
  element.querySelectorAll('input[type=range]').forEach((input) => { input.value = input.dataset.place; tell(input); });
  ask();
});
new MutationObserver(draw).observe(element, {subtree: true, childList: true});
draw();
